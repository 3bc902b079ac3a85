import { networksBetween, parseAddress } from '../../../../patterns/address.ts';

/** Addresses of either kind, as IPv6: IPv4 is at `::ffff:0:0`. */
interface Address {
  readonly bits: bigint;
  readonly prefix: number;
}

const WIDTH = 128;
const MAPPED = 0xffffn << 32n;

function addressIn(text: string): Address | undefined {
  const [written = '', length, ...more] = text.trim().split('/');
  const found = parseAddress(written);
  if (found === undefined || more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined;
  const isMapped = found.width === 32;
  const before = isMapped ? WIDTH - 32 : 0;
  const prefix = length === undefined ? WIDTH : before + Number(length);
  if (prefix > WIDTH) return undefined;
  return { bits: isMapped ? MAPPED | found.value : found.value, prefix };
}

function masked(bits: bigint, prefix: number): bigint {
  const host = BigInt(WIDTH - prefix);
  return (bits >> host) << host;
}

/** The eight groups of an address; undefined where it is none. */
export function parseIpv6(text: string, prefix: number = WIDTH): string | undefined {
  const address = addressIn(text);
  if (address === undefined || prefix < 0 || prefix > WIDTH) return undefined;
  const digits = masked(address.bits, Math.min(prefix, address.prefix)).toString(16).padStart(32, '0');
  return digits.replace(/.{4}(?=.)/g, '$&:');
}

/** By the shortest of the prefixes; undefined where one is no address. The prefix counts from the start of an IPv4 address. */
export function compareIpv6(a: string, b: string, prefix?: number): bigint | undefined {
  const [one, two] = [addressIn(a), addressIn(b)];
  if (one === undefined || two === undefined) return undefined;
  const bothMapped = [a, b].every((text) => !text.includes(':'));
  const asked = prefix === undefined ? WIDTH : bothMapped ? WIDTH - 32 + prefix : prefix;
  if (asked < 0 || asked > WIDTH) return undefined;
  const shortest = Math.min(one.prefix, two.prefix, asked);
  const [left, right] = [masked(one.bits, shortest), masked(two.bits, shortest)];
  return left < right ? -1n : left > right ? 1n : 0n;
}

export function isInRanges(text: string, networks: readonly string[]): boolean | undefined {
  const address = addressIn(text);
  if (address === undefined) return undefined;
  return networks.some((network) => {
    const range = addressIn(network);
    return range !== undefined && masked(address.bits, range.prefix) === masked(range.bits, range.prefix);
  });
}

export function rangeToNetworks(from: string, to: string): readonly string[] | undefined {
  return networksBetween({ text: from.trim(), inclusive: true }, { text: to.trim(), inclusive: true });
}
