import type { Json } from '../../../base/json.ts';
import { ARRAY_FLAG, type Value } from './binxml.ts';
import { EvtxDamage } from './damage.ts';

/** The event log says nothing of the code page; this is the commonest. */
const ANSI = new TextDecoder('windows-1252');

/**
 * A value as JSON: numbers and booleans as such, whole numbers beyond 2^53 as `bigint`; hexadecimal integers and sizes as `0x1f`;
 * times as ISO 8601 with microseconds (a FILETIME's last digit, 100 ns, is cut); GUIDs in capitals without braces;
 * bytes in capital hexadecimal; arrays as lists. A number shorter than its type is read as long as it is.
 */
export function valueJson(bytes: Buffer, value: Value): Json {
  const { type, start, end } = value;
  if ((type & ARRAY_FLAG) !== 0) return arrayJson(bytes, type & ~ARRAY_FLAG, start, end);
  return scalarJson(bytes, type, start, end);
}

function scalarJson(bytes: Buffer, type: number, start: number, end: number): Json {
  const length = end - start;
  switch (type) {
    case 0x00:
      return null;
    case 0x01:
      return trimNuls(bytes.toString('utf16le', start, end));
    case 0x02:
      return trimNuls(ANSI.decode(bytes.subarray(start, end)));
    default:
      if (length === 0) return null;
  }
  switch (type) {
    case 0x03:
    case 0x05:
    case 0x07:
    case 0x09:
      return whole(BigInt.asIntN(Math.min(length, 8) * 8, unsigned(bytes, start, end)));
    case 0x04:
    case 0x06:
    case 0x08:
    case 0x0a:
      return length <= 6 ? bytes.readUIntLE(start, length) : whole(unsigned(bytes, start, end));
    case 0x0b:
      return real(length < 4 ? Number.NaN : bytes.readFloatLE(start));
    case 0x0c:
      return real(length < 8 ? Number.NaN : bytes.readDoubleLE(start));
    case 0x0d:
      return unsigned(bytes, start, end) !== 0n;
    case 0x0f:
      return guid(bytes, start, end);
    case 0x10:
    case 0x14:
    case 0x15:
      return `0x${unsigned(bytes, start, end).toString(16)}`;
    case 0x11:
      return fileTime(unsigned(bytes, start, end));
    case 0x12:
      return systemTime(bytes, start, end);
    case 0x13:
      return sid(bytes, start, end).text;
    // 0x0e is binary; of the others nothing is known but their bytes.
    default:
      return bytes.toString('hex', start, end).toUpperCase();
  }
}

function unsigned(bytes: Buffer, start: number, end: number): bigint {
  let value = 0n;
  for (let at = Math.min(end, start + 8) - 1; at >= start; at -= 1) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return value;
}

function whole(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** JSON has no such numbers; the names are those that Windows prints. */
function real(value: number): Json {
  if (Number.isNaN(value)) return '-1.#IND';
  if (!Number.isFinite(value)) return value > 0 ? '1.#INF' : '-1.#INF';
  return value;
}

function trimNuls(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return text.slice(0, end);
}

function guid(bytes: Buffer, start: number, end: number): string {
  if (end - start < 16) throw new EvtxDamage('a GUID that is too short');
  const hex = (from: number, to: number): string => bytes.toString('hex', start + from, start + to);
  const reversed = (from: number, to: number): string =>
    Buffer.from(bytes.subarray(start + from, start + to))
      .reverse()
      .toString('hex');
  return [reversed(0, 4), reversed(4, 6), reversed(6, 8), hex(8, 10), hex(10, 16)].join('-').toUpperCase();
}

/** 100 ns since 1601-01-01. */
function fileTime(ticks: bigint): string {
  const milliseconds = Number(ticks / 10_000n) - 11_644_473_600_000;
  const micros = Number((ticks / 10n) % 1000n);
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

function systemTime(bytes: Buffer, start: number, end: number): string {
  if (end - start < 16) throw new EvtxDamage('a system time that is too short');
  const part = (index: number, width: number): string =>
    String(bytes.readUInt16LE(start + 2 * index)).padStart(width, '0');
  // The third is the day of the week.
  const date = `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}`;
  return `${date}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}000Z`;
}

/** A security identifier, and where it ends. */
function sid(bytes: Buffer, start: number, end: number): { readonly text: string; readonly end: number } {
  const count = bytes[start + 1] ?? 0;
  const last = start + 8 + 4 * count;
  if (end - start < 8 || last > end) throw new EvtxDamage('a security identifier that is cut');
  const authority = bytes.readUIntBE(start + 2, 6);
  let text = `S-${bytes[start] ?? 0}-${authority >= 2 ** 32 ? `0x${authority.toString(16)}` : authority}`;
  for (let at = start + 8; at < last; at += 4) text += `-${bytes.readUInt32LE(at)}`;
  return { text, end: last };
}

const WIDTHS: ReadonlyMap<number, number> = new Map([
  [0x03, 1],
  [0x04, 1],
  [0x05, 2],
  [0x06, 2],
  [0x07, 4],
  [0x08, 4],
  [0x09, 8],
  [0x0a, 8],
  [0x0b, 4],
  [0x0c, 8],
  [0x0d, 4],
  [0x0f, 16],
  [0x11, 8],
  [0x12, 16],
  [0x14, 4],
  [0x15, 8],
]);

function arrayJson(bytes: Buffer, type: number, start: number, end: number): Json {
  if (type === 0x01 || type === 0x02) {
    const text = type === 0x01 ? bytes.toString('utf16le', start, end) : ANSI.decode(bytes.subarray(start, end));
    // Each string ends in a NUL; what a missing last one leaves is a string too.
    const strings = text.split('\0');
    if (strings.at(-1) === '') strings.pop();
    return strings;
  }
  if (type === 0x13) {
    const list: string[] = [];
    for (let at = start; at < end; ) {
      const one = sid(bytes, at, end);
      list.push(one.text);
      at = one.end;
    }
    return list;
  }
  const sizeWidth = (end - start) % 8 === 0 ? 8 : 4;
  const width = type === 0x10 ? sizeWidth : WIDTHS.get(type);
  if (width === undefined) return scalarJson(bytes, 0x0e, start, end);
  const list: Json[] = [];
  for (let at = start; at + width <= end; at += width) list.push(scalarJson(bytes, type, at, at + width));
  return list;
}
