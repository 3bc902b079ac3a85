import type { Json } from '../base/json.ts';
import type { AlertThreshold } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { readArray, readNumber } from '../state/plain.ts';
import type { Match } from './match.ts';
import { readMatch, storeMatch } from './stored-match.ts';
import { isReached, soFar } from './threshold.ts';

/** A threshold on all rows of one run: they come out together or not at all. */
export class RunThreshold {
  private readonly rule: Rule;
  private readonly threshold: AlertThreshold;
  private held: Match[] = [];
  private count = 0;
  /** Rows that did not come out, in all runs. */
  dropped = 0;

  constructor(rule: Rule, threshold: AlertThreshold) {
    this.rule = rule;
    this.threshold = threshold;
  }

  /** What is sure to come out now. */
  take(match: Match): Match[] {
    this.count += 1;
    switch (soFar(this.threshold, this.count)) {
      case 'holds': {
        const found = [...this.held, match];
        this.held = [];
        return found;
      }
      case 'fails':
        this.dropped += this.held.length + 1;
        this.held = [];
        return [];
      case 'open':
        this.held.push(match);
        return [];
    }
  }

  snapshot(): Json {
    return [this.held.map(storeMatch), this.count, this.dropped];
  }

  /** Throws `NotStored`. */
  restore(stored: Json | undefined): void {
    const [held, count, dropped] = readArray(stored);
    this.held = readArray(held).map((match) => readMatch(match, this.rule));
    this.count = readNumber(count);
    this.dropped = readNumber(dropped);
  }

  /** The run is over. `time`: of its end. A threshold may ask for no rows: then that there are none is the match. */
  endRun(time: string | undefined): Match[] {
    const { held, count } = this;
    this.held = [];
    this.count = 0;
    if (!isReached(this.threshold, count)) {
      this.dropped += held.length;
      return [];
    }
    return count > 0 ? held : [{ rule: this.rule, record: undefined, time, fields: { rows: 0 } }];
  }
}
