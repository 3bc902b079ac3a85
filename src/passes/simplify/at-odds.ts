import { equal, fingerprint } from '../../ir/equal.ts';
import type { Call, Compare, Expr, Literal, Match, Or, PatternScalar } from '../../ir/expr.ts';
import { valuesOf } from './values-of.ts';

/** What a condition leaves of one value: some texts, or a range of numbers or of times. */
type Limit =
  | Texts
  | {
      readonly kind: Family;
      readonly low: number | bigint;
      readonly high: number | bigint;
      /** Whether an end of the range is no part of it. */
      readonly isOpen: boolean;
    };

interface Texts {
  readonly kind: 'texts';
  readonly values: readonly PatternScalar[];
  readonly isExact: boolean;
}

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
  const bySubject = new Map<number, Limited[]>();
  for (const item of items) {
    const found = limited(item);
    if (found === undefined) continue;
    const print = fingerprint(found.subject);
    const alike = bySubject.get(print) ?? [];
    if (alike.some((other) => excludes(other.limit, found.limit) && equal(other.subject, found.subject))) return true;
    alike.push(found);
    bySubject.set(print, alike);
  }
  return false;
}

function limited(item: Expr): Limited | undefined {
  switch (item.kind) {
    case 'match':
      return matched(item);
    case 'compare':
      return item.many === 'any' ? undefined : compared(item);
    case 'call':
      return item.fn === 'python.equals' ? equated(item) : undefined;
    case 'or':
      return eitherOf(item);
    case 'literal':
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'cond':
    case 'and':
    case 'not':
    case 'at-least':
    case 'exists':
    case 'is-null':
    case 'quantified':
    case 'let':
    case 'in-plan':
    case 'scalar-of':
      return undefined;
  }
}

function matched(item: Match): Limited | undefined {
  const values = item.quantifier === 'any' ? undefined : valuesOf(item);
  return values && { subject: item.subject, limit: { kind: 'texts', values, isExact: item.collation === 'exact' } };
}

/** What equals a text is that text, whatever else Python's `==` takes for the same. */
function equated({ args: [subject, other] }: Call): Limited | undefined {
  if (subject === undefined || other?.kind !== 'literal' || typeof other.value !== 'string') return undefined;
  return other.type === 'string'
    ? { subject, limit: { kind: 'texts', values: [other.value], isExact: true } }
    : undefined;
}

/** Several texts of one value, of which it is to be one. */
function eitherOf({ items }: Or): Limited | undefined {
  const [first, ...others] = items.map(limited);
  if (first?.limit.kind !== 'texts') return undefined;
  let { values, isExact } = first.limit;
  for (const other of others) {
    if (other?.limit.kind !== 'texts' || !equal(other.subject, first.subject)) return undefined;
    values = [...values, ...other.limit.values];
    isExact &&= other.limit.isExact;
  }
  return { subject: first.subject, limit: { kind: 'texts', values, isExact } };
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
  if (one.kind === 'texts') return other.kind === 'texts' && haveNoTextInCommon(one, other);
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

function isEnd({ low, high }: Exclude<Limit, Texts>, value: number | bigint): boolean {
  return low === value || high === value;
}

function haveNoTextInCommon(one: Texts, other: Texts): boolean {
  const isExact = one.isExact && other.isExact;
  const fold = (value: PatternScalar): string => (isExact ? String(value) : String(value).toLowerCase());
  const texts = new Set(one.values.map(fold));
  return other.values.every((value) => !texts.has(fold(value)));
}
