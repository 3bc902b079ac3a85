import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type Clock, type CorrelateLimits, CorrelationStream, canStream, type Row } from '../engines/memory/index.ts';
import type { Plan } from '../ir/plan.ts';
import type { Rule } from '../ir/rule.ts';
import type { InOrder } from './engine-options.ts';

/** What one correlation remembers at the most; every event in it holds its record's fields. */
const LIMITS: CorrelateLimits = { rows: 1_000_000, groups: 200_000 };

const TICKS_PER_MS = 10_000n;

/**
 * The correlation of one rule while records come. In order, matches come out as soon as they are sure and memory holds the
 * open windows only; otherwise all rows are kept to the end, and sorted then. Both give the same matches.
 */
export class RuleCorrelation {
  private readonly rule: Rule;
  private readonly stream: CorrelationStream;
  private readonly inOrder: InOrder | undefined;
  private readonly limits: CorrelateLimits;
  private reached: bigint | undefined;

  constructor(rule: Rule, rest: Plan, clock: Clock, inOrder: InOrder | undefined, limits: CorrelateLimits = LIMITS) {
    this.rule = rule;
    this.inOrder = inOrder;
    this.stream = new CorrelationStream(rest, clock, limits);
    this.limits = limits;
  }

  /** Whether a plan's part beyond its feeds is one that can run this way. */
  static fits(rest: Plan): boolean {
    return canStream(rest);
  }

  push(feed: string, row: Row): void {
    this.stream.push(feed, row);
  }

  /** `time`: of the record just read, in ticks. */
  reach(time: bigint): Row[] {
    if (this.inOrder === undefined) return [];
    const until = time - BigInt(Math.round(this.inOrder.slack * 1000)) * TICKS_PER_MS;
    if (this.reached !== undefined && until <= this.reached) return [];
    this.reached = until;
    return this.stream.isIdle ? [] : this.stream.advance(until);
  }

  finish(): Row[] {
    return this.stream.advance(undefined);
  }

  /** What did not go as it should. */
  diagnostics(): Diagnostic[] {
    const { forgotten, late, untimed } = this.stream.losses;
    const rule = this.rule.name;
    const { rows: rowLimit, groups: groupLimit } = this.limits;
    const at = this.rule.span;
    return [
      ...(forgotten > 0
        ? [diagnostic('correlation/forgotten', { rule, rows: forgotten, rowLimit, groupLimit }, at)]
        : []),
      ...(late > 0 ? [diagnostic('correlation/late', { rule, rows: late, slack: this.inOrder?.slack ?? 0 }, at)] : []),
      ...(untimed > 0 ? [diagnostic('correlation/untimed', { rule, rows: untimed }, at)] : []),
    ];
  }
}
