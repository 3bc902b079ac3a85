import type { Bound, CompareOp, Expr, Many, Match, Pattern, PatternScalar, PlanColumn, Quantified } from '../expr.ts';
import { alike, type Handlers, LOGIC, SCOPES, TESTS, VALUES, visit } from '../traverse.ts';
import { printExpr, printWildcard } from './print.ts';

/** A condition in words, as `explain` and the tables show it: `event.outcome is one of "Success", "success"`. */
export function describe(expr: Expr): string {
  return visit(expr, CONDITIONS, undefined);
}

/** An expression as a person would name it. */
export function describeValue(expr: Expr): string {
  return visit(expr, NAMES, undefined);
}

const comparisons: Record<CompareOp, string> = { '==': '=', '!=': '≠', '<': '<', '<=': '≤', '>': '>', '>=': '≥' };

/** What a comparison of several values asks for. */
const OF_MANY: Record<Many, string> = { any: 'one of ', all: 'each of ', null: 'the only one of ', whole: '' };

const ELEMENTS: Record<Quantified['how'], string> = {
  any: 'some element of',
  all: 'every element of',
  none: 'no element of',
  one: 'exactly one element of',
  count: 'the number of elements of',
  collect: 'what is made of each element of',
};

const CONDITIONS: Handlers<string> = {
  ...alike(VALUES, describeValue),
  and: () => 'all of',
  or: () => 'any of',
  not: () => 'not',
  'at-least': ({ count, most }) => (most === undefined ? `at least ${count} of` : `${count} to ${most} of`),
  match: (expr) => `${describeValue(expr.subject)} ${describePattern(expr)}`,
  exists: ({ subject, counts }) => `${describeValue(subject)} ${counts === 'present' ? 'is present' : 'has a value'}`,
  'is-null': ({ subject }) => `${describeValue(subject)} is null or missing`,
  compare: ({ op, left, right, many }) =>
    `${OF_MANY[many]}${describeValue(left)} ${comparisons[op]} ${describeValue(right)}`,
  cond: () => 'depending on',
  quantified: ({ how, over }) =>
    `${ELEMENTS[how]} ${describeValue(over)}${how === 'collect' ? '' : how === 'count' ? ' that have' : ' has'}`,
  let: ({ body }) => describe(body),
  'in-plan': ({ subject, plan, collation }) =>
    `${describeValue(subject)} is in ${planColumn(plan)}${collation === 'ignore-case' ? ' (any case)' : ''}`,
};

const NAMES: Handlers<string> = {
  ...alike([...LOGIC, ...TESTS, ...SCOPES], printExpr),
  field: ({ name, path }) => (path?.length === 0 ? 'the event' : name),
  column: ({ name }) => name,
  raw: ({ paths }) => paths[0]?.join('.') ?? '',
  leaves: ({ name }) => (name === null ? 'any value' : `any field like ${printWildcard(name)}`),
  call: ({ fn, args }) => `${fn.replace(/^[a-z]+\./, '')}(${args.map(describeValue).join(', ')})`,
  literal: ({ type, value }) => (type === 'string' ? quote(String(value)) : String(value)),
  missing: () => 'nothing',
  list: ({ items }) => `[${shorten(items.map(describeValue))}]`,
  'scalar-of': ({ plan }) => planColumn(plan),
};

function planColumn({ name, column }: PlanColumn): string {
  return `${column} of ${name}`;
}

function describePattern(match: Match): string {
  const quantified = match.quantifier === 'all' ? 'each ' : '';
  const collation = match.collation === 'ignore-case' && mindsCase(match.pattern) ? ' (any case)' : '';
  return `${quantified}${patternWords(match.pattern)}${collation}`;
}

function patternWords(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'equals':
      return `is ${scalar(pattern.value)}`;
    case 'one-of':
      return `is one of ${shorten(pattern.values.map(scalar))}`;
    case 'prefix':
      return `starts with ${quote(pattern.text)}`;
    case 'suffix':
      return `ends with ${quote(pattern.text)}`;
    case 'contains':
      return `contains ${quote(pattern.text)}`;
    case 'wildcard':
      return `is like ${printWildcard(pattern.parts)}`;
    case 'regex':
      return `matches /${pattern.source}/${pattern.flags}`;
    case 'cidr':
      return `is in network ${pattern.network}`;
    case 'range':
      return [bound('>', pattern.low), bound('<', pattern.high)].filter((part) => part !== '').join(' and ');
    case 'term':
      return `has ${pattern.ends === 'both' ? 'the term' : pattern.ends === 'start' ? 'a term starting with' : 'a term ending with'} ${quote(pattern.text)}`;
    case 'analysed':
      return `${pattern.mode === 'any' ? 'has a word of' : 'has the phrase'} ${quote(pattern.text)}`;
    case 'token-wildcard':
      return `has a word like ${printWildcard(pattern.parts)}`;
  }
}

/** Whether case can matter to a pattern at all: not to numbers, networks or texts without letters. */
function mindsCase(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'equals':
      return hasLetters(String(pattern.value));
    case 'one-of':
      return pattern.values.some((value) => hasLetters(String(value)));
    case 'prefix':
    case 'suffix':
    case 'contains':
    case 'term':
      return hasLetters(pattern.text);
    case 'wildcard':
      return pattern.parts.some((part) => 'text' in part && hasLetters(part.text));
    case 'regex':
      return true;
    case 'cidr':
    case 'range':
    case 'analysed':
    case 'token-wildcard':
      return false;
  }
}

function hasLetters(text: string): boolean {
  return text.toLowerCase() !== text.toUpperCase();
}

function bound(sign: '<' | '>', limit: Bound | undefined): string {
  if (limit === undefined) return '';
  return `${limit.inclusive ? (sign === '<' ? '≤' : '≥') : sign} ${scalar(limit.value)}`;
}

function scalar(value: PatternScalar): string {
  return typeof value === 'string' ? quote(value) : String(value);
}

function quote(text: string): string {
  return `"${text}"`;
}

const SHOWN = 8;

function shorten(items: readonly string[]): string {
  const more = items.length > SHOWN ? [`… ${items.length - SHOWN} more`] : [];
  return [...items.slice(0, SHOWN), ...more].join(', ');
}
