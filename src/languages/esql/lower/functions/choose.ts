import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { call, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { EsqlCall } from '../../ast.ts';
import { asResult, commonType, type EsqlType, isOf } from '../../types.ts';
import { argumentsOf } from '../expressions/arguments.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
import { noted } from '../expressions/noted.ts';
import { type Typed, textOfConstant } from '../expressions/typed.ts';

/** Whatever the given values share as a type; a diagnostic, and undefined, where they share none. */
export function shareType(values: readonly Typed[], what: string, inner: Inner): EsqlType | undefined {
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
export function lowerCase(expr: EsqlCall, inner: Inner): Typed {
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
  if (values.some(({ constant }) => constant?.kind === 'timespan')) {
    const chosen = chosenTimespan(conditions, values);
    if (chosen !== undefined) return { ...chosen, span };
    inner.report(diagnostic('esql/not-constant', { what: 'a condition by which CASE chooses a timespan' }, span));
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

/** Timespans are no values of a row: which one it is has to stand in the query. */
function chosenTimespan(conditions: readonly { readonly when: Expr }[], values: readonly Typed[]): Typed | undefined {
  for (const [at, { when }] of conditions.entries()) {
    if (when.kind !== 'literal') return undefined;
    if (when.value === true) return values[at];
  }
  return values[conditions.length];
}

export function lowerCoalesce(expr: EsqlCall, inner: Inner): Typed {
  const { span } = expr;
  const shared = sharedArguments(expr, ['any', 'any*'], 'the arguments of COALESCE', inner);
  if (shared === undefined) return inner.failed(span);
  return { expr: call('esql.coalesce', shared.exprs, span), type: asResult(shared.type), span };
}

export function bounded(expr: EsqlCall, fn: 'esql.greatest' | 'esql.least', inner: Inner): Typed {
  const { span } = expr;
  const shared = sharedArguments(expr, ['any', 'any'], 'the arguments', inner);
  if (shared === undefined) return inner.failed(span);
  const made = call(fn, [...shared.exprs, text(shared.type)], span);
  return { expr: noted(made, span, 'null', inner.context), type: asResult(shared.type), span };
}

/** The arguments as values of the type that they share. */
function sharedArguments(
  expr: EsqlCall,
  kinds: Parameters<typeof argumentsOf>[1],
  what: string,
  inner: Inner,
): { readonly exprs: readonly Expr[]; readonly type: EsqlType } | undefined {
  const values = argumentsOf(expr, kinds, inner)?.map((arg) => inner.typed(arg));
  const type = values && shareType(values, what, inner);
  if (values === undefined || type === undefined) return undefined;
  return { exprs: values.map((value) => coerced(value, type, inner.context).expr), type };
}
