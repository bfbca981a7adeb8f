import { classOfStatus, isUnauthorized, TransientError } from "../../../functions/destination/response.ts";

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const TRANSIENT = [401, 403, 404, 405, 407, 408, 410, 421, 425, 426, 429];
const statuses = range(100, 599);

test("every status has its class", () => {
  const permanent = range(400, 499).filter((status) => !TRANSIENT.includes(status));
  expect(statuses.filter((status) => classOfStatus(status) === "success")).toEqual(range(200, 299));
  expect(statuses.filter((status) => classOfStatus(status) === "permanent")).toEqual(permanent);
  expect(statuses.filter((status) => classOfStatus(status) === "transient")).toEqual(
    statuses.filter((status) => !permanent.includes(status) && (status < 200 || status > 299)),
  );
});

test("a 413 that says when it has room is transient; no other 4xx becomes so", () => {
  expect([classOfStatus(413, "5"), classOfStatus(413), classOfStatus(422, "5")]).toEqual([
    "transient",
    "permanent",
    "permanent",
  ]);
});

test("401, 403 and 407 alone are about credentials", () => {
  expect(statuses.filter(isUnauthorized)).toEqual([401, 403, 407]);
});

test("a transient error has a name and a cause", () => {
  const cause = new Error("below");
  expect(new TransientError("again", { cause })).toMatchObject({ name: "TransientError", cause });
});
