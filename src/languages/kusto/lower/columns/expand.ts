import { diagnostic } from '../../../../base/diagnostic.ts';
import { field } from '../../../../ir/construct.ts';
import type { NamedExpr, Plan, UnnestColumn } from '../../../../ir/plan/plan.ts';
import type { ApplyOperator, ExpandOperator, Operator } from '../../ast/index.ts';
import { isLoose } from '../../types.ts';
import { optionWord } from '../option.ts';
import { broken, type Column, Columns, type Environment, type Table } from '../scope.ts';
import { constantWhole, convert } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';
import { nameOf, numberedName } from './naming.ts';

type ExpandNode = Operator & (ExpandOperator | ApplyOperator);

/** `mv-expand`: a row for each element; a value that is no array is its only one, and an empty array has none. */
export function lowerExpand(node: Operator & ExpandOperator, input: Table, environment: Environment): Table {
  return expanded(node, input, environment) ?? broken(input);
}

function expanded(node: ExpandNode, input: Table, environment: Environment): Table | undefined {
  const { context } = environment;
  const maps = optionWord(node.options, 'bagexpansion') ?? optionWord(node.options, 'kind');
  const index = optionWord(node.options, 'with_itemindex');
  const most =
    node.limit === undefined
      ? undefined
      : constantWhole(lowerExpression(node.limit, { ...environment, columns: undefined }));
  if (node.limit !== undefined && most === undefined)
    context.report(diagnostic('kusto/constant-needed', { what: 'the number of rows' }, node.limit.span));
  const unnested: UnnestColumn[] = [];
  const converted: NamedExpr[] = [];
  const columns: Column[] = [];
  for (const { column, type } of node.columns) {
    const value = lowerExpression(column.value, environment);
    if (column.names.length > 1) {
      context.report(diagnostic('unsupported/kusto-operator', { name: 'several columns of one value' }, column.span));
      return undefined;
    }
    if (!isLoose(value.type)) {
      const params = { expected: 'dynamic', found: value.type };
      const hints = ['make an array of it: parse_json(), split(), pack_array()'];
      context.report(diagnostic('kusto/expected-type', params, column.value.span, { hints }));
      return undefined;
    }
    const name = column.names[0]?.text ?? nameOf(column.value) ?? numberedName((one) => input.columns.has(one));
    unnested.push({ name, expr: value.expr, maps: maps === 'array' ? 'pairs' : 'entries' });
    const to = type?.type;
    if (to !== undefined && to !== 'dynamic')
      converted.push({ name, expr: convert({ expr: field(name), type: 'dynamic' }, to) });
    columns.push({ name, type: to ?? 'dynamic' });
  }
  if (index !== undefined) columns.push({ name: index, type: 'long' });
  const unnest: Plan = {
    kind: 'unnest',
    input: input.plan,
    columns: unnested,
    ...(index !== undefined && { index }),
    whenEmpty: 'drop',
    ...(most !== undefined && { most: Number(most) }),
  };
  const plan: Plan = converted.length === 0 ? unnest : { kind: 'extend', input: unnest, columns: converted };
  const made = [...new Set([...input.made, ...columns.map(({ name }) => name)])];
  return { plan, columns: input.columns.with(columns), shaped: input.shaped, made };
}

/** `mv-apply`: a pipe over the elements of each row, whose columns are there beside those that the pipe gives. */
export function lowerApply(node: Operator & ApplyOperator, input: Table, environment: Environment): Table {
  const { context } = environment;
  const wanted = context.wantedOf(node);
  const { list, open } = input.columns;
  const group = 'row';
  const known = list.map(({ name, type }) => ({ name, type: type === 'unknown' ? ('dynamic' as const) : type }));
  const extra = open ? [...wanted.names].filter((name) => !input.columns.has(name)) : [];
  for (const name of extra) input.columns.want(name);
  const leaf: Plan = {
    kind: 'input',
    name: group,
    columns: [...known, ...extra.map((name) => ({ name, type: 'dynamic' as const }))],
  };
  const row: Table = {
    plan: leaf,
    columns: new Columns(list, open, [...input.columns.wanted, ...(open ? [wanted] : [])], input.columns.failed),
    shaped: true,
    made: [],
  };
  const elements = expanded(node, row, { ...environment, columns: row.columns });
  if (elements === undefined) return broken(input);
  const body = environment.operators(node.body, elements);
  if (body.columns.failed) return broken(input);
  // What the pipe gives stands in the place of what the row has by that name.
  input.columns.all();
  const kept = [...list.map(({ name }) => name), ...extra].filter((name) => !body.columns.has(name));
  const plan: Plan = {
    kind: 'apply',
    input: input.plan,
    by: null,
    body: body.plan,
    group,
    keep: kept.map((name) => ({ name, expr: field(name) })),
  };
  const columns = new Columns(list, open, open ? [wanted] : []).with(body.columns.list);
  return { plan, columns, shaped: true, made: [] };
}
