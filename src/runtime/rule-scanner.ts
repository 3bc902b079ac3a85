import type { JsonObject } from '../base/json.ts';
import { KernelMatcher, type Kind } from '../engines/stream/index.ts';
import { envelopeRecords } from '../logs/decode/envelope.ts';
import { type LineScanner, type LineSink, type LinesScanned, MOST_ODD } from '../logs/decode/index.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { PlanRules } from './plan-rules.ts';
import type { PythonRules } from './python-rules.ts';
import { parseRecord, readLater } from './read-later.ts';
import { type KindName, OutcomeWriter, type ScanOutcome } from './scan-outcome.ts';

/** What a record is. */
export type Recognise = (event: JsonObject) => { readonly type: LogType; readonly shape: Shape };

/** Reads lines for all rules that are plans; records that Python has to see come out whole. */
export class RuleScanner implements LineScanner {
  private readonly matcher: KernelMatcher;
  /** For each log type in a shape, the numbers of the feeds that its program is made of. */
  private readonly numbers = new Map<Shape, Map<string, readonly number[]>>();
  private readonly counts = new Map<string, number>();

  constructor(plans: PlanRules, python: PythonRules, typeOf: Recognise) {
    this.matcher = new KernelMatcher({
      recognise: (event) => {
        if (envelopeRecords(event) !== undefined) return undefined;
        const { type, shape } = typeOf(event);
        return { type, shape, isOpen: python.mayConcern(type, event) };
      },
      parse: parseRecord,
      programOf: ({ type, shape }) => {
        const { program, numbers } = plans.streamProgram(type, shape);
        const byType = this.numbers.get(shape) ?? new Map<string, readonly number[]>();
        this.numbers.set(shape, byType.set(type.name, numbers));
        return program;
      },
    });
  }

  private feeds({ type, shape }: Kind, rules: readonly number[] | undefined): readonly number[] | undefined {
    const numbers = this.numbers.get(shape)?.get(type.name);
    return rules?.map((rule) => {
      const number = numbers?.[rule];
      if (number === undefined) throw new Error(`no program of ${type.name} has a rule ${rule}`);
      return number;
    });
  }

  scan(lines: Buffer, sink: LineSink): LinesScanned {
    const before = this.linesByKind();
    const scanned = this.matcher.scan(lines, {
      match: ({ start, end, line, kind, event, rules }) => {
        const feeds = this.feeds(kind, rules);
        const read = event === undefined ? readLater(Uint8Array.from(lines.subarray(start, end))) : () => event;
        sink.record(read, line, feeds && { type: kind.type, shape: kind.shape, rules: feeds });
      },
      odd: (start, end, line) => sink.odd(lines.subarray(start, end + 1), start, line),
    });
    addByType(this.counts, this.linesSince(before));
    return scanned;
  }

  /** Scans lines, to tell what is found later or elsewhere. Ends after so many odd lines in a row as end what is told. */
  write(lines: Uint8Array): ScanOutcome {
    const before = this.linesByKind();
    const writer = new OutcomeWriter(lines);
    let lastOdd = -1;
    let inARow = 0;
    const scanned = this.matcher.scan(Buffer.from(lines.buffer, lines.byteOffset, lines.length), {
      match: ({ start, end, line, kind, rules }) =>
        writer.record(start, end, line, nameOf(kind), this.feeds(kind, rules)),
      odd: (start, end, line) => {
        inARow = line === lastOdd + 1 ? inARow + 1 : 1;
        lastOdd = line;
        writer.odd(start, end, line, this.linesSince(before));
        return inARow < MOST_ODD;
      },
    });
    const counts = new Map<string, number>();
    addByType(counts, this.linesSince(before));
    return writer.outcome(scanned, counts);
  }

  /** How many kinds of records were met; the first of each takes long. */
  get known(): number {
    return this.matcher.classes;
  }

  /** Records that `scan` read, and not given to anyone to be counted. */
  recordsByType(): ReadonlyMap<string, number> {
    return this.counts;
  }

  private linesByKind(): ReadonlyMap<Kind, number> {
    return new Map(this.matcher.counts().map(({ kind, lines }) => [kind, lines]));
  }

  private linesSince(before: ReadonlyMap<Kind, number>): (readonly [KindName, number])[] {
    return [...this.linesByKind()].map(([kind, lines]) => [nameOf(kind), lines - (before.get(kind) ?? 0)]);
  }
}

function nameOf({ type, shape }: Kind): KindName {
  return { type: type.name, shape: shape.name };
}

function addByType(counts: Map<string, number>, found: Iterable<readonly [KindName, number]>): void {
  for (const [{ type }, lines] of found) if (lines > 0) counts.set(type, (counts.get(type) ?? 0) + lines);
}
