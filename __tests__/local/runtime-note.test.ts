import { runtimeNote } from "../../local/runtime-note.ts";
import type { FunctionModel } from "../../local/stack/model.ts";

const on = (...runtimes: string[]) => ({
  functions: runtimes.map((runtime) => ({ runtime }) as FunctionModel),
});

test("another runtime than this machine's is told, once", () => {
  expect(runtimeNote(on("nodejs22.x", "nodejs22.x"), "24.21.0")).toBe(
    "runs the functions on Node 24.21.0; deployed they run on nodejs22.x",
  );
});

test("of the same one nothing is said", () => {
  expect(runtimeNote(on("nodejs24.x"), "24.21.0")).toBeUndefined();
});
