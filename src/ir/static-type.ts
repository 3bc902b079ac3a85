import type { ValueType } from './types.ts';

/** What is known of a value before it is there: the types it may have. Null and missing are of every type. */
export type TypeSet = ReadonlySet<ValueType>;

type Group = 'any' | 'number' | 'whole' | 'time';
type Name = ValueType | Group;

/** How type sets are written: a type, a group of them, or one of two. */
export type TypeName = Name | `${Name}|${Name}`;

const GROUPS: Readonly<Record<Group, readonly ValueType[]>> = {
  any: ['bool', 'int', 'long', 'real', 'decimal', 'string', 'datetime', 'timespan', 'guid', 'dynamic'],
  number: ['int', 'long', 'real', 'decimal'],
  whole: ['int', 'long'],
  time: ['datetime', 'timespan'],
};

const known = new Map<string, TypeSet>();

/** The types that a name stands for. */
export function types(name: TypeName): TypeSet {
  const found = known.get(name) ?? new Set(name.split('|').flatMap((part) => membersOf(part as Name)));
  known.set(name, found);
  return found;
}

function membersOf(name: Name): readonly ValueType[] {
  return isGroup(name) ? GROUPS[name] : [name];
}

function isGroup(name: Name): name is Group {
  return Object.hasOwn(GROUPS, name);
}

export const ANY: TypeSet = types('any');
export const BOOL: TypeSet = types('bool');

/** What a choice between values may be. */
export function either(sets: readonly TypeSet[]): TypeSet {
  const [first, ...others] = sets;
  if (first === undefined) return ANY;
  return others.every((other) => other === first) ? first : new Set(sets.flatMap((set) => [...set]));
}

/** Numbers that stand in for others: any number is good where a real is asked, and whole numbers of each width. */
const STANDS_IN: Readonly<Partial<Record<ValueType, readonly ValueType[]>>> = {
  long: GROUPS.whole,
  // Decimals are carried as reals.
  decimal: ['int', 'long', 'decimal', 'real'],
  real: GROUPS.number,
};

/** Whether a value that is one of `given` may be one of `wanted`. */
export function mayBe(given: TypeSet, wanted: TypeSet): boolean {
  return given === wanted || [...wanted].some((type) => (STANDS_IN[type] ?? [type]).some((one) => given.has(one)));
}

/** Whether two values may ever be compared: numbers of any kind, else values of one type. Dynamic ones may be anything. */
export function mayCompare(left: TypeSet, right: TypeSet): boolean {
  if (left.has('dynamic') || right.has('dynamic')) return true;
  return [...left].some((type) => COMPARED_AS[type].some((other) => right.has(other)));
}

const COMPARED_AS: Readonly<Record<ValueType, readonly ValueType[]>> = {
  bool: ['bool'],
  int: GROUPS.number,
  long: GROUPS.number,
  real: GROUPS.number,
  decimal: GROUPS.number,
  string: ['string', 'guid'],
  datetime: ['datetime'],
  timespan: ['timespan'],
  guid: ['string', 'guid'],
  dynamic: GROUPS.any,
};

/** The one type that it is; `dynamic` when that is not known. */
export function theType(set: TypeSet): ValueType {
  const [only] = set;
  return set.size === 1 && only !== undefined ? only : 'dynamic';
}

/** Type sets as a person reads them: `number or timespan`. */
export function printTypes(set: TypeSet): string {
  const left = new Set(set);
  const words: string[] = [];
  for (const [group, members] of Object.entries(GROUPS)) {
    if (!members.every((type) => left.has(type))) continue;
    words.push(group);
    for (const type of members) left.delete(type);
  }
  return [...words, ...left].join(' or ');
}
