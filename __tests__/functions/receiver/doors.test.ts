import { capturedLogs } from "../../support/captured-logs.ts";
import { httpEvent, signed } from "../../support/lambda-events.ts";
import { apiKey, receiverBench, secret } from "../../support/receiver.ts";

const bench = receiverBench();
capturedLogs(); // keeps what the receiver says off the screen

const body = '{"webhookName":"ended","topicName":"t","eventBody":{}}';
/** What somebody may send who knows no secret: signed, or with a key, as if there were none. */
const guesses = ["", " ", "null", "undefined", "REPLACE-ME", "0"];
const requests = (key: string) => ({
  signature: httpEvent({ body, headers: signed(body, key) }),
  "x-api-key": httpEvent({ body, path: "/data-action", headers: { "x-api-key": key } }),
  bearer: httpEvent({ body, path: "/data-action", headers: { authorization: `Bearer ${key}` } }),
});
type How = keyof ReturnType<typeof requests>;
const rightKey = { signature: secret, "x-api-key": apiKey, bearer: apiKey } as const;
const hows = Object.keys(rightKey) as How[];

async function status(how: How, key: string, value: unknown): Promise<number | undefined> {
  const parameter = how === "signature" ? "/webhook" : "/data-action";
  bench.parameters.values.set(parameter, JSON.stringify(value));
  return (await bench.start()(requests(key)[how])).statusCode;
}

test.each(hows)(
  "%s: an empty secret beside a real one opens to nobody, and the real one goes on opening",
  async (how) => {
    for (const previous of ["", null, 0, false, [], {}, "REPLACE-ME"]) {
      const value = { current: rightKey[how], previous };
      for (const guess of guesses) expect([guess, await status(how, guess, value)]).toEqual([guess, 401]);
      expect(await status(how, rightKey[how], value)).toBe(200);
    }
  },
);

test.each(hows)(
  "%s: an empty current secret is none, whatever stands beside it: 503, and not one guess is let in",
  async (how) => {
    for (const current of ["", null, 0, false, [], {}, "REPLACE-ME", undefined]) {
      const value = { current, previous: rightKey[how] };
      for (const guess of [...guesses, rightKey[how]]) {
        const answer = await status(how, guess, value);
        // Without any credential there is nothing to hold against a secret: refused before it is read.
        expect([current, guess, answer]).toEqual([
          current,
          guess,
          answer === 401 && guess.trim() === "" ? 401 : 503,
        ]);
      }
    }
    expect(bench.cloud.messages()).toEqual([]);
  },
);
