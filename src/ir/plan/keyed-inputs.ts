import type { Expr } from '../expr.ts';
import type { SummaryColumns, WindowMeasure } from './keyed.ts';
import type { Keyed, KeyedInput, Plan, Step } from './plan.ts';

/** The inputs of an operator over keys and time, in their order. */
export function keyedInputs(plan: Keyed): readonly (KeyedInput | Step)[] {
  switch (plan.kind) {
    case 'threshold':
      return plan.inputs;
    case 'first-seen':
      return [plan.input];
    case 'sequence': {
      const { order, steps } = plan;
      return order.kind === 'strict' && order.until !== null ? [...steps, order.until] : steps;
    }
  }
}

/** The operator with each input replaced by what `change` gives. */
export function mapKeyedInputs(plan: Keyed, change: <I extends KeyedInput | Step>(input: I) => I): Keyed {
  switch (plan.kind) {
    case 'threshold':
      return { ...plan, inputs: plan.inputs.map(change) };
    case 'first-seen':
      return { ...plan, input: change(plan.input) };
    case 'sequence': {
      const { order } = plan;
      const steps = plan.steps.map(change);
      if (order.kind !== 'strict' || order.until === null) return { ...plan, steps };
      return { ...plan, steps, order: { ...order, until: change(order.until) } };
    }
  }
}

/** What is read of the rows of an input. */
export function inputExpressions({ time, keys, keep, tie }: KeyedInput | Step): readonly Expr[] {
  return [time, ...keys.flatMap((key) => key ?? []), ...keep.map(({ expr }) => expr), ...(tie ? [tie] : [])];
}

/** The columns that the operator makes, in their order. */
export function keyedColumns(plan: Keyed): readonly string[] {
  const by = plan.by.map(({ name }) => name);
  switch (plan.kind) {
    case 'threshold':
      return [...summarized(plan.summary, plan.measures), ...by];
    case 'first-seen':
      return [...plan.input.keep.map(({ name }) => name), ...by];
    case 'sequence':
      return [...summarized(plan.summary, []), ...by];
  }
}

function summarized(summary: SummaryColumns, measures: readonly WindowMeasure[]): readonly string[] {
  const { shared, count, first, last, inputs, rows } = summary;
  const measured = measures.map(({ name }) => name);
  return [shared, count, ...measured, first, last, inputs, rows].filter((name) => name !== undefined);
}

/** The records that matches stand for or are made of, as the inputs see them; undefined for what gives rows of its own. */
export function recordsOf(plan: Plan): Plan | undefined {
  if (plan.kind === 'first-seen') return plan.input.plan;
  return plan.kind === 'sequence' ? plan.steps[0]?.plan : undefined;
}
