import { and, call } from '../../ir/construct.ts';
import type { Expr, Literal } from '../../ir/expr.ts';
import type { Plan, Series, Summarize } from '../../ir/plan/plan.ts';

/** The column for the start of a row's bin: no language has such names. */
const BIN = '#bin';

/**
 * A series as a summary of each of its bins, and a series of those, each bin of one row: what SQL has to do is a `summarize`, and arrays are
 * made of its few rows. Undefined where bins are not whole multiples of a constant step.
 */
export function seriesInTwo(series: Series): (Series & { readonly input: Summarize }) | undefined {
  const { axis, by, aggregates } = series;
  const { expr, from, to, step } = axis;
  if (!isWhole(step) || !(from === null || isWhole(from)) || !(to === null || isWhole(to))) return undefined;
  const bin = from === null ? call('kusto.bin', [expr, step]) : call('kusto.bin-at', [expr, step, from]);
  const within = [
    ...(from === null ? [] : [bound('>=', expr, from)]),
    ...(to === null ? [] : [bound('<', expr, to)]),
    { kind: 'not', item: { kind: 'is-null', subject: expr } } as const,
  ];
  const where: Plan = { kind: 'where', input: series.input, predicate: and(within) };
  return {
    ...series,
    input: { kind: 'summarize', input: where, by: [...by, { name: BIN, expr: bin }], aggregates },
    axis: { ...axis, expr: { kind: 'column', name: BIN } },
    by: by.map(({ name }) => ({ name, expr: { kind: 'column', name } })),
    aggregates: aggregates.map(({ names, fill }) => ({
      fn: 'take-any',
      names,
      args: names.map((name) => ({ kind: 'column', name })),
      fill,
    })),
  };
}

function bound(op: '>=' | '<', left: Expr, right: Expr): Expr {
  return { kind: 'compare', op, left, right, nulls: 'unknown', many: 'whole' };
}

function isWhole(expr: Expr): expr is Literal {
  if (expr.kind !== 'literal' || expr.value === null) return false;
  return expr.type === 'datetime' || expr.type === 'timespan' || expr.type === 'long' || expr.type === 'int';
}
