// Decides candidates as far as it can: Kleene's logic, with a fourth value for what only the reference knows.

import {
  FIELD_END,
  FIELD_FLAGS,
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
import { KIND_ARRAY, KIND_MASK } from './layout';
import { holds } from './search';

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

// Predicate: { stamp, value, field, kind, on missing, options list }.
const KIND_TEXTS: u32 = 0;
const KIND_PRESENT: u32 = 1;
const KIND_VALUE: u32 = 2;
const KIND_IS_NULL: u32 = 3;

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
  if (field == 0) return UNDECIDED;
  let state = stateOf(field);
  if (kind == KIND_TEXTS) {
    if (state == MISSING || state == NULL) return load<u32>(predicate, 16);
    if (state == OPAQUE) return UNDECIDED;
    if (state == TEXT) state = foldField(field);
    return texts(load<u32>(predicate, 20), state, load<u32>(field, FIELD_START), load<u32>(field, FIELD_END));
  }
  const below = state == OPAQUE && (load<u32>(field, FIELD_FLAGS) & KIND_MASK) >= KIND_ARRAY;
  // Below an array there may be nothing; in an array there may be nothing but nulls.
  if (below) return UNDECIDED;
  if (kind == KIND_PRESENT) return state == MISSING ? NO : YES;
  const isNull = state == MISSING || state == NULL;
  if (kind == KIND_VALUE) return isNull ? NO : YES;
  if (kind == KIND_IS_NULL) return isNull ? YES : NO;
  return UNDECIDED;
}

// Options { n, option … }: { exact, has literals that are not ASCII, n, literal … }.
function texts(options: u32, state: u32, start: u32, end: u32): u32 {
  if (state == UNKNOWN_TEXT) return UNDECIDED;
  const n = load<u32>(options);
  for (let i: u32 = 1; i <= n; i += 1) {
    const option = load<u32>(options + (i << 2));
    let found: u32 = state != FOLDED && load<u32>(option, 4) != 0 ? UNDECIDED : NO;
    const m = load<u32>(option, 8);
    for (let j: u32 = 0; j < m; j += 1) {
      if (holds(load<u32>(option + (j << 2), 12), start, end)) {
        found = YES;
        break;
      }
    }
    if (found == NO) return NO;
    if (load<u32>(option) != 0) return found;
  }
  return UNDECIDED;
}
