import base from "./jest.config.mjs";

/** Outages, kills and restarts under load, one at a time: each needs both cores for itself. */
export default {
  ...base,
  testMatch: ["<rootDir>/__tests__/proofs/**/*.test.ts"],
  testPathIgnorePatterns: [],
  maxWorkers: 1,
};
