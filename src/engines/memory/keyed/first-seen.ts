import type { Json } from '../../../base/json.ts';
import type { FirstSeen } from '../../../ir/plan/plan.ts';
import { readBigInt } from '../../../state/plain.ts';
import type { MatchRow, RecordId, StateRow } from '../../../state/state-row.ts';
import type { Watermark } from '../../../state/watermark.ts';
import type { Clock } from '../row.ts';
import { KeyedOperator } from './keyed-operator.ts';
import type { OperatorOptions } from './operator.ts';
import type { Arrival } from './rows/arrivals.ts';
import type { Sized } from './rows/bounded-state.ts';
import { keyText } from './rows/key-values.ts';

/** When a key was seen last. */
interface Sight extends Sized {
  readonly at: bigint;
}

/** Gives rows whose keys were not seen in a time before them. A key that had to be forgotten seems new when it comes again. */
export class FirstSeenOperator extends KeyedOperator<Sight> {
  protected readonly delay = 0n;
  private readonly plan: FirstSeen;
  private readonly history: bigint | undefined;

  constructor(plan: FirstSeen, clock: Clock, { limits }: OperatorOptions) {
    super([plan.input], plan.by, clock, limits);
    this.plan = plan;
    this.history = plan.history === null ? undefined : BigInt(plan.history);
  }

  protected judge(at: bigint, rows: readonly Arrival[], found: MatchRow[]): void {
    for (const { row, keys } of rows) {
      for (const values of keys) {
        const key = keyText(values);
        const last = this.held.get(key)?.at;
        this.keep(key, { at, size: 1 }, this.history === undefined ? 'forever' : at + this.history);
        if (last !== undefined && (this.history === undefined || at - last <= this.history)) continue;
        const columns = new Map(row.columns);
        for (const [place, { name }] of this.plan.by.entries()) columns.set(name, values[place] ?? null);
        found.push({ ...row, columns });
      }
    }
  }

  protected close(watermark: Watermark): void {
    if (watermark !== 'end') this.held.expire(watermark);
  }

  protected shrink(): number {
    return 0;
  }

  protected recordsOf(): Iterable<RecordId> {
    return [];
  }

  protected rowsOf(): Iterable<StateRow> {
    return [];
  }

  protected store({ at }: Sight): Json {
    return at.toString();
  }

  protected read(stored: Json): Sight {
    return { at: readBigInt(stored), size: 1 };
  }
}
