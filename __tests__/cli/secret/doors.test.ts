import { parseSecret } from "../../../cli/secret/stored.ts";
import { PLACEHOLDER_PARAMETER_VALUE } from "../../../contract/secret.ts";
import { runInProcess } from "../../support/in-process.ts";
import { type StoredSecret, startStoredSecret } from "../../support/secret-parameter.ts";

let stored: StoredSecret;
beforeAll(async () => {
  stored = await startStoredSecret();
});
afterAll(() => stored.stop());

const OLD = "planted-old-secret-1234567890";
const FIFTEEN = "x".repeat(15);
const SIXTEEN = "x".repeat(16);

test.each<[string, object | undefined]>([
  ['{"current":"a"}', { current: "a" }],
  ['{"current":"a","previous":"b"}', { current: "a", previous: "b" }],
  ['{"current":"a","previous":""}', { current: "a" }],
  ['{"current":"a","previous":1}', { current: "a" }],
  ['{"current":"a","previous":null}', { current: "a" }],
  ['{"current":"","previous":"b"}', undefined],
  ['{"current":1,"previous":"b"}', undefined],
  ['{"previous":"b"}', undefined],
  ["", undefined],
])("%s: an empty secret, in either place, is none", (text, expected) => {
  expect(parseSecret(text)).toEqual(expected);
});

test.each([
  ["set", ["set", "--stdin"]],
  ["set --replace", ["set", "--stdin", "--replace"]],
  [
    "rotate",
    ["rotate", "--stdin", "--manual", "--switched", "--refresh-seconds", "0.001", "--grace-seconds", "0.001"],
  ],
])(
  "secret %s takes none that is empty or shorter than Genesys takes, and leaves what is there",
  async (_, args) => {
    const before =
      args.includes("--replace") || args[0] === "rotate"
        ? JSON.stringify({ current: OLD })
        : PLACEHOLDER_PARAMETER_VALUE;
    stored.value = before;
    for (const input of ["", "\n", FIFTEEN, `${FIFTEEN}\n`, `${FIFTEEN}\r\n`]) {
      const { code, stdout, stderr } = await runInProcess(["secret", ...args, ...stored.place], { input });
      expect([input, code, stdout]).toEqual([input, 2, ""]);
      expect(stderr).toMatch(/shorter than 16 characters/);
      expect(stored.value).toBe(before);
    }
    const { code } = await runInProcess(["secret", ...args, ...stored.place], { input: `${SIXTEEN}\n` });
    expect(code).toBe(0);
    expect(stored.parsed).toEqual({ current: SIXTEEN });
  },
);
