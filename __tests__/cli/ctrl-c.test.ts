import { jest } from "@jest/globals";
import { watchForTheEnd } from "../../cli/context.ts";

const emitters: readonly NodeJS.EventEmitter[] = [process, process.stdout, process.stderr];
const EVENTS = ["SIGINT", "SIGTERM", "error"];
const before = emitters.map((emitter) => EVENTS.map((event) => emitter.listeners(event)));
afterEach(() => {
  jest.restoreAllMocks();
  emitters.forEach((emitter, index) => {
    EVENTS.forEach((event, at) => {
      for (const listener of emitter.listeners(event)) {
        if (!before[index]?.[at]?.includes(listener)) emitter.off(event, listener as () => void);
      }
    });
  });
});

test("Ctrl-C, passed on by npm as well, is one: the command tidies up; a second one ends it at once", () => {
  const exit = jest.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const now = jest.spyOn(performance, "now").mockReturnValue(1_000);
  const { signal } = watchForTheEnd();
  process.emit("SIGINT");
  expect(signal.reason).toMatchObject({ name: "Interrupted", exitCode: 130 });
  now.mockReturnValue(1_100); // npm's
  process.emit("SIGINT");
  expect(exit).not.toHaveBeenCalled();
  now.mockReturnValue(3_000); // the person's
  process.emit("SIGINT");
  expect(exit).toHaveBeenCalledWith(130);
});
