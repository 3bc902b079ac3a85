import type { Input, Matches, Plan, Records, Rows, Source } from '../../ir/plan.ts';
import { inputs } from '../../ir/traverse.ts';
import { compileExpr } from './compile.ts';
import { runCorrelation } from './correlate-batch.ts';
import { runKeyed } from './keyed/run-keyed.ts';
import { compileRowStep, type RowStep } from './operators/row-local.ts';
import { compileUnary, type Unary } from './operators/unary.ts';
import type { Clock, Row } from './row.ts';

/** Gives the rows of a leaf of the plan: of a `source` or `records` node, of a named `input`, of the matches of a rule. */
export type RowsOf = (leaf: Source | Records | Input | Matches) => Iterable<Row>;

/** Runs a whole plan. Rows that only passed filters and new columns still carry the record they came from. */
export function runPlan(plan: Plan, rowsOf: RowsOf, clock: Clock): Row[] {
  return [...streamPlan(plan, rowsOf, clock)];
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
    case 'never':
      return [];
    case 'rows':
      return writtenRows(plan, clock);
    case 'where':
    case 'extend':
    case 'project':
    case 'unnest':
    case 'ask':
      return through(compileRowStep(plan, clock), stream(plan.input));
    case 'summarize':
    case 'distinct':
    case 'order':
    case 'limit':
      return collected(plan, stream(plan.input), clock);
    case 'union':
      return oneAfterTheOther(plan.inputs.map(stream));
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

function* through(step: RowStep, rows: Iterable<Row>): Generator<Row> {
  for (const row of rows) yield* step(row);
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
