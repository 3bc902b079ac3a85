import type { JsonObject } from '../../base/json.ts';
import {
  type KernelMark,
  KernelMatcher,
  type KernelState,
  type LinesRead,
  type MatchSink,
} from '../../engines/stream/index.ts';
import { envelopeRecords } from '../../logs/decode/envelope.ts';
import { type LineScanner, type LineSink, type LinesScanned, MOST_ODD } from '../../logs/decode/index.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import { DateTime } from '../../values/value.ts';
import type { PlanRules } from '../plans/plan-rules.ts';
import type { EventTimes } from '../seen/event-times.ts';
import { parseRecord } from './parse-record.ts';

/** What a record is. */
export type Recognise = (event: JsonObject) => { readonly type: LogType; readonly shape: Shape };

/** Reads lines for all rules. */
export class RuleScanner implements LineScanner {
  private readonly matcher: KernelMatcher;

  /** `times`: where the latest time of all records is to be known. */
  constructor(plans: PlanRules, typeOf: Recognise, times?: EventTimes) {
    this.matcher = new KernelMatcher({
      recognise: (event) => {
        if (envelopeRecords(event) !== undefined) return undefined;
        const { type, shape } = typeOf(event);
        return { type, shape };
      },
      parse: parseRecord,
      programOf: ({ type, shape }) => plans.streamProgram(type, shape),
      ...(times && {
        time: {
          placeOf: ({ type, shape }) => times.placeOf(type, shape),
          follow: (event, { type, shape }) => times.follow(event, type, shape),
          goOn: (latest) => times.goOn(new DateTime(latest)),
        },
      }),
    });
  }

  scan(lines: Buffer, sink: LineSink): LinesScanned {
    return this.matcher.scan(lines, this.matchSink(sink));
  }

  /** Reads whole lines ahead; to an end after so many odd lines in a row as the decoder takes. */
  read(lines: Buffer): LinesRead {
    return this.matcher.read(lines, MOST_ODD);
  }

  /** Gives what scanning lines that were read ahead would have given. */
  tell(lines: LinesRead, sink: LineSink): LinesScanned {
    return this.matcher.tell(lines, this.matchSink(sink));
  }

  /** Grows with what is learned of records. */
  get version(): number {
    return this.matcher.version;
  }

  /** What threads that read lines for this one have to know. */
  state(told: KernelMark): { readonly state: KernelState; readonly mark: KernelMark } {
    return this.matcher.state(told);
  }

  /** Records that were scanned or told, and not given to anyone to be counted. */
  get counts(): ReadonlyMap<{ readonly type: LogType; readonly shape: Shape }, number> {
    return this.matcher.counts;
  }

  private matchSink(sink: LineSink): MatchSink {
    return {
      match: ({ line, kind, read, rules }) =>
        sink.record(read, line, { type: kind.type, shape: kind.shape, rules, by: this }),
      odd: (text, start, line) => sink.odd(text, start, line),
    };
  }
}
