import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { compileExpr, compilePipeline, type Row, rowOf, runPlan } from '../../src/engines/memory/index.ts';
import type { Expr } from '../../src/ir/expr.ts';
import type { Plan } from '../../src/ir/plan.ts';
import { printPlan } from '../../src/ir/print-plan.ts';
import type { View } from '../../src/ir/view.ts';
import { type Binding, bind } from '../../src/passes/bind.ts';
import { columnsOf, columnTypes } from '../../src/passes/columns.ts';
import { createPipeline } from '../../src/passes/pipeline.ts';
import { simplify } from '../../src/passes/simplify.ts';
import { arbitraryEvent, arbitraryView, clock } from './arbitrary-ir.ts';
import { arbitraryPlan } from './arbitrary-plan.ts';

const evaluate = (expr: Expr) => compileExpr(expr, clock)({ event: undefined, columns: new Map() });

/** What a plan gives by itself, each field bound where it stands: what the passes must not change. */
function whole(plan: Plan, events: readonly JsonObject[]): Row[] {
  return runPlan(plan, () => events.map(rowOf), clock);
}

function inParts(plan: Plan, binding: Binding, events: readonly JsonObject[]): Row[] {
  const pipeline = createPipeline(evaluate);
  const { feeds, rest } = pipeline.prepare(plan, columnTypes(columnsOf(plan)));
  const rows = new Map(
    feeds.map(({ name, plan: feed }) => [
      name,
      events.map(rowOf).flatMap(compilePipeline(pipeline.residual(feed, binding), clock)),
    ]),
  );
  return runPlan(rest, (leaf) => (leaf.kind === 'input' ? (rows.get(leaf.name) ?? []) : []), clock);
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

it('a plan gives the same rows simplified, and cut into parts', () => {
  fc.assert(
    fc.property(arbitraryView, arbitraryPlan, fc.array(arbitraryEvent, { maxLength: 5 }), (view, plan, events) => {
      const binding = bindingOf(view);
      const bound = bind(plan, binding);
      const wanted = whole(bound, events);
      const shown = asIn(wanted, wanted);
      expect(asIn(wanted, whole(simplify(bound, evaluate), events)), printPlan(bound)).toEqual(shown);
      expect(asIn(wanted, inParts(plan, binding, events)), printPlan(plan)).toEqual(shown);
    }),
    { numRuns: 3_000 },
  );
});
