import type { Collation, Match, Pattern, PatternScalar } from '../../../ir/expr.ts';
import { compilePattern } from '../../memory/pattern.ts';
import { cast, operation, SQL_FALSE, sqlAnd, sqlCall, sqlCase, sqlNot, sqlText } from '../tree/construct.ts';
import type { SqlExpr } from '../tree/sql-expr.ts';
import type { Mode, Pushing } from './pushing.ts';
import { termRegex } from './term-regex.ts';
import { isOpaque, isWellFormed, type Typed } from './typed.ts';

/** Whether a value fits a pattern. */
export function matchTruth(expr: Match, mode: Mode, pushing: Pushing): SqlExpr | undefined {
  const subject = pushing.value(expr.subject);
  if (subject === undefined) return undefined;
  return testOf(subject, expr, mode, (text) => patternTest(text, expr.pattern, expr.collation, pushing), pushing);
}

/** Several terms of one subject, of which any may stand in it, by one search. */
export function anyTermTruth(matches: readonly Match[], mode: Mode, pushing: Pushing): SqlExpr | undefined {
  const [first] = matches;
  const subject = first && pushing.value(first.subject);
  if (first === undefined || subject === undefined) return undefined;
  const terms = matches.flatMap(({ pattern }) => (pattern.kind === 'term' ? [pattern] : []));
  const test = (text: SqlExpr): SqlExpr => regexTest(text, termRegex(terms, first.collation), first.collation);
  return testOf(subject, first, mode, test, pushing);
}

/** Whether `anyTermTruth` can say of a match what it says of others: they differ in their terms alone. */
export function isPlainTerm({ pattern, collation }: Match): boolean {
  return pattern.kind === 'term' && pattern.text !== '' && isSearchable(pattern.text, collation);
}

function testOf(
  subject: Typed,
  { pattern, collation, onMissing }: Match,
  mode: Mode,
  test: (text: SqlExpr) => SqlExpr | undefined,
  pushing: Pushing,
): SqlExpr | undefined {
  if (subject.constant === null) return onMissing === 'false' || mode === 'filter' ? SQL_FALSE : undefined;
  const text = textOf(subject);
  if (text === undefined)
    return pushing.refuse(`patterns of ${isOpaque(subject.kind) ? 'nested values' : subject.kind}`);
  const isFalseWithout = onMissing === 'false';
  if (subject.orEmpty !== undefined && !compilePattern(pattern, collation)('')) {
    // What does not fit the empty text fits NULL no more.
    const found = test(subject.orEmpty);
    return found && (mode === 'filter' ? found : sqlCall('coalesce', found, SQL_FALSE));
  }
  const found = test(text);
  if (found === undefined || !subject.isNullable || mode === 'filter' || !isFalseWithout) return found;
  return sqlCall('coalesce', found, SQL_FALSE);
}

/** The canonical text of a value. */
export function textOf(value: Typed): SqlExpr | undefined {
  switch (value.kind) {
    case 'text':
      return value.sql;
    case 'bool':
    case 'long':
      return cast(value.sql, 'text');
    case 'real':
    case 'moment':
    case 'span':
    case 'json':
    case 'document':
      return undefined;
  }
}

function patternTest(text: SqlExpr, pattern: Pattern, collation: Collation, pushing: Pushing): SqlExpr | undefined {
  switch (pattern.kind) {
    case 'equals':
      return oneOf(text, [pattern.value], collation, pushing);
    case 'one-of':
      return oneOf(text, pattern.values, collation, pushing);
    case 'prefix':
      return placed('starts-with', text, pattern.text, collation, pushing);
    case 'suffix':
      return placed('ends-with', text, pattern.text, collation, pushing);
    case 'contains':
      return placed('contains', text, pattern.text, collation, pushing);
    case 'wildcard': {
      const parts = pattern.parts.map((part) => ('text' in part ? part.text : part.any === 'many' ? null : undefined));
      const fixed = parts.filter((part) => part !== undefined);
      // One character is one unit of UTF-16 to us.
      if (fixed.length < parts.length) return pushing.refuse('wildcards for one character');
      if (!fixed.every((part) => part === null || isSearchable(part, collation))) return caseRefused(pushing);
      const of = collation === 'exact' ? text : folded(text);
      return { kind: 'like', of, parts: fixed.map((part) => part && foldedText(part, collation)) };
    }
    case 'term':
      if (pattern.text === '') return sqlCall('starts-with', text, sqlText(''));
      if (!isSearchable(pattern.text, collation)) return caseRefused(pushing);
      return regexTest(text, termRegex([pattern], collation), collation);
    case 'regex':
      return pushing.refuse('regexes');
    case 'cidr':
      return pushing.refuse('networks');
    case 'range':
      return pushing.refuse('ranges of texts');
    case 'analysed':
    case 'token-wildcard':
      return pushing.refuse('analysed text');
  }
}

function oneOf(
  text: SqlExpr,
  values: readonly PatternScalar[],
  collation: Collation,
  pushing: Pushing,
): SqlExpr | undefined {
  const texts = [...new Set(values.map((value) => foldedText(String(value), collation)))];
  if (!texts.every((one) => isSearchable(one, collation))) return caseRefused(pushing);
  const of = collation === 'exact' ? text : sqlCall('lower', text);
  const [only] = texts;
  const found: SqlExpr =
    texts.length === 1 && only !== undefined
      ? operation('=', of, sqlText(only))
      : { kind: 'among', of, items: texts.map(sqlText) };
  return collation === 'exact' ? found : sqlAnd(found, sqlNot(sqlCall('contains', text, DOTTED_I)));
}

function placed(
  how: 'starts-with' | 'ends-with' | 'contains',
  text: SqlExpr,
  needle: string,
  collation: Collation,
  pushing: Pushing,
): SqlExpr | undefined {
  if (!isSearchable(needle, collation)) return caseRefused(pushing);
  return sqlCall(how, collation === 'exact' ? text : folded(text), sqlText(foldedText(needle, collation)));
}

function regexTest(text: SqlExpr, regex: SqlExpr, collation: Collation): SqlExpr {
  return sqlCall('regex', collation === 'exact' ? text : folded(text), regex);
}

const DOTTED_I = sqlText('İ');

/**
 * A text in lower case, as far as searches of ASCII can tell: only of `İ` does JavaScript make ASCII and something else where engines
 * of SQL make ASCII alone, or nothing.
 */
function folded(text: SqlExpr): SqlExpr {
  const spelledOut = sqlCall('replace', text, DOTTED_I, sqlText('i̇'));
  return sqlCase(sqlCall('contains', text, DOTTED_I), sqlCall('lower', spelledOut), sqlCall('lower', text));
}

function foldedText(text: string, collation: Collation): string {
  return collation === 'exact' ? text : text.toLowerCase();
}

/** Lower case is the same in every engine for ASCII alone. */
function isSearchable(text: string, collation: Collation): boolean {
  return collation === 'exact' ? isWellFormed(text) : /^[\0-\x7F]*$/.test(text);
}

function caseRefused(pushing: Pushing): undefined {
  return pushing.refuse('letters beyond ASCII without regard to case');
}
