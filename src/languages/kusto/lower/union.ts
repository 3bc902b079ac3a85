import { diagnostic } from '../../../base/diagnostic.ts';
import { field, text } from '../../../ir/construct.ts';
import type { NamedExpr, Plan } from '../../../ir/plan.ts';
import type { Option, UnionOperator } from '../ast/index.ts';
import type { KustoType } from '../types.ts';
import { type Column, Columns, type Context, type Table } from './scope.ts';

export interface UnionInput {
  readonly table: Table;
  /** For `withsource`. */
  readonly name: string;
}

/**
 * `union`: the columns of all inputs (`kind=outer`) or those that all have (`kind=inner`); columns of one name and several
 * types become one for each type, `x_long` and `x_string`. `isfuzzy` needs nothing: a table that is
 * not in the logs gives no rows in any case.
 */
export function lowerUnion(
  node: UnionOperator,
  inputs: readonly UnionInput[],
  context: Context,
  pruned: boolean,
): Table {
  const option = (name: string): Option | undefined => node.options.find((one) => one.name.text === name);
  const word = (name: string): string | undefined => {
    const value = option(name)?.value;
    if (value?.kind === 'name') return value.name;
    return value?.kind === 'literal' ? String(value.value) : undefined;
  };
  const source = word('withsource') ?? word('with_source');
  const open = inputs.some((input) => input.table.columns.open);
  const failed = inputs.some((input) => input.table.columns.failed);
  const inner = word('kind') === 'inner';
  if (inner && open && !failed) {
    const name = 'union kind=inner of a table whose columns are not known';
    context.report(diagnostic('unsupported/kusto-operator', { name }, node.span));
  }
  const merged = mergeColumns(
    inputs.map((input) => input.table.columns),
    inner,
    open,
  );
  const wanted = context.wantedOf(node.inputs);
  const carried = merged.filter((column) => !pruned || wanted.all || wanted.names.has(column.name));
  const extra = open
    ? [...wanted.names].filter((name) => name !== source && !merged.some((column) => column.name === name))
    : [];
  const list: Column[] = [
    ...(source === undefined ? [] : [{ name: source, type: 'string' as const }]),
    ...merged.map(({ name, type }) => ({ name, type })),
  ];
  const plans = inputs.map((input): Plan => {
    const columns: NamedExpr[] = source === undefined ? [] : [{ name: source, expr: text(input.name) }];
    for (const column of carried) {
      if (column.from === undefined) columns.push({ name: column.name, expr: field(column.name) });
      else if (input.table.columns.typeOf(column.from) === column.type)
        columns.push({ name: column.name, expr: field(column.from) });
      else columns.push({ name: column.name, expr: absent(column.type) });
    }
    const present = columns.filter(
      (column) =>
        column.expr.kind !== 'field' ||
        input.table.columns.open ||
        input.table.columns.typeOf(column.expr.name) !== undefined,
    );
    for (const name of extra) if (input.table.columns.open) present.push({ name, expr: field(name) });
    for (const column of carried) {
      const has = present.some((one) => one.name === column.name);
      if (!has) present.push({ name: column.name, expr: absent(column.type) });
    }
    const order = new Map(
      [...(source === undefined ? [] : [source]), ...carried.map((column) => column.name)].map((name, index) => [
        name,
        index,
      ]),
    );
    present.sort((a, b) => (order.get(a.name) ?? order.size) - (order.get(b.name) ?? order.size));
    return alreadyShaped(input.table, present)
      ? input.table.plan
      : { kind: 'project', input: input.table.plan, columns: present };
  });
  for (const input of inputs) if (wanted.all) input.table.columns.all();
  const shaped = inputs.every((input) => input.table.shaped);
  const made = [...(source === undefined ? [] : [source]), ...inputs.flatMap((input) => input.table.made)];
  const [only] = plans;
  const plan: Plan = plans.length === 1 && only !== undefined ? only : { kind: 'union', inputs: plans };
  return { plan, columns: new Columns(list, open, [wanted], failed), shaped, made: [...new Set(made)] };
}

interface Merged extends Column {
  /** The name it has in the inputs, where a type was added to it. */
  readonly from: string | undefined;
}

function mergeColumns(inputs: readonly Columns[], inner: boolean, open: boolean): readonly Merged[] {
  const types = new Map<string, KustoType[]>();
  for (const columns of inputs) {
    for (const { name, type } of columns.list) {
      const known = types.get(name) ?? [];
      if (!known.includes(type)) known.push(type);
      types.set(name, known);
    }
  }
  const merged: Merged[] = [];
  for (const [name, found] of types) {
    if (inner && !inputs.every((columns) => columns.has(name))) continue;
    const firm = found.filter((type) => type !== 'unknown');
    const [only] = firm;
    if (firm.length <= 1 || open)
      merged.push({ name, type: firm.length <= 1 ? (only ?? 'unknown') : 'unknown', from: undefined });
    else for (const type of firm) merged.push({ name: `${name}_${type}`, type, from: name });
  }
  return merged;
}

function absent(type: KustoType): NamedExpr['expr'] {
  if (type === 'string') return text('');
  return { kind: 'literal', type: type === 'unknown' ? 'dynamic' : type, value: null };
}

/** Whether a table already has exactly these columns, so that no projection is needed. */
function alreadyShaped(table: Table, columns: readonly NamedExpr[]): boolean {
  if (!table.shaped || table.columns.open || table.columns.list.length !== columns.length) return false;
  return columns.every(({ name, expr }, index) => {
    return table.columns.list[index]?.name === name && expr.kind === 'field' && expr.name === name;
  });
}
