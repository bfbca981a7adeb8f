import { aliasIn, OPERATOR_ALIAS } from "../../contract/operator-alias.ts";

const arn = "arn:aws:lambda:eu-west-1:123456789012:function:recovery";

test("the alias is what follows a function's name", () => {
  expect([aliasIn(`${arn}:${OPERATOR_ALIAS}`), aliasIn(arn), OPERATOR_ALIAS]).toEqual([
    "operator",
    undefined,
    "operator",
  ]);
});
