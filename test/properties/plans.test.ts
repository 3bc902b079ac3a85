import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import {
  compileExpr,
  compilePipeline,
  type Row,
  type RowsOf,
  rowOf,
  runPlan,
  runQuery,
} from '../../src/engines/memory/index.ts';
import type { Expr } from '../../src/ir/expr.ts';
import { mapPlans, type Query } from '../../src/ir/plan/query.ts';
import { printQuery } from '../../src/ir/print/print-plan.ts';
import type { View } from '../../src/ir/view.ts';
import { type Binding, bindQuery } from '../../src/passes/bind.ts';
import { columnsOf, columnTypes } from '../../src/passes/columns.ts';
import { createPipeline } from '../../src/passes/pipeline.ts';
import { simplify } from '../../src/passes/simplify/simplify.ts';
import { arbitraryEvent, arbitraryView, clock } from './arbitrary-ir.ts';
import { arbitraryPlan, arbitraryQuery } from './arbitrary-plan.ts';

const evaluate = (expr: Expr) => compileExpr(expr, clock)({ event: undefined, columns: new Map() });

/** What a query gives by itself, each field bound where it stands: what the passes must not change. */
function whole(query: Query, events: readonly JsonObject[]): Row[] {
  return query.shared.length === 0
    ? runPlan(query.result, () => events.map(rowOf), clock)
    : runQuery(query, () => events.map(rowOf), clock);
}

function inParts(query: Query, binding: Binding, events: readonly JsonObject[]): Row[] {
  const pipeline = createPipeline(evaluate);
  const { feeds, shared, rest } = pipeline.prepareQuery(query, columnTypes(columnsOf(query.result)));
  const rows = new Map(
    feeds.map(({ name, plan: feed }) => [
      name,
      events.map(rowOf).flatMap(compilePipeline(pipeline.residual(feed, binding), clock)),
    ]),
  );
  const rowsOf: RowsOf = (leaf) => (leaf.kind === 'input' ? (rows.get(leaf.name) ?? []) : []);
  return shared.length === 0 ? runPlan(rest, rowsOf, clock) : runQuery({ shared, result: rest }, rowsOf, clock);
}

/** The parts may have made columns that only the rest reads, so what is there in the one must be there in the other. */
function asIn(wanted: readonly Row[], found: readonly Row[]): unknown[] {
  return found.map(({ event, columns }, at) => ({
    event,
    columns: Object.fromEntries(
      [...(wanted[at]?.columns.keys() ?? [])].map((name) => [name, columns.get(name) ?? null]),
    ),
  }));
}

function bindingOf(view: View): Binding {
  return { logType: 'test', view: () => view, locate: (path) => [path] };
}

function expectSame(query: Query, view: View, events: readonly JsonObject[]): void {
  const binding = bindingOf(view);
  const bound = bindQuery(query, binding);
  const wanted = whole(bound, events);
  const shown = asIn(wanted, wanted);
  const simplified = mapPlans(bound, (plan) => simplify(plan, evaluate));
  expect(asIn(wanted, whole(simplified, events)), printQuery(bound)).toEqual(shown);
  expect(asIn(wanted, inParts(query, binding, events)), printQuery(query)).toEqual(shown);
}

const events = fc.array(arbitraryEvent, { maxLength: 5 });

it('a plan gives the same rows simplified, and cut into parts', () => {
  fc.assert(
    fc.property(arbitraryView, arbitraryPlan, events, (view, plan, records) =>
      expectSame({ shared: [], result: plan }, view, records),
    ),
    { numRuns: 3_000 },
  );
});

it('so does a query with a shared plan', () => {
  fc.assert(
    fc.property(arbitraryView, arbitraryQuery, events, (view, query, records) => expectSame(query, view, records)),
    { numRuns: 1_000 },
  );
});
