import { isJsonObject, type JsonObject } from '../base/json.ts';
import { KernelMatcher, type Kind } from '../engines/stream/index.ts';
import { envelopeRecords } from '../logs/decode/envelope.ts';
import type { LineScanner, LineSink, LinesScanned } from '../logs/decode/index.ts';
import { parseJson } from '../logs/decode/json-value.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { PlanRules } from './plan-rules.ts';
import type { PythonRules } from './python-rules.ts';
import { OutcomeWriter, type ScanOutcome } from './scan-outcome.ts';

/** What a record is. */
export type Recognise = (event: JsonObject) => { readonly type: LogType; readonly shape: Shape };

/** Reads lines for all rules that are plans; records that Python has to see come out whole. */
export class RuleScanner implements LineScanner {
  private readonly matcher: KernelMatcher;
  /** For each log type in a shape, the numbers of the feeds that its program is made of. */
  private readonly numbers = new Map<Shape, Map<string, readonly number[]>>();

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
    return this.matcher.scan(lines, {
      match: ({ start, end, line, kind, event, rules }) => {
        const feeds = this.feeds(kind, rules);
        const scanned = feeds && { type: kind.type, shape: kind.shape, rules: feeds };
        sink.record(event === undefined ? readLater(lines, start, end) : () => event, line, scanned);
      },
      odd: (start, end, line) => sink.odd(start, end, line),
    });
  }

  /** Scans lines for another thread. */
  write(lines: Buffer): ScanOutcome {
    const before = this.recordsByType();
    const writer = new OutcomeWriter();
    const scanned = this.matcher.scan(lines, {
      match: ({ start, end, line, kind, rules }) =>
        writer.record(start, end, line, { type: kind.type.name, shape: kind.shape.name }, this.feeds(kind, rules)),
      odd: (start, end, line) => {
        writer.odd(start, end, line);
        return true;
      },
    });
    const counts = new Map<string, number>();
    for (const [type, count] of this.recordsByType()) counts.set(type, count - (before.get(type) ?? 0));
    return writer.outcome(scanned, counts);
  }

  /** Records that were read here, and not given to anyone to be counted. */
  recordsByType(): Map<string, number> {
    const found = new Map<string, number>();
    for (const { kind, lines } of this.matcher.counts()) {
      found.set(kind.type.name, (found.get(kind.type.name) ?? 0) + lines);
    }
    return found;
  }
}

/** Parses a line when it is first asked for, from a copy of its bytes: most matches are only counted. */
export function readLater(lines: Buffer, start: number, end: number): () => JsonObject {
  const line = Buffer.from(lines.subarray(start, end));
  let record: JsonObject | undefined;
  return () => {
    record ??= parseRecord(line.toString('utf8'));
    return record;
  };
}

/** Parses a line that the kernel found to be a JSON object. */
function parseRecord(line: string): JsonObject {
  const parsed = parseJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('the scan kernel took for a record what is none');
  return parsed.value;
}
