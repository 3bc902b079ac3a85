import type {
  Extend,
  Input,
  Matches,
  NamedExpr,
  Order,
  Plan,
  Project,
  Records,
  Source,
  Summarize,
  Where,
} from '../../ir/plan.ts';
import { inputs } from '../../ir/traverse.ts';
import { orderOf } from '../../values/compare.ts';
import { keyOf, keyOfAll } from '../../values/key.ts';
import type { Value } from '../../values/value.ts';
import { compileAggregate } from './aggregate.ts';
import { compileExpr, compilePredicate } from './compile.ts';
import { runCorrelation } from './correlate-batch.ts';
import { runKeyed } from './keyed/run-keyed.ts';
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
    case 'project': {
      const step = compileRowStep(plan, clock);
      return runPlan(plan.input, rowsOf, clock).flatMap((row) => step(row) ?? []);
    }
    case 'ask':
      throw new Error('Python is asked by the session, before the rows that it lets pass go on');
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

/** A row through one pipeline, or undefined when a filter drops it. */
export type RowStep = (row: Row) => Row | undefined;

/** A row-local pipeline as one function; what lies below its `where`, `extend` and `project` nodes is not run. */
export function compilePipeline(plan: Plan, clock: Clock): RowStep {
  if (plan.kind === 'never') return () => undefined;
  if (plan.kind !== 'where' && plan.kind !== 'extend' && plan.kind !== 'project') return (row) => row;
  const before = compilePipeline(plan.input, clock);
  const step = compileRowStep(plan, clock);
  return (row) => {
    const reached = before(row);
    return reached === undefined ? undefined : step(reached);
  };
}

function compileRowStep(plan: Where | Extend | Project, clock: Clock): RowStep {
  switch (plan.kind) {
    case 'where': {
      const predicate = compilePredicate(plan.predicate, clock);
      return (row) => (predicate(row) === true ? row : undefined);
    }
    case 'extend': {
      const make = compileColumns(plan.columns, clock);
      return (row) => ({ ...row, columns: new Map([...row.columns, ...make(row)]) });
    }
    case 'project': {
      const make = compileColumns(plan.columns, clock);
      return (row) => ({ ...row, columns: new Map(make(row)) });
    }
  }
}

function compileColumns(columns: readonly NamedExpr[], clock: Clock): (row: Row) => [string, Value][] {
  const compiled = columns.map(({ name, expr }) => ({ name, evaluate: compileExpr(expr, clock) }));
  return (row) => compiled.map(({ name, evaluate }) => [name, evaluate(row)]);
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
