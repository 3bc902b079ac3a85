import type { Json } from '../../../base/json.ts';
import { keyedInputs } from '../../../ir/plan/keyed-inputs.ts';
import type { Keyed, Plan } from '../../../ir/plan/plan.ts';
import { rowPath } from '../../../ir/plan/row-path.ts';
import { NotStored, readArray } from '../../../state/plain.ts';
import type { MatchRow, RecordId } from '../../../state/state-row.ts';
import { earlier, type Watermark } from '../../../state/watermark.ts';
import { AS_IT_IS, compilePipeline, joined, type RowStep } from '../operators/row-local.ts';
import type { Clock, Row } from '../row.ts';
import { compileOperator, type Losses, type Operator, type OperatorOptions } from './operator.ts';
import { rowOfMatch } from './rows/match-row.ts';

/** A plan of operators over feeds at work: an operator whose rows are pushed by the names of the feeds. */
export interface OperatorTree extends Omit<Operator, 'push'> {
  push(feed: string, rows: Iterable<Row>): void;
}

/**
 * A plan that rows can stream through: row-local steps over operators and unions of them, whose inputs are such steps over feeds
 * (`input` leaves), over operators, and over unions of these. Undefined where it is anything else. `repeats` is asked of those at
 * the top.
 */
export function operatorTree(
  plan: Plan,
  clock: Clock,
  options: Partial<OperatorOptions> = {},
): OperatorTree | undefined {
  return isOperators(plan) ? new Tree(plan, clock, options) : undefined;
}

function isOperators(plan: Plan): boolean {
  const { below } = rowPath(plan);
  if (below.kind === 'union') return below.inputs.every(isOperators);
  return isKeyed(below) && keyedInputs(below).every((input) => canFeed(input.plan));
}

function canFeed(plan: Plan): boolean {
  const { below } = rowPath(plan);
  if (below.kind === 'union') return below.inputs.every(canFeed);
  return below.kind === 'input' || isOperators(below);
}

function isKeyed(plan: Plan): plan is Keyed {
  return plan.kind === 'threshold' || plan.kind === 'first-seen' || plan.kind === 'sequence';
}

/** One operator with those that feed it. */
interface Stage {
  readonly operator: Operator;
  readonly nested: readonly { readonly input: number; readonly step: RowStep; readonly stage: Stage }[];
}

/** An operator that nothing is fed by, and what is done to its matches. */
interface Top {
  readonly stage: Stage;
  readonly after: RowStep;
}

/** Where the rows of a feed go. */
interface Tap {
  readonly operator: Operator;
  readonly input: number;
  readonly step: RowStep;
}

class Tree implements OperatorTree {
  private readonly tops: Top[] = [];
  private readonly clock: Clock;
  private readonly operators: Operator[] = [];
  private readonly taps = new Map<string, Tap[]>();

  constructor(plan: Plan, clock: Clock, options: Partial<OperatorOptions>) {
    this.clock = clock;
    this.addTop(plan, AS_IT_IS, options);
  }

  get outputWatermark(): Watermark | undefined {
    let sure: Watermark | undefined = 'end';
    for (const { stage } of this.tops) sure = both(sure, stage.operator.outputWatermark);
    return sure;
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
    const [only] = this.tops;
    if (only !== undefined && this.tops.length === 1) return matchesOf(only, watermark);
    const found = this.tops.flatMap((top) => matchesOf(top, watermark));
    return found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
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

  get weight(): number {
    return this.operators.reduce((sum, { weight }) => sum + weight, 0);
  }

  weigh(): number {
    return this.operators.reduce((sum, operator) => sum + operator.weigh(), 0);
  }

  halve(): void {
    for (const operator of this.operators) operator.halve();
  }

  snapshot(): Json {
    return this.operators.map((operator) => operator.snapshot());
  }

  restore(snapshot: Json): void {
    const stored = readArray(snapshot);
    if (stored.length !== this.operators.length) throw new NotStored('the state of an operator is missing');
    for (const [place, operator] of this.operators.entries()) operator.restore(stored[place] ?? null);
  }

  private addTop(plan: Plan, then: RowStep, options: Partial<OperatorOptions>): void {
    const after = joined(compilePipeline(plan, this.clock), then);
    const { below } = rowPath(plan);
    if (below.kind === 'union') for (const one of below.inputs) this.addTop(one, after, options);
    else if (isKeyed(below)) this.tops.push({ stage: this.stage(below, options), after });
  }

  private stage(plan: Keyed, options: Partial<OperatorOptions>): Stage {
    const operator = compileOperator(plan, this.clock, options);
    this.operators.push(operator);
    const nested: { input: number; step: RowStep; stage: Stage }[] = [];
    const feed = (input: number, of: Plan, then: RowStep): void => {
      const step = joined(compilePipeline(of, this.clock), then);
      const { below } = rowPath(of);
      if (below.kind === 'union') for (const one of below.inputs) feed(input, one, step);
      else if (isKeyed(below)) nested.push({ input, step, stage: this.stage(below, { ...options, repeats: false }) });
      else if (below.kind === 'input') {
        const taps = this.taps.get(below.name) ?? [];
        taps.push({ operator, input, step });
        this.taps.set(below.name, taps);
      }
    };
    for (const [input, of] of keyedInputs(plan).entries()) feed(input, of.plan, AS_IT_IS);
    return { operator, nested };
  }
}

function matchesOf({ stage, after }: Top, watermark: Watermark): MatchRow[] {
  const found = advance(stage, watermark);
  if (after === AS_IT_IS || found.length === 0) return found;
  return found.flatMap((match) => after(rowOfMatch(match, undefined)).map(({ columns }) => ({ ...match, columns })));
}

function advance({ operator, nested }: Stage, watermark: Watermark): MatchRow[] {
  let certain: Watermark | undefined = watermark;
  for (const { input, step, stage } of nested) {
    for (const match of advance(stage, watermark)) {
      operator.push(input, step(rowOfMatch(match, undefined)));
    }
    certain = both(certain, stage.operator.outputWatermark);
  }
  return certain === undefined ? [] : operator.advance(certain);
}

function both(a: Watermark | undefined, b: Watermark | undefined): Watermark | undefined {
  return a === undefined || b === undefined ? undefined : earlier(a, b);
}
