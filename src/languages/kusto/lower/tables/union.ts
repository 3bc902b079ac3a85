import { diagnostic } from '../../../../base/diagnostic.ts';
import { field, text } from '../../../../ir/construct.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { Option, UnionOperator } from '../../ast/index.ts';
import type { KustoType } from '../../types.ts';
import { type Column, Columns, type Context, type Table } from '../scope.ts';

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
export function lowerUnion(node: UnionOperator, inputs: readonly UnionInput[], context: Context): Table {
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
  const carried = merged.filter((column) => wanted.all || wanted.names.has(column.name));
  const known = new Set(merged.map((column) => column.name));
  const extra = open ? [...wanted.names].filter((name) => name !== source && !known.has(name)) : [];
  const list: Column[] = [
    ...(source === undefined ? [] : [{ name: source, type: 'string' as const }]),
    ...merged.map(({ name, type }) => ({ name, type })),
  ];
  const plans = inputs.map(({ table, name: called }): Plan => {
    const columns: NamedExpr[] = source === undefined ? [] : [{ name: source, expr: text(called) }];
    columns.push(...carried.map((column) => ({ name: column.name, expr: carriedFrom(column, table.columns) })));
    if (table.columns.open) columns.push(...extra.map((name) => ({ name, expr: field(name) })));
    return alreadyShaped(table, columns) ? table.plan : { kind: 'project', input: table.plan, columns };
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
      const known = types.get(name);
      if (known === undefined) types.set(name, [type]);
      else if (!known.includes(type)) known.push(type);
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

/** A column of the result as one input has it. */
function carriedFrom({ name, type, from }: Merged, columns: Columns): NamedExpr['expr'] {
  const own = columns.typeOf(from ?? name);
  // Of several types under one name each has its column, and an input fills that of its own.
  const isIts = from === undefined ? own !== undefined || columns.open : own === type;
  return isIts ? field(from ?? name) : absent(type);
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
