import type { Aggregate } from '../../../ir/plan.ts';
import { orderOf } from '../../../values/compare.ts';
import { keyOf } from '../../../values/key.ts';
import type { Value } from '../../../values/value.ts';
import { compileExpr, type Evaluate } from '../compile.ts';
import type { Clock, Row } from '../row.ts';

/** An aggregate made into a function of a group's rows; it gives one value for each of the aggregate's names. */
export function compileAggregate(aggregate: Aggregate, clock: Clock): (rows: readonly Row[]) => readonly Value[] {
  const args = aggregate.args.map((arg) => compileExpr(arg, clock));
  const [first = () => undefined, second = () => undefined] = args;
  const one =
    (compute: (rows: readonly Row[]) => Value) =>
    (rows: readonly Row[]): readonly Value[] => [compute(rows)];
  /** The `…-if` forms: the condition is the last argument. */
  const where =
    (condition: Evaluate, compute: (rows: readonly Row[]) => Value) =>
    (rows: readonly Row[]): readonly Value[] => [compute(rows.filter((row) => condition(row) === true))];

  switch (aggregate.fn) {
    case 'count':
      return one((rows) => BigInt(rows.length));
    case 'count-if':
      return where(first, (rows) => BigInt(rows.length));
    case 'count-distinct':
      return one((rows) => BigInt(distinct(rows, first).size));
    case 'count-distinct-if':
      return where(second, (rows) => BigInt(distinct(rows, first).size));
    case 'sum':
      return one((rows) => sum(rows, first));
    case 'sum-if':
      return where(second, (rows) => sum(rows, first));
    case 'avg':
      return one((rows) => average(rows, first));
    case 'avg-if':
      return where(second, (rows) => average(rows, first));
    case 'min':
      return one((rows) => extreme(rows, first, -1));
    case 'min-if':
      return where(second, (rows) => extreme(rows, first, -1));
    case 'max':
      return one((rows) => extreme(rows, first, 1));
    case 'max-if':
      return where(second, (rows) => extreme(rows, first, 1));
    case 'make-set':
      return one((rows) => [...distinct(rows, first).values()]);
    case 'make-set-if':
      return where(second, (rows) => [...distinct(rows, first).values()]);
    case 'make-list':
      return one((rows) => present(rows, first));
    case 'make-list-if':
      return where(second, (rows) => present(rows, first));
    case 'take-any':
      return (rows) => args.map((arg) => (rows[0] === undefined ? null : arg(rows[0])));
    case 'arg-max':
      return (rows) => args.map((arg) => at(extremeRow(rows, first, 1), arg));
    case 'arg-min':
      return (rows) => args.map((arg) => at(extremeRow(rows, first, -1), arg));
  }
}

function present(rows: readonly Row[], evaluate: Evaluate): Value[] {
  return rows.map(evaluate).filter((value) => value !== null && value !== undefined);
}

function distinct(rows: readonly Row[], evaluate: Evaluate): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const value of present(rows, evaluate)) {
    const key = keyOf(value);
    if (!found.has(key)) found.set(key, value);
  }
  return found;
}

/** Kusto's rule: the sum of no values is 0 of the column's kind; whole numbers stay whole. */
function sum(rows: readonly Row[], evaluate: Evaluate): Value {
  const values = present(rows, evaluate);
  if (values.every((value) => typeof value === 'bigint'))
    return values.reduce((a: bigint, b) => BigInt.asIntN(64, a + BigInt(String(b))), 0n);
  return values.reduce((a: number, b) => a + Number(b), 0);
}

function average(rows: readonly Row[], evaluate: Evaluate): Value {
  const values = present(rows, evaluate);
  return values.length === 0 ? null : values.reduce((a: number, b) => a + Number(b), 0) / values.length;
}

function extreme(rows: readonly Row[], evaluate: Evaluate, sign: 1 | -1): Value {
  return at(extremeRow(rows, evaluate, sign), evaluate);
}

/** The first row with the largest (or smallest) value; nulls only when there is nothing else. */
function extremeRow(rows: readonly Row[], evaluate: Evaluate, sign: 1 | -1): Row | undefined {
  let best: Row | undefined;
  let bestValue: Value = null;
  for (const row of rows) {
    const value = evaluate(row) ?? null;
    if (best === undefined || (bestValue === null && value !== null)) {
      best = row;
      bestValue = value;
    } else if (value !== null && Math.sign(orderOf(value, bestValue) ?? 0) === sign) {
      best = row;
      bestValue = value;
    }
  }
  return best;
}

function at(row: Row | undefined, evaluate: Evaluate): Value {
  return row === undefined ? null : evaluate(row);
}
