// Fields: places in a record that rules read, looked up and folded once a line.

import { fold, foldEnd, foldNonAscii, foldUnknown } from './fold';
import { HAS_BACKSLASH, KIND_MASK, KIND_NULL, KIND_NUMBER, SPAN_SIZE } from './layout';
import { arena, arenaLimit, spans } from './state';

// Field: { stamp, state, start, end, flags, start and end as it was read, n, node … }.
export const FIELD_STATE: u32 = 4;
export const FIELD_START: u32 = 8;
export const FIELD_END: u32 = 12;
export const FIELD_FLAGS: u32 = 16;
export const FIELD_RAW_START: u32 = 20;
export const FIELD_RAW_END: u32 = 24;
const FIELD_COUNT: u32 = 28;

// States. Missing, null; a value that is not read here; text as it was read; folded text; folded text of which some is not known.
export const MISSING: u32 = 0;
export const NULL: u32 = 1;
export const OPAQUE: u32 = 2;
export const TEXT: u32 = 3;
export const FOLDED: u32 = 4;
export const FOLDED_NON_ASCII: u32 = 5;
export const UNKNOWN_TEXT: u32 = 6;

let stamp: u32 = 0;
let next: u32 = 0;

export function beginFields(lineStamp: u32): void {
  stamp = lineStamp;
  next = arena;
}

// The state of a field, not folded unless it was already.
export function stateOf(field: u32): u32 {
  if (load<u32>(field) == stamp) return load<u32>(field, FIELD_STATE);
  store<u32>(field, stamp);
  const n = load<u32>(field, FIELD_COUNT);
  let state = MISSING;
  for (let i: u32 = 1; i <= n; i += 1) {
    const span = spans + load<u32>(field + (i << 2), FIELD_COUNT) * SPAN_SIZE;
    if (load<u32>(span) != stamp) continue;
    const flags = load<u32>(span, 12);
    const kind = flags & KIND_MASK;
    store<u32>(field, load<u32>(span, 4), FIELD_START);
    store<u32>(field, load<u32>(span, 8), FIELD_END);
    store<u32>(field, load<u32>(span, 4), FIELD_RAW_START);
    store<u32>(field, load<u32>(span, 8), FIELD_RAW_END);
    store<u32>(field, flags, FIELD_FLAGS);
    state = kind == KIND_NULL ? NULL : kind >= KIND_NUMBER ? OPAQUE : TEXT;
    break;
  }
  store<u32>(field, state, FIELD_STATE);
  return state;
}

// Folds a field in state TEXT, and gives its new state; its start and end are those of the folded text.
export function foldField(field: u32): u32 {
  const start = load<u32>(field, FIELD_START);
  const end = load<u32>(field, FIELD_END);
  let state = UNKNOWN_TEXT;
  if (next + (end - start) + 64 <= arenaLimit) {
    fold(start, end, load<u32>(field, FIELD_FLAGS), next);
    store<u32>(field, next, FIELD_START);
    store<u32>(field, foldEnd, FIELD_END);
    next = foldEnd + 32;
    state = foldUnknown ? UNKNOWN_TEXT : foldNonAscii ? FOLDED_NON_ASCII : FOLDED;
  } else {
    store<u32>(field, next, FIELD_START);
    store<u32>(field, next, FIELD_END);
  }
  store<u32>(field, state, FIELD_STATE);
  return state;
}

// Copies a line, folded and without escapes, to where fields are folded later. Gives its address, or 0 where it does not say which
// keywords stand in it; it ends at `foldEnd`.
export function copyLine(start: u32, end: u32): u32 {
  if (next + (end - start) + 64 > arenaLimit) return 0;
  fold(start, end, HAS_BACKSLASH, next);
  return foldUnknown ? 0 : next;
}
