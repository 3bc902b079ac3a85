import type { KustoIpFunction } from '../../../../ir/functions/kusto/ip.ts';
import type { Value } from '../../../../values/value.ts';
import type { Implementation } from '../implementation.ts';
import { geoInfo } from './geo.ts';
import { compareIpv6, isInRanges, parseIpv6, rangeToNetworks } from './ipv6.ts';
import { arrayIn, isNumeric, textIn, wholeIn } from './scalars.ts';

export const kustoIpImplementations: Record<KustoIpFunction, Implementation> = {
  'kusto.parse-ipv4': ([text]) => {
    const address = parse(textIn(text));
    return address === undefined ? null : BigInt(masked(address.bits, address.prefix));
  },
  'kusto.parse-ipv4-mask': ([text, prefix]) => {
    const address = parse(textIn(text));
    const length = wholeIn(prefix);
    if (address === undefined || length === undefined || length < 0 || length > 32) return null;
    return BigInt(masked(address.bits, Math.min(length, address.prefix)));
  },
  'kusto.format-ipv4': ([value, prefix]) => format(value, wholeIn(prefix))?.text ?? '',
  'kusto.format-ipv4-mask': ([value, prefix]) => {
    const found = format(value, wholeIn(prefix));
    return found === undefined ? '' : `${found.text}/${found.prefix}`;
  },
  'kusto.ipv4-suffix': ([text]) => {
    const address = parse(textIn(text));
    return address === undefined ? null : BigInt(address.prefix);
  },
  'kusto.ipv4-is-private': ([text]) => {
    const address = parse(textIn(text));
    if (address === undefined) return null;
    return PRIVATE.some((network) => masked(address.bits, network.prefix) === network.bits);
  },
  'kusto.ipv4-is-in-range': ([text, network]) => inRange(textIn(text), textIn(network)),
  'kusto.ipv4-is-in-any-range': ([text, ...networks]) => {
    if (parse(textIn(text)) === undefined) return null;
    return networks
      .flatMap((one) => arrayIn(one) ?? [one])
      .some((network) => inRange(textIn(text), textIn(network)) === true);
  },
  'kusto.ipv4-is-match': ([a, b, prefix]) => {
    const order = compare(textIn(a), textIn(b), wholeIn(prefix));
    return order === null ? null : order === 0n;
  },
  'kusto.ipv4-compare': ([a, b, prefix]) => compare(textIn(a), textIn(b), wholeIn(prefix)),
  'kusto.has-ipv4': ([text, ...addresses]) => {
    const wanted = addresses.flatMap((one) => arrayIn(one) ?? [one]).map(textIn);
    return addressesIn(textIn(text)).some((address) => wanted.includes(address));
  },
  'kusto.has-ipv4-prefix': ([text, ...prefixes]) => {
    const wanted = prefixes
      .flatMap((one) => arrayIn(one) ?? [one])
      .map(textIn)
      .filter((prefix) => prefix !== '');
    // A prefix is whole octets: `192.` or `192.168.`, or a whole address.
    const fits = (address: string, prefix: string): boolean =>
      prefix.endsWith('.') ? address.startsWith(prefix) : address === prefix;
    return addressesIn(textIn(text)).some((address) => wanted.some((prefix) => fits(address, prefix)));
  },
  'kusto.ipv4-range': ([from, to]) => rangeToNetworks(textIn(from), textIn(to)) ?? null,
  'kusto.parse-ipv6': ([text, prefix]) => parseIpv6(textIn(text), wholeIn(prefix)) ?? '',
  'kusto.ipv6-compare': ([a, b, prefix]) => compareIpv6(textIn(a), textIn(b), wholeIn(prefix)) ?? null,
  'kusto.ipv6-is-match': ([a, b, prefix]) => {
    const order = compareIpv6(textIn(a), textIn(b), wholeIn(prefix));
    return order === undefined ? null : order === 0n;
  },
  'kusto.ipv6-is-in-any-range': ([text, ...networks]) =>
    isInRanges(textIn(text), networks.flatMap((one) => arrayIn(one) ?? [one]).map(textIn)) ?? null,
  'kusto.geo-info': ([address, database]) => geoInfo(textIn(address), textIn(database)),
};

interface Address {
  readonly bits: number;
  readonly prefix: number;
}

/** `a.b.c.d` or `a.b.c.d/prefix`; undefined for anything else. */
function parse(text: string): Address | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text.trim());
  if (found === null) return undefined;
  const octets = found.slice(1, 5).map(Number);
  const prefix = found[5] === undefined ? 32 : Number(found[5]);
  if (prefix > 32 || octets.some((octet) => octet > 255)) return undefined;
  return { bits: octets.reduce((bits, octet) => bits * 256 + octet, 0), prefix };
}

function masked(bits: number, prefix: number): number {
  const size = 2 ** (32 - prefix);
  return Math.floor(bits / size) * size;
}

const PRIVATE: readonly Address[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap(
  (text) => parse(text) ?? [],
);

function inRange(text: string, network: string): boolean | null {
  const [address, range] = [parse(text), parse(network)];
  if (address === undefined || range === undefined) return null;
  return masked(address.bits, range.prefix) === masked(range.bits, range.prefix);
}

function compare(a: string, b: string, prefix = 32): bigint | null {
  const [one, two] = [parse(a), parse(b)];
  if (one === undefined || two === undefined || prefix < 0 || prefix > 32) return null;
  const shortest = Math.min(one.prefix, two.prefix, prefix);
  const [left, right] = [masked(one.bits, shortest), masked(two.bits, shortest)];
  return left < right ? -1n : left > right ? 1n : 0n;
}

function format(
  value: Value,
  prefix: number | undefined,
): { readonly text: string; readonly prefix: number } | undefined {
  let address = typeof value === 'string' ? parse(value) : undefined;
  if (isNumeric(value) && Number(value) >= 0 && Number(value) < 2 ** 32) address = { bits: Number(value), prefix: 32 };
  const length = prefix ?? address?.prefix ?? 32;
  if (address === undefined || length < 0 || length > 32) return undefined;
  const used = Math.min(length, address.prefix);
  const bits = masked(address.bits, used);
  return { text: [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.'), prefix: used };
}

/** The addresses in a text that stand between characters that are neither letters nor digits. */
function addressesIn(text: string): readonly string[] {
  const found = text.match(/(?<![\p{L}\p{N}.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\p{L}\p{N}]|\.\d)/gu) ?? [];
  return found.filter((address) => parse(address) !== undefined);
}
