// A value as rules see it: unescaped, ASCII letters in lower case. Other characters stay as they are: only U+212A and U+0130 have
// lower-case forms with ASCII in them, and values that hold one are called unknown.

import { HAS_BACKSLASH } from './layout';

// Where the last folded value ends; it began where it was asked to.
export let foldEnd: u32 = 0;
export let foldNonAscii: bool = false;
export let foldUnknown: bool = false;

// @ts-ignore: decorator
@inline
function foldBlock(v: v128): v128 {
  const upper = i8x16.le_u(i8x16.sub(v, i8x16.splat(0x41)), i8x16.splat(25));
  return v128.or(v, v128.and(upper, i8x16.splat(0x20)));
}

// Writes the folded value at `to`, and up to 16 bytes more. A value grows by nothing.
export function fold(start: u32, end: u32, flags: u32, to: u32): void {
  foldNonAscii = false;
  foldUnknown = false;
  if (flags & HAS_BACKSLASH) {
    foldEscaped(start, end, to);
    return;
  }
  let at = start;
  let high: u32 = 0;
  let w = to;
  while (at + 16 <= end) {
    const v = v128.load(at);
    v128.store(w, foldBlock(v));
    high |= u32(i8x16.bitmask(v));
    at += 16;
    w += 16;
  }
  const rest = end - at;
  if (rest > 0) {
    const v = v128.load(at);
    v128.store(w, foldBlock(v));
    high |= u32(i8x16.bitmask(v)) & ((1 << rest) - 1);
    w += rest;
  }
  foldEnd = w;
  if (high != 0) {
    foldNonAscii = true;
    foldUnknown = foldsToAscii(to, w);
  }
}

function foldEscaped(start: u32, end: u32, to: u32): void {
  let at = start;
  let w = to;
  let high: u32 = 0;
  while (at < end) {
    const v = v128.load(at);
    let length = end - at;
    if (length > 16) length = 16;
    const slashes = u32(i8x16.bitmask(i8x16.eq(v, i8x16.splat(0x5c)))) & ((1 << length) - 1);
    v128.store(w, foldBlock(v));
    if (slashes == 0) {
      high |= u32(i8x16.bitmask(v)) & ((1 << length) - 1);
      at += length;
      w += length;
      continue;
    }
    const plain = <u32>ctz(slashes);
    high |= u32(i8x16.bitmask(v)) & ((1 << plain) - 1);
    at += plain;
    w += plain;
    const c = <u32>load<u8>(at, 1);
    at += 2;
    if (c == 0x75) {
      const code = (hex(load<u8>(at)) << 12) | (hex(load<u8>(at, 1)) << 8) | (hex(load<u8>(at, 2)) << 4) | hex(load<u8>(at, 3));
      at += 4;
      if (code < 0x80) {
        store<u8>(w, code - 0x41 < 26 ? code | 0x20 : code);
      } else {
        // Any byte that no literal holds.
        store<u8>(w, 0xff);
        high = 1;
        if (code == 0x212a || code == 0x130) foldUnknown = true;
      }
    } else {
      store<u8>(w, unescaped(c));
    }
    w += 1;
  }
  foldEnd = w;
  if (high != 0) {
    foldNonAscii = true;
    if (foldsToAscii(to, w)) foldUnknown = true;
  }
}

// @ts-ignore: decorator
@inline
function hex(c: u32): u32 {
  return c <= 0x39 ? c - 0x30 : (c | 0x20) - 0x57;
}

// @ts-ignore: decorator
@inline
function unescaped(c: u32): u32 {
  if (c == 0x6e) return 0x0a;
  if (c == 0x72) return 0x0d;
  if (c == 0x74) return 0x09;
  if (c == 0x62) return 0x08;
  if (c == 0x66) return 0x0c;
  return c;
}

// Whether U+212A (e2 84 aa) or U+0130 (c4 b0) is in the value.
function foldsToAscii(start: u32, end: u32): bool {
  for (let at = start; at < end; at += 1) {
    const c = <u32>load<u8>(at);
    if (c == 0xe2 && load<u8>(at, 1) == 0x84 && load<u8>(at, 2) == 0xaa) return true;
    if (c == 0xc4 && load<u8>(at, 1) == 0xb0) return true;
  }
  return false;
}
