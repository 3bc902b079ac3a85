import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field } from '../../../../ir/construct.ts';
import type { Expr, Literal } from '../../../../ir/expr.ts';
import type { ColumnType, Plan } from '../../../../ir/plan/plan.ts';
import type { DatatableOperator, PrintOperator, RangeOperator } from '../../ast/index.ts';
import { isLoose, isNumber } from '../../types.ts';
import { declaredColumns } from '../columns/declared.ts';
import { freeName, nameOf, partsOf } from '../columns/naming.ts';
import { Columns, type Environment, type Table, type Typed } from '../scope.ts';
import { convert } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';

/** More rows than this are not written out. */
const MOST_ROWS = 1_000_000;

/** `print a, x = b`: one row. */
export function lowerPrint(node: PrintOperator, environment: Environment): Table {
  const columns: ColumnType[] = [];
  const row: Expr[] = [];
  const taken = new Set<string>();
  const add = (wanted: string, { expr, type }: Typed): void => {
    const name = freeName(wanted, (one) => taken.has(one));
    taken.add(name);
    columns.push({ name, type: type === 'unknown' ? 'dynamic' : type });
    row.push(expr);
  };
  for (const [index, column] of node.columns.entries()) {
    const value = lowerExpression(column.value, environment);
    const { names } = column;
    if (value.tuple === undefined) add(names[0]?.text ?? nameOf(column.value) ?? `print_${index}`, value);
    else for (const part of partsOf(value.tuple, column)) add(part.name, part);
  }
  return { plan: { kind: 'rows', columns, rows: [row] }, columns: new Columns(columns), shaped: true, made: [] };
}

/** `datatable (a: long, b: string) [1, "x", …]`: values row by row. */
export function lowerDatatable(node: DatatableOperator, environment: Environment): Table {
  const columns = declaredColumns(node.columns, environment);
  const rows: Expr[][] = [];
  for (const [index, value] of node.values.entries()) {
    const column = columns[index % columns.length];
    if (column === undefined) break;
    const lowered = lowerExpression(value, { ...environment, columns: undefined });
    if (index % columns.length === 0) rows.push([]);
    rows
      .at(-1)
      ?.push(lowered.type === column.type || lowered.type === 'unknown' ? lowered.expr : convert(lowered, column.type));
  }
  if (columns.length > 0 && node.values.length % columns.length !== 0) {
    const params = { name: 'datatable', expected: `a multiple of ${columns.length} values`, found: node.values.length };
    environment.context.report(diagnostic('kusto/argument-count', params, node.span));
  }
  return made({ kind: 'rows', columns, rows }, columns);
}

/** `range x from a to b step c`: constants are counted here, anything else when the query runs. */
export function lowerRange(node: RangeOperator, environment: Environment): Table {
  const bounds = [node.from, node.to, node.step].map((part) =>
    lowerExpression(part, { ...environment, columns: undefined }),
  );
  const first = bounds[0]?.type ?? 'long';
  const isReal = bounds.some((bound) => bound.type === 'real') && (isNumber(first) || isLoose(first));
  const type = isReal ? 'real' : first === 'int' || isLoose(first) ? 'long' : first;
  const columns: ColumnType[] = [{ name: node.column.text, type: type === 'unknown' ? 'long' : type }];
  const [from, to, step] = bounds.map(({ expr }) => (expr.kind === 'literal' ? expr : undefined));
  if (from === undefined || to === undefined || step === undefined) return computedRange(node, bounds, columns);
  const rows = steps(from, to, step);
  if (rows === undefined) environment.context.report(diagnostic('kusto/too-large', { what: 'the range' }, node.span));
  return made(
    {
      kind: 'rows',
      columns,
      rows: (rows ?? []).map((value) => [{ kind: 'literal', type: first === 'int' ? 'long' : from.type, value }]),
    },
    columns,
  );
}

/** A range whose bounds only the run knows: an array, a row for each of its elements. */
function computedRange(
  { column, span }: RangeOperator,
  bounds: readonly Typed[],
  columns: readonly ColumnType[],
): Table {
  const all = call(
    'kusto.range',
    bounds.map(({ expr }) => expr),
    span,
  );
  const one: Plan = { kind: 'rows', columns: [{ name: '$range', type: 'dynamic' }], rows: [[all]] };
  const unnested: Plan = {
    kind: 'unnest',
    input: one,
    columns: [{ name: '$value', expr: field('$range'), maps: 'whole' }],
    whenEmpty: 'drop',
  };
  const type = columns[0]?.type ?? 'long';
  const value = convert({ expr: field('$value'), type: 'dynamic' }, type);
  return made({ kind: 'project', input: unnested, columns: [{ name: column.text, expr: value }] }, columns);
}

function steps(from: Literal, to: Literal, step: Literal): readonly (string | number)[] | undefined {
  const values: (string | number)[] = [];
  if ([from, to, step].some((literal) => literal.type === 'real')) {
    const [start, end, by] = [Number(from.value), Number(to.value), Number(step.value)];
    if (!(Math.abs(by) > 0)) return [];
    for (let index = 0; by > 0 ? start + index * by <= end : start + index * by >= end; index += 1) {
      if (values.length >= MOST_ROWS) return undefined;
      values.push(start + index * by);
    }
    return values;
  }
  if ([from, to, step].some((literal) => typeof literal.value !== 'string' || !/^-?\d+$/.test(literal.value)))
    return [];
  const [start, end, by] = [from, to, step].map((literal) => BigInt(String(literal.value)));
  if (start === undefined || end === undefined || by === undefined || by === 0n) return [];
  for (let value = start; by > 0n ? value <= end : value >= end; value += by) {
    if (values.length >= MOST_ROWS) return undefined;
    values.push(value.toString());
  }
  return values;
}

function made(plan: Plan, columns: readonly ColumnType[]): Table {
  return { plan, columns: new Columns(columns), shaped: true, made: [] };
}
