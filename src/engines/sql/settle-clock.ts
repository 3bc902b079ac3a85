import type { Expr, Literal } from '../../ir/expr.ts';
import type { FunctionName } from '../../ir/functions/registry.ts';
import { mapExpressions } from '../../ir/plan/map-expressions.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { mapInputs, rewrite } from '../../ir/traverse.ts';
import { DateTime, TimeSpan, type Value } from '../../values/value.ts';
import { compileExpr, type Row } from '../memory/index.ts';

/** What is asked of the clock, and what is made of the answer. */
const TIMES: ReadonlySet<FunctionName> = new Set<FunctionName>([
  'kusto.now',
  'kusto.add',
  'kusto.subtract',
  'kusto.bin',
  'kusto.start-of',
  'kusto.end-of',
]);
const NO_ROW: Row = { event: undefined, columns: new Map() };

function timeLiteral(value: Value): Literal | undefined {
  if (value instanceof DateTime) return { kind: 'literal', type: 'datetime', value: value.ticks.toString() };
  return value instanceof TimeSpan ? { kind: 'literal', type: 'timespan', value: value.ticks.toString() } : undefined;
}

/** The plan with the time of the run in the place of the question for it, so that what is made of it folds. */
export function settleClock(plan: Plan, now: DateTime): Plan {
  const settled = (expr: Expr): Expr =>
    rewrite(expr, (node) => {
      const isSettled = node.kind === 'call' && TIMES.has(node.fn) && node.args.every(({ kind }) => kind === 'literal');
      return isSettled ? (timeLiteral(compileExpr(node, { now })(NO_ROW)) ?? node) : node;
    });
  return mapExpressions(
    mapInputs(plan, (input) => settleClock(input, now)),
    settled,
  );
}
