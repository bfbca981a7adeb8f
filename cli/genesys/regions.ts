import { nearest } from "../../contract/nearest.ts";
import { GenesysError } from "./genesys-error.ts";

/** A Genesys Cloud region. Its hosts are `login.{domain}` and `api.{domain}`. */
export interface Region {
  readonly name: string;
  /** The AWS region that it runs in. */
  readonly aws: string;
  readonly domain: string;
}

/** Genesys' own list: developer.genesys.cloud, "Platform API: regions". */
export const regions: readonly Region[] = [
  { name: "US East", aws: "us-east-1", domain: "mypurecloud.com" },
  { name: "US East FedRAMP", aws: "us-east-2", domain: "use2.us-gov-pure.cloud" },
  { name: "US West", aws: "us-west-2", domain: "usw2.pure.cloud" },
  { name: "Canada", aws: "ca-central-1", domain: "cac1.pure.cloud" },
  { name: "Mexico", aws: "mx-central-1", domain: "mxc1.pure.cloud" },
  { name: "Sao Paulo", aws: "sa-east-1", domain: "sae1.pure.cloud" },
  { name: "Ireland", aws: "eu-west-1", domain: "mypurecloud.ie" },
  { name: "London", aws: "eu-west-2", domain: "euw2.pure.cloud" },
  { name: "Frankfurt", aws: "eu-central-1", domain: "mypurecloud.de" },
  { name: "Zurich", aws: "eu-central-2", domain: "euc2.pure.cloud" },
  { name: "Brandenburg", aws: "eusc-de-east-1", domain: "edee1.eusc-pure.cloud" },
  { name: "UAE", aws: "me-central-1", domain: "mec1.pure.cloud" },
  { name: "Mumbai", aws: "ap-south-1", domain: "aps1.pure.cloud" },
  { name: "Singapore", aws: "ap-southeast-1", domain: "apse1.pure.cloud" },
  { name: "Sydney", aws: "ap-southeast-2", domain: "mypurecloud.com.au" },
  { name: "Tokyo", aws: "ap-northeast-1", domain: "mypurecloud.jp" },
  { name: "Seoul", aws: "ap-northeast-2", domain: "apne2.pure.cloud" },
  { name: "Osaka", aws: "ap-northeast-3", domain: "apne3.pure.cloud" },
];

/**
 * A region by name (`Ireland`), AWS region (`eu-west-1`) or domain (`mypurecloud.ie`), whatever the case.
 *
 * @throws {GenesysError} for one that does not exist, with those that do
 */
export function regionOf(text: string): Region {
  const found = regions.find((region) => namesOf(region).some((name) => plain(name) === plain(text)));
  if (found) return found;
  const meant =
    plain(text) === plain("mygenesys.com") // what the tutorial has for a default
      ? "mypurecloud.com"
      : nearest(text, regions.flatMap(namesOf));
  throw new GenesysError({
    kind: "usage",
    message: `"${text}" is no Genesys Cloud region.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    remedy: `Give one of these:\n${regions.map(line).join("\n")}`,
  });
}

function line({ aws, domain, name }: Region): string {
  return `  ${aws.padEnd(16)}${domain.padEnd(24)}${name}`;
}

function namesOf({ aws, domain, name }: Region): string[] {
  return [aws, domain, name];
}

/** Without case, separators, and the host that somebody may have copied with the domain. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .replace(/^(api|login|apps)\./, "")
    .replace(/[\s_/-]+/g, "");
}
