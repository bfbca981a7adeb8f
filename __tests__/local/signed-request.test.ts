import * as fc from "fast-check";
import { asCurl } from "../../local/signed-request.ts";
import { shellWords } from "../support/shell.ts";

test("a shell reads the printed request as it was signed, whatever is in it", async () => {
  // A NUL is in no word of a shell, and in no JSON text either.
  const text = fc.string({ unit: "grapheme" }).filter((given) => !given.includes("\0"));
  await fc.assert(
    fc.asyncProperty(text, async (given) => {
      const body = JSON.stringify({ note: `It's "fine" ${given}` });
      const line = asCurl({
        url: "http://127.0.0.1/webhook",
        headers: { "x-api-key": given },
        body: Buffer.from(body),
      });
      const expected = ["-i", "http://127.0.0.1/webhook", "-H", `x-api-key: ${given}`, "--data-binary", body];
      expect(await shellWords(line)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
