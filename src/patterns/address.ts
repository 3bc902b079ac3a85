import ipaddr from 'ipaddr.js';

const MAPPED_PREFIX = 0xffffn << 32n;

/**
 * What a value means on an ip field: the network it names, in canonical spelling, or the network of one address. IPv4
 * mapped into IPv6 is IPv4, as Elasticsearch stores it. Undefined when the text is neither.
 */
export function networkOf(text: string): string | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const bits = slash === -1 ? address.width : bitsOf(text.slice(slash + 1), address.width);
  if (bits === undefined) return undefined;
  const host = (1n << BigInt(address.width - bits)) - 1n;
  return printNetwork(address.value & ~host, address.width, bits);
}

/** Whether the text is a network with a prefix length. */
export function isNetwork(text: string): boolean {
  return text.includes('/') && networkOf(text) !== undefined;
}

/**
 * The networks that together hold just the addresses beyond a bound. Elasticsearch orders all addresses as IPv6, IPv4 among
 * them at `::ffff:0:0`, so `> 10.0.0.0` holds most of IPv6 as well. Undefined when the bound is no address.
 */
export function networksBeyond(op: '<' | '<=' | '>' | '>=', bound: string): readonly string[] | undefined {
  const address = parseAddress(bound);
  if (address === undefined) return undefined;
  const at = address.width === 32 ? MAPPED_PREFIX | address.value : address.value;
  const last = (1n << 128n) - 1n;
  const [low, high] = op === '<' ? [0n, at - 1n] : op === '<=' ? [0n, at] : op === '>' ? [at + 1n, last] : [at, last];
  return networksFrom(low, high);
}

/** By the order of all addresses as IPv6; both ends included. */
function networksFrom(low: bigint, high: bigint): readonly string[] {
  const firstMapped = MAPPED_PREFIX;
  const lastMapped = MAPPED_PREFIX | 0xffff_ffffn;
  return [
    ...cover(low, min(high, firstMapped - 1n), 128),
    ...cover(max(low, firstMapped) - firstMapped, min(high, lastMapped) - firstMapped, 32),
    ...cover(max(low, lastMapped + 1n), high, 128),
  ];
}

/** The networks that together hold just the addresses between two bounds; undefined when either is no address. */
export function networksBetween(low: AddressBound, high: AddressBound): readonly string[] | undefined {
  const [from, to] = [parseAddress(low.text), parseAddress(high.text)];
  if (from === undefined || to === undefined) return undefined;
  const at = ({ width, value }: Address): bigint => (width === 32 ? MAPPED_PREFIX | value : value);
  return networksFrom(at(from) + (low.inclusive ? 0n : 1n), at(to) - (high.inclusive ? 0n : 1n));
}

interface AddressBound {
  readonly text: string;
  readonly inclusive: boolean;
}

/** Every network that an address lies in, the address itself as the smallest of them; none where the text is no address. */
export function networksAround(text: string): readonly string[] {
  const address = parseAddress(text);
  if (address === undefined) return [];
  const { value, width } = address;
  return Array.from({ length: width + 1 }, (_, size) => {
    const host = (1n << BigInt(size)) - 1n;
    return printNetwork(value & ~host, width, width - size);
  });
}

/** The fewest networks that hold just the addresses from `low` to `high`. */
function cover(low: bigint, high: bigint, width: 32 | 128): string[] {
  const networks: string[] = [];
  let at = low;
  while (at <= high) {
    let size = 0;
    while (
      size < width &&
      (at & ((1n << BigInt(size + 1)) - 1n)) === 0n &&
      at + (1n << BigInt(size + 1)) - 1n <= high
    ) {
      size += 1;
    }
    networks.push(printNetwork(at, width, width - size));
    at += 1n << BigInt(size);
  }
  return networks;
}

export interface Address {
  readonly value: bigint;
  readonly width: 32 | 128;
}

export function parseAddress(text: string): Address | undefined {
  const written = text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  if (!written || text.includes('%')) return undefined;
  const address = ipaddr.process(text);
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { value, width: address.kind() === 'ipv4' ? 32 : 128 };
}

function bitsOf(text: string, width: number): number | undefined {
  return /^\d{1,3}$/.test(text) && Number(text) <= width ? Number(text) : undefined;
}

function printNetwork(value: bigint, width: 32 | 128, bits: number): string {
  const bytes: number[] = [];
  for (let shift = width - 8; shift >= 0; shift -= 8) bytes.push(Number((value >> BigInt(shift)) & 0xffn));
  return `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
