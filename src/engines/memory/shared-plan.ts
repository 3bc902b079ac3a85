import type { InPlan, PlanColumn } from '../../ir/expr.ts';
import { keyOf } from '../../values/key.ts';
import type { Truth, Value } from '../../values/value.ts';
import type { Clock, Row } from './row.ts';

/** The rows of a shared plan. Passes leave no expression over one to an engine that runs without the query. */
export function sharedRows(name: string, clock: Clock): readonly Row[] {
  if (clock.shared === undefined)
    throw new Error(`the shared plan ${name} reached an engine that runs no shared plans`);
  return clock.shared(name);
}

/** Whether a value is among those of the plan's column, which are read once. */
export function compileMembership({ plan, collation, nulls }: InPlan, clock: Clock): (value: Value) => Truth {
  const keyIn = (value: Value): string =>
    keyOf(collation === 'ignore-case' && typeof value === 'string' ? value.toLowerCase() : value);
  let read: { readonly keys: ReadonlySet<string>; readonly hasNull: boolean } | undefined;
  return (value) => {
    read ??= membersOf(plan, keyIn, clock);
    const { keys, hasNull } = read;
    if (nulls === 'total') return (value ?? null) === null ? hasNull : keys.has(keyIn(value));
    if (keys.size === 0 && !hasNull) return false;
    if ((value ?? null) === null) return null;
    return keys.has(keyIn(value)) || (hasNull ? null : false);
  };
}

function membersOf({ name, column }: PlanColumn, keyIn: (value: Value) => string, clock: Clock) {
  const values = sharedRows(name, clock).map((row) => row.columns.get(column) ?? null);
  const present = values.filter((value) => value !== null);
  return { keys: new Set(present.map(keyIn)), hasNull: present.length < values.length };
}

/** The value of the plan's first row, which is read once. */
export function compileScalarOf({ name, column }: PlanColumn, clock: Clock): () => Value {
  let read: { readonly value: Value } | undefined;
  return () => {
    read ??= { value: sharedRows(name, clock)[0]?.columns.get(column) ?? null };
    return read.value;
  };
}
