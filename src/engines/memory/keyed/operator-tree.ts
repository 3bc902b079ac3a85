import { isJsonObject, type Json } from '../../../base/json.ts';
import { keyedInputs } from '../../../ir/keyed-inputs.ts';
import type { Keyed, Plan } from '../../../ir/plan.ts';
import { rowPath } from '../../../ir/row-path.ts';
import type { MatchRow, RecordId } from '../../../state/state-row.ts';
import { earlier, type Watermark } from '../../../state/watermark.ts';
import { compilePipeline, type RowStep } from '../operators/row-local.ts';
import type { Clock, Row } from '../row.ts';
import { rowOfMatch } from './match-row.ts';
import { compileOperator, type Losses, type Operator, type OperatorOptions } from './operator.ts';

/** A plan of operators over feeds at work: an operator whose rows are pushed by the names of the feeds. */
export interface OperatorTree extends Omit<Operator, 'push'> {
  push(feed: string, rows: Iterable<Row>): void;
}

/**
 * A plan that rows can stream through: row-local steps over one operator, whose inputs are such steps over feeds (`input`
 * leaves), over operators, and over unions of these. Undefined where it is anything else. `repeats` is asked of the top one.
 */
export function operatorTree(
  plan: Plan,
  clock: Clock,
  options: Partial<OperatorOptions> = {},
): OperatorTree | undefined {
  const { below: top } = rowPath(plan);
  if (!isKeyed(top) || !keyedInputs(top).every((input) => canFeed(input.plan))) return undefined;
  return new Tree(plan, top, clock, options);
}

function canFeed(plan: Plan): boolean {
  const { below } = rowPath(plan);
  if (below.kind === 'union') return below.inputs.every(canFeed);
  return below.kind === 'input' || (isKeyed(below) && keyedInputs(below).every((input) => canFeed(input.plan)));
}

function isKeyed(plan: Plan): plan is Keyed {
  return plan.kind === 'threshold' || plan.kind === 'first-seen' || plan.kind === 'sequence';
}

/** One operator with those that feed it. */
interface Stage {
  readonly operator: Operator;
  readonly nested: readonly { readonly input: number; readonly step: RowStep; readonly stage: Stage }[];
}

/** Where the rows of a feed go. */
interface Tap {
  readonly operator: Operator;
  readonly input: number;
  readonly step: RowStep;
}

class Tree implements OperatorTree {
  private readonly top: Stage;
  /** What is done to the matches of the top. */
  private readonly after: RowStep;
  private readonly clock: Clock;
  private readonly operators: Operator[] = [];
  private readonly taps = new Map<string, Tap[]>();

  constructor(plan: Plan, top: Keyed, clock: Clock, options: Partial<OperatorOptions>) {
    this.clock = clock;
    this.after = compilePipeline(plan, clock);
    this.top = this.stage(top, options);
  }

  get fingerprint(): string {
    return this.operators.map(({ fingerprint }) => fingerprint).join('+');
  }

  get outputWatermark(): Watermark | undefined {
    return this.top.operator.outputWatermark;
  }

  get isIdle(): boolean {
    return this.operators.every(({ isIdle }) => isIdle);
  }

  push(feed: string, rows: Iterable<Row>): void {
    for (const row of rows) {
      for (const { operator, input, step } of this.taps.get(feed) ?? []) {
        const made = step(row);
        if (made.length > 0) operator.push(input, made);
      }
    }
  }

  advance(watermark: Watermark): MatchRow[] {
    return advance(this.top, watermark).flatMap((match) => {
      return this.after(rowOfMatch(match, undefined)).map(({ columns }) => ({ ...match, columns }));
    });
  }

  *references(): Iterable<RecordId> {
    for (const operator of this.operators) yield* operator.references();
  }

  losses(): Losses {
    const all = { evicted: 0, late: 0, untimed: 0, abandoned: 0 };
    for (const operator of this.operators) {
      const { evicted, late, untimed, abandoned } = operator.losses();
      all.evicted += evicted;
      all.late += late;
      all.untimed += untimed;
      all.abandoned += abandoned;
    }
    return all;
  }

  snapshot(): Json {
    return { operators: this.operators.map((operator) => operator.snapshot()) };
  }

  restore(snapshot: Json): boolean {
    const stored = isJsonObject(snapshot) ? snapshot['operators'] : undefined;
    if (!Array.isArray(stored) || stored.length !== this.operators.length) return false;
    return this.operators.every((operator, place) => operator.restore(stored[place] ?? null));
  }

  private stage(plan: Keyed, options: Partial<OperatorOptions>): Stage {
    const operator = compileOperator(plan, this.clock, options);
    this.operators.push(operator);
    const nested: { input: number; step: RowStep; stage: Stage }[] = [];
    const feed = (input: number, of: Plan, then: RowStep): void => {
      const own = compilePipeline(of, this.clock);
      const step: RowStep = (row) => own(row).flatMap(then);
      const { below } = rowPath(of);
      if (below.kind === 'union') for (const one of below.inputs) feed(input, one, step);
      else if (isKeyed(below)) nested.push({ input, step, stage: this.stage(below, { ...options, repeats: false }) });
      else if (below.kind === 'input') {
        const taps = this.taps.get(below.name) ?? [];
        taps.push({ operator, input, step });
        this.taps.set(below.name, taps);
      }
    };
    for (const [input, of] of keyedInputs(plan).entries()) feed(input, of.plan, (row) => [row]);
    return { operator, nested };
  }
}

function advance({ operator, nested }: Stage, watermark: Watermark): MatchRow[] {
  let certain: Watermark | undefined = watermark;
  for (const { input, step, stage } of nested) {
    for (const match of advance(stage, watermark)) {
      operator.push(input, step(rowOfMatch(match, undefined)));
    }
    const { outputWatermark } = stage.operator;
    certain = outputWatermark === undefined || certain === undefined ? undefined : earlier(certain, outputWatermark);
  }
  return certain === undefined ? [] : operator.advance(certain);
}
