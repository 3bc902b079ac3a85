import type { Json, JsonObject } from '../../../base/json.ts';
import type { FunctionDef, Lambda } from '../../../languages/python/ast.ts';

/**
 * Values of Python. Plain JSON arrays and objects are the event's own read-only lists and maps; what a rule makes itself is
 * an object of the classes below. A JavaScript number is an int where it is whole, else a float: what would be a whole
 * float is not followed.
 */
export type Value = null | boolean | number | bigint | string | readonly Json[] | JsonObject | PyObject;

/** What is not an atom and not the event's. */
export class PyObject {}

export class PyList extends PyObject {
  readonly items: Value[];
  /** Made once for all events: it must stay as it is. */
  shared = false;
  constructor(items: Value[]) {
    super();
    this.items = items;
  }
}

export class PyTuple extends PyObject {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    super();
    this.items = items;
  }
}

export type Key = string | number | null;

export class PyDict extends PyObject {
  readonly entries: Map<Key, Value>;
  shared = false;
  constructor(entries: Map<Key, Value>) {
    super();
    this.entries = entries;
  }
}

/** Its order is that of Python's hashes, which is not known: nothing may depend on it. */
export class PySet extends PyObject {
  readonly keys: Set<Key>;
  shared = false;
  constructor(keys: Set<Key>) {
    super();
    this.keys = keys;
  }
}

export class PyFunction extends PyObject {
  readonly def: FunctionDef | Lambda;
  readonly call: (args: readonly Value[], named: ReadonlyMap<string, Value> | undefined) => Value;
  constructor(def: FunctionDef | Lambda, call: PyFunction['call']) {
    super();
    this.def = def;
    this.call = call;
  }
}

/** A module, class or function that is not the rules' own, by its full name. */
export class Foreign extends PyObject {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

/** One of the bundle's modules. */
export class PyModule extends PyObject {
  readonly attribute: (name: string) => Value;
  constructor(attribute: PyModule['attribute']) {
    super();
    this.attribute = attribute;
  }
}

export class PyRegex extends PyObject {
  readonly source: string;
  readonly flags: string;
  constructor(source: string, flags: string) {
    super();
    this.source = source;
    this.flags = flags;
  }
}

export class PyMatch extends PyObject {
  readonly groups: readonly (string | undefined)[];
  constructor(groups: readonly (string | undefined)[]) {
    super();
    this.groups = groups;
  }
}

/** An IPv4 address, as a number. */
export class PyAddress extends PyObject {
  readonly value: number;
  constructor(value: number) {
    super();
    this.value = value;
  }
}

/** The IPv4 addresses from `first` to `last`. */
export class PyNetwork extends PyObject {
  readonly first: number;
  readonly last: number;
  constructor(first: number, last: number) {
    super();
    this.first = first;
    this.last = last;
  }
}

/** What `keys()`, `range` and the like give: it can be gone through, and most have a length, but it is no list. */
export class PyView extends PyObject {
  readonly each: (visit: (item: Value) => boolean) => void;
  /** Undefined for an iterator, which is empty once it was gone through. */
  readonly count: (() => number) | undefined;
  used = false;
  constructor(each: PyView['each'], count: PyView['count']) {
    super();
    this.each = each;
    this.count = count;
  }
}

/** What a generator expression gives. It is gone through once, at once. */
export class PyGenerator extends PyObject {
  readonly each: (visit: (item: Value) => boolean, anyOrder: boolean) => void;
  constructor(each: PyGenerator['each']) {
    super();
    this.each = each;
  }
}

/** Something that is not followed here, or not surely as Python does it. */
export class NotFollowed extends Error {
  reason = '';
  /** It would change what outlasts the call. */
  outlasts = false;
}

/** One for all: making an error takes long. */
const NOT_FOLLOWED: NotFollowed = new NotFollowed('not followed');

/** `reason`: what was not followed. */
export function leave(reason: string, outlasts = false): never {
  NOT_FOLLOWED.reason = reason;
  NOT_FOLLOWED.outlasts = outlasts;
  throw NOT_FOLLOWED;
}

/** The most items of a list, and the most units of a text. */
const LONGEST_LIST = 20_000;
const LONGEST_TEXT = 1_000_000;

export function boundList(length: number): void {
  if (length > LONGEST_LIST) leave('a very long list');
}

export function boundText(length: number): void {
  if (length > LONGEST_TEXT) leave('a very long text');
}

/** An exception of Python whose class is surely known. */
export class Raised extends Error {
  /** The class and those above it. */
  readonly classes: readonly string[];
  constructor(classes: readonly string[]) {
    super(classes[0]);
    this.classes = classes;
  }
}

const raised = (...classes: readonly string[]): Raised => new Raised([...classes, 'Exception', 'BaseException']);

type RaisedName =
  | 'Exception'
  | 'AttributeError'
  | 'TypeError'
  | 'ValueError'
  | 'JSONDecodeError'
  | 'KeyError'
  | 'IndexError';

/** One of each: making an error takes long. */
const RAISED: Readonly<Record<RaisedName, Raised>> = {
  Exception: raised(),
  AttributeError: raised('AttributeError'),
  TypeError: raised('TypeError'),
  ValueError: raised('ValueError'),
  JSONDecodeError: raised('JSONDecodeError', 'ValueError'),
  KeyError: raised('KeyError', 'LookupError'),
  IndexError: raised('IndexError', 'LookupError'),
};

export function raise(name: RaisedName): never {
  throw RAISED[name];
}

/** One of the event's maps. */
export function isMap(value: Value): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof PyObject);
}

/** One of the event's lists. */
export function isArray(value: Value): value is readonly Json[] {
  return Array.isArray(value);
}

export function isMapping(value: Value): value is JsonObject | PyDict {
  return value instanceof PyDict || isMap(value);
}

/** The items of a list or tuple, of the event's or the rule's own; undefined for anything else. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (value instanceof PyList || value instanceof PyTuple) return value.items;
  return isArray(value) ? value : undefined;
}

/** Strings with characters beyond the first plane are counted otherwise here. */
export function isPlainText(text: string): boolean {
  return !/[\ud800-\udfff]/.test(text);
}

/** A key of a dict or an item of a set that is put there. */
export function keyOf(value: Value): Key {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (isArray(value) || isMap(value)) return raise('TypeError');
  if (value instanceof PyList || value instanceof PyDict || value instanceof PySet) return raise('TypeError');
  return leave('a key of a rare type');
}

/** A key that is looked for: `True` is 1. */
export function soughtKey(value: Value): Key {
  return typeof value === 'boolean' ? Number(value) : keyOf(value);
}

export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return value !== '';
  if (value === null) return false;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  if (isArray(value)) return value.length > 0;
  if (!(value instanceof PyObject)) {
    for (const _ in value) return true;
    return false;
  }
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyDict) return value.entries.size > 0;
  if (value instanceof PySet) return value.keys.size > 0;
  return value instanceof PyView ? leave('the truth of a view') : true;
}

/** What counts the work of comparing and printing. */
export interface Counter {
  spend(work: number): void;
}

/** Python's `==`. */
export function same(a: Value, b: Value, run: Counter): boolean {
  if (typeof a === 'string' || typeof b === 'string' || a === null || b === null) return a === b;
  if (typeof a === 'bigint' || typeof b === 'bigint') return leave('a comparison of large numbers');
  if (typeof a !== 'object' || typeof b !== 'object') {
    if (typeof a === 'object' || typeof b === 'object') return false;
    return Number(a) === Number(b);
  }
  run.spend(1);
  if (isMapping(a) && isMapping(b)) return sameMaps(a, b, run);
  const left = itemsOf(a);
  const right = itemsOf(b);
  if (left !== undefined && right !== undefined) {
    // The event's own lists equal lists and tuples; what they hold is plain again.
    if (isArray(a) && !isArray(b)) return sameItems(a, right, run);
    if (isArray(b) && !isArray(a)) return sameItems(b, left, run);
    if (a instanceof PyTuple !== b instanceof PyTuple) return false;
    return left.length === right.length && left.every((item, at) => same(item, right[at] ?? null, run));
  }
  if (a instanceof PySet && b instanceof PySet) {
    return a.keys.size === b.keys.size && [...a.keys].every((key) => b.keys.has(key));
  }
  const plain = (value: Value): boolean => isMapping(value) || itemsOf(value) !== undefined || value instanceof PySet;
  return plain(a) && plain(b) ? false : leave('a comparison of objects');
}

function sameItems(plain: readonly Json[], others: readonly Value[], run: Counter): boolean {
  return plain.length === others.length && plain.every((item, at) => samePlain(item, others[at] ?? null, run));
}

/** Equality of what is inside one of the event's lists, which is plain. */
function samePlain(value: Json, other: Value, run: Counter): boolean {
  if (isArray(value)) {
    run.spend(1);
    const items = other instanceof PyTuple ? undefined : itemsOf(other);
    return items !== undefined && sameItems(value, items, run);
  }
  if (!isMap(value) || !isMapping(other)) return same(value, other, run);
  run.spend(1);
  const right = other instanceof PyDict ? other.entries : new Map<Key, Value>(Object.entries(other));
  const left = Object.entries(value);
  return (
    left.length === right.size &&
    left.every(([key, item]) => {
      const held = right.get(key);
      return held !== undefined && samePlain(item, held, run);
    })
  );
}

function sameMaps(a: JsonObject | PyDict, b: JsonObject | PyDict, run: Counter): boolean {
  const left = a instanceof PyDict ? a.entries : new Map<Key, Value>(Object.entries(a));
  const right = b instanceof PyDict ? b.entries : new Map<Key, Value>(Object.entries(b));
  if (left.size !== right.size) return false;
  for (const [key, value] of left) {
    const other = right.get(key);
    if (other === undefined || !same(value, other, run)) return false;
  }
  return true;
}

/** Python's `<`; text by code points. */
export function less(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    return isPlainText(a) && isPlainText(b) ? a < b : leave('an order of rare characters');
  }
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return raise('TypeError');
  return leave('an order of other things');
}

/** In an order that is not known: to the end, because in another order the last might have been the first. */
function visitAll(keys: readonly Key[], visit: (item: Value) => boolean): void {
  try {
    for (const key of keys) visit(key);
  } catch (thrown) {
    if (thrown instanceof Raised) leave('an exception in a loop over a set');
    throw thrown;
  }
}

/**
 * Goes through what can be gone through; `visit` says whether it is enough. `anyOrder`: nothing depends on the order, and
 * more visits than enough do no harm.
 */
export function iterate(value: Value, visit: (item: Value) => boolean, anyOrder = false): void {
  const items = itemsOf(value);
  if (items !== undefined) {
    // A list may grow while it is gone through.
    for (let at = 0; at < items.length; at += 1) if (visit(items[at] ?? null)) return;
    return;
  }
  if (typeof value === 'string') {
    for (const point of value) if (visit(point)) return;
  } else if (value instanceof PyDict) {
    const { size } = value.entries;
    for (const key of value.entries.keys()) {
      if (visit(key)) return;
      if (value.entries.size !== size) leave('a dict that changes while it is gone through');
    }
  } else if (value instanceof PySet) {
    if (value.keys.size < 2) for (const key of value.keys) visit(key);
    else if (anyOrder) visitAll([...value.keys], visit);
    else leave('the order of a set');
  } else if (value instanceof PyGenerator) {
    value.each(visit, anyOrder);
  } else if (value instanceof PyView) {
    if (value.used && value.count === undefined) leave('an iterator that is gone through again');
    value.used = true;
    value.each(visit);
  } else if (isMap(value)) {
    for (const key of Object.keys(value)) if (visit(key)) return;
  } else if (value === null || typeof value !== 'object') raise('TypeError');
  else leave('a loop over an object');
}

export function listOf(value: Value, anyOrder = false): Value[] {
  const items = itemsOf(value);
  if (items !== undefined) return [...items];
  const found: Value[] = [];
  iterate(
    value,
    (item) => {
      found.push(item);
      return false;
    },
    anyOrder,
  );
  boundList(found.length);
  return found;
}

/** Marks what a module holds: it is the same for all events. */
export function share(value: Value, run: Counter): void {
  if (value instanceof PyList || value instanceof PyDict || value instanceof PySet) {
    if (value.shared) return;
    value.shared = true;
  }
  if (value instanceof PyTuple) run.spend(1);
  if (value instanceof PyList || value instanceof PyTuple) for (const item of value.items) share(item, run);
  if (value instanceof PyDict) for (const item of value.entries.values()) share(item, run);
}

/**
 * What the event holds as plain lists and dicts. Whoever changes them changes the event in Panther: that is not followed.
 */
export function plain(value: Value): Value {
  const made = thawed(value);
  if (made instanceof PyList || made instanceof PyDict) sharePlain(made);
  return made;
}

function sharePlain(value: PyList | PyDict): void {
  value.shared = true;
  for (const item of value instanceof PyList ? value.items : value.entries.values()) {
    if (item instanceof PyList || item instanceof PyDict) sharePlain(item);
  }
}

/** A deep copy of what the event holds, in lists and dicts that may be changed. */
export function thawed(value: Value): Value {
  if (isArray(value)) return new PyList(value.map(thawed));
  if (isMap(value)) {
    const entries = new Map<Key, Value>();
    for (const key of Object.keys(value)) entries.set(key, thawed(value[key] ?? null));
    return new PyDict(entries);
  }
  return value;
}
