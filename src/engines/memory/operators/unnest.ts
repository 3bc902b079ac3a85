import { isJsonObject } from '../../../base/json.ts';
import type { Unnest, UnnestColumn } from '../../../ir/plan/plan.ts';
import { DateTime, TimeSpan, type Value } from '../../../values/value.ts';
import { compileExpr } from '../compile.ts';
import type { Clock, Row } from '../row.ts';

/** One row for each element; the columns go side by side, the shorter ones filled with nulls. */
export function compileUnnest({ columns, index, whenEmpty, most }: Unnest, clock: Clock): (row: Row) => readonly Row[] {
  const lists = columns.map(({ name, expr, maps }) => ({ name, maps, evaluate: compileExpr(expr, clock) }));
  return (row) => {
    const found = lists.map(({ name, maps, evaluate }) => ({ name, elements: elementsIn(evaluate(row), maps) }));
    const longest = Math.max(0, ...found.map(({ elements }) => elements.length));
    const made = (at: number | undefined): Row => {
      const cells = new Map(row.columns);
      for (const { name, elements } of found) cells.set(name, (at === undefined ? null : elements[at]) ?? null);
      if (index !== undefined) cells.set(index, at === undefined ? null : BigInt(at));
      return { ...row, columns: cells };
    };
    const count = Math.min(longest, most ?? longest);
    if (count > 1) clock.budget?.make(count);
    if (longest === 0) return whenEmpty === 'null' ? [made(undefined)] : [];
    return Array.from({ length: count }, (_, at) => made(at));
  };
}

function elementsIn(value: Value, maps: UnnestColumn['maps']): readonly Value[] {
  if (Array.isArray(value)) return value;
  const isMap = isJsonObject(value) && !(value instanceof DateTime) && !(value instanceof TimeSpan);
  if (!isMap || maps === 'whole') return [value];
  return Object.entries(value).map(([key, member]) => (maps === 'pairs' ? [key, member] : { [key]: member }));
}
