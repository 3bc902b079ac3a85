// Decides candidates as far as it can: Kleene's logic, with a fourth value for what only the reference knows.

import {
  FIELD_END,
  FIELD_FLAGS,
  FIELD_RAW_END,
  FIELD_RAW_START,
  FIELD_START,
  FOLDED,
  foldField,
  MISSING,
  NULL,
  OPAQUE,
  stateOf,
  TEXT,
  UNKNOWN_TEXT,
} from './field';
import { KIND_ARRAY, KIND_MASK, KIND_NUMBER } from './layout';
import { holds, holdsAny, holdsInOrder, isSure } from './search';

export const NO: u32 = 0;
export const YES: u32 = 1;
const UNKNOWN: u32 = 2;
export const UNDECIDED: u32 = 3;

// Nodes: { op, … }: a value; and, or: n, node …; not: node; test: predicate.
const OP_VALUE: u32 = 0;
const OP_AND: u32 = 1;
const OP_OR: u32 = 2;
const OP_NOT: u32 = 3;
const OP_TEST: u32 = 4;

// Predicate: { stamp, value, field, kind, on missing, options list or the other field, number of what decides beyond them or 0 }.
const KIND_TEXTS: u32 = 0;
const KIND_PRESENT: u32 = 1;
const KIND_VALUE: u32 = 2;
const KIND_IS_NULL: u32 = 3;
const KIND_SAME: u32 = 4;
// In place of a field the keyword's cell; then whether finding it is the whole test, in place of options where keywords are unknown.
const KIND_KEYWORD: u32 = 5;

// Flags of an option.
const EXACT: u32 = 1;
const IN_ORDER: u32 = 2;
// In place of literals there is a slot with tables of them.
const IN_TABLE: u32 = 4;

// Asks TypeScript for the truth of a test of one scalar, spelled as it is between two addresses.
// @ts-ignore: decorator
@external('env', 'judge')
declare function judge(test: u32, start: u32, end: u32, flags: u32): u32;

let stamp: u32 = 0;

export function beginVerify(lineStamp: u32): void {
  stamp = lineStamp;
}

export function evaluate(node: u32): u32 {
  const op = load<u32>(node);
  if (op == OP_TEST) return truth(load<u32>(node, 4));
  if (op == OP_AND || op == OP_OR) {
    const decisive: u32 = op == OP_AND ? NO : YES;
    let result: u32 = 1 - decisive;
    const n = load<u32>(node, 4);
    for (let i: u32 = 0; i < n; i += 1) {
      const one = evaluate(load<u32>(node + (i << 2), 8));
      if (one == decisive) return decisive;
      if (one >= UNKNOWN && (result < UNKNOWN || one > result)) result = one;
    }
    return result;
  }
  if (op == OP_NOT) {
    const one = evaluate(load<u32>(node, 4));
    return one < UNKNOWN ? 1 - one : one;
  }
  return load<u32>(node, 4);
}

function truth(predicate: u32): u32 {
  if (load<u32>(predicate) == stamp) return load<u32>(predicate, 4);
  const value = decide(predicate);
  store<u32>(predicate, stamp);
  store<u32>(predicate, value, 4);
  return value;
}

function decide(predicate: u32): u32 {
  const field = load<u32>(predicate, 8);
  const kind = load<u32>(predicate, 12);
  if (kind == KIND_KEYWORD) {
    if (load<u32>(load<u32>(predicate, 20)) == stamp) return UNDECIDED;
    if (load<u32>(field) != stamp) return NO;
    return load<u32>(predicate, 16) != 0 && isSure() ? YES : UNDECIDED;
  }
  if (field == 0) return UNDECIDED;
  let state = stateOf(field);
  if (kind == KIND_TEXTS) {
    if (state == MISSING || state == NULL) return load<u32>(predicate, 16);
    const flags = load<u32>(field, FIELD_FLAGS);
    if (state == OPAQUE && (flags & KIND_MASK) != KIND_NUMBER) return UNDECIDED;
    if (state == TEXT) state = foldField(field);
    const value: u32 =
      state == OPAQUE
        ? UNDECIDED
        : texts(load<u32>(predicate, 20), state, load<u32>(field, FIELD_START), load<u32>(field, FIELD_END));
    const test = load<u32>(predicate, 24);
    if (value != UNDECIDED || test == 0) return value;
    return judge(test, load<u32>(field, FIELD_RAW_START), load<u32>(field, FIELD_RAW_END), flags);
  }
  if (kind == KIND_SAME) return same(field, load<u32>(predicate, 20));
  const below = state == OPAQUE && (load<u32>(field, FIELD_FLAGS) & KIND_MASK) >= KIND_ARRAY;
  // Below an array there may be nothing; in an array there may be nothing but nulls.
  if (below) return UNDECIDED;
  if (kind == KIND_PRESENT) return state == MISSING ? NO : YES;
  const isNull = state == MISSING || state == NULL;
  if (kind == KIND_VALUE) return isNull ? NO : YES;
  if (kind == KIND_IS_NULL) return isNull ? YES : NO;
  return UNDECIDED;
}

// Whether two fields have the same text: nothing has none.
function same(left: u32, right: u32): u32 {
  if (right == 0) return UNDECIDED;
  const one = foldedState(left);
  const other = foldedState(right);
  // What is opaque may hold no text at all, but never one where there is nothing.
  if (one <= NULL || other <= NULL) return NO;
  if (one != FOLDED || other != FOLDED) return UNDECIDED;
  const start = load<u32>(left, FIELD_START);
  const from = load<u32>(right, FIELD_START);
  const length = load<u32>(left, FIELD_END) - start;
  if (length != load<u32>(right, FIELD_END) - from) return NO;
  for (let i: u32 = 0; i < length; i += 1) if (load<u8>(start + i) != load<u8>(from + i)) return NO;
  return YES;
}

function foldedState(field: u32): u32 {
  const state = stateOf(field);
  return state == TEXT ? foldField(field) : state;
}

// Options { n, option … }: { flags, has literals that are not ASCII, n, literal … }.
function texts(options: u32, state: u32, start: u32, end: u32): u32 {
  if (state == UNKNOWN_TEXT) return UNDECIDED;
  const n = load<u32>(options);
  for (let i: u32 = 1; i <= n; i += 1) {
    const option = load<u32>(options + (i << 2));
    let found: u32 = state != FOLDED && load<u32>(option, 4) != 0 ? UNDECIDED : NO;
    const flags = load<u32>(option);
    if (flags & IN_ORDER) {
      if (state == FOLDED && load<u32>(option, 4) != 0) return NO;
      if (!holdsInOrder(option + 8, start, end)) return NO;
      if (found == NO) found = YES;
    } else if (flags & IN_TABLE) {
      if (holdsAny(load<u32>(option, 8), start, end)) found = YES;
      else if (found == NO) return NO;
    } else {
      const m = load<u32>(option, 8);
      for (let j: u32 = 0; j < m; j += 1) {
        if (holds(load<u32>(option + (j << 2), 12), start, end)) {
          found = YES;
          break;
        }
      }
      if (found == NO) return NO;
    }
    if (flags & EXACT) return found;
  }
  return UNDECIDED;
}
