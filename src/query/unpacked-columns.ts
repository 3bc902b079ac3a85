import type { Json } from '../base/json.ts';
import type { ColumnType, Plan } from '../ir/plan/plan.ts';
import type { ValueType } from '../ir/types.ts';
import { columnsOf } from '../passes/columns.ts';
import { typeOfValue } from './query-tables.ts';

/** The columns of the rows, with those that are known from the rows alone; their types are those of all their values. */
export function withUnpacked(
  plan: Plan,
  columns: readonly ColumnType[],
  rows: readonly Readonly<Record<string, Json>>[],
): readonly ColumnType[] {
  if (!columnsOf(plan).open.some(({ kind }) => kind === 'unpack')) return columns;
  const known = new Set(columns.map(({ name }) => name));
  const more = new Map<string, ValueType | undefined>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (known.has(name) || name.startsWith('$')) continue;
      const type = typeOfValue(value);
      const before = more.get(name);
      more.set(name, before === undefined || type === undefined || before === type ? (type ?? before) : 'dynamic');
    }
  }
  const added = [...more].sort(([a], [b]) => (a < b ? -1 : 1));
  return [...columns, ...added.map(([name, type]) => ({ name, type: type ?? 'dynamic' }))];
}
