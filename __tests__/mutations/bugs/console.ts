import type { Bug } from "../bug.ts";

export const console: readonly Bug[] = [
  {
    name: "console-answers-any-name",
    file: "console/server/security.ts",
    pattern: 'if (!hostsOf(port).includes(headers.host ?? "")) {',
    replacement: 'if (headers.host === "") {',
    tests: ["__tests__/console/security.test.ts"],
  },
  {
    name: "console-answers-any-page",
    file: "console/server/security.ts",
    pattern: "if (foreign) return REFUSED_PAGE;",
    replacement: "",
    tests: ["__tests__/console/security.test.ts"],
  },
  {
    name: "console-without-a-token",
    file: "console/server/security.ts",
    pattern: "if (!hasToken(headers, token)) {",
    replacement: "if (headers.authorization === undefined) {",
    tests: ["__tests__/console/security.test.ts"],
  },
  {
    name: "console-redrives-more-than-was-chosen",
    file: "console/server/act.ts",
    pattern: "return working((context) => redriveThem(context, filter));",
    replacement: "return working((context) => redriveThem(context, filter && undefined));",
    tests: ["__tests__/console/server.test.ts"],
  },
  {
    name: "console-gives-the-last-page-to-nobody",
    file: "console/server/calls/dead-letters.ts",
    pattern: "const page = Math.min(wanted, pages - 1);",
    replacement: "const page = wanted;",
    tests: ["__tests__/console/server.test.ts"],
  },
];
