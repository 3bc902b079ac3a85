// The scan kernel: lines of JSON in, the lines that some rule may match out, with the targets that were hit.

import {
  beginFields,
  copyLine,
  FIELD_END,
  FIELD_START,
  FOLDED_NON_ASCII,
  foldField,
  MISSING,
  NULL,
  OPAQUE,
  stateOf,
  TEXT,
  UNKNOWN_TEXT,
} from './field';
import { foldEnd } from './fold';
import { DONE, ODD_LINE, OUT_FULL, SPAN_SIZE, STAMPS_END, UNKNOWN_CLASS } from './layout';
import {
  addTargets,
  begin,
  hitsEnd,
  search,
  searchNibbles,
  searchThrees,
  setLine,
  SLOT_HAS_TEXT,
  SLOT_MISSING,
  SLOT_FIELD,
  SLOT_NON_ASCII,
  SLOT_NULL,
  SLOT_PRESENT,
  SLOT_SIZE,
  SLOT_UNKNOWN,
} from './search';
import {
  blank,
  classes,
  classLines,
  lines,
  maxTargets,
  out,
  outEnd,
  outLimit,
  setCounts,
  setLineEnd,
  setOut,
  setStopped,
  signature,
  signatureEnd,
  signTable,
  signMask,
  spans,
  targetStamps,
} from './state';
import { beginVerify, evaluate, UNDECIDED, YES } from './verify';
import { hashKey, hashSignature, isSigned, isSpelledOtherwise, tokenise } from './tokenise';

export { hashBytes } from './hash';
export {
  setBuffers,
  setKeySet,
  setClasses,
  setKeys,
  setSignatures,
  stoppedAt,
  lineEnd,
  lines,
  blank,
  outEnd,
  signatureEnd,
  signatureHash,
} from './state';
export { hashKey };

const NO_CLASS: u32 = 0xffffffff;
// Added to targets of which nothing is left to decide.
const CERTAIN: u32 = 0x80000000;
// Words before the targets of a line that goes out.
const OUT_HEAD: u32 = 20;
// As `../watched-keys.ts` has it, and one.
const MAX_NODES: u32 = 16_385;

let stamp: u32 = 0;

function classOfSignature(hash: u32): u32 {
  const length = signatureEnd - signature;
  let index = hash & signMask;
  while (true) {
    const entry = signTable + (index << 4);
    const at = load<u32>(entry, 4);
    if (at == 0) return NO_CLASS;
    if (load<u32>(entry) == hash && load<u32>(entry, 8) == length && same(at, signature, length)) {
      return load<u32>(entry, 12);
    }
    index = (index + 1) & signMask;
  }
}

function same(left: u32, right: u32, length: u32): bool {
  for (let i: u32 = 0; i < length; i += 8) if (load<u64>(left + i) != load<u64>(right + i)) return false;
  return true;
}

function findLineEnd(from: u32): u32 {
  let at = from;
  while (true) {
    const feeds = u32(i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(0x0a))));
    if (feeds != 0) return at + ctz(feeds);
    at += 16;
  }
}

// Reads lines from `from` to `end`, which is after a line feed. `stoppedAt` is where reading goes on: at the line that it stopped
// for, whose end `lineEnd` then is, or at the end. `lines` and `blank` count what was read in this call.
export function run(from: u32, end: u32): u32 {
  let p = from;
  let count: u32 = 0;
  let blanks: u32 = 0;
  setOut(out);
  while (true) {
    let reason = DONE;
    if (p >= end) {
      setStopped(p);
      setCounts(count, blanks);
      return DONE;
    }
    if (load<u8>(p) == 0x0a) {
      p += 1;
      count += 1;
      blanks += 1;
      continue;
    }
    if (outEnd + OUT_HEAD + (maxTargets << 2) > outLimit) {
      reason = OUT_FULL;
    } else {
      if (stamp == 0xffffffff) {
        setStopped(p);
        setCounts(count, blanks);
        return STAMPS_END;
      }
      stamp += 1;
      let q = tokenise(p, stamp);
      if (q != 0) {
        let c = <u32>load<u8>(q);
        while (c == 0x20 || c == 0x09 || c == 0x0d) {
          q += 1;
          c = load<u8>(q);
        }
        if (c != 0x0a) q = 0;
      }
      if (q == 0 || !isSigned()) {
        reason = ODD_LINE;
      } else {
        const found = classOfSignature(hashSignature());
        if (found == NO_CLASS) {
          reason = UNKNOWN_CLASS;
          setLineEnd(q);
        } else {
          const countAt = classLines + (found << 2);
          store<u32>(countAt, load<u32>(countAt) + 1);
          const wanted = load<u32>(classes + (found << 2));
          if (wanted != 0) scanLine(wanted, p, q, count, found);
          p = q + 1;
          count += 1;
          continue;
        }
      }
    }
    if (reason != UNKNOWN_CLASS) setLineEnd(findLineEnd(p));
    setStopped(p);
    setCounts(count, blanks);
    return reason;
  }
}

// After four thousand million lines stamps begin anew; what bears one must not look fresh. Fields and predicates are the caller's.
export function forgetStamps(): void {
  stamp = 0;
  memory.fill(spans, 0, MAX_NODES * SPAN_SIZE);
  memory.fill(targetStamps, 0, maxTargets << 2);
}

// The number of the line read last.
export function lastStamp(): u32 {
  return stamp;
}

// All that was copied from another kernel's memory must look older than what comes next.
export function setStamp(value: u32): void {
  stamp = value;
}

// A class: { always: target list, n, nibble table of keywords, unknown keywords, checks, grams of keywords, 2 unused, slots … }. Checks: for each
// target its logic, or 0. Unknown keywords: { address of the stamp of
// the line in which any may stand unseen, list of the targets of all }.
function scanLine(wanted: u32, start: u32, end: u32, line: u32, found: u32): void {
  const head = outEnd;
  const first = head + OUT_HEAD;
  begin(first, targetStamps, stamp);
  beginFields(stamp);
  addTargets(load<u32>(wanted));
  const keywords = load<u32>(wanted, 8);
  const grams = load<u32>(wanted, 20);
  if (keywords | grams) searchKeywords(wanted, keywords, grams, start, end);
  const n = load<u32>(wanted, 4);
  let slot = wanted + 32;
  for (let i: u32 = 0; i < n; i += 1) {
    scanSlot(slot);
    slot += SLOT_SIZE;
  }
  const last = hitsEnd();
  if (last == first) return;
  const kept = verify(load<u32>(wanted, 16), first, last);
  if (kept == first) return;
  store<u32>(head, start);
  store<u32>(head, end, 4);
  store<u32>(head, line, 8);
  store<u32>(head, found, 12);
  store<u32>(head, (kept - first) >> 2, 16);
  setOut(kept);
}

function searchKeywords(wanted: u32, keywords: u32, grams: u32, start: u32, end: u32): void {
  const copied = isSpelledOtherwise();
  setLine(start, copied);
  let from = start;
  let to = end;
  if (copied) {
    from = copyLine(start, end);
    to = foldEnd;
    if (from == 0) {
      store<u32>(load<u32>(load<u32>(wanted, 12)), stamp);
      addTargets(load<u32>(wanted, 12) + 4);
      return;
    }
  }
  if (keywords != 0) searchNibbles(keywords, from, to, true);
  if (grams != 0) searchThrees(grams, from, to);
}

// Drops targets whose logic is not true, and marks those of which it is certain; gives where those that stay end.
function verify(checks: u32, first: u32, last: u32): u32 {
  if (checks == 0) return last;
  beginVerify(stamp);
  let kept = first;
  for (let at = first; at < last; at += 4) {
    let target = load<u32>(at);
    const node = load<u32>(checks + (target << 2));
    if (node != 0) {
      const value = evaluate(node);
      if (value == YES) target |= CERTAIN;
      else if (value != UNDECIDED) continue;
    }
    store<u32>(kept, target);
    kept += 4;
  }
  return kept;
}

// @ts-ignore: decorator
@inline
function scanSlot(slot: u32): void {
  const field = load<u32>(slot, SLOT_FIELD);
  let state = stateOf(field);
  if (state == MISSING) {
    addTargets(load<u32>(slot, SLOT_MISSING));
    return;
  }
  if (state == NULL) {
    addTargets(load<u32>(slot, SLOT_NULL));
    return;
  }
  if (state == OPAQUE) {
    addTargets(load<u32>(slot, SLOT_UNKNOWN));
    return;
  }
  addTargets(load<u32>(slot, SLOT_PRESENT));
  if (load<u32>(slot, SLOT_HAS_TEXT) == 0) return;
  if (state == TEXT) state = foldField(field);
  if (state == UNKNOWN_TEXT) addTargets(load<u32>(slot, SLOT_UNKNOWN));
  else if (state == FOLDED_NON_ASCII) addTargets(load<u32>(slot, SLOT_NON_ASCII));
  search(slot, load<u32>(field, FIELD_START), load<u32>(field, FIELD_END));
}

// Where memory is free.
export function heapBase(): u32 {
  return u32(__heap_base);
}
