import { isJsonObject, type JsonObject } from '../base/json.ts';
import { KernelMatcher } from '../engines/stream/index.ts';
import { envelopeRecords } from '../logs/decode/envelope.ts';
import type { LineScanner, LineSink, LinesScanned } from '../logs/decode/index.ts';
import { parseJson } from '../logs/decode/json-value.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { PlanRules } from './plan-rules.ts';
import type { PythonRules } from './python-rules.ts';

/** Reads lines for all rules that are plans; records that Python has to see come out whole. */
export class RuleScanner implements LineScanner {
  private readonly matcher: KernelMatcher;

  constructor(plans: PlanRules, python: PythonRules, typeOf: (event: JsonObject) => { type: LogType; shape: Shape }) {
    this.matcher = new KernelMatcher({
      recognise: (event) => {
        if (envelopeRecords(event) !== undefined) return undefined;
        const { type, shape } = typeOf(event);
        return { type, shape, isOpen: python.mayConcern(type, event) };
      },
      parse,
      programOf: ({ type, shape }) => plans.streamProgram(type, shape),
    });
  }

  scan(lines: Buffer, sink: LineSink): LinesScanned {
    return this.matcher.scan(lines, {
      match: ({ event, line, kind: { type, shape }, rules }) =>
        sink.record(event, line, rules && { type, shape, rules }),
      odd: (start, end, line) => sink.odd(start, end, line),
    });
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

function parse(line: string): JsonObject {
  const parsed = parseJson(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('the scan kernel took for a record what is none');
  return parsed.value;
}
