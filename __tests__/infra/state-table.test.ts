import { leastInput, sharedInput, synthesise } from "../support/synthesise.ts";

test("there is one table: by id, paid by request, and what has expired goes by itself", () => {
  expect(synthesise(leastInput).resources("aws_dynamodb_table")).toEqual({
    state: {
      name: "genesys-events-test-state",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "id",
      attribute: [{ name: "id", type: "S" }],
      ttl: { attribute_name: "expiration", enabled: true },
      deletion_protection_enabled: false,
    },
  });
});

test("it goes with destroy only where the environment is disposable, and can be restored elsewhere", () => {
  expect(synthesise(sharedInput).resource("aws_dynamodb_table", "state")).toMatchObject({
    deletion_protection_enabled: true,
    point_in_time_recovery: { enabled: true },
  });
});
