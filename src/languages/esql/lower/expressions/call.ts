import { diagnostic } from '../../../../base/diagnostic.ts';
import { didYouMean } from '../../../../base/did-you-mean.ts';
import { call, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { compileRegex } from '../../../../patterns/regex/index.ts';
import type { EsqlCall, EsqlExpr } from '../../ast.ts';
import {
  AGGREGATES,
  CONVERSIONS,
  FUNCTION_NAMES,
  parameterOf,
  SCALARS,
  type ScalarRow,
  UNSUPPORTED,
} from '../../functions.ts';
import { asResult, commonType, type EsqlType, type Family, isOf } from '../../types.ts';
import { lowerSpecial } from '../functions/special.ts';
import { argumentsOf, fits } from './arguments.ts';
import { coerced } from './coerce.ts';
import type { Inner } from './inner.ts';
import { noted } from './noted.ts';
import { type Typed, textOfConstant } from './typed.ts';

export function lowerCall(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const name = expr.name.text.toLowerCase();
  const scalar = SCALARS.get(name);
  if (scalar !== undefined) return lowerScalar(expr, name, scalar, inner);
  const conversion = CONVERSIONS.get(name);
  if (conversion !== undefined) return lowerConversion(expr, name, conversion, inner);
  const special = lowerSpecial(expr, name, inner);
  if (special !== undefined) return special;
  if (AGGREGATES.includes(name)) {
    inner.report(diagnostic('esql/misplaced-aggregate', { name: expr.name.text, where: inner.place.what }, span));
  } else if (UNSUPPORTED.has(name)) {
    inner.report(diagnostic('unsupported/esql-function', { name: expr.name.text.toUpperCase() }, expr.name.span));
  } else {
    const suggestions = didYouMean(name, FUNCTION_NAMES).map((one) => one.toUpperCase());
    inner.report(diagnostic('esql/unknown-function', { name: expr.name.text, suggestions }, expr.name.span));
  }
  return inner.failed(span);
}

function lowerScalar(expr: EsqlCall, name: string, row: ScalarRow, inner: Inner): Typed {
  const { span } = expr;
  const written = argumentsOf(expr, row.parameters, inner);
  if (written === undefined) return inner.failed(span);
  const given = written.map((arg) => inner.typed(arg));
  const families = given.map(
    (_, place): Family => parameterOf(row.parameters[place] ?? row.parameters.at(-1) ?? 'any').family,
  );
  if (!given.every((arg, place) => fits(arg, families[place] ?? 'any', name, inner))) return inner.failed(span);
  const shared = row.result === 'common' ? sharedType(given, inner) : undefined;
  if (row.result === 'common' && shared === undefined) return inner.failed(span);
  const args = given.map((arg, place) => taken(arg, shared ?? wantedOf(arg, families[place] ?? 'any'), inner));
  if (!checkRegex(name, args, inner)) return inner.failed(span);
  const [first] = args;
  const type =
    row.result === 'first'
      ? asResult(first?.type ?? 'null')
      : row.result === 'common'
        ? asResult(shared ?? 'null')
        : row.result;
  const exprs = args.map((arg) => arg.expr);
  const told = row.tells === undefined ? undefined : text(row.tells === 'result' ? type : (first?.type ?? 'null'));
  const all: readonly Expr[] = [
    ...(row.before ?? []).map((word) => text(word)),
    ...(row.tells === 'second' && told !== undefined ? [...exprs.slice(0, 1), told, ...exprs.slice(1)] : exprs),
    ...(row.tells === 'second' || told === undefined ? [] : [told]),
    ...(row.after ?? []).map((word) => text(word)),
  ];
  return { expr: noted(call(row.fn, all, span), span, 'null', inner.context), type, span };
}

/** A regular expression that is written in the query has to run. */
function checkRegex(name: string, args: readonly Typed[], inner: Inner): boolean {
  const [, pattern] = args;
  const written = name === 'replace' && pattern !== undefined ? textOfConstant(pattern) : undefined;
  if (written === undefined || pattern === undefined) return true;
  const compiled = compileRegex(written, { flavour: 'pcre', ignoreCase: false, flags: '', anchored: false });
  // Elasticsearch finds a wrong one when the query runs; one that is right there and does not run here must be told.
  if (!compiled.ok && isJavaRegex(written)) {
    inner.report(diagnostic('esql/bad-regex', { reason: compiled.reason }, pattern.span));
    return false;
  }
  return true;
}

/** Whether it is a regular expression at all; look-around and back-references are, and do not run in linear time. */
function isJavaRegex(source: string): boolean {
  try {
    return new RegExp(source) !== undefined;
  } catch {
    return false;
  }
}

/** What an argument is made into: of a field of no known type what the function asks for. */
function wantedOf({ type }: Typed, family: Family): EsqlType {
  switch (family) {
    case 'any':
      return type;
    case 'string':
      return type === 'source' ? 'source' : 'keyword';
    case 'number':
      return type === 'unknown' ? 'double' : type;
    case 'whole':
      return type === 'unknown' ? 'long' : type;
    case 'moment':
      return isOf(type, 'moment') ? type : 'date';
    case 'timespan':
      return type;
    default:
      return family as EsqlType;
  }
}

function taken(arg: Typed, wanted: EsqlType, inner: Inner): Typed {
  const given = coerced(arg, wanted, inner.context);
  // A field of no known type that may be anything stays what its values are.
  return given.type === 'unknown' ? { ...given, type: 'unknown' } : given;
}

function sharedType(args: readonly Typed[], inner: Inner): EsqlType | undefined {
  let shared: EsqlType = 'null';
  for (const arg of args) {
    const next = commonType(shared, arg.type);
    if (next === undefined) {
      const params = { what: 'the arguments', left: shared, right: arg.type };
      inner.report(diagnostic('esql/types-apart', params, arg.span));
      return undefined;
    }
    shared = next;
  }
  return shared;
}

/** Functions `TO_X`. */
function lowerConversion(expr: EsqlCall, name: string, type: EsqlType, inner: Inner): Typed {
  const { span } = expr;
  const written = argumentsOf(expr, ['any', 'any?'], inner);
  const [arg, option] = written ?? [];
  if (arg === undefined) return inner.failed(span);
  const value = inner.typed(arg);
  if (type === 'text') {
    const sound = fits(value, 'string', name, inner);
    return sound ? { ...inner.converted(value, 'keyword', span), type: 'text' } : inner.failed(span);
  }
  if (type === 'ip') {
    const zeros = zerosOf(name, option);
    const made = inner.converted(value, type, span);
    if (zeros === undefined || value.type === 'null') return made;
    const source = coerced(value, 'keyword', inner.context).expr;
    return { ...made, expr: noted(call('esql.to-ip', [source, text(zeros)], span), span, 'null', inner.context) };
  }
  if (option !== undefined && (type === 'integer' || type === 'long' || type === 'unsigned_long')) {
    const base = inner.typed(option);
    const made = call('esql.to-whole', [coerced(value, 'keyword', inner.context).expr, text(type), base.expr], span);
    return { expr: noted(made, span, 'null', inner.context), type, span };
  }
  return inner.converted(value, type, span);
}

/** What leading zeros in an address mean; undefined where they are refused. */
function zerosOf(name: string, option: EsqlExpr | undefined): string | undefined {
  if (name.endsWith('_octal')) return 'octal';
  if (name.endsWith('_decimal')) return 'decimal';
  if (option?.kind !== 'map') return undefined;
  const value = option.entries.find(({ key }) => key.value === 'leading_zeros')?.value;
  return value?.kind === 'string' && value.value !== 'reject' ? value.value : undefined;
}
