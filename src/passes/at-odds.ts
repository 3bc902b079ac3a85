import { equal } from '../ir/equal.ts';
import type { Compare, Expr, Literal, Match, PatternScalar } from '../ir/expr.ts';
import { lookOf, valuesOf } from './look-of.ts';

/** What a condition leaves of one value: some texts, or a range of numbers or of times. */
type Limit =
  | { readonly kind: 'texts'; readonly test: Match }
  | {
      readonly kind: Family;
      readonly low: number | bigint;
      readonly high: number | bigint;
      /** Whether an end of the range is no part of it. */
      readonly isOpen: boolean;
    };

/** Literals that are compared with each other. */
type Family = 'number' | 'datetime' | 'timespan';

interface Limited {
  readonly subject: Expr;
  readonly limit: Limit;
}

/**
 * Whether conditions ask one value to be two at once: then they are never true together, though they may be unknown. Only conditions
 * that take an array as one value are looked at: where one element is enough, each may mean another.
 */
export function areAtOdds(items: readonly Expr[]): boolean {
  const bySubject = new Map<string, Limited[]>();
  for (const item of items) {
    const found = limited(item);
    if (found === undefined) continue;
    const look = lookOf(found.subject);
    const alike = bySubject.get(look) ?? [];
    if (alike.some((other) => excludes(other.limit, found.limit) && equal(other.subject, found.subject))) return true;
    bySubject.set(look, [...alike, found]);
  }
  return false;
}

function limited(item: Expr): Limited | undefined {
  if (item.kind === 'match') {
    const isOfValues = item.quantifier !== 'any' && valuesOf(item) !== undefined;
    return isOfValues ? { subject: item.subject, limit: { kind: 'texts', test: item } } : undefined;
  }
  return item.kind === 'compare' && item.many !== 'any' ? compared(item) : undefined;
}

/** `x < 5`, or `5 > x`. */
function compared({ op, left, right }: Compare): Limited | undefined {
  if (right.kind === 'literal') return within(op, left, right);
  return left.kind === 'literal' ? within(TURNED[op], right, left) : undefined;
}

const TURNED: Readonly<Record<Compare['op'], Compare['op']>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function within(op: Compare['op'], subject: Expr, literal: Literal): Limited | undefined {
  const found = numberOf(literal);
  if (found === undefined) return undefined;
  const { kind, value } = found;
  const range = (low: number | bigint, high: number | bigint, isOpen: boolean): Limited => ({
    subject,
    limit: { kind, low, high, isOpen },
  });
  switch (op) {
    case '==':
      return range(value, value, false);
    case '!=':
      return undefined;
    case '<':
    case '<=':
      return range(Number.NEGATIVE_INFINITY, value, op === '<');
    case '>':
    case '>=':
      return range(value, Number.POSITIVE_INFINITY, op === '>');
  }
}

function numberOf({ type, value }: Literal): { readonly kind: Family; readonly value: number | bigint } | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  switch (type) {
    case 'int':
    case 'long':
      return { kind: 'number', value: BigInt(value) };
    case 'real':
    case 'decimal':
      return Number.isNaN(Number(value)) ? undefined : { kind: 'number', value: Number(value) };
    case 'datetime':
    case 'timespan':
      return { kind: type, value: BigInt(value) };
    case 'bool':
    case 'string':
    case 'guid':
    case 'dynamic':
      return undefined;
  }
}

function excludes(one: Limit, other: Limit): boolean {
  if (one.kind === 'texts') return other.kind === 'texts' && haveNoTextInCommon(one.test, other.test);
  if (other.kind === 'texts' || one.kind !== other.kind) return false;
  const { low } = one.low > other.low ? one : other;
  const { high } = one.high < other.high ? one : other;
  if (low < high) return false;
  // Numbers of different types are the same when they are as doubles.
  if (one.kind === 'number' && Number(low) === Number(high) && !Number.isSafeInteger(Number(low)) && low !== high) {
    return false;
  }
  return low > high || (one.isOpen && isEnd(one, low)) || (other.isOpen && isEnd(other, low));
}

function isEnd({ low, high }: Exclude<Limit, { kind: 'texts' }>, value: number | bigint): boolean {
  return low === value || high === value;
}

function haveNoTextInCommon(one: Match, other: Match): boolean {
  const isExact = one.collation === 'exact' && other.collation === 'exact';
  const fold = (value: PatternScalar): string => (isExact ? String(value) : String(value).toLowerCase());
  const texts = new Set(valuesOf(one)?.map(fold));
  return valuesOf(other)?.every((value) => !texts.has(fold(value))) === true;
}
