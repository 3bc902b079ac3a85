import type { Input, Matches, Order, Plan, Records, Source, Summarize } from '../../ir/plan.ts';
import { inputs } from '../../ir/traverse.ts';
import { orderOf } from '../../values/compare.ts';
import { keyOf, keyOfAll } from '../../values/key.ts';
import type { Value } from '../../values/value.ts';
import { compileExpr } from './compile.ts';
import { runCorrelation } from './correlate-batch.ts';
import { runKeyed } from './keyed/run-keyed.ts';
import { compileAggregate } from './operators/aggregate.ts';
import { compileRowStep } from './operators/row-local.ts';
import type { Clock, Row } from './row.ts';

/** Gives the rows of a leaf of the plan: of a `source` or `records` node, of a named `input`, of the matches of a rule. */
export type RowsOf = (leaf: Source | Records | Input | Matches) => Iterable<Row>;

/** Runs a whole plan. Rows that only passed filters and new columns still carry the record they came from. */
export function runPlan(plan: Plan, rowsOf: RowsOf, clock: Clock): Row[] {
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'input':
      return [...rowsOf(plan)];
    case 'never':
      return [];
    case 'rows': {
      const rows = plan.rows.map((cells) => cells.map((cell) => compileExpr(cell, clock)));
      return rows.map((cells) => ({
        event: undefined,
        columns: new Map(
          plan.columns.map((column, index) => [column.name, cells[index]?.({ event: undefined, columns: new Map() })]),
        ),
      }));
    }
    case 'where':
    case 'extend':
    case 'project':
    case 'unnest':
    case 'ask':
      return runPlan(plan.input, rowsOf, clock).flatMap(compileRowStep(plan, clock));
    case 'summarize':
      return summarize(plan, runPlan(plan.input, rowsOf, clock), clock);
    case 'distinct': {
      const seen = new Set<string>();
      return runPlan(plan.input, rowsOf, clock).filter((row) => {
        const key = keyOfAll([...row.columns].flat());
        return !seen.has(key) && seen.add(key);
      });
    }
    case 'order':
      return order(plan, runPlan(plan.input, rowsOf, clock), clock);
    case 'limit':
      return runPlan(plan.input, rowsOf, clock).slice(0, plan.count);
    case 'union':
      return plan.inputs.flatMap((input) => runPlan(input, rowsOf, clock));
    case 'matches':
      return [...rowsOf(plan)];
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return runKeyed(
        plan,
        inputs(plan).map((input) => runPlan(input, rowsOf, clock)),
        clock,
      );
    case 'correlate':
      return runCorrelation(
        plan,
        plan.inputs.map((input) => runPlan(input.plan, rowsOf, clock)),
        clock,
      );
  }
}

/** Groups in the order in which their first row came. Without `by`, no rows still make one group. */
function summarize(plan: Summarize, rows: readonly Row[], clock: Clock): Row[] {
  const by = plan.by.map(({ name, expr }) => ({ name, evaluate: compileExpr(expr, clock) }));
  const aggregates = plan.aggregates.map((aggregate) => ({
    names: aggregate.names,
    compute: compileAggregate(aggregate, clock),
  }));
  const groups = new Map<string, { keys: Value[]; rows: Row[] }>();
  if (by.length === 0) groups.set('', { keys: [], rows: [] });
  for (const row of rows) {
    const keys = by.map((key) => key.evaluate(row));
    const id = by.length === 0 ? '' : keyOfAll(keys);
    const group = groups.get(id) ?? { keys, rows: [] };
    group.rows.push(row);
    groups.set(id, group);
  }
  return [...groups.values()].map((group) => {
    const columns = new Map<string, Value>();
    for (const [index, key] of by.entries()) columns.set(key.name, group.keys[index]);
    for (const { names, compute } of aggregates) {
      const values = compute(group.rows);
      for (const [index, name] of names.entries()) columns.set(name, values[index]);
    }
    return { event: undefined, columns };
  });
}

/** A stable sort. Values that have no order between them keep their places by their text. */
function order(plan: Order, rows: readonly Row[], clock: Clock): Row[] {
  const keys = plan.keys.map((key) => ({ ...key, evaluate: compileExpr(key.expr, clock) }));
  const keyed = rows.map((row) => ({ row, values: keys.map((key) => key.evaluate(row) ?? null) }));
  keyed.sort((a, b) => {
    for (const [index, key] of keys.entries()) {
      const left = a.values[index] ?? null;
      const right = b.values[index] ?? null;
      if (left === null || right === null) {
        if (left === right) continue;
        return (left === null) === (key.nulls === 'first') ? -1 : 1;
      }
      const found = orderOf(left, right) ?? (keyOf(left) < keyOf(right) ? -1 : 1);
      if (found !== 0) return key.direction === 'asc' ? found : -found;
    }
    return 0;
  });
  return keyed.map((entry) => entry.row);
}
