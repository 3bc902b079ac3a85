import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explainPredicate } from '../../src/engines/memory/explain.ts';
import { compileExpr, compilePipeline, compilePredicate, rowOf } from '../../src/engines/memory/index.ts';
import type { Expr } from '../../src/ir/expr.ts';
import type { ColumnType, Plan } from '../../src/ir/plan/plan.ts';
import { type Binding, bind, bindRows } from '../../src/passes/bind.ts';
import { simplifyExpr } from '../../src/passes/simplify/expressions.ts';
import { simplify } from '../../src/passes/simplify/simplify.ts';
import {
  arbitraryCondition,
  arbitraryEvent,
  arbitraryField,
  arbitraryRaw,
  arbitraryView,
  clock,
} from './arbitrary-ir.ts';

const evaluate = (expr: Expr) => compileExpr(expr, clock)({ event: undefined, columns: new Map() });
const runs = { numRuns: 10_000 };

it('simplify keeps the value of every condition', () => {
  fc.assert(
    fc.property(arbitraryCondition(arbitraryRaw), arbitraryEvent, (condition, event) => {
      const before = compilePredicate(condition, clock)(rowOf(event));
      const after = compilePredicate(simplifyExpr(condition, evaluate), clock)(rowOf(event));
      expect(after).toBe(before);
    }),
    runs,
  );
});

it('bind and simplify keep what a rule says of a view', () => {
  fc.assert(
    fc.property(arbitraryView, arbitraryCondition(arbitraryField), arbitraryEvent, (view, predicate, event) => {
      const binding: Binding = { logType: 'test', view: () => view, locate: (path) => [path] };
      const plan: Plan = { kind: 'where', predicate, input: { kind: 'source', schema: 'ecs', scope: null } };
      const bound = bind(plan, binding);
      const row = rowOf(event);
      expect(compilePipeline(simplify(bound, evaluate), clock)(row)).toEqual(compilePipeline(bound, clock)(row));
      // The same by hand: each field computed by the view first, then the condition over those values.
      const fields = [...view.fields].map(([name, { expr }]): [string, unknown] => [
        name,
        compileExpr(expr, clock)(row),
      ]);
      const when = view.when === null || compilePredicate(view.when, clock)(row) === true;
      if (view.otherwise === 'raw') return;
      const values = { ...row, event: undefined, columns: new Map(fields) as typeof row.columns };
      const columns = [...view.fields.keys()].map((name): ColumnType => ({ name, type: 'dynamic' }));
      const byHand = bindRows({ kind: 'where', predicate, input: { kind: 'input', name: 'values', columns } });
      expect(compilePipeline(bound, clock)(row).length > 0).toBe(
        when && compilePipeline(byHand, clock)(values).length > 0,
      );
    }),
    runs,
  );
});

it("explain's verdict is the engine's, at every node", () => {
  fc.assert(
    fc.property(arbitraryCondition(arbitraryRaw), arbitraryEvent, (condition, event) => {
      const row = rowOf(event);
      const explained = explainPredicate(condition, condition, row, clock);
      expect(explained.verdict).toBe(compilePredicate(condition, clock)(row));
      const parts = explained.children.map((child) => child.verdict);
      if (condition.kind === 'and')
        expect(explained.verdict).toBe(parts.includes(false) ? false : parts.includes(null) ? null : true);
      if (condition.kind === 'or')
        expect(explained.verdict).toBe(parts.includes(true) ? true : parts.includes(null) ? null : false);
    }),
    runs,
  );
});
