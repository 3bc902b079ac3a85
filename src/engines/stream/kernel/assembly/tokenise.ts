// One line of JSON: checked in full as JSON.parse checks it, with the places of the watched values recorded. Objects are not built.

import {
  HAS_BACKSLASH,
  KEY_ENTRY,
  KIND_ARRAY,
  KIND_BELOW_ARRAY,
  KIND_FALSE,
  KIND_INTEGER,
  KIND_NULL,
  KIND_NUMBER,
  KIND_OBJECT,
  KIND_STRING,
  KIND_TRUE,
  SPAN_SIZE,
  WATCH_CHILDREN,
  WATCH_ENVELOPE,
  WATCH_NAME,
  WATCH_NAMES,
  WATCH_SIGN_KIND,
  WATCH_SIGN_START,
  WATCH_SIGN_VALUE,
} from './layout';
import {
  descendants,
  keyMask,
  keySet,
  keyTable,
  setSignature,
  signature,
  signatureLimit,
  spans,
  watch,
} from './state';
import { hashBytes } from './hash';

// Deeper lines are left to the reference.
const MAX_DEPTH: u32 = 256;
// Longer values are not made part of a signature.
const MAX_SIGNED: u32 = 256;
// Of a value of which only the start is signed; `recognition-looks.ts` has it too.
const START_UNITS: u32 = 3;
const ROOT: u32 = 1;
const INSIDE_ARRAY: u32 = 0x80000000;

const stack: u32 = u32(memory.data(4 * 264));

// Set by `stringEnd`: flags of the string, and whether it is none.
let stringFlags: u32 = 0;
let stringBad: bool = false;
// Set by `numberEnd`.
let numberKind: u32 = 0;

let stamp: u32 = 0;
let signAt: u32 = 0;
let signTooLong: bool = false;
// Whether the line must be left to the reference though it may be JSON.
let odd: bool = false;
// Whether a string has characters that could have been spelled as they are: by `\u`, or `\/`.
let anyUnicode: bool = false;
// Whether names at top level are to be signed, and what kinds of names there were beside those that are watched for it.
let signsNames: bool = false;
let otherNames: u32 = 0;
// One that begins with a watched name and a dot; any other.
const NAME_BELOW: u32 = 1;
const NAME_BESIDE: u32 = 2;

// @ts-ignore: decorator
@inline
function keyHash(a: u64, b: u64, nodeAndLength: u32): u32 {
  let h: u64 = (a ^ (u64(nodeAndLength) << 32)) * 0x9e3779b97f4a7c15;
  h ^= b * 0xc2b2ae3d27d4eb4f;
  return u32(h >> 32) ^ u32(h >> 15);
}

export function hashKey(a: u64, b: u64, nodeAndLength: u32): u32 {
  return keyHash(a, b, nodeAndLength);
}

// The node of a key below a node, 0 where it is not watched.
// @ts-ignore: decorator
@inline
function childOf(node: u32, at: u32, end: u32): u32 {
  const length = end - at;
  if (length > 255) return 0;
  let a = load<u64>(at);
  let b: u64 = 0;
  if (length < 8) a &= ((1 as u64) << (length << 3)) - 1;
  else b = load<u64>(end - 8);
  const nodeAndLength = (node << 16) | length;
  let index = keyHash(a, b, nodeAndLength) & keyMask;
  while (true) {
    const entry = keyTable + index * KEY_ENTRY;
    const child = load<u32>(entry, 20);
    if (child == 0) return 0;
    if (load<u64>(entry) == a && load<u64>(entry, 8) == b && load<u32>(entry, 16) == nodeAndLength) {
      if (length <= 16 || sameMiddle(at, load<u32>(entry, 24), length)) return child;
    }
    index = (index + 1) & keyMask;
  }
}

function sameMiddle(left: u32, right: u32, length: u32): bool {
  for (let i: u32 = 8; i + 8 < length; i += 8) {
    if (load<u64>(left + i) != load<u64>(right + i)) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function isHex(c: u32): bool {
  return c - 0x30 < 10 || (c | 0x20) - 0x61 < 6;
}

// Where the string that goes on at `at` has its closing quote. Every line ends with a line feed, which no string may hold.
// @ts-ignore: decorator
@inline
function stringEnd(at: u32): u32 {
  while (true) {
    const v = v128.load(at);
    const special = v128.or(
      v128.or(i8x16.eq(v, i8x16.splat(0x22)), i8x16.eq(v, i8x16.splat(0x5c))),
      i8x16.le_u(v, i8x16.splat(0x1f)),
    );
    const places = u32(i8x16.bitmask(special));
    if (places) {
      const place = at + ctz(places);
      if (load<u8>(place) == 0x22) {
        stringFlags = 0;
        return place;
      }
      return escapedStringEnd(at);
    }
    at += 16;
  }
}

// As `stringEnd`, from a block on that has a backslash or a control character.
function escapedStringEnd(from: u32): u32 {
  let at = from;
  let carry: u32 = 0;
  let unicodes: u32 = 0;
  let solidi: u32 = 0;
  let bad: u32 = 0;
  stringFlags = HAS_BACKSLASH;
  while (true) {
    const v = v128.load(at);
    const slashes = u32(i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x5c))));
    const quotes = u32(i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x22))));
    const controls = u32(i8x16.bitmask(i8x16.le_u(v, i8x16.splat(0x1f))));
    // Odd runs of backslashes, by the carry of a subtraction.
    const starts = slashes & ~carry;
    const codes = (((starts << 1) | 0xaaaa) - starts) ^ 0xaaaa;
    const escaped = (codes ^ (slashes | carry)) & 0xffff;
    carry = ((codes & slashes) >> 15) & 1;
    const closing = quotes & ~escaped;
    const ends = closing | controls;
    const before: u32 = (ends & (0 - ends)) - 1;
    const others = escaped & before & ~slashes;
    if (others) {
      // Letters of escapes: b, f, n, r, t and the quote; u and the solidus are noted.
      const letters = v128.or(
        v128.or(
          v128.or(i8x16.eq(v, i8x16.splat(0x6e)), i8x16.eq(v, i8x16.splat(0x72))),
          v128.or(i8x16.eq(v, i8x16.splat(0x74)), i8x16.eq(v, i8x16.splat(0x22))),
        ),
        v128.or(i8x16.eq(v, i8x16.splat(0x62)), i8x16.eq(v, i8x16.splat(0x66))),
      );
      const unicode = others & u32(i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x75))));
      const solidus = others & u32(i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x2f))));
      bad |= others & ~(u32(i8x16.bitmask(letters)) | unicode | solidus);
      unicodes |= unicode;
      solidi |= solidus;
    }
    if (ends) {
      const end = at + ctz(ends);
      if (bad | (controls & (ends & (0 - ends)))) {
        stringBad = true;
        return end;
      }
      if (unicodes | solidi) {
        anyUnicode = true;
        if (unicodes) checkUnicode(from, end);
      }
      return end;
    }
    at += 16;
  }
}

// `from` is not inside of an escape: blocks before it had no backslash.
function checkUnicode(from: u32, end: u32): void {
  let at = from;
  while (at < end) {
    if (load<u8>(at) != 0x5c) {
      at += 1;
      continue;
    }
    if (load<u8>(at, 1) == 0x75) {
      if (
        at + 6 > end ||
        !isHex(load<u8>(at, 2)) ||
        !isHex(load<u8>(at, 3)) ||
        !isHex(load<u8>(at, 4)) ||
        !isHex(load<u8>(at, 5))
      ) {
        stringBad = true;
        return;
      }
      at += 6;
    } else {
      at += 2;
    }
  }
}

// @ts-ignore: decorator
@inline
function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

// Where the number at `at` ends; `at` itself where there is none.
function numberEnd(at: u32): u32 {
  let p = at;
  const negative = load<u8>(p) == 0x2d;
  if (negative) p += 1;
  const digits = p;
  let c = <u32>load<u8>(p);
  if (c == 0x30) p += 1;
  else if (isDigit(c)) {
    do p += 1;
    while (isDigit(load<u8>(p)));
  } else return at;
  // `-0` is written `0`, and integers of absurd length are rounded.
  numberKind = (negative && load<u8>(digits) == 0x30) || p - digits > 300 ? KIND_NUMBER : KIND_INTEGER;
  c = load<u8>(p);
  if (c == 0x2e) {
    p += 1;
    if (!isDigit(load<u8>(p))) return at;
    do p += 1;
    while (isDigit(load<u8>(p)));
    numberKind = KIND_NUMBER;
    c = load<u8>(p);
  }
  if ((c | 0x20) == 0x65) {
    p += 1;
    c = load<u8>(p);
    if (c == 0x2b || c == 0x2d) p += 1;
    if (!isDigit(load<u8>(p))) return at;
    do p += 1;
    while (isDigit(load<u8>(p)));
    numberKind = KIND_NUMBER;
  }
  return p;
}

// Blanks of JSON, without the line feed.
// @ts-ignore: decorator
@inline
function skipBlanks(at: u32): u32 {
  let c = <u32>load<u8>(at);
  while (c <= 0x20 && (c == 0x20 || c == 0x09 || c == 0x0d)) {
    at += 1;
    c = load<u8>(at);
  }
  return at;
}

function record(node: u32, start: u32, end: u32, flags: u32): void {
  const span = spans + node * SPAN_SIZE;
  const watched = <u32>load<u8>(watch + node);
  if (load<u32>(span) == stamp) {
    // A key once more: the last one counts. What was found inside or signed before must not.
    if (watched != 0) odd = true;
  }
  store<u32>(span, stamp);
  store<u32>(span, start, 4);
  store<u32>(span, end, 8);
  store<u32>(span, flags, 12);
  if (watched == 0) return;
  const kind = flags & 15;
  if (watched & (WATCH_SIGN_KIND | WATCH_SIGN_VALUE | WATCH_SIGN_START)) sign(node, start, end, kind, watched);
  if (kind == KIND_ARRAY) {
    if (watched & WATCH_ENVELOPE) odd = true;
    if (watched & WATCH_CHILDREN) {
      const list = load<u32>(descendants + (node << 2));
      const n = load<u32>(list);
      for (let i: u32 = 1; i <= n; i += 1) {
        const below = load<u32>(list + (i << 2));
        const inner = spans + below * SPAN_SIZE;
        store<u32>(inner, stamp);
        store<u32>(inner, start, 4);
        store<u32>(inner, start, 8);
        store<u32>(inner, KIND_BELOW_ARRAY, 12);
        // What recognition reads inside of arrays is not signed.
        if (load<u8>(watch + below) & (WATCH_SIGN_KIND | WATCH_SIGN_VALUE | WATCH_SIGN_START)) signTooLong = true;
      }
    }
  }
}

// How many bytes spell the first characters of a string. What is spelled by another escape than of a backslash is left to the reference.
function startLength(start: u32, end: u32): u32 {
  let at = start;
  for (let units: u32 = 0; units < START_UNITS && at < end; units += 1) {
    const c = <u32>load<u8>(at);
    if (c == 0x5c) {
      if (load<u8>(at, 1) != 0x5c) signTooLong = true;
      at += 2;
    } else if (c < 0x80) {
      at += 1;
    } else if (c < 0xe0) {
      at += 2;
    } else if (c < 0xf0) {
      at += 3;
    } else {
      at += 4;
      units += 1;
    }
  }
  return at - start;
}

function isName(child: u32): bool {
  return child != 0 && (load<u8>(watch + child) & WATCH_NAME) != 0;
}

function isBelowName(key: u32, end: u32): bool {
  for (let at = key; at < end; at += 1) if (load<u8>(at) == 0x2e) return isName(childOf(ROOT, key, at));
  return false;
}

function signNames(): void {
  if (signAt + 48 > signatureLimit) {
    signTooLong = true;
    return;
  }
  store<u64>(signAt, u64(ROOT) | (u64(otherNames) << 32));
  signAt += 8;
}

function sign(node: u32, start: u32, end: u32, kind: u32, watched: u32): void {
  let length: u32 = 0;
  if (watched & WATCH_SIGN_VALUE && kind <= KIND_NUMBER) {
    length = end - start;
    if (length > MAX_SIGNED) {
      signTooLong = true;
      return;
    }
  } else if (watched & WATCH_SIGN_START && kind == KIND_STRING) {
    length = startLength(start, end);
  }
  if (signAt + length + 48 > signatureLimit) {
    signTooLong = true;
    return;
  }
  store<u64>(signAt, u64(node) | (u64(kind) << 32) | (u64(length) << 48));
  signAt += 8;
  for (let i: u32 = 0; i < length; i += 8) {
    let word = load<u64>(start + i);
    if (length - i < 8) word &= ((1 as u64) << ((length - i) << 3)) - 1;
    store<u64>(signAt, word);
    signAt += 8;
  }
}

// Whether the signature of the line is whole, so that it may be looked up and learned.
export function isSigned(): bool {
  return !signTooLong;
}

export function isSpelledOtherwise(): bool {
  return anyUnicode;
}

// Entries { stamp, hash } of the keys of one line, by hash.
const KEY_SET_MASK: u32 = 2047;
const MOST_KEYS: u32 = 1024;
let keySetStamp: u32 = 0;

// Whether in a line that was read, and is an object, an object may have a key twice: of its values only the last counts.
export function mayRepeatKeys(from: u32): bool {
  keySetStamp += 1;
  if (keySetStamp == 0) {
    memory.fill(keySet, 0, (KEY_SET_MASK + 1) << 3);
    keySetStamp = 1;
  }
  let p = from + 1;
  let depth: u32 = 0;
  let keys: u32 = 0;
  // Each object has a number of its own.
  let here: u32 = 1;
  let objects: u32 = 1;
  while (true) {
    const c = <u32>load<u8>(p);
    if (c == 0x22) {
      const start = p + 1;
      const end = stringEnd(start);
      p = skipBlanks(end + 1);
      if (load<u8>(p) == 0x3a) {
        keys += 1;
        if (keys > MOST_KEYS || !addKey(hashBytes(start, end) ^ (here * 0x9e3779b1))) return true;
      }
    } else if (c == 0x7b || c == 0x5b) {
      store<u32>(stack + (depth << 2), here);
      depth += 1;
      p += 1;
      if (c == 0x7b) {
        objects += 1;
        here = objects;
      }
    } else if (c == 0x7d || c == 0x5d) {
      if (depth == 0) return false;
      depth -= 1;
      here = load<u32>(stack + (depth << 2));
      p += 1;
    } else {
      p += 1;
    }
  }
}

function addKey(hash: u32): bool {
  let index = (hash ^ (hash >> 15)) & KEY_SET_MASK;
  while (true) {
    const entry = keySet + (index << 3);
    if (load<u32>(entry) != keySetStamp) {
      store<u32>(entry, keySetStamp);
      store<u32>(entry, hash, 4);
      return true;
    }
    if (load<u32>(entry, 4) == hash) return false;
    index = (index + 1) & KEY_SET_MASK;
  }
}

// Whether the text that ends at `end`, inside of a string of a line that was read, is inside of a value, not a key.
export function isInValue(end: u32): bool {
  const quote = stringEnd(end);
  return load<u8>(skipBlanks(quote + 1)) != 0x3a;
}

export function hashSignature(): u32 {
  let h: u64 = 0x243f6a8885a308d3;
  for (let at = signature; at < signAt; at += 8) {
    h = (h ^ load<u64>(at)) * 0x9e3779b97f4a7c15;
    h ^= h >> 29;
  }
  const hash = u32(h ^ (h >> 32));
  setSignature(signAt, hash);
  return hash;
}

// The address after the value that the line at `at` holds; 0 where the line is no object or is to be read by the reference.
export function tokenise(from: u32, lineStamp: u32): u32 {
  stamp = lineStamp;
  signAt = signature;
  signTooLong = false;
  odd = false;
  anyUnicode = false;
  stringBad = false;
  signsNames = (load<u8>(watch + ROOT) & WATCH_NAMES) != 0;
  otherNames = 0;
  if (load<u8>(from) != 0x7b) return 0;
  let depth: u32 = 0;
  // The container at hand: its node, 0 where nothing below is watched; INSIDE_ARRAY for arrays.
  let here: u32 = ROOT;
  let p = skipBlanks(from + 1);
  let closing = load<u8>(p) == 0x7d;
  while (true) {
    if (!closing) {
      let child: u32 = 0;
      if (!(here & INSIDE_ARRAY)) {
        if (load<u8>(p) != 0x22) return 0;
        const key = p + 1;
        const end = stringEnd(key);
        // An escaped key may be a watched one.
        if (stringFlags | u32(stringBad)) return 0;
        if (here != 0) child = childOf(here, key, end);
        if (here == ROOT && signsNames && !isName(child)) otherNames |= isBelowName(key, end) ? NAME_BELOW : NAME_BESIDE;
        p = end + 1;
        if (load<u8>(p) != 0x3a) {
          p = skipBlanks(p);
          if (load<u8>(p) != 0x3a) return 0;
        }
        p += 1;
        if (load<u8>(p) <= 0x20) p = skipBlanks(p);
      }
      const c = <u32>load<u8>(p);
      if (c == 0x22) {
        const start = p + 1;
        const end = stringEnd(start);
        if (stringBad) return 0;
        if (child != 0) record(child, start, end, KIND_STRING | stringFlags);
        p = end + 1;
      } else if (c == 0x7b || c == 0x5b) {
        if (depth >= MAX_DEPTH) return 0;
        if (child != 0) {
          record(child, p, p, c == 0x7b ? KIND_OBJECT : KIND_ARRAY);
          if (!(load<u8>(watch + child) & WATCH_CHILDREN)) child = 0;
        }
        store<u32>(stack + (depth << 2), here);
        depth += 1;
        here = c == 0x7b ? child : INSIDE_ARRAY;
        p = skipBlanks(p + 1);
        closing = load<u8>(p) == c + 2;
        continue;
      } else if (c == 0x74) {
        if (load<u32>(p) != 0x65757274) return 0;
        if (child != 0) record(child, p, p + 4, KIND_TRUE);
        p += 4;
      } else if (c == 0x66) {
        if (load<u32>(p, 1) != 0x65736c61) return 0;
        if (child != 0) record(child, p, p + 5, KIND_FALSE);
        p += 5;
      } else if (c == 0x6e) {
        if (load<u32>(p) != 0x6c6c756e) return 0;
        if (child != 0) record(child, p, p + 4, KIND_NULL);
        p += 4;
      } else {
        const end = numberEnd(p);
        if (end == p) return 0;
        if (child != 0) record(child, p, end, numberKind);
        p = end;
      }
    }
    // After a value, or before the bracket that closes an empty container.
    while (true) {
      if (!closing) {
        if (load<u8>(p) <= 0x20) p = skipBlanks(p);
        const c = <u32>load<u8>(p);
        if (c == 0x2c) {
          p += 1;
          if (load<u8>(p) <= 0x20) p = skipBlanks(p);
          break;
        }
        if (c != (here & INSIDE_ARRAY ? <u32>0x5d : <u32>0x7d)) return 0;
      }
      closing = false;
      p += 1;
      if (depth == 0) {
        if (signsNames) signNames();
        return odd ? 0 : p;
      }
      depth -= 1;
      here = load<u32>(stack + (depth << 2));
    }
  }
}
