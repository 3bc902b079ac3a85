import { isJsonObject, type Json } from '../../../base/json.ts';
import type { Unpack } from '../../../ir/plan/plan.ts';
import { DateTime, TimeSpan, type Value } from '../../../values/value.ts';
import { compileExpr } from '../compile.ts';
import type { Clock, Row } from '../row.ts';

/** More members than this make no columns. */
const MOST_COLUMNS = 10_000;

export function compileUnpack(
  { bag, prefix, without, drops, clash }: Unpack,
  clock: Clock,
): (row: Row) => readonly Row[] {
  const evaluate = compileExpr(bag, clock);
  const left = new Set(without);
  return (row) => {
    const columns = new Map(row.columns);
    const value = evaluate(row);
    for (const name of drops) columns.delete(name);
    const isBag = isJsonObject(value) && !(value instanceof DateTime) && !(value instanceof TimeSpan);
    for (const [key, member] of isBag ? Object.entries(value).slice(0, MOST_COLUMNS) : []) {
      const name = prefix + key;
      if (left.has(key) || (clash === 'column' && columns.has(name))) continue;
      columns.set(name, memberValue(member));
    }
    return [{ ...row, columns }];
  };
}

/** A whole number is a long, as in any other column. */
function memberValue(member: Json): Value {
  return typeof member === 'number' && Number.isSafeInteger(member) ? BigInt(member) : member;
}
