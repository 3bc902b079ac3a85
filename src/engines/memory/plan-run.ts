import type { Plan } from '../../ir/plan.ts';
import { rowPath } from '../../ir/row-path.ts';
import { mapInputs } from '../../ir/traverse.ts';
import type { Collector } from './operators/collector.ts';
import { compilePipeline, type RowStep } from './operators/row-local.ts';
import { compileUnary, isUnary } from './operators/unary.ts';
import { runPlan } from './plan.ts';
import type { Clock, Row } from './row.ts';

/** Where the rows of an input go. */
interface Tap {
  readonly step: RowStep;
  readonly collector: Collector;
}

/**
 * A plan at work while the rows of its inputs come in any order. Rows go as far up as they can by themselves, to the first
 * operator that needs several, and are kept there as it keeps them: a summary of many rows is held as its groups. The rest
 * runs in the end. The clock is the run's.
 */
export class PlanRun {
  private readonly clock: Clock;
  private readonly taps = new Map<string, Tap[]>();
  /** What the rest reads instead of the inputs. */
  private readonly collectors = new Map<string, Collector>();
  private readonly rest: Plan;

  constructor(plan: Plan, clock: Clock) {
    this.clock = clock;
    this.rest = this.tapped(plan);
  }

  push(input: string, row: Row): void {
    for (const { step, collector } of this.taps.get(input) ?? []) {
      for (const made of step(row)) collector.push(made);
    }
  }

  /** The plan's rows, now that all of its inputs' have come. */
  finish(): Row[] {
    const rowsOf = (name: string): Iterable<Row> => this.collectors.get(name)?.rows() ?? [];
    return runPlan(this.rest, (leaf) => (leaf.kind === 'input' ? rowsOf(leaf.name) : []), this.clock);
  }

  /** The plan with each operator that rows reach by themselves replaced by what it has collected. */
  private tapped(plan: Plan): Plan {
    if (isUnary(plan)) {
      const { below } = rowPath(plan.input);
      if (below.kind === 'input') return this.tap(below.name, plan.input, compileUnary(plan, this.clock));
    }
    if (plan.kind === 'input') return this.tap(plan.name, plan, new All());
    return mapInputs(plan, (input) => this.tapped(input));
  }

  private tap(input: string, path: Plan, collector: Collector): Plan {
    const name = `collected ${this.collectors.size}`;
    this.collectors.set(name, collector);
    const taps = this.taps.get(input) ?? [];
    taps.push({ step: compilePipeline(path, this.clock), collector });
    this.taps.set(input, taps);
    return { kind: 'input', name, columns: [] };
  }
}

class All implements Collector {
  private readonly collected: Row[] = [];

  push(row: Row): void {
    this.collected.push(row);
  }

  rows(): Iterable<Row> {
    return this.collected;
  }
}
