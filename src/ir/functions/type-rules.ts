import { either, type TypeSet, types } from '../static-type.ts';
import type { ValueType } from '../types.ts';

/** A result whose type depends on those of the arguments. */
export interface TypeRule {
  /** What it is, for the reference. */
  readonly words: string;
  /** Undefined: no values of these types go together. */
  readonly of: (args: readonly TypeSet[]) => TypeSet | undefined;
}

/** The type of the argument in some place. */
export function typeOfArgument(place: number, name: string): TypeRule {
  return { words: `as \`${name}\``, of: (args) => args[place] ?? types('any') };
}

/** One of the arguments. */
export const ONE_OF_THEM: TypeRule = { words: 'as one of them', of: either };

type Pairs = (left: ValueType, right: ValueType) => ValueType | undefined;

/** From left to right, each type that one argument may have with each that the next may have. */
function ofPairs(words: string, pairs: Pairs): TypeRule {
  return {
    words,
    of: ([first = types('any'), ...others]) =>
      others.reduce<TypeSet | undefined>((left, right) => left && together(left, right, pairs), first),
  };
}

function together(lefts: TypeSet, rights: TypeSet, pairs: Pairs): TypeSet | undefined {
  const found = new Set<ValueType>();
  for (const left of lefts) {
    for (const right of rights) {
      const type = left === 'dynamic' || right === 'dynamic' ? 'dynamic' : pairs(left, right);
      if (type !== undefined) found.add(type);
    }
  }
  return found.size === 0 ? undefined : found;
}

/** From narrow to wide, as Kusto has it; sums are at least long. */
const WIDTHS: readonly ValueType[] = ['long', 'decimal', 'real'];

function widest(left: ValueType, right: ValueType): ValueType | undefined {
  if (!types('number').has(left) || !types('number').has(right)) return undefined;
  return WIDTHS[Math.max(0, WIDTHS.indexOf(left), WIDTHS.indexOf(right))];
}

/** Kusto's operators: numbers give the wider of the two, moments and durations what makes sense of them. */
export const SUM: TypeRule = ofPairs('number, datetime or timespan', (left, right) => {
  if (left === 'timespan') return right === 'timespan' || right === 'datetime' ? right : undefined;
  return left === 'datetime' && right === 'timespan' ? left : widest(left, right);
});

export const DIFFERENCE: TypeRule = ofPairs('number, datetime or timespan', (left, right) => {
  if (right === 'timespan') return left === 'timespan' || left === 'datetime' ? left : undefined;
  return left === 'datetime' && right === 'datetime' ? 'timespan' : widest(left, right);
});

export const PRODUCT: TypeRule = ofPairs('number or timespan', (left, right) => {
  if (left === 'timespan') return types('number').has(right) ? left : undefined;
  return right === 'timespan' && types('number').has(left) ? right : widest(left, right);
});

export const QUOTIENT: TypeRule = ofPairs('number or timespan', (left, right) => {
  if (right === 'timespan') return left === 'timespan' || left === 'datetime' ? 'real' : undefined;
  return left === 'timespan' && types('number').has(right) ? left : widest(left, right);
});

export const REMAINDER: TypeRule = ofPairs('number or timespan', (left, right) =>
  left === 'timespan' && right === 'timespan' ? left : widest(left, right),
);

/** Numbers as numbers, a moment or a duration as itself. */
export const ROUNDED: TypeRule = ofPairs('number, datetime or timespan', (left, right) => {
  if (left === 'datetime' || left === 'timespan') return types('time').has(right) ? left : undefined;
  return widest(left, right);
});

/** Whole numbers have a real mean. */
export const AVERAGE: TypeRule = {
  words: 'real, or as `value`',
  of: ([value = types('any')]) => new Set([...value].map((type) => (types('whole').has(type) ? 'real' : type))),
};
