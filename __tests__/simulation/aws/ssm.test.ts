import { ModelError } from "../../../simulation/aws/errors.ts";
import { ParameterStore } from "../../../simulation/aws/ssm.ts";
import { errorOf, SECOND, Simulated } from "../../support/simulated.ts";

const caller = { name: "test", alive: true, hops: 0, die() {} };
let world: Simulated;
let store: ParameterStore;
beforeEach(() => {
  world = new Simulated();
  store = new ParameterStore(world.clock, new Map([["/secret", "a"]]));
});
const get = (Name = "/secret") => store.operate("GetParameter", { Name } as never, caller);

test("tells a parameter, and its new value", () => {
  expect(get()).toEqual({ Parameter: { Name: "/secret", Value: "a" } });
  store.set("/secret", "b");
  expect(get()).toMatchObject({ Parameter: { Value: "b" } });
});

test("takes 40 reads a second of all callers together, and 40 in the next", async () => {
  for (let second = 0; second < 2; second++) {
    for (let i = 0; i < 40; i++) get();
    expect(errorOf(get)).toEqual({ name: "ThrottlingException", status: 400 });
    await world.pass(SECOND);
  }
});

test("knows what is not there, and refuses what it cannot do", () => {
  expect(errorOf(() => get("/other"))).toEqual({ name: "ParameterNotFound", status: 400 });
  expect(() => store.operate("PutParameter", {} as never, caller)).toThrow(ModelError);
});
