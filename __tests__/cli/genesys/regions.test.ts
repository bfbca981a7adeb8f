import fc from "fast-check";
import { GenesysError } from "../../../cli/genesys/genesys-error.ts";
import { regionOf, regions } from "../../../cli/genesys/regions.ts";

test.each(regions.map((region) => [region.name, region] as const))(
  "%s is found by name, AWS region, domain and host, whatever the case",
  (_, region) => {
    for (const text of [
      region.name,
      region.aws,
      region.domain,
      region.name.toUpperCase(),
      region.aws.replaceAll("-", "_"),
      `https://api.${region.domain}`,
      `login.${region.domain}`,
    ]) {
      expect(regionOf(text)).toBe(region);
    }
  },
);

test("no two regions share a name, an AWS region or a domain", () => {
  for (const key of ["name", "aws", "domain"] as const) {
    expect(new Set(regions.map((region) => region[key])).size).toBe(18);
  }
});

function refusal(text: string): GenesysError {
  try {
    regionOf(text);
  } catch (error) {
    if (error instanceof GenesysError) return error;
  }
  throw new Error(`${text} was taken for a region.`);
}

test.each([
  ["eu-west-l", "eu-west-1"],
  ["mypurecloud.dee", "mypurecloud.de"],
  ["Irland", "Ireland"],
  ["mygenesys.com", "mypurecloud.com"], // the tutorial's default
])("%s: did you mean %s?", (text, meant) => {
  expect(refusal(text).message).toBe(`"${text}" is no Genesys Cloud region. Did you mean ${meant}?`);
});

test("what is like nothing is answered with all that exist", () => {
  const { message, remedy } = refusal("the moon, far away");
  expect(message).not.toContain("mean");
  for (const { aws, domain, name } of regions) {
    expect(remedy.split("\n").map((line) => line.trim().split(/ {2,}/))).toContainEqual([aws, domain, name]);
  }
});

test("any other text is refused, and never breaks anything", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (text) => {
      fc.pre(!regions.some(({ name, aws, domain }) => [name, aws, domain].includes(text)));
      expect(() => regionOf(text)).toThrow(GenesysError);
    }),
  );
});
