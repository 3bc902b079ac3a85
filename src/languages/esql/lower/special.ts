import { diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/span.ts';
import { and, call, FALSE, literalOf, NULL, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { EsqlCall, EsqlExpr } from '../ast.ts';
import { asResult, commonType, type EsqlType, isOf } from '../types.ts';
import { argumentsOf, fits } from './arguments.ts';
import { bucketOf } from './bucket.ts';
import { coerced } from './coerce.ts';
import type { Inner } from './inner.ts';
import { intervalOf, truncated } from './interval.ts';
import { patternOf } from './like.ts';
import { searched } from './match.ts';
import { noted } from './noted.ts';
import { type Typed, textOfConstant } from './typed.ts';

type Lower = (expr: EsqlCall, inner: Inner) => Typed;

/** Functions that the binder treats each in its own way; undefined where the name is none of them. */
export function lowerSpecial(expr: EsqlCall, name: string, inner: Inner): Typed | undefined {
  return LOWERINGS.get(name)?.(expr, inner);
}

function constantNumber(value: number): Lower {
  return ({ span }) => ({ expr: { kind: 'literal', type: 'real', value, span }, type: 'double', span });
}

const LOWERINGS: ReadonlyMap<string, Lower> = new Map<string, Lower>([
  ['case', lowerCase],
  ['coalesce', lowerCoalesce],
  ['date_diff', dateDiff],
  ['date_format', dateFormat],
  ['date_trunc', dateTrunc],
  ['bucket', (expr, inner) => bucketOf(expr, inner)],
  ['e', constantNumber(Math.E)],
  ['pi', constantNumber(Math.PI)],
  ['tau', constantNumber(2 * Math.PI)],
  ['log', logarithm],
  ['log10', logarithm],
  ['now', ({ span }) => ({ expr: call('esql.now', [], span), type: 'date', span })],
  ['kql', (expr, inner) => searchText(expr, 'kuery', inner)],
  ['qstr', (expr, inner) => searchText(expr, 'query-string', inner)],
  ['match', (expr, inner) => searchField(expr, 'any', inner)],
  ['match_phrase', (expr, inner) => searchField(expr, 'phrase', inner)],
  ['mv_like', (expr, inner) => anyFits(expr, 'like', inner)],
  ['mv_rlike', (expr, inner) => anyFits(expr, 'rlike', inner)],
  ['st_distance', distance],
  ['clamp_min', (expr, inner) => bounded(expr, 'esql.greatest', inner)],
  ['clamp_max', (expr, inner) => bounded(expr, 'esql.least', inner)],
  ['mv_in_range', inRange],
  ['trange', timeRange],
]);

/** Whatever the given values share as a type; a diagnostic, and undefined, where they share none. */
function shareType(values: readonly Typed[], what: string, inner: Inner): EsqlType | undefined {
  let shared: EsqlType = 'null';
  for (const value of values) {
    const asText: boolean =
      textOfConstant(value) !== undefined && (isOf(shared, 'moment') || shared === 'ip' || shared === 'version');
    const next: EsqlType | undefined = asText ? shared : commonType(shared, value.type);
    if (next === undefined) {
      inner.report(diagnostic('esql/types-apart', { what, left: shared, right: value.type }, value.span));
      return undefined;
    }
    shared = next;
  }
  return shared;
}

/** case: ( condition `,` value )+ ( `,` value )?; of several truths none is a condition that holds. */
function lowerCase(expr: EsqlCall, inner: Inner): Typed {
  const { args, span } = expr;
  if (argumentsOf(expr, ['any', 'any', 'any*'], inner) === undefined) return inner.failed(span);
  const pairs = Math.floor(args.length / 2);
  const conditions: { when: Expr; span: Span }[] = [];
  const values: Typed[] = [];
  for (let at = 0; at < pairs; at += 1) {
    const [condition, value] = [args[2 * at], args[2 * at + 1]];
    if (condition === undefined || value === undefined) continue;
    conditions.push({ when: inner.condition(condition), span: condition.span });
    values.push(inner.typed(value));
  }
  const last = args.length % 2 === 1 ? args.at(-1) : undefined;
  if (last !== undefined) values.push(inner.typed(last));
  const timespans = values.filter(({ constant }) => constant?.kind === 'timespan');
  if (timespans.length > 0) {
    inner.report(diagnostic('unsupported/esql', { what: 'a timespan that CASE chooses' }, span));
    return inner.failed(span);
  }
  const type = shareType(values, 'the values of CASE', inner);
  if (type === undefined) return inner.failed(span);
  const exprs = values.map((value) => coerced(value, type, inner.context).expr);
  const when = (condition: Expr): Expr => {
    if (inner.context.warns !== true) return condition;
    return noted(call('esql.one-each', [condition, condition]), span, 'false', inner.context);
  };
  const branches = conditions.map((condition, at) => ({ when: when(condition.when), then: exprs[at] ?? NULL }));
  const otherwise = last === undefined ? NULL : (exprs.at(-1) ?? NULL);
  return { expr: { kind: 'cond', branches, otherwise, span }, type: asResult(type), span };
}

function lowerCoalesce(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any*'], inner);
  if (args === undefined) return inner.failed(span);
  const values = args.map((arg) => inner.typed(arg));
  const type = shareType(values, 'the arguments of COALESCE', inner);
  if (type === undefined) return inner.failed(span);
  const exprs = values.map((value) => coerced(value, type, inner.context).expr);
  return { expr: call('esql.coalesce', exprs, span), type: asResult(type), span };
}

function dateDiff(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['string', 'moment', 'moment'], inner);
  if (args === undefined) return inner.failed(span);
  const given = args.map((arg) => inner.typed(arg));
  const [unit, start, end] = given;
  if (unit === undefined || start === undefined || end === undefined) return inner.failed(span);
  const sound = fits(unit, 'string', 'date_diff', inner) && fits(start, 'moment', 'date_diff', inner);
  if (!sound || !fits(end, 'moment', 'date_diff', inner)) return inner.failed(span);
  const moments = [start, end].map(
    (one) => coerced(one, isOf(one.type, 'moment') ? one.type : 'date', inner.context).expr,
  );
  const made = call('esql.date-diff', [coerced(unit, 'keyword', inner.context).expr, ...moments], span);
  return { expr: noted(made, span, 'null', inner.context), type: 'integer', span };
}

/** `DATE_FORMAT(pattern, moment)`, or of the moment alone in Elasticsearch's own way. */
function dateFormat(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any?'], inner);
  if (args === undefined) return inner.failed(span);
  const given = args.map((arg) => inner.typed(arg));
  const moment = given.at(-1);
  if (moment === undefined || !fits(moment, 'moment', 'date_format', inner)) return inner.failed(span);
  const type = isOf(moment.type, 'moment') ? moment.type : 'date';
  const value = coerced(moment, type, inner.context).expr;
  const [pattern] = given;
  if (given.length === 1 || pattern === undefined) {
    return { expr: call('esql.to-string', [call('esql.one-value', [value]), text(type)], span), type: 'keyword', span };
  }
  if (!fits(pattern, 'string', 'date_format', inner)) return inner.failed(span);
  const made = call('esql.date-format', [coerced(pattern, 'keyword', inner.context).expr, value], span);
  return { expr: noted(made, span, 'null', inner.context), type: 'keyword', span };
}

function dateTrunc(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['timespan', 'moment'], inner);
  const [first, second] = args ?? [];
  if (first === undefined || second === undefined) return inner.failed(span);
  const interval = intervalOf(inner.typed(first), inner);
  const moment = inner.typed(second);
  if (interval === undefined || !fits(moment, 'moment', 'date_trunc', inner)) return inner.failed(span);
  return truncated(moment, interval, span, inner);
}

/** `LOG(number)`, `LOG(base, number)`, `LOG10(number)` */
function logarithm(expr: EsqlCall, inner: Inner): Typed {
  const { span, name } = expr;
  const isTen = name.text.toLowerCase() === 'log10';
  const args = argumentsOf(expr, isTen ? ['number'] : ['number', 'number?'], inner);
  if (args === undefined) return inner.failed(span);
  const given = args.map((arg) => inner.typed(arg));
  if (!given.every((arg) => fits(arg, 'number', name.text, inner))) return inner.failed(span);
  const exprs = given.map((arg) => coerced(arg, 'double', inner.context).expr);
  const base: Expr = { kind: 'literal', type: 'real', value: isTen ? 10 : Math.E };
  const made = call('esql.log', exprs.length === 1 ? [base, ...exprs] : exprs, span);
  return { expr: noted(made, span, 'null', inner.context), type: 'double', span };
}

/** `KQL("…")` and `QSTR("…")`: a search of the index's fields in another language. */
function searchText(expr: EsqlCall, language: 'kuery' | 'query-string', inner: Inner): Typed {
  const { span, name } = expr;
  const args = argumentsOf(expr, ['string', 'any?'], inner);
  const [first, options] = args ?? [];
  if (first === undefined) return inner.failed(span);
  const query = inner.typed(first);
  const written = textOfConstant(query);
  const made = (condition: Expr): Typed => ({ expr: condition, type: 'boolean', span });
  if (written === undefined) {
    inner.report(diagnostic('esql/not-constant', { what: `the query of \`${name.text}\`` }, query.span));
    return made(FALSE);
  }
  if (inner.place.searches !== true || !inner.scope.searchable) {
    inner.report(diagnostic('esql/misplaced-search', { name: name.text }, span));
    return made(FALSE);
  }
  const known = optionsOf(options);
  const unread = [...known.keys()].find((key) => key !== 'case_insensitive' && key !== 'boost');
  if (unread !== undefined) {
    inner.report(
      diagnostic('unsupported/esql', { what: `the option \`${unread}\` of ${name.text.toUpperCase()}` }, span),
    );
    return made(FALSE);
  }
  const { searches, indices } = inner.context;
  const schema = inner.scope.open?.schema ?? indices.schema;
  const folds = known.get('case_insensitive') === true;
  const found = language === 'kuery' ? searches.kuery(written, schema, folds) : searches.queryString(written, schema);
  if ('condition' in found) return made(found.condition);
  inner.report(diagnostic('esql/bad-search', { reason: found.reason }, query.span));
  return made(FALSE);
}

function optionsOf(options: EsqlExpr | undefined): ReadonlyMap<string, unknown> {
  if (options?.kind !== 'map') return new Map();
  return new Map(
    options.entries.map(
      ({ key, value }) =>
        [key.value, 'value' in value ? value.value : 'text' in value ? value.text : undefined] as const,
    ),
  );
}

/** Options of MATCH that change nothing of what is found, but for `fuzziness`, which is read. */
const MATCH_OPTIONS: ReadonlySet<string> = new Set(['boost', 'fuzziness', 'lenient', 'max_expansions']);

/** `fuzziness`: so many changed characters are still the same; `AUTO` by the length of the text. */
function nearTo(subject: Typed, query: Typed, fuzziness: unknown, span: Span, inner: Inner): Typed {
  const written = textOfConstant(query);
  const isKeyword = subject.field !== undefined && (subject.type === 'keyword' || subject.type === 'unknown');
  if (written === undefined || !isKeyword) {
    inner.report(diagnostic('unsupported/esql', { what: 'fuzziness of what is no keyword' }, span));
    return inner.failed(span);
  }
  const byLength = written.length < 3 ? 0 : written.length < 6 ? 1 : 2;
  const edits = fuzziness === 'AUTO' || fuzziness === 'auto' ? byLength : Number(fuzziness);
  if (!(edits >= 0 && edits <= 2)) {
    const params = { what: '`fuzziness`', expected: '0, 1, 2 or "AUTO"', found: `\`${String(fuzziness)}\`` };
    inner.report(diagnostic('esql/wrong-type', params, span));
  }
  const value = coerced(subject, 'keyword', inner.context).expr;
  const made = call('esql.near', [value, text(written), literalOf(edits)], span);
  return { expr: made, type: 'boolean', span };
}

function searchField(expr: EsqlCall, mode: 'any' | 'phrase', inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any', 'any?'], inner);
  const [field, query, options] = args ?? [];
  if (field === undefined || query === undefined) return inner.failed(span);
  const known = optionsOf(options);
  const unread = [...known.keys()].find((key) => !MATCH_OPTIONS.has(key));
  if (unread !== undefined) {
    inner.report(diagnostic('unsupported/esql', { what: `the option \`${unread}\` of MATCH` }, span));
    return inner.failed(span);
  }
  const subject = inner.typed(field.kind === 'cast' ? field.item : field);
  const fuzziness = known.get('fuzziness');
  if (fuzziness !== undefined) return nearTo(subject, inner.typed(query), fuzziness, span, inner);
  return searched(subject, inner.typed(query), mode, span, inner);
}

/** `MV_LIKE` and `MV_RLIKE`: whether any of the values fits. */
function anyFits(expr: EsqlCall, kind: 'like' | 'rlike', inner: Inner): Typed {
  const { span } = expr;
  const [first, second] = argumentsOf(expr, ['string', 'string'], inner) ?? [];
  if (first === undefined || second === undefined) return inner.failed(span);
  const [subject, query] = [inner.typed(first), inner.typed(second)];
  const written = textOfConstant(query);
  if (written === undefined || !fits(subject, 'string', `mv_${kind}`, inner)) {
    if (written === undefined) inner.report(diagnostic('esql/not-constant', { what: 'the pattern' }, query.span));
    return inner.failed(span);
  }
  const pattern = patternOf(written, kind, query.span, inner);
  if (pattern === undefined) return inner.failed(span);
  const value = coerced(subject, 'keyword', inner.context).expr;
  const made: Expr = {
    kind: 'match',
    subject: value,
    pattern,
    collation: 'exact',
    quantifier: 'any',
    onMissing: 'null',
    span,
  };
  return { expr: made, type: 'boolean', span };
}

function distance(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['geo_point', 'geo_point'], inner);
  if (args === undefined) return inner.failed(span);
  const points = args.map((arg) => inner.typed(arg));
  if (!points.every((point) => fits(point, 'geo_point', 'st_distance', inner))) return inner.failed(span);
  const exprs = points.map((point) => coerced(point, 'geo_point', inner.context).expr);
  return {
    expr: noted(call('esql.distance', [...exprs, FALSE], span), span, 'null', inner.context),
    type: 'double',
    span,
  };
}

function bounded(expr: EsqlCall, fn: 'esql.greatest' | 'esql.least', inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any'], inner);
  if (args === undefined) return inner.failed(span);
  const values = args.map((arg) => inner.typed(arg));
  const type = shareType(values, 'the arguments', inner);
  if (type === undefined) return inner.failed(span);
  const exprs = values.map((value) => coerced(value, type, inner.context).expr);
  return {
    expr: noted(call(fn, [...exprs, text(type)], span), span, 'null', inner.context),
    type: asResult(type),
    span,
  };
}

/** Whether any of the values lies between two bounds, both of them. */
function inRange(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any', 'any'], inner);
  if (args === undefined) return inner.failed(span);
  const values = args.map((arg) => inner.typed(arg));
  const type = shareType(values, 'the arguments', inner);
  const [value = NULL, least = NULL, most = NULL] = values.map(
    (one) => coerced(one, type ?? 'null', inner.context).expr,
  );
  const variable = 'value';
  const element: Expr = { kind: 'raw', paths: [[]], keys: 'exact', arrays: 'strict', of: variable };
  const between = and([
    { kind: 'compare', op: '>=', left: element, right: least, nulls: 'unknown', many: 'null' },
    { kind: 'compare', op: '<=', left: element, right: most, nulls: 'unknown', many: 'null' },
  ]);
  const any: Expr = { kind: 'quantified', how: 'any', over: value, variable, body: between, span };
  const isNull: Expr = { kind: 'is-null', subject: value };
  return {
    expr: { kind: 'cond', branches: [{ when: isNull, then: NULL }], otherwise: any, span },
    type: 'boolean',
    span,
  };
}

/** `TRANGE(1 hour)`, `TRANGE(from, to)`: whether `@timestamp` lies in a stretch of time. */
function timeRange(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const args = argumentsOf(expr, ['any', 'any?'], inner);
  const column = inner.scope.column('@timestamp');
  if (args === undefined || column === undefined) return inner.failed(span);
  const name: EsqlExpr = { kind: 'name', parts: [{ text: '@timestamp', written: 'plain', span }], span };
  const [first, second] = args;
  if (first === undefined) return inner.failed(span);
  const now: EsqlExpr = { kind: 'call', name: { text: 'now', written: 'plain', span }, args: [], span };
  const isOffset = first.kind === 'timespan';
  const from: EsqlExpr = isOffset ? { kind: 'arithmetic', op: '-', left: now, right: first, span } : first;
  const low: EsqlExpr = { kind: 'comparison', op: isOffset ? '>' : '>=', left: name, right: from, span };
  const high: EsqlExpr = { kind: 'comparison', op: '<=', left: name, right: second ?? now, span };
  return inner.typed({ kind: 'and', items: [low, high], span });
}
