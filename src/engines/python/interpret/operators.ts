import type { BinaryOperator, CompareOperator } from '../../../languages/python/ast.ts';
import { childOf, lookUp } from './event.ts';
import type { Run } from './run.ts';
import {
  boundList,
  boundText,
  Foreign,
  isArray,
  isMap,
  isPlainText,
  itemsOf,
  iterate,
  leave,
  less,
  PyAddress,
  PyDict,
  PyList,
  PyMatch,
  PyNetwork,
  PySet,
  PyTuple,
  PyView,
  plain,
  raise,
  same,
  soughtKey,
  type Value,
} from './value.ts';

export function compareBy(op: CompareOperator, run: Run): (a: Value, b: Value) => boolean {
  switch (op) {
    case 'Eq':
      return (a, b) => same(a, b, run);
    case 'NotEq':
      return (a, b) => !same(a, b, run);
    case 'Lt':
      return less;
    case 'Gt':
      return (a, b) => less(b, a);
    case 'LtE':
      return (a, b) => less(a, b) || same(a, b, run);
    case 'GtE':
      return (a, b) => less(b, a) || same(a, b, run);
    case 'Is':
      return identical;
    case 'IsNot':
      return (a, b) => !identical(a, b);
    case 'In':
      return (a, b) => contains(b, a, run);
    case 'NotIn':
      return (a, b) => !contains(b, a, run);
  }
}

function identical(a: Value, b: Value): boolean {
  if (a === null || b === null || typeof a === 'boolean' || typeof b === 'boolean') return a === b;
  return leave('whether two objects are one');
}

function contains(whole: Value, part: Value, run: Run): boolean {
  if (typeof whole === 'string') return typeof part === 'string' ? whole.includes(part) : raise('TypeError');
  if (whole instanceof PyDict) return whole.entries.has(soughtKey(part));
  if (whole instanceof PySet) return whole.keys.has(soughtKey(part));
  const items = itemsOf(whole);
  if (items !== undefined) return items.some((item) => same(item, part, run));
  if (whole instanceof PyNetwork) {
    if (!(part instanceof PyAddress)) return leave('a search in a network');
    return part.value >= whole.first && part.value <= whole.last;
  }
  if (whole instanceof PyView) {
    let found = false;
    iterate(whole, (item) => {
      found = same(item, part, run);
      return found;
    });
    return found;
  }
  if (isMap(whole)) {
    return lookUp(whole, part) !== undefined;
  }
  if (whole === null || typeof whole !== 'object') return raise('TypeError');
  return leave('a search in an object');
}

export function arithmetic(op: BinaryOperator, a: Value, b: Value): Value {
  if (typeof a === 'string' && typeof b === 'string' && op === 'Add') {
    boundText(a.length + b.length);
    return a + b;
  }
  if (typeof a === 'number' && typeof b === 'number') return numeric(op, a, b);
  if (op === 'Add') {
    boundList((itemsOf(a)?.length ?? 0) + (itemsOf(b)?.length ?? 0));
    if (a instanceof PyList && b instanceof PyList) return new PyList([...a.items, ...b.items]);
    // The event's own lists cannot be added to, and nothing can be added to them.
    if (isArray(a) || isArray(b)) return raise('TypeError');
    if (a instanceof PyTuple && b instanceof PyTuple) return new PyTuple([...a.items, ...b.items]);
    const atom = (value: Value): boolean => value === null || typeof value === 'string' || typeof value === 'number';
    if (atom(a) && atom(b)) return raise('TypeError');
  }
  if (op === 'BitOr') {
    if (a instanceof PyDict && b instanceof PyDict) return new PyDict(new Map([...a.entries, ...b.entries]));
    if (a instanceof PySet && b instanceof PySet) return new PySet(new Set([...a.keys, ...b.keys]));
  }
  if (a instanceof PySet && b instanceof PySet) {
    if (op === 'BitAnd') return new PySet(new Set([...a.keys].filter((key) => b.keys.has(key))));
    if (op === 'Sub') return new PySet(new Set([...a.keys].filter((key) => !b.keys.has(key))));
  }
  return leave('this operator');
}

function numeric(op: BinaryOperator, a: number, b: number): Value {
  if (isVeryLarge(a) || isVeryLarge(b)) return leave('a very large number');
  const whole = Number.isSafeInteger(a) && Number.isSafeInteger(b);
  let found: number;
  if (op === 'Add') found = a + b;
  else if (op === 'Sub') found = a - b;
  else if (op === 'Mult') found = a * b;
  else if (op === 'Div' && b !== 0) return Number.isInteger(a / b) ? leave('a whole float') : a / b;
  else if (op === 'FloorDiv' && whole && b > 0) found = Math.floor(a / b);
  else if (op === 'Mod' && whole && a >= 0 && b > 0) found = a % b;
  else return leave('this operator');
  // The kind of the result must be that of the operands.
  return Number.isSafeInteger(found) === whole && Number.isFinite(found) ? found + 0 : leave('this number');
}

/** Whole, of which Python keeps every digit. */
function isVeryLarge(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

export function itemAt(held: Value, index: Value): Value {
  if (held instanceof PyDict) {
    const found = held.entries.get(soughtKey(index));
    return found === undefined ? raise('KeyError') : found;
  }
  if (isMap(held)) {
    if (typeof index !== 'string') return leave('an index');
    const child = childOf(held, index);
    return child === undefined ? raise('KeyError') : child;
  }
  if (held === null) return raise('TypeError');
  if (held instanceof PyMatch) {
    if (typeof index !== 'number' || !(index in held.groups)) return leave('a group');
    return held.groups[index] ?? null;
  }
  if (held instanceof Foreign) return leave('an item of a class');
  if (typeof index !== 'number' || !Number.isSafeInteger(index)) return leave('an index');
  const items = typeof held === 'string' ? (isPlainText(held) ? held : undefined) : itemsOf(held);
  if (items === undefined) return leave('an item');
  const found = items[index < 0 ? index + items.length : index];
  return found === undefined ? raise('IndexError') : found;
}

export function sliceOf(held: Value, lower: Value, upper: Value): Value {
  const bound = (value: Value, otherwise: number): number =>
    value === null ? otherwise : typeof value === 'number' && Number.isSafeInteger(value) ? value : leave('a slice');
  if (typeof held === 'string') {
    if (!isPlainText(held)) return leave('rare characters');
    return held.slice(bound(lower, 0), bound(upper, held.length));
  }
  if (held === null) return raise('TypeError');
  const items = itemsOf(held) ?? leave('a slice');
  const part = items.slice(bound(lower, 0), bound(upper, items.length));
  // A part of one of the event's lists is a tuple of plain values.
  if (isArray(held)) return new PyTuple(held.slice(bound(lower, 0), bound(upper, items.length)).map(plain));
  return held instanceof PyTuple ? new PyTuple(part) : new PyList(part);
}
