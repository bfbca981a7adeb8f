import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { BlockList, isIP, isIPv4, type LookupFunction } from "node:net";
import { TransientError } from "./response.ts";

/** IPv4 that is not on the public internet (IANA's special-purpose registry, multicast and reserved). */
const PRIVATE_V4: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8], // this host
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // carrier-grade NAT
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local, the instance metadata among it
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // 6to4 relays, withdrawn
  ["192.168.0.0", 16], // private
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, broadcast
];

const privateV4 = new BlockList();
/** What of IPv6 is public: global unicast, and IPv4 behind NAT64. IPv4-mapped addresses are neither. */
const publicV6 = new BlockList();
publicV6.addSubnet("2000::", 3, "ipv6");
publicV6.addSubnet("64:ff9b::", 96, "ipv6");
/** What of that is special all the same. */
const specialV6 = new BlockList();
specialV6.addSubnet("2001::", 23, "ipv6"); // protocol assignments, Teredo among them
specialV6.addSubnet("2001:db8::", 32, "ipv6"); // documentation
specialV6.addSubnet("2002::", 16, "ipv6"); // 6to4, carries an IPv4 address
specialV6.addSubnet("3fff::", 20, "ipv6"); // documentation
for (const [network, prefix] of PRIVATE_V4) {
  privateV4.addSubnet(network, prefix, "ipv4");
  specialV6.addSubnet(`64:ff9b::${network}`, 96 + prefix, "ipv6");
}

/** Whether an address, as text, is on the public internet. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !privateV4.check(address, "ipv4");
  if (isIP(address) !== 6 || address.includes("%")) return false; // a zone is link-local by nature
  return publicV6.check(address, "ipv6") && !specialV6.check(address, "ipv6");
}

/** The configuration and the name service disagree about who the destination is. Either may be put right: again. */
class PrivateAddressError extends TransientError {
  constructor(hostname: string) {
    super(`The destination ${hostname} has no public address, and private ones are not allowed.`);
    this.name = "PrivateAddressError";
  }
}

/** @throws {PrivateAddressError} when the host is a literal address that is not public: no lookup happens for those. */
export function refuseLiteral(hostname: string): void {
  const literal = hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw new PrivateAddressError(hostname);
}

/** A lookup for sockets that finds public addresses only: the very address that was checked is connected to. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  const all: LookupOptions & { all: true } = { ...options, all: true };
  lookup(hostname, all, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, "", 0);
    const [first, ...rest] = addresses.filter(({ address }) => isPublicAddress(address));
    if (first === undefined) return callback(new PrivateAddressError(hostname), "", 0);
    if (options.all) return callback(null, [first, ...rest]);
    callback(null, first.address, first.family);
  });
};
