import { runAgainIfUnsuitable } from "./suitable-node.mjs";

await runAgainIfUnsuitable();

/** The proofs take minutes, and each needs both cores for itself: they run where they are named. */
const proofsAreNamed = process.argv.slice(2).some((argument) => argument.includes("proofs"));

/** jest's configuration: native ES modules, transformed by swc only to strip the types. */
export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: proofsAreNamed ? [] : ["<rootDir>/__tests__/proofs/"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2024" }, module: { type: "es6" } },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out", "<rootDir>/.local"],
  testSequencer: "<rootDir>/__tests__/support/longest-first.mjs",
  // One more than the gate has cores: real processes and sockets wait for half of their time.
  maxWorkers: 3,
  // Milliseconds. Real wires on a busy machine take longer than jest's 5 s, and nothing is wrong with that.
  testTimeout: 60_000,
};
