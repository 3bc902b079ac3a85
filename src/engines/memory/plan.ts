import type { ColumnType, Input, Matches, Plan, Records, Rows, Source, Table } from '../../ir/plan/plan.ts';
import type { Query } from '../../ir/plan/query.ts';
import { inputs } from '../../ir/traverse.ts';
import { compileExpr } from './compile.ts';
import { runKeyed } from './keyed/run-keyed.ts';
import { NotGiven } from './not-given.ts';
import { applyRows } from './operators/apply.ts';
import { joinRows } from './operators/join.ts';
import { compileRowStep, type RowStep } from './operators/row-local.ts';
import { compileUnary, type Unary } from './operators/unary.ts';
import type { Clock, Row } from './row.ts';
import { sharedRows } from './shared-plan.ts';

/**
 * Gives the rows of a leaf of the plan: of a `source` or `records` node, of a named `input` or `table`, of the matches of a
 * rule. A leaf may be read several times.
 */
export type RowsOf = (leaf: Source | Records | Input | Table | Matches) => Iterable<Row>;

/** Runs a whole plan. Rows that only passed filters and new columns still carry the record they came from. */
export function runPlan(plan: Plan, rowsOf: RowsOf, clock: Clock): Row[] {
  return [...streamPlan(plan, rowsOf, clock)];
}

/** Runs a whole query. A shared plan is run once, when its rows are first asked for. */
export function runQuery({ shared, result }: Query, rowsOf: RowsOf, clock: Clock): Row[] {
  return runPlan(result, rowsOf, withShared(shared, rowsOf, clock));
}

/** A clock by which expressions see the rows of shared plans; each is run once, when its rows are first asked for. */
export function withShared(shared: Query['shared'], rowsOf: RowsOf, clock: Clock): Clock {
  const plans = new Map(shared.map(({ name, plan }) => [name, plan]));
  const known = new Map<string, readonly Row[]>();
  const within: Clock = {
    get now() {
      return clock.now;
    },
    ...(clock.budget !== undefined && { budget: clock.budget }),
    ...(clock.failures !== undefined && { failures: clock.failures }),
    shared: (name) => {
      const plan = plans.get(name);
      if (plan === undefined) throw new Error(`the query has no shared plan ${name}`);
      const rows = known.get(name) ?? runPlan(plan, rowsOf, within);
      known.set(name, rows);
      return rows;
    },
  };
  return within;
}

/** As `runPlan`; rows are read as they are asked for, and kept only where an operator has to see them together. */
function streamPlan(plan: Plan, rowsOf: RowsOf, clock: Clock): Iterable<Row> {
  const stream = (input: Plan): Iterable<Row> => streamPlan(input, rowsOf, clock);
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'input':
    case 'matches':
      return rowsOf(plan);
    case 'table':
      if (plan.missing !== undefined) throw new NotGiven(plan.name, plan.missing);
      return withOnly(plan.columns, rowsOf(plan));
    case 'shared':
      return withOnly(plan.columns, sharedRows(plan.name, clock));
    case 'never':
      return [];
    case 'rows':
      return writtenRows(plan, clock);
    case 'where':
    case 'extend':
    case 'project':
    case 'unnest':
    case 'unpack':
    case 'ask':
      return through(compileRowStep(plan, clock), stream(plan.input), clock);
    case 'summarize':
    case 'distinct':
    case 'order':
    case 'limit':
    case 'window':
    case 'series':
    case 'scan':
      return collected(plan, stream(plan.input), clock);
    case 'union':
      return oneAfterTheOther(plan.inputs.map(stream));
    case 'join':
      return joinRows(plan, stream(plan.left), stream(plan.right), clock);
    case 'apply': {
      const { group: name, body } = plan;
      const run = (group: readonly Row[]): Iterable<Row> => {
        const leaves: RowsOf = (leaf) =>
          leaf.kind === 'input' && leaf.name === name ? withOnly(leaf.columns, group) : rowsOf(leaf);
        return streamPlan(body, leaves, clock);
      };
      return applyRows(plan, stream(plan.input), clock, run);
    }
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return runKeyed(
        plan,
        inputs(plan).map((input) => runPlan(input, rowsOf, clock)),
        clock,
      );
  }
}

function writtenRows({ columns, rows }: Rows, clock: Clock): Row[] {
  const none: Row = { event: undefined, columns: new Map() };
  return rows.map((cells) => {
    const values = cells.map((cell) => compileExpr(cell, clock)(none));
    return { event: undefined, columns: new Map(columns.map(({ name }, at) => [name, values[at]])) };
  });
}

/** The rows of a leaf have the columns that it names, whatever else they had where they come from. */
function* withOnly(columns: readonly ColumnType[], rows: Iterable<Row>): Generator<Row> {
  const names = new Set(columns.map(({ name }) => name));
  for (const row of rows) {
    yield { ...row, columns: new Map([...row.columns].filter(([name]) => names.has(name))) };
  }
}

function* through(step: RowStep, rows: Iterable<Row>, { budget }: Clock): Generator<Row> {
  for (const row of rows) {
    budget?.step();
    yield* step(row);
  }
}

function* collected(plan: Unary, rows: Iterable<Row>, clock: Clock): Generator<Row> {
  const collector = compileUnary(plan, clock);
  for (const row of rows) {
    if (collector.isFull === true) break;
    collector.push(row);
  }
  yield* collector.rows();
}

function* oneAfterTheOther(all: readonly Iterable<Row>[]): Generator<Row> {
  for (const rows of all) yield* rows;
}
