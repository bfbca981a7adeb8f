import { COPIES, runFromEnvironment } from "./work.ts";

/** What holds `contract/` and `functions/`: their own tests, and those of infra and the command that read the most of them. */
const TESTS = [
  "contract/**/*",
  "functions/**/*",
  "infra/{limits,configuration,functions,permissions,variables}",
  "cli/{environment,blank-values}",
];

/** They look at what the library has rewritten here, or start processes, which tell it nothing. */
const LEFT_OUT = ["contract/command-line", "functions/bundles"];

/** Texts that may read otherwise and be as right. */
const NO_RIGHT_OR_WRONG = [
  "contract/log-messages.ts", // sentences; whoever looks for one takes it from there
  "contract/samples/!(random).ts", // made-up events
];

const { rooms } = runFromEnvironment();

/** The configuration of StrykerJS, for `npm run mutate:all`. */
export default {
  mutate: [
    ...(rooms.length > 0 ? rooms : ["contract", "functions"]).map((room) => `${room}/**/*.ts`),
    ...NO_RIGHT_OR_WRONG.map((file) => `!${file}`),
  ],
  ignorePatterns: ["cdktf.out", "/.local"],
  testRunner: "jest",
  plugins: ["@stryker-mutator/jest-runner", "./__tests__/mutations/library/plugin.ts"],
  // TypeScript 7 has no API in JavaScript that a checker could use: a mutant that does not compile runs all the same.
  checkers: ["chosen"],
  checkerNodeArgs: ["--disable-warning=ExperimentalWarning"],
  tsconfigFile: "none", // it would be rewritten with that API
  testRunnerNodeArgs: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
  coverageAnalysis: "perTest",
  jest: {
    configFile: "package.json",
    // The runner below chooses the files by what they reached in the first run, which is less than what they import.
    enableFindRelatedTests: false,
    config: {
      testMatch: TESTS.map((files) => `<rootDir>/__tests__/${files}.test.ts`),
      testPathIgnorePatterns: LEFT_OUT.map((file) => `<rootDir>/__tests__/${file}`),
      runner: "<rootDir>/__tests__/mutations/library/runner.mjs",
      testEnvironment: "./__tests__/mutations/library/environment.mjs",
    },
  },
  concurrency: 1,
  // Milliseconds beside half as much again as the tests took: real wires on a busy machine.
  timeoutMS: 20_000,
  dryRunTimeoutMinutes: 60, // on a busy machine; a quiet one needs four
  // jest keeps the modules of every run.
  maxTestRunnerReuse: 40,
  tempDirName: COPIES,
  reporters: ["results"],
  allowConsoleColors: false,
};
