import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, NULL, not, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import type { Expression, ListExpression } from '../../ast/index.ts';
import { isLoose, isNumber } from '../../types.ts';
import type { Column, Environment, Scope, Table, Typed } from '../scope.ts';
import { asText, asType, convert } from '../values/convert.ts';

/** Queries inside expressions: each is a shared plan, which runs once. */

/** Whether an expression among values gives a table. */
export function isTabular(node: Expression, { scope, columns, context }: Environment): boolean {
  if (node.kind === 'name' && columns?.has(node.name) === true) return false;
  return givesTable(node, scope) ?? (node.kind === 'name' && context.schema.fieldNames(node.name) !== undefined);
}

/** Undefined for a name that only the schema may know. */
function givesTable(node: Expression, scope: Scope): boolean | undefined {
  if (node.kind === 'pipe' || node.kind === 'source') return true;
  if (node.kind !== 'name' && node.kind !== 'call') return false;
  const bound = scope.lookup(node.kind === 'name' ? node.name : node.name.text);
  if (bound === undefined) return node.kind === 'name' ? undefined : ['materialize', 'table'].includes(node.name.text);
  if (bound.kind !== 'function') return bound.kind === 'table';
  const { body, parameters } = bound.declaration;
  const result = body.findLast((statement) => statement.kind === 'expression');
  if (result?.kind !== 'expression') return false;
  const isParameter = ({ value }: typeof result): boolean =>
    value.kind === 'name' &&
    parameters.some(
      ({ name, type }) =>
        name.text === (value.kind === 'name' ? value.name : '') && (type === null || 'length' in type),
    );
  return isParameter(result) || (givesTable(result.value, bound.scope) ?? false);
}

/** `toscalar(T)`: the first column of the first row. */
export function scalarOf(node: Expression, environment: Environment): Typed {
  const table = environment.table(node);
  const column = firstColumn(table, 'toscalar', node, environment);
  if (column === undefined) return { expr: NULL, type: 'unknown' };
  const { name, type } = column;
  const input: Plan = { kind: 'limit', input: table.plan, count: 1 };
  const plan: Plan = { kind: 'project', input, columns: [{ name, expr: field(name) }] };
  return { expr: scalarOfPlan(plan, name, environment), type };
}

function scalarOfPlan(plan: Plan, column: string, { context }: Environment): Expr {
  return { kind: 'scalar-of', plan: { name: context.share(plan), column } };
}

/** `in (T)`, `has_any (T)` and their like: the values of the first column of a table. */
export function lowerInTable(node: ListExpression, item: Expression, subject: Typed, environment: Environment): Typed {
  const table = environment.table(item);
  const column = firstColumn(table, node.operator, item, environment);
  if (column === undefined) return { expr: NULL, type: 'bool' };
  const negated = node.operator.startsWith('!');
  const operator = negated ? node.operator.slice(1) : node.operator;
  const test =
    operator === 'in' || operator === 'in~'
      ? among(operator, subject, table, column, environment)
      : terms(operator, subject, table, column, environment);
  return { expr: negated ? not(test, node.span) : test, type: 'bool' };
}

function among(operator: 'in' | 'in~', subject: Typed, table: Table, column: Column, { context }: Environment): Expr {
  const { name, type } = column;
  const member: Typed = { expr: field(name), type };
  const textual = operator === 'in~' || subject.type === 'string' || type === 'string';
  const [value, other] = textual ? [totalText(subject), totalText(member)] : sameType(subject, member);
  const plan: Plan = { kind: 'project', input: table.plan, columns: [{ name, expr: other }] };
  const collation = operator === 'in~' ? 'ignore-case' : 'exact';
  return {
    kind: 'in-plan',
    subject: value,
    plan: { name: context.share(plan), column: name },
    collation,
    nulls: 'total',
  };
}

/** Text has no null: what is missing is empty. */
function totalText(value: Typed): Expr {
  const expr = asText(value);
  return { kind: 'cond', branches: [{ when: { kind: 'is-null', subject: expr }, then: text('') }], otherwise: expr };
}

function sameType(one: Typed, other: Typed): readonly [Expr, Expr] {
  if (isLoose(one.type)) return [asType(one, other.type), other.expr];
  if (isLoose(other.type)) return [one.expr, asType(other, one.type)];
  if (one.type === other.type || (isNumber(one.type) && isNumber(other.type))) return [one.expr, other.expr];
  return [one.expr, one.type === 'unknown' ? other.expr : convert(other, one.type)];
}

/** The needles are those of all rows, as one array. */
function terms(operator: string, subject: Typed, table: Table, column: Column, environment: Environment): Expr {
  const needles: Plan = {
    kind: 'summarize',
    input: table.plan,
    by: [],
    aggregates: [{ names: ['needles'], fn: 'make-set', args: [field(column.name)] }],
  };
  const list = scalarOfPlan(needles, 'needles', environment);
  return call(operator === 'has_all' ? 'kusto.has-all' : 'kusto.has-any', [asText(subject), list]);
}

function firstColumn(table: Table, operator: string, node: Expression, { context }: Environment): Column | undefined {
  const [first] = table.columns.list;
  if (table.columns.failed) return undefined;
  if (first === undefined || (table.columns.open && !table.shaped)) {
    const name = `${operator} (a table whose columns are not known)`;
    context.report(diagnostic('unsupported/kusto-operator', { name }, node.span));
    return undefined;
  }
  table.columns.typeOf(first.name);
  return first;
}
