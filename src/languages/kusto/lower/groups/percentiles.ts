import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, list, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { AggregateName } from '../../../../ir/plan/plan.ts';
import type { CallExpression, Expression } from '../../ast/index.ts';
import { isLoose, isNumber, type KustoType } from '../../types.ts';
import { nameOf } from '../columns/naming.ts';
import { GATHERED } from '../functions/aggregates.ts';
import { accepts, IN_WORDS } from '../functions/parameter.ts';
import type { Environment, Typed } from '../scope.ts';
import { asType } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';

/** Aggregates of which several values may come, each with a column of its own. */
interface Form {
  readonly weighted: boolean;
  /** One percentile, several columns, or one array. */
  readonly gives: 'one' | 'columns' | 'array';
}

const PERCENTILES: ReadonlyMap<string, Form> = new Map([
  ['percentile', { weighted: false, gives: 'one' }],
  ['percentiles', { weighted: false, gives: 'columns' }],
  ['percentiles_array', { weighted: false, gives: 'array' }],
  ['percentilew', { weighted: true, gives: 'one' }],
  ['percentilesw', { weighted: true, gives: 'columns' }],
  ['percentilesw_array', { weighted: true, gives: 'array' }],
]);

export function isGathered(name: string): boolean {
  return GATHERED.has(name);
}

/** Makes an aggregate of a hidden column, and gives what reads it. */
type Gather = (fn: AggregateName, args: readonly Expr[]) => Expr;

/** `percentile` and `covariance` and their like, which need all values at once; undefined for any other aggregate. */
export function gatheredLists(node: CallExpression, environment: Environment, gather: Gather): Typed | undefined {
  const form = PERCENTILES.get(node.name.text);
  if (form !== undefined) return percentiles(node, form, environment, gather);
  return isGathered(node.name.text) ? covariance(node, environment, gather) : undefined;
}

function percentiles(node: CallExpression, form: Form, environment: Environment, gather: Gather): Typed {
  const { context } = environment;
  const before = form.weighted ? 2 : 1;
  const least = before + 1;
  if (node.args.length < least || (form.gives === 'one' && node.args.length > least)) {
    const expected = form.gives === 'one' ? `${least} arguments` : `at least ${least} arguments`;
    const params = { name: node.name.text, expected, found: node.args.length };
    context.report(diagnostic('kusto/argument-count', params, node.span));
    return { expr: NULL, type: 'unknown' };
  }
  const [value, weight] = node.args.slice(0, before).map((arg) => lowerExpression(arg.value, environment));
  if (value === undefined) return { expr: NULL, type: 'unknown' };
  if (!accepts('dated', value.type) && !isLoose(value.type)) {
    const params = { name: node.name.text, parameter: 1, expected: IN_WORDS.dated, found: value.type };
    context.report(diagnostic('kusto/argument-type', params, node.args[0]?.span ?? node.span));
  }
  const outside: Environment = { ...environment, columns: undefined };
  const wanted = node.args.slice(before).map((arg) => ({ arg, percentile: lowerExpression(arg.value, outside) }));
  for (const { arg, percentile } of wanted) {
    if (isNumber(percentile.type) || isLoose(percentile.type)) continue;
    const params = { name: node.name.text, parameter: before + 1, expected: IN_WORDS.number, found: percentile.type };
    context.report(diagnostic('kusto/argument-type', params, arg.span));
  }
  const expr = isLoose(value.type) ? asType(value, 'real') : value.expr;
  const values = gather(form.weighted ? 'make-list-all' : 'make-list', [expr]);
  const weights = weight === undefined ? [] : [gather('make-list-all', [weight.expr])];
  const type: KustoType = isLoose(value.type) ? 'real' : value.type;
  if (form.gives === 'array') {
    const [only] = wanted;
    const asked =
      only !== undefined && wanted.length === 1 && only.percentile.type === 'dynamic'
        ? only.percentile.expr
        : list(wanted.map(({ percentile }) => percentile.expr));
    return { expr: call('kusto.percentiles', [values, asked, ...weights], node.span), type: 'dynamic' };
  }
  const several = wanted.map(({ arg, percentile }) => ({
    name: `percentile_${nameOf(node.args[0]?.value ?? arg.value) ?? ''}_${written(arg.value)}`,
    expr: call('kusto.percentile', [values, percentile.expr, ...weights], node.span),
    type,
  }));
  return { expr: several[0]?.expr ?? NULL, type, several };
}

/** A percentile as the name of a column has it. */
function written(node: Expression): string {
  return node.kind === 'literal' ? String(node.value).replace('.', '_') : (nameOf(node) ?? '');
}

function covariance(node: CallExpression, environment: Environment, gather: Gather): Typed {
  const isIf = node.name.text.endsWith('if');
  const expected = isIf ? 3 : 2;
  if (node.args.length !== expected) {
    const params = { name: node.name.text, expected: `${expected} arguments`, found: node.args.length };
    environment.context.report(diagnostic('kusto/argument-count', params, node.span));
    return { expr: NULL, type: 'unknown' };
  }
  const [left, right, when] = node.args.map((arg) => lowerExpression(arg.value, environment));
  if (left === undefined || right === undefined) return { expr: NULL, type: 'unknown' };
  const [lefts, rights] = [left, right].map((value): Expr => {
    const number = asType(value, 'real');
    // Of what does not fulfil the condition there is no pair.
    const of: Expr =
      when === undefined ? number : { kind: 'cond', branches: [{ when: when.expr, then: number }], otherwise: NULL };
    return gather('make-list-all', [of]);
  });
  const measure = node.name.text.replace(/if$/, '');
  return { expr: call('kusto.covariance', [text(measure), lefts ?? NULL, rights ?? NULL], node.span), type: 'real' };
}

export function gatheredName(node: CallExpression): string {
  const first = node.args[0]?.value;
  const of = first === undefined ? '' : (nameOf(first) ?? '');
  const form = PERCENTILES.get(node.name.text);
  if (form === undefined) return `${node.name.text}_${of}`;
  if (form.gives === 'array') return `percentiles_${of}`;
  const last = node.args[form.weighted ? 2 : 1]?.value;
  return `percentile_${of}_${last === undefined ? '' : written(last)}`;
}
