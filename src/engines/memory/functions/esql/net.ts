import type { EsqlNetFunction } from '../../../../ir/functions/esql/net.ts';
import { parseAddress } from '../../../../patterns/address.ts';
import { compileCidr } from '../../../../patterns/cidr.ts';
import type { Value } from '../../../../values/value.ts';
import type { Clock } from '../../row.ts';
import type { Implementation } from '../implementation.ts';
import { canonicalAddress } from './field.ts';
import { illegal, single, textIn, valuesIn, wholeIn } from './multi-value.ts';
import { addressNumber } from './order.ts';

function prefixOf(address: string, bits4: number, bits6: number, clock: Clock): Value {
  const found = parseAddress(address);
  if (found === undefined) return null;
  const { value, width } = found;
  const bits = width === 32 ? bits4 : bits6;
  if (bits < 0 || bits > width) {
    return illegal(clock, `Prefix length v${width === 32 ? 4 : 6} must be in range [0, ${width}], found ${bits}`);
  }
  const kept = bits === 0 ? 0n : (value >> BigInt(width - bits)) << BigInt(width - bits);
  return canonicalAddress(width === 32 ? fourParts(kept) : eightParts(kept));
}

function fourParts(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

function eightParts(value: bigint): string {
  return Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(':');
}

/** Networks by the names that Elasticsearch's processor of network directions knows. */
const NAMED_NETWORKS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  global_unicast: [],
  unicast: [],
  interface_local_multicast: ['ff01::/16'],
  link_local_multicast: ['224.0.0.0/24', 'ff02::/16'],
  link_local_unicast: ['169.254.0.0/16', 'fe80::/10'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'],
  unspecified: ['0.0.0.0/32', '::/128'],
};

function isInternal(address: string, networks: readonly string[]): boolean {
  const isIn = (network: string): boolean => compileCidr(network)(address);
  return networks.some((network) => {
    const known = NAMED_NETWORKS[network];
    if (known === undefined) return isIn(network);
    const isNone = network === 'public' || network.endsWith('unicast');
    return isNone && known.length === 0 ? !isIn('224.0.0.0/4') && !isIn('ff00::/8') : known.some(isIn);
  });
}

function directionOf(source: string, destination: string, networks: readonly string[]): string {
  const [from, to] = [isInternal(source, networks), isInternal(destination, networks)];
  if (from && to) return 'internal';
  if (from) return 'outbound';
  return to ? 'inbound' : 'external';
}

/** Degrees between points as metres on the ball (haversine), as Lucene measures. */
const EARTH_RADIUS = 6_371_008.7714;

function distance(one: string, other: string, flat: boolean): Value {
  const [a, b] = [coordinates(one), coordinates(other)];
  if (a === undefined || b === undefined) return null;
  if (flat) return Math.hypot(a.x - b.x, a.y - b.y);
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (angle: number): number => Math.sin(angle / 2) ** 2;
  const h = half(radians(a.y - b.y)) + Math.cos(radians(a.y)) * Math.cos(radians(b.y)) * half(radians(a.x - b.x));
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The two numbers of a point in WKT: `POINT (1.5 2)`. */
export function coordinates(point: string): { readonly x: number; readonly y: number } | undefined {
  const [x, y, ...more] = /\(([^()]*)\)/.exec(point)?.[1]?.trim().split(/\s+/) ?? [];
  return x === undefined || y === undefined || more.length > 0 ? undefined : { x: Number(x), y: Number(y) };
}

export const esqlNetImplementations: Record<EsqlNetFunction, Implementation> = {
  'esql.cidr-match': single(([address, ...networks], clock) => {
    for (const network of networks) {
      const block = textIn(network);
      const [base = '', bits] = block.split('/');
      const width = parseAddress(base)?.width;
      // An address without a length is that address alone.
      if (width === undefined || (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > width))) {
        return illegal(clock, `'${block}' is not an IP string literal.`);
      }
      if (compileCidr(block)(textIn(address))) return true;
    }
    return false;
  }),
  'esql.ip-prefix': single(([address, bits4, bits6], clock) =>
    prefixOf(textIn(address), wholeIn(bits4, 0), wholeIn(bits6, 0), clock),
  ),
  'esql.network-direction': ([source, destination, networks]) => {
    if (typeof source !== 'string' || typeof destination !== 'string' || valuesIn(networks).length === 0) return null;
    return directionOf(source, destination, valuesIn(networks).map(textIn));
  },
  'esql.ip-order': single(([left, right]) => {
    const [a, b] = [addressNumber(left), addressNumber(right)];
    return a < b ? -1n : a > b ? 1n : 0n;
  }),
  'esql.distance': single(([one, other, flat]) => distance(textIn(one), textIn(other), flat === true)),
};
