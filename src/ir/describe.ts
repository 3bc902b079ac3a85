import type { Bound, CompareOp, Expr, Match, Pattern, PatternScalar } from './expr.ts';
import { printExpr, printWildcard } from './print.ts';

/** A condition in words, as `explain` and the tables show it: `event.outcome is one of "Success", "success"`. */
export function describe(expr: Expr): string {
  switch (expr.kind) {
    case 'and':
      return 'all of';
    case 'or':
      return 'any of';
    case 'not':
      return 'not';
    case 'match':
      return `${describeValue(expr.subject)} ${describePattern(expr)}`;
    case 'exists':
      return `${describeValue(expr.subject)} ${expr.counts === 'present' ? 'is present' : 'has a value'}`;
    case 'is-null':
      return `${describeValue(expr.subject)} is null or missing`;
    case 'compare':
      return `${describeValue(expr.left)} ${comparisons[expr.op]} ${describeValue(expr.right)}`;
    case 'cond':
      return 'depending on';
    case 'some':
      return `some element of ${describeValue(expr.over)} has`;
    case 'literal':
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
      return describeValue(expr);
  }
}

const comparisons: Record<CompareOp, string> = { '==': '=', '!=': '≠', '<': '<', '<=': '≤', '>': '>', '>=': '≥' };

/** An expression as a person would name it. */
export function describeValue(expr: Expr): string {
  switch (expr.kind) {
    case 'field':
      return expr.path?.length === 0 ? 'the event' : expr.name;
    case 'column':
      return expr.name;
    case 'raw':
      return expr.paths[0]?.join('.') ?? '';
    case 'leaves':
      return expr.name === null ? 'any value' : `any field like ${printWildcard(expr.name)}`;
    case 'call':
      return `${expr.fn.replace(/^[a-z]+\./, '')}(${expr.args.map(describeValue).join(', ')})`;
    case 'literal':
      return expr.type === 'string' ? quote(String(expr.value)) : String(expr.value);
    case 'missing':
      return 'nothing';
    case 'list':
      return `[${shorten(expr.items.map(describeValue))}]`;
    case 'cond':
    case 'and':
    case 'or':
    case 'not':
    case 'exists':
    case 'is-null':
    case 'compare':
    case 'match':
    case 'some':
      return printExpr(expr);
  }
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
