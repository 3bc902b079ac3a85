// Finds which literals stand in a folded value. Each is found by a key: four of its bytes, its last path component, or the whole.

import { hashBytes } from './hash';
import { isInValue, mayRepeatKeys } from './tokenise';

// Literal: { length, offset of the key, anchors, target list, bytes … }.
const ANCHOR_START: u32 = 1;
const ANCHOR_END: u32 = 2;
// Table entry: { hash, literal }, literal 0 where free.
const ENTRY: u32 = 8;

// Slot: offsets of its fields. Tables are { address, mask }; 0 where there is none.
export const SLOT_FIELD: u32 = 0;
export const SLOT_WHOLE: u32 = 4;
export const SLOT_COMPONENT: u32 = 12;
export const SLOT_START: u32 = 20;
export const SLOT_END: u32 = 28;
export const SLOT_GRAM: u32 = 36;
// One bit for each of 2^(32 - shift) hashes of a gram.
export const SLOT_FILTER: u32 = 44;
export const SLOT_FILTER_SHIFT: u32 = 48;
// Literals too short for keys: { n, literal … }.
export const SLOT_SHORT: u32 = 52;
// Target lists { n, target … }.
export const SLOT_PRESENT: u32 = 56;
export const SLOT_NULL: u32 = 60;
export const SLOT_MISSING: u32 = 64;
export const SLOT_NON_ASCII: u32 = 68;
export const SLOT_UNKNOWN: u32 = 72;
export const SLOT_HAS_TEXT: u32 = 76;
// In place of grams, where there are few literals.
export const SLOT_NIBBLES: u32 = 80;
// Grams are looked up at every so many bytes: as many grams in a row of each literal are in the table.
export const SLOT_STRIDE: u32 = 84;
export const SLOT_SIZE: u32 = 96;

// Nibble table: for each of three bytes, which of eight buckets want its low and which its high half; then the buckets' lists.
const BUCKETS: u32 = 96;

// The targets of the line at hand are added at `hits`.
let hits: u32 = 0;
let stamps: u32 = 0;
let stamp: u32 = 0;

export function begin(at: u32, stampsAt: u32, lineStamp: u32): void {
  hits = at;
  stamps = stampsAt;
  stamp = lineStamp;
}

export function hitsEnd(): u32 {
  return hits;
}

// While it is only asked whether anything is there.
let isAsking: bool = false;
let isThere: bool = false;

// Whether any literal of a slot's tables stands in the folded value.
export function holdsAny(slot: u32, start: u32, end: u32): bool {
  isAsking = true;
  isThere = false;
  search(slot, start, end);
  isAsking = false;
  return isThere;
}

export function addTargets(list: u32): void {
  if (list == 0) return;
  if (isAsking) {
    isThere = true;
    return;
  }
  const n = load<u32>(list);
  for (let i: u32 = 1; i <= n; i += 1) {
    const target = load<u32>(list + (i << 2));
    const at = stamps + (target << 2);
    if (load<u32>(at) == stamp) continue;
    store<u32>(at, stamp);
    store<u32>(hits, target);
    hits += 4;
  }
}

// @ts-ignore: decorator
@inline
function gramHash(gram: u32): u32 {
  return gram * 0x9e3779b1;
}

// @ts-ignore: decorator
@inline
function isAt(literal: u32, from: u32): bool {
  const length = load<u32>(literal);
  const bytes = literal + 16;
  let i: u32 = 0;
  while (i + 8 <= length) {
    if (load<u64>(bytes + i) != load<u64>(from + i)) return false;
    i += 8;
  }
  const rest = length - i;
  if (rest == 0) return true;
  const difference = load<u64>(bytes + i) ^ load<u64>(from + i);
  return difference << ((8 - rest) << 3) == 0;
}

// Whether the literal stands in the folded text where it must.
export function holds(literal: u32, start: u32, end: u32): bool {
  const length = load<u32>(literal);
  const anchors = load<u32>(literal, 8);
  if (length > end - start) return false;
  if (anchors & ANCHOR_START) return (!(anchors & ANCHOR_END) || length == end - start) && isAt(literal, start);
  if (anchors & ANCHOR_END) return isAt(literal, end - length);
  return find(literal, start, end) != 0;
}

// Whether all literals of a list stand in the folded text where they must, each after the one before.
export function holdsInOrder(list: u32, start: u32, end: u32): bool {
  const n = load<u32>(list);
  let at = start;
  for (let i: u32 = 1; i <= n; i += 1) {
    const literal = load<u32>(list + (i << 2));
    if (load<u32>(literal, 8) != 0) {
      // At the start, or at the end: only one of several can be either.
      if ((load<u32>(literal, 8) & ANCHOR_START) != 0 && at != start) return false;
      if (!holds(literal, at, end)) return false;
      at += load<u32>(literal);
    } else {
      at = find(literal, at, end);
      if (at == 0) return false;
      at += load<u32>(literal);
    }
  }
  return true;
}

// Where the literal first stands in the folded text, 0 where it does not.
function find(literal: u32, start: u32, end: u32): u32 {
  const length = load<u32>(literal);
  if (length > end - start) return 0;
  if (length == 0) return start;
  const first = v128.splat<u8>(load<u8>(literal, 16));
  const final = v128.splat<u8>(load<u8>(literal + length, 15));
  const last = end - length;
  for (let at = start; at <= last; at += 16) {
    let found = u32(
      i8x16.bitmask(v128.and(i8x16.eq(v128.load(at), first), i8x16.eq(v128.load(at + length - 1), final))),
    );
    while (found != 0) {
      const place = at + ctz(found);
      if (place > last) return 0;
      if (isAt(literal, place)) return place;
      found &= found - 1;
    }
  }
  return 0;
}

// Whether the literal stands around its key at `at`, and where it must.
function check(literal: u32, at: u32, start: u32, end: u32): void {
  const length = load<u32>(literal);
  const from = at - load<u32>(literal, 4);
  const anchors = load<u32>(literal, 8);
  if (from < start || from + length > end) return;
  if (anchors & ANCHOR_START && from != start) return;
  if (anchors & ANCHOR_END && from + length != end) return;
  if (!isAt(literal, from)) return;
  addTargets(load<u32>(literal, 12));
}

// @ts-ignore: decorator
@inline
function probe(table: u32, mask: u32, hash: u32, at: u32, start: u32, end: u32): void {
  let index = (hash ^ (hash >> 15)) & mask;
  while (true) {
    const entry = table + index * ENTRY;
    const literal = load<u32>(entry, 4);
    if (literal == 0) return;
    if (load<u32>(entry) == hash) check(literal, at, start, end);
    index = (index + 1) & mask;
  }
}

function probeFar(table: u32, mask: u32, hash: u32, at: u32, start: u32, end: u32): void {
  probe(table, mask, hash, at, start, end);
}

// The byte after the last backslash.
function lastComponent(start: u32, end: u32): u32 {
  let at = end;
  while (at >= start + 16) {
    const slashes = u32(i8x16.bitmask(i8x16.eq(v128.load(at - 16), i8x16.splat(0x5c))));
    if (slashes != 0) return at - 16 + (32 - clz(slashes));
    at -= 16;
  }
  while (at > start) {
    if (load<u8>(at - 1) == 0x5c) return at;
    at -= 1;
  }
  return start;
}

// Searches the folded value between `start` and `end` for the slot's literals.
export function search(slot: u32, start: u32, end: u32): void {
  let table = load<u32>(slot, SLOT_WHOLE);
  if (table != 0) probeFar(table, load<u32>(slot, SLOT_WHOLE + 4), hashBytes(start, end), start, start, end);
  table = load<u32>(slot, SLOT_COMPONENT);
  if (table != 0) {
    const component = lastComponent(start, end);
    if (component > start) {
      probeFar(table, load<u32>(slot, SLOT_COMPONENT + 4), hashBytes(component, end), component, start, end);
    }
  }
  table = load<u32>(slot, SLOT_SHORT);
  if (table != 0) searchShort(table, start, end);
  if (end - start < 4) return;
  table = load<u32>(slot, SLOT_START);
  if (table != 0) probeFar(table, load<u32>(slot, SLOT_START + 4), gramHash(load<u32>(start)), start, start, end);
  table = load<u32>(slot, SLOT_END);
  if (table != 0) probeFar(table, load<u32>(slot, SLOT_END + 4), gramHash(load<u32>(end - 4)), end - 4, start, end);
  table = load<u32>(slot, SLOT_NIBBLES);
  if (table != 0) searchNibbles(table, start, end, false);
  table = load<u32>(slot, SLOT_GRAM);
  if (table == 0) return;
  const mask = load<u32>(slot, SLOT_GRAM + 4);
  const filter = load<u32>(slot, SLOT_FILTER);
  const shift = load<u32>(slot, SLOT_FILTER_SHIFT);
  const stride = load<u32>(slot, SLOT_STRIDE);
  const last = end - 4;
  for (let at = start; at <= last; at += stride) {
    const hash = gramHash(load<u32>(at));
    const bit = hash >> shift;
    if ((<u32>load<u8>(filter + (bit >> 3)) >> (bit & 7)) & 1) probeFar(table, mask, hash, at, start, end);
  }
}

function searchShort(list: u32, start: u32, end: u32): void {
  const n = load<u32>(list);
  for (let i: u32 = 1; i <= n; i += 1) {
    const literal = load<u32>(list + (i << 2));
    const length = load<u32>(literal);
    const anchors = load<u32>(literal, 8);
    if (length > end - start) continue;
    if (anchors & ANCHOR_START) check(literal, start, start, end);
    else if (anchors & ANCHOR_END) check(literal, end - length, start, end);
    else if (length == 0) addTargets(load<u32>(literal, 12));
    else findShort(literal, length, start, end);
  }
}

// One to three bytes, anywhere: the first and the last byte sixteen places at a time.
function findShort(literal: u32, length: u32, start: u32, end: u32): void {
  const bytes = load<u32>(literal, 16);
  const first = i8x16.splat(<i8>(bytes & 0xff));
  const final = i8x16.splat(<i8>((bytes >> ((length - 1) << 3)) & 0xff));
  const last = end - length;
  for (let at = start; at <= last; at += 16) {
    let found = u32(
      i8x16.bitmask(v128.and(i8x16.eq(v128.load(at), first), i8x16.eq(v128.load(at + length - 1), final))),
    );
    while (found != 0) {
      const place = at + ctz(found);
      if (place > last) return;
      if (length < 3 || load<u8>(place, 1) == ((bytes >> 8) & 0xff)) {
        addTargets(load<u32>(literal, 12));
        return;
      }
      found &= found - 1;
    }
  }
}

// Which buckets want a byte at some place, by its halves.
// @ts-ignore: decorator
@inline
function buckets(low: v128, high: v128, lowHalf: v128, highHalf: v128): v128 {
  return v128.and(i8x16.swizzle(low, lowHalf), i8x16.swizzle(high, highHalf));
}

// @ts-ignore: decorator
@inline
function before1(previous: v128, v: v128): v128 {
  return v128.shuffle<u8>(previous, v, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

// @ts-ignore: decorator
@inline
function before2(previous: v128, v: v128): v128 {
  return v128.shuffle<u8>(previous, v, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
}

// Literals by three of their bytes, thirty-two places at a time. `raw`: the text is a line as it was read, in any case.
// What is found of a byte is kept until those after it are known, so that each is looked at once.
export function searchNibbles(table: u32, start: u32, end: u32, raw: bool): void {
  const low0 = v128.load(table);
  const high0 = v128.load(table, 16);
  const low1 = v128.load(table, 32);
  const high1 = v128.load(table, 48);
  const low2 = v128.load(table, 64);
  const high2 = v128.load(table, 80);
  const nibble = i8x16.splat(0x0f);
  let first = i8x16.splat(0);
  let second = i8x16.splat(0);
  for (let at = start; at < end; at += 32) {
    const v = v128.load(at);
    const lowHalf = v128.and(v, nibble);
    const highHalf = v128.and(i16x8.shr_u(v, 4), nibble);
    const at0 = buckets(low0, high0, lowHalf, highHalf);
    const at1 = buckets(low1, high1, lowHalf, highHalf);
    const found = v128.and(
      v128.and(before2(first, at0), before1(second, at1)),
      buckets(low2, high2, lowHalf, highHalf),
    );
    const w = v128.load(at, 16);
    const lowHalf2 = v128.and(w, nibble);
    const highHalf2 = v128.and(i16x8.shr_u(w, 4), nibble);
    first = buckets(low0, high0, lowHalf2, highHalf2);
    second = buckets(low1, high1, lowHalf2, highHalf2);
    const found2 = v128.and(
      v128.and(before2(at0, first), before1(at1, second)),
      buckets(low2, high2, lowHalf2, highHalf2),
    );
    if (v128.any_true(v128.or(found, found2))) {
      if (v128.any_true(found)) checkNibbles(table, found, at - 2, start, end, raw);
      if (v128.any_true(found2)) checkNibbles(table, found2, at + 14, start, end, raw);
    }
  }
}

const scratch: u32 = u32(memory.data(16));

function checkNibbles(table: u32, found: v128, at: u32, start: u32, end: u32, raw: bool): void {
  v128.store(scratch, found);
  let places = u32(i8x16.bitmask(i8x16.ne(found, i8x16.splat(0))));
  while (places != 0) {
    const place = <u32>ctz(places);
    let bits = <u32>load<u8>(scratch + place);
    while (bits != 0) {
      const list = load<u32>(table + BUCKETS + (<u32>ctz(bits) << 2));
      const n = load<u32>(list);
      for (let i: u32 = 1; i <= n; i += 1) {
        const literal = load<u32>(list + (i << 2));
        if (raw) checkRaw(literal, at + place, start, end);
        else check(literal, at + place, start, end);
      }
      bits &= bits - 1;
    }
    places &= places - 1;
  }
}

// Many literals in a line as it was read, by three bytes each. Grams: { table, mask, filter, shift }.
export function searchThrees(grams: u32, start: u32, end: u32): void {
  const table = load<u32>(grams);
  const mask = load<u32>(grams, 4);
  const filter = load<u32>(grams, 8);
  const shift = load<u32>(grams, 12);
  for (let at = start; at + 3 <= end; at += 1) {
    const hash = gramHash((load<u32>(at) | 0x202020) & 0xffffff);
    const bit = hash >> shift;
    if (!((<u32>load<u8>(filter + (bit >> 3)) >> (bit & 7)) & 1)) continue;
    let index = (hash ^ (hash >> 15)) & mask;
    while (true) {
      const entry = table + index * ENTRY;
      const literal = load<u32>(entry, 4);
      if (literal == 0) break;
      if (load<u32>(entry) == hash) checkRaw(literal, at, start, end);
      index = (index + 1) & mask;
    }
  }
}

// A keyword: as a literal, but with the address of its cell in place of anchors, plus IN_STRINGS if it can stand in strings only.
// In the cell is the stamp of the line that it was found in last.
const IN_STRINGS: u32 = 1;

// Whether what is searched is a copy of the line that has no escapes, and not JSON.
let isCopy: bool = false;

// The line that was searched, and whether it was found to be one in which no key is repeated.
let line: u32 = 0;
let isAlone: bool = false;

export function setLine(at: u32, copied: bool): void {
  isCopy = copied;
  line = at;
  isAlone = false;
}

// Whether a keyword that was found stands in a value that counts.
export function isSure(): bool {
  if (isCopy) return false;
  if (!isAlone) {
    if (mayRepeatKeys(line)) isCopy = true;
    isAlone = true;
  }
  return !isCopy;
}

function checkRaw(literal: u32, at: u32, start: u32, end: u32): void {
  const length = load<u32>(literal);
  const from = at - load<u32>(literal, 4);
  if (from < start || from + length > end) return;
  // Most that are not it differ soon, in more than case.
  const rest = length < 8 ? (8 - length) << 3 : 0;
  const difference = (load<u64>(from) ^ load<u64>(literal, 16)) & 0xdfdfdfdfdfdfdfdf;
  if (difference << (rest as u64) != 0) return;
  for (let i: u32 = 0; i < length; i += 1) {
    let c = <u32>load<u8>(from + i);
    if (c - 0x41 < 26) c |= 0x20;
    if (c != <u32>load<u8>(literal + 16 + i)) return;
  }
  const cell = load<u32>(literal, 8);
  if (load<u32>(cell & ~IN_STRINGS) == stamp) return;
  if (cell & IN_STRINGS && !isCopy) {
    // After a backslash stands an escape's letter, and what stands in a key is no value.
    let slashes = from;
    while (load<u8>(slashes - 1) == 0x5c) slashes -= 1;
    if ((from - slashes) & 1 || !isInValue(from + length)) return;
  }
  store<u32>(cell & ~IN_STRINGS, stamp);
  addTargets(load<u32>(literal, 12));
}
