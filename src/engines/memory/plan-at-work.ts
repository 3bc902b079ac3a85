import type { Json } from '../../base/json.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { isRowLocal } from '../../ir/plan/row-path.ts';
import { readArray } from '../../state/plain.ts';
import type { RecordId } from '../../state/state-row.ts';
import type { Collector } from './operators/collector.ts';
import { compileRowStep } from './operators/row-local.ts';
import { compileUnary, isUnary } from './operators/unary.ts';
import type { Clock, Row } from './row.ts';
import { type EventOf, readEngineRow, recordsOf, storeEngineRow } from './stored-row.ts';

/** A plan that is given its rows one by one, and keeps of them what its operators have to. */
export interface PlanAtWork {
  push(row: Row): void;
  /** What `runPlan` gives of all rows that were pushed. To be asked for once, at the end. */
  rows(): readonly Row[];
  /** The records of rows that are kept as they are. */
  references(): Iterable<RecordId>;
  /** Everything that is kept. */
  snapshot(): Json;
  /** A fresh one of the same plan takes what another kept. Throws `NotStored`. */
  restore(stored: Json, eventOf: EventOf): void;
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
  const collectors: Collector[] = [];
  for (const operator of chain) {
    const above = push;
    if (isRowLocal(operator)) {
      const step = compileRowStep(operator, clock);
      push = (row) => {
        for (const made of step(row)) above(made);
      };
    } else if (isUnary(operator)) {
      const collector = compileUnary(operator, clock);
      collectors.push(collector);
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
    *references() {
      yield* recordsOf(found);
      for (const collector of collectors) yield* collector.references();
    },
    snapshot: () => [found.map(storeEngineRow), collectors.map((collector) => collector.snapshot())],
    restore: (stored, eventOf) => {
      const [rows, states] = readArray(stored);
      for (const row of readArray(rows)) found.push(readEngineRow(row, eventOf));
      for (const [place, state] of readArray(states).entries()) collectors[place]?.restore(state, eventOf);
    },
  };
}
