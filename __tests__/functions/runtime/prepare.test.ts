import { prepare } from "../../../functions/runtime/prepare.ts";

test("waits for what it reads, whatever becomes of it, and for nothing that never comes", async () => {
  const done: string[] = [];
  const well = async () => void done.push("well");
  const fails = () => Promise.reject(new Error("planted"));
  const throws = () => {
    throw new Error("planted");
  };
  const hangs = () => new Promise(() => {});
  await expect(prepare(throws, fails, hangs, well)).resolves.toBeUndefined();
  expect(done).toEqual(["well"]);
});
