import type { Correlate, Plan } from '../../ir/plan.ts';
import { rowPath } from '../../ir/row-path.ts';
import { type CorrelateLimits, type CorrelateLosses, Correlator } from './correlate.ts';
import { compilePipeline, type RowStep } from './operators/row-local.ts';
import type { Clock, Row } from './row.ts';

/** One correlation with those that feed it. */
interface Stage {
  readonly correlator: Correlator;
  /** What is done to its matches. */
  readonly after: RowStep;
  readonly nested: readonly { readonly input: number; readonly stage: Stage }[];
}

interface Tap {
  readonly correlator: Correlator;
  readonly input: number;
  readonly step: RowStep;
}

/**
 * Runs correlations over rows that come in about the order of their times, with bounded memory: rows that no window can
 * reach are forgotten, and beyond the limits rows are forgotten early, which `losses` counts.
 */
export class CorrelationStream {
  private readonly top: Stage;
  private readonly stages: Stage[] = [];
  private readonly taps = new Map<string, Tap[]>();

  /** `plan`: row-local steps over a correlation, of feeds and of correlations of them; its `input` leaves are the feeds. */
  constructor(plan: Plan, clock: Clock, limits: CorrelateLimits) {
    this.top = this.stage(plan, clock, limits);
  }

  get losses(): CorrelateLosses {
    const all: CorrelateLosses = { forgotten: 0, late: 0, untimed: 0 };
    for (const { correlator } of this.stages) {
      all.forgotten += correlator.losses.forgotten;
      all.late += correlator.losses.late;
      all.untimed += correlator.losses.untimed;
    }
    return all;
  }

  /** Whether nothing waits to be judged. */
  get isIdle(): boolean {
    return this.stages.every(({ correlator }) => correlator.isIdle);
  }

  push(feed: string, row: Row): void {
    for (const { correlator, input, step } of this.taps.get(feed) ?? []) {
      for (const made of step(row)) correlator.push(input, made);
    }
  }

  /** The matches that are certain once all rows before a moment (in ticks) have come; undefined: all rows there are. */
  advance(until: bigint | undefined): Row[] {
    return advance(this.top, until).found;
  }

  private stage(plan: Plan, clock: Clock, limits: CorrelateLimits): Stage {
    const after = compilePipeline(plan, clock);
    const { below } = rowPath(plan);
    if (below.kind !== 'correlate') throw new Error('not a plan that can stream');
    const correlator = new Correlator(below, clock, limits);
    const nested: { input: number; stage: Stage }[] = [];
    for (const [input, { plan: of }] of (below satisfies Correlate).inputs.entries()) {
      const { below: leaf } = rowPath(of);
      if (leaf.kind === 'input') {
        const taps = this.taps.get(leaf.name) ?? [];
        taps.push({ correlator, input, step: compilePipeline(of, clock) });
        this.taps.set(leaf.name, taps);
      } else nested.push({ input, stage: this.stage(of, clock, limits) });
    }
    const made: Stage = { correlator, after, nested };
    this.stages.push(made);
    return made;
  }
}

/** `certain`: no match with a time before it will come any more; undefined when all have come. */
function advance(
  stage: Stage,
  until: bigint | undefined,
): { readonly found: Row[]; readonly certain: bigint | undefined } {
  let certain = until;
  for (const { input, stage: nested } of stage.nested) {
    const below = advance(nested, until);
    for (const row of below.found) stage.correlator.push(input, row);
    if (below.certain !== undefined && (certain === undefined || below.certain < certain)) certain = below.certain;
  }
  const { delay } = stage.correlator;
  const found = stage.correlator.advance(certain).flatMap(stage.after);
  if (certain === undefined) return { found, certain };
  return { found, certain: delay === undefined ? 0n : certain - delay };
}
