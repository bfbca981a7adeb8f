import type { LookupAddress } from "node:dns";
import { jest } from "@jest/globals";

/** What the name service says, in its order. */
let answers: LookupAddress[] = [];
jest.unstable_mockModule("node:dns", () => ({
  lookup: (_hostname: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(null, answers),
}));
const { publicLookup } = await import("../../../functions/destination/addresses.ts");

const found = (all: boolean) =>
  new Promise<unknown>((resolve) => {
    publicLookup("destination.example.com", { all }, (error, address, family) =>
      resolve(error?.name ?? (all ? address : { address, family })),
    );
  });

const v4 = (address: string) => ({ address, family: 4 });
const v6 = (address: string) => ({ address, family: 6 });

test.each<[string, LookupAddress[], LookupAddress[]]>([
  ["a private one first", [v4("10.0.0.5"), v4("8.8.8.8")], [v4("8.8.8.8")]],
  ["a private one last", [v4("8.8.8.8"), v4("169.254.169.254")], [v4("8.8.8.8")]],
  [
    "private ones around",
    [v4("127.0.0.1"), v4("1.1.1.1"), v6("::1"), v4("8.8.8.8")],
    [v4("1.1.1.1"), v4("8.8.8.8")],
  ],
  ["a private one of the other family", [v6("fd00:ec2::254"), v4("8.8.8.8")], [v4("8.8.8.8")]],
  [
    "a private IPv4, a public IPv6",
    [v4("192.168.0.1"), v6("2606:4700:4700::1111")],
    [v6("2606:4700:4700::1111")],
  ],
  ["public ones alone", [v4("8.8.8.8"), v4("1.1.1.1")], [v4("8.8.8.8"), v4("1.1.1.1")]],
])("a name with %s leads to the public alone", async (_, given, expected) => {
  answers = given;
  expect(await found(true)).toEqual(expected);
  expect(await found(false)).toEqual(expected[0]);
});

test.each<[string, LookupAddress[]]>([
  ["private ones alone", [v4("10.0.0.5"), v6("::1"), v4("169.254.169.254")]],
  ["none", []],
])("a name with %s leads nowhere", async (_, given) => {
  answers = given;
  expect(await found(true)).toBe("PrivateAddressError");
  expect(await found(false)).toBe("PrivateAddressError");
});
