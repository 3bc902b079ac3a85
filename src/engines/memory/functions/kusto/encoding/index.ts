import { Buffer } from 'node:buffer';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { stringifyJson } from '../../../../../base/json.ts';
import type { KustoEncodingFunction } from '../../../../../ir/functions/kusto/encoding.ts';
import { toJson } from '../../../../../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../../../../../values/value.ts';
import type { Implementation } from '../../implementation.ts';
import { arrayIn, textIn, wholeIn } from '../scalars.ts';
import { commandLine } from './command-line.ts';
import { parsePairs } from './pairs.ts';
import { decodeDomain, decodePunycode, encodeDomain, encodePunycode } from './punycode.ts';
import { parseUserAgent } from './user-agent.ts';
import { parseXml } from './xml.ts';
import { xxHash64 } from './xxhash.ts';

/** What is unpacked is never larger than this. */
const MOST_BYTES = 16 * 1024 * 1024;

export const kustoEncodingImplementations: Record<KustoEncodingFunction, Implementation> = {
  'kusto.base64-to-array': ([text]) => {
    const bytes = bytesOf(textIn(text));
    return bytes === undefined ? null : [...bytes];
  },
  'kusto.base64-from-array': ([bytes]) => {
    const numbers = arrayIn(bytes)?.map((byte) => wholeIn(byte) ?? -1);
    if (numbers === undefined || numbers.some((byte) => byte < 0 || byte > 255)) return '';
    return Buffer.from(numbers).toString('base64');
  },
  'kusto.base64-to-guid': ([text]) => {
    const bytes = bytesOf(textIn(text));
    return bytes?.length === 16 ? guidOf(bytes) : null;
  },
  'kusto.base64-from-guid': ([guid]) => {
    const digits = textIn(guid).replaceAll('-', '');
    return /^[0-9a-f]{32}$/i.test(digits) ? swapped(Buffer.from(digits, 'hex')).toString('base64') : '';
  },
  'kusto.compress': ([form, text]) => {
    const bytes = Buffer.from(textIn(text), 'utf8');
    return (form === 'gzip' ? gzipSync(bytes) : deflateSync(bytes)).toString('base64');
  },
  'kusto.decompress': ([form, text]) => {
    const bytes = bytesOf(textIn(text));
    if (bytes === undefined) return '';
    try {
      const options = { maxOutputLength: MOST_BYTES };
      return (form === 'gzip' ? gunzipSync(bytes, options) : inflateSync(bytes, options)).toString('utf8');
    } catch {
      return '';
    }
  },
  'kusto.punycode': ([what, text]) => {
    switch (what) {
      case 'encode':
        return encodePunycode(textIn(text));
      case 'decode':
        return decodePunycode(textIn(text)) ?? '';
      case 'encode-domain':
        return encodeDomain(textIn(text));
      default:
        return decodeDomain(textIn(text));
    }
  },
  'kusto.hash': ([value, modulo]) => {
    const hash = BigInt.asIntN(64, xxHash64(hashed(value)));
    const by = BigInt(Math.abs(wholeIn(modulo) ?? 0));
    // What is left has no sign.
    return by === 0n ? hash : (hash < 0n ? -hash : hash) % by;
  },
  'kusto.parse-xml': ([text]) => parseXml(textIn(text)) ?? null,
  'kusto.parse-command-line': ([text]) => {
    const found = commandLine(textIn(text));
    return found.length === 0 ? null : found;
  },
  'kusto.parse-pairs': ([text, options]) => parsePairs(textIn(text), textIn(options)),
  'kusto.parse-user-agent': ([text, wanted]) => parseUserAgent(textIn(text), (arrayIn(wanted) ?? [wanted]).map(textIn)),
  'kusto.data-size': (values) => BigInt(values.reduce<number>((sum, value) => sum + sizeOf(value), 0)),
};

/** What is hashed of a value: eight bytes of what has a width, else its text. */
function hashed(value: Value): Buffer {
  const bytes = Buffer.alloc(8);
  if (value instanceof DateTime || value instanceof TimeSpan) bytes.writeBigInt64LE(BigInt.asIntN(64, value.ticks));
  else if (typeof value === 'bigint') bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  else if (typeof value === 'number') bytes.writeDoubleLE(value);
  else return Buffer.from(textIn(value), 'utf8');
  return bytes;
}

function sizeOf(value: Value): number {
  switch (typeof value) {
    case 'boolean':
      return 1;
    case 'bigint':
    case 'number':
      return 8;
    case 'string':
      return Buffer.byteLength(value);
    default:
      if (value === null || value === undefined) return 0;
      if (value instanceof DateTime || value instanceof TimeSpan) return 8;
      return Buffer.byteLength(stringifyJson(toJson(value)));
  }
}

/** The bytes of base64 text; undefined where it is none. */
function bytesOf(text: string): Buffer | undefined {
  const encoded = text.trim();
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded) || encoded.length % 4 !== 0) return undefined;
  return Buffer.from(encoded, 'base64');
}

/** The first three parts of a GUID are stored with their bytes the other way round. */
function swapped(bytes: Buffer): Buffer {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Buffer.from(order.map((at) => bytes[at] ?? 0));
}

function guidOf(bytes: Buffer): string {
  return swapped(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
