import type { Plan } from '../../ir/plan.ts';
import { isRowLocal } from '../../ir/row-path.ts';
import { compileRowStep } from './operators/row-local.ts';
import { compileUnary, isUnary } from './operators/unary.ts';
import type { Clock, Row } from './row.ts';

/** A plan that is given its rows one by one, and keeps of them what its operators have to. */
export interface PlanAtWork {
  push(row: Row): void;
  /** What `runPlan` gives of all rows that were pushed. To be asked for once, at the end. */
  rows(): readonly Row[];
}

/**
 * A plan over one input, at work; undefined where it has several, whose rows `runPlan` takes one input after the other, or
 * operators that look at rows of several.
 */
export function planAtWork(plan: Plan, clock: Clock): PlanAtWork | undefined {
  const chain: Plan[] = [];
  let node = plan;
  while (isRowLocal(node) || isUnary(node)) {
    chain.push(node);
    node = node.input;
  }
  if (node.kind !== 'input') return undefined;
  const found: Row[] = [];
  let push: (row: Row) => void = (row) => {
    found.push(row);
  };
  // From the top down: each hands its rows to the one above it.
  const ends: (() => void)[] = [];
  for (const operator of chain) {
    const above = push;
    if (isRowLocal(operator)) {
      const step = compileRowStep(operator, clock);
      push = (row) => {
        for (const made of step(row)) above(made);
      };
    } else if (isUnary(operator)) {
      const collector = compileUnary(operator, clock);
      ends.unshift(() => {
        for (const row of collector.rows()) above(row);
      });
      push = (row) => {
        if (collector.isFull !== true) collector.push(row);
      };
    }
  }
  return {
    push,
    rows: () => {
      for (const end of ends) end();
      return found;
    },
  };
}
