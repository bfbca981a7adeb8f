import { recordedBundles, reportBundles } from "../../scripts/bundle-report.ts";

// A record is taken anew with `node scripts/bundle-report.ts --write`, and its change is reviewed.
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

test("the bucket's client and the SDK's rarer credentials are loaded when first used", async () => {
  const { receiver, processor } = await recordedBundles();
  for (const report of [receiver, processor]) {
    expect(report?.initPackages).not.toContain("@aws-sdk/client-s3");
    expect(report?.initPackages).not.toContain("@aws-sdk/credential-provider-sso");
  }
});
