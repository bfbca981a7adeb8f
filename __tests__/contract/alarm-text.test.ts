import { readAlarmText, toLocalCommand, writeAlarmText } from "../../contract/alarm-text.ts";

const text = {
  happened: "Events wait.\nFor an hour.",
  means: "None is lost.",
  otherwise: "They wait on.",
  runFirst: "npm run genesys-dlq -- doctor",
  because: "an hour is what people notice",
};

test("what happened, what it means and the command come back out of an alarm's description", () => {
  const written = writeAlarmText(text);
  expect(written).toBe(
    "Events wait.\nFor an hour. None is lost. If nobody acts: They wait on. Run first: npm run genesys-dlq -- doctor. " +
      "It is set there because an hour is what people notice.",
  );
  expect(readAlarmText(written)).toEqual({
    happened: "Events wait.\nFor an hour. None is lost. If nobody acts: They wait on.",
    runFirst: "npm run genesys-dlq -- doctor",
  });
});

test.each(["", "Somebody's own alarm.", "Events wait. Run first: doctor."])(
  "%j is not ours",
  (description) => {
    expect(readAlarmText(description)).toBeUndefined();
  },
);

test.each([
  ["npm run genesys-dlq -- dlq stats --environment production", "npm run genesys-dlq -- dlq stats --local"],
  ["aws logs tail /aws/lambda/x-dev-receiver --since 15m", "tail -n 50 .local/*/logs/x-dev-receiver.jsonl"],
  ["aws logs tail /aws/vendedlogs/apigateway/x-dev-api --since 15m", "look at what npm start prints"],
])("where a local run is at work, %s is %s", (deployed, local) => {
  expect(toLocalCommand(deployed)).toBe(local);
});
