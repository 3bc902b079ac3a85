import { parseAddress } from '../../../../patterns/address.ts';
import { orderOf } from '../../../../values/compare.ts';
import type { Value } from '../../../../values/value.ts';
import { compareVersions } from '../../../../values/version.ts';
import { textIn } from './multi-value.ts';

/** How values of a type are ordered: addresses by their bytes (IPv4 as `::ffff:…`), versions as versions, texts by code point. */
export function orderOfType(type: Value): (a: Value, b: Value) => number {
  if (type === 'ip') return (a, b) => compareBigints(addressNumber(a), addressNumber(b));
  if (type === 'version') return (a, b) => compareVersions(textIn(a), textIn(b));
  return (a, b) => (typeof a === 'string' && typeof b === 'string' ? compareTexts(a, b) : (orderOf(a, b) ?? 0));
}

function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** An address as the number of its sixteen bytes. */
export function addressNumber(value: Value): bigint {
  const address = typeof value === 'string' ? parseAddress(value) : undefined;
  if (address === undefined) return -1n;
  return address.width === 32 ? address.value | (0xffffn << 32n) : address.value;
}

/** By the bytes of UTF-8, which is the order of code points. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one === other) continue;
    const [first, second] = [isSurrogate(one), isSurrogate(other)];
    return first === second ? one - other : first ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** A value by which others of its type are ordered without knowing the type. */
export function orderKey(value: Value, type: Value): Value {
  if (type === 'ip') return addressNumber(value);
  return type === 'version' ? versionKey(textIn(value)) : value;
}

const VERSION = /^(\d+(?:\.\d+)*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(\+\S+)?$/;

/** A text in whose order versions are: each number of the same width, a pre-release before its release, what is no version last. */
function versionKey(text: string): string {
  const found = VERSION.exec(text);
  if (found === null) return `~${text}`;
  const [, main = '', before, build = ''] = found;
  const padded = main.split('.').map((part) => part.padStart(20, '0'));
  const pre = before?.split('.').map((part) => (/^\d+$/.test(part) ? `0${part.padStart(20, '0')}` : `1${part}`));
  return `${padded.join('.')}${pre === undefined ? '\u0002' : `\u0001${pre.join('\u0001')}`}${build}`;
}
