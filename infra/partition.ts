interface Partition {
  readonly region: RegExp;
  readonly name: string;
  /** Of a service's name where a key's policy asks by which service it is used. */
  readonly dnsSuffix: string;
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html and botocore's partitions.json */
const partitions: readonly Partition[] = [
  { region: /^us-gov-/, name: "aws-us-gov", dnsSuffix: "amazonaws.com" },
  { region: /^cn-/, name: "aws-cn", dnsSuffix: "amazonaws.com.cn" },
  { region: /^eusc-/, name: "aws-eusc", dnsSuffix: "amazonaws.eu" },
  { region: /^us-iso-/, name: "aws-iso", dnsSuffix: "c2s.ic.gov" },
  { region: /^us-isob-/, name: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov" },
  { region: /^eu-isoe-/, name: "aws-iso-e", dnsSuffix: "cloud.adc-e.uk" },
  { region: /^us-isof-/, name: "aws-iso-f", dnsSuffix: "csp.hci.ic.gov" },
];
const COMMERCIAL = { name: "aws", dnsSuffix: "amazonaws.com" };

/** The second part of every ARN in a region: `aws`, `aws-us-gov`, `aws-cn` … */
export function partitionOf(region: string): string {
  return find(region).name;
}

/** `amazonaws.com`, or what it is called in the region's partition. */
export function dnsSuffixOf(region: string): string {
  return find(region).dnsSuffix;
}

function find(region: string) {
  return partitions.find((partition) => partition.region.test(region)) ?? COMMERCIAL;
}
