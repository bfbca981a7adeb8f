import { recordedBundles, reportBundles } from "../benchmarks/bundle-report.ts";

// A record is taken anew with `node __tests__/benchmarks/bundle-report.ts --write`, and its change is reviewed.
const GROWTH = 1.02; // a few lines of our own pass, another dependency does not

test("no function has grown, or loads more at init, than is recorded", async () => {
  const [now, recorded] = await Promise.all([reportBundles(), recordedBundles()]);
  expect(Object.keys(now)).toEqual(Object.keys(recorded));
  for (const [name, report] of Object.entries(now)) {
    const record = recorded[name];
    expect([name, report.initPackages]).toEqual([name, record?.initPackages]);
    for (const size of ["initBytes", "lazyBytes"] as const) {
      expect([name, size, report[size] <= (record?.[size] ?? 0) * GROWTH]).toEqual([name, size, true]);
      // A record far above the truth would let the next growth through unseen.
      expect([name, size, report[size] * 1.1 >= (record?.[size] ?? 0)]).toEqual([name, size, true]);
    }
  }
});

test("what an ordinary event does not need is loaded when first used: the bucket's client, Lambda's, the SDK's rarer credentials", async () => {
  const recorded = await recordedBundles();
  const unneeded = ["@aws-sdk/client-s3", "@aws-sdk/client-lambda", "@aws-sdk/credential-provider-sso"];
  const loaded = (name: string) =>
    unneeded.filter((dependency) => recorded[name]?.initPackages.includes(dependency));
  expect(Object.keys(recorded)).toEqual(["receiver", "processor", "recovery"]);
  expect(loaded("receiver")).toEqual([]);
  expect(loaded("processor")).toEqual([]);
  // Every run of recovery looks into the bucket, and has the mapping at hand.
  expect(loaded("recovery")).toEqual(["@aws-sdk/client-s3", "@aws-sdk/client-lambda"]);
});
