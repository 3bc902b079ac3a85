import { stringifyJson } from '../../src/base/json.ts';
import { compileExpr, rowOf } from '../../src/engines/memory/index.ts';
import type { View } from '../../src/ir/view.ts';
import type { DecodedBatch, DecodedEvent } from '../../src/logs/decode/batch.ts';
import { LogDecoder } from '../../src/logs/decode/decoder.ts';
import { contentKind } from '../../src/logs/decode/text/text-segments.ts';
import type { Shape } from '../../src/logs/log-type.ts';
import { recognise } from '../../src/logs/registry.ts';
import { relocate } from '../../src/passes/bind.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { hold } from '../engine/target.ts';
import { holdSame } from './oracles.ts';

export interface LogFunctions {
  readonly decoder: (file: string) => Pick<LogDecoder, 'push' | 'end' | 'take'>;
}

export const logFunctions: LogFunctions = { decoder: (file) => new LogDecoder(file) };

/** What is decoded of bytes that come in pieces of these sizes, one after the other and again; whole without any. */
export function decoded({ decoder }: LogFunctions, bytes: Buffer, sizes: readonly number[] = []): DecodedBatch {
  const one = decoder('log');
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[turn % sizes.length] ?? 1);
    one.push(bytes.subarray(at, at + size));
    at += size;
  }
  one.end();
  return one.take();
}

/** As texts, so that what differs can be told. */
function told({ events, diagnostics, lines, blank, undecodable }: DecodedBatch): string {
  const records = events.map(({ event, source }) => `${source.line}.${source.record ?? ''} ${stringifyJson(event)}`);
  const said = diagnostics.map(({ code, params }) => `${code} ${JSON.stringify(params)}`);
  return [...records, ...said, `${lines} lines, ${blank} blank, ${undecodable} undecodable`].join('\n');
}

/** What records may take up beside what they were read of: names of columns stand in each, templates are written out. */
const MOST_GROWTH = 64;
const MOST_BASE = 256 * 1024;

/**
 * What must hold of whatever is decoded: every line is accounted for, records are of lines that there are, and not much larger than the
 * input; where the input is cut changes nothing; every record has a type, and each of its views can be asked for each field.
 */
export function holdDecoded(input: Buffer, functions: LogFunctions): DecodedBatch {
  const whole = decoded(functions, input);
  holdLines(input, whole);
  let size = 0;
  for (const one of whole.events) {
    size += stringifyJson(one.event).length;
    holdViews(one);
  }
  hold(size <= MOST_GROWTH * input.length + MOST_BASE, `${size} characters of records from ${input.length} bytes`);
  const sizes = [1 + (input.length % 7), 1 + ((input[0] ?? 0) % 61), 4096];
  holdSame(told(decoded(functions, input, sizes)), told(whole), `in pieces of ${sizes.join(', ')} bytes`);
  if (input.length <= 2_048) holdSame(told(decoded(functions, input, [1])), told(whole), 'byte by byte');
  return whole;
}

function holdLines(input: Buffer, { events, lines, blank, undecodable, diagnostics }: DecodedBatch): void {
  const kind = contentKind(input);
  if (kind.kind === 'text' && kind.encoding === 'utf-8' && !input.includes(0)) {
    const text = input.subarray(kind.skip);
    const feeds = text.filter((byte) => byte === 10).length;
    const expected = text.length === 0 || text.at(-1) === 10 ? feeds : feeds + 1;
    hold(lines === expected, `${lines} lines of ${expected}`);
  }
  hold(blank <= lines, `${blank} blank lines of ${lines}`);
  hold(undecodable === 0 || diagnostics.length > 0, 'lines were not decoded, and nothing says so');
  for (const { source } of events) {
    hold(source.line >= 1 && source.line <= lines, `a record of line ${source.line} of ${lines}`);
  }
}

const compiled = new WeakMap<View, Map<Shape, readonly ReturnType<typeof compileExpr>[]>>();

function holdViews({ event }: DecodedEvent): void {
  const { type, shape } = recognise(event);
  const row = rowOf(event);
  for (const view of type.views) for (const read of fieldsOf(view, shape)) read(row);
}

function fieldsOf(view: View, shape: Shape): readonly ReturnType<typeof compileExpr>[] {
  const known = compiled.get(view) ?? new Map<Shape, readonly ReturnType<typeof compileExpr>[]>();
  compiled.set(view, known);
  const found = known.get(shape);
  if (found !== undefined) return found;
  const exprs = [...[...view.fields.values()].map(({ expr }) => expr), ...(view.when === null ? [] : [view.when])];
  const made = exprs.map((expr) =>
    compileExpr(relocate(expr, { logType: '', view: () => undefined, locate: (path) => shape.locate(path) }), {
      now: fromEpochMs(0),
    }),
  );
  known.set(shape, made);
  return made;
}

/** A decoder that forgets what it was in the middle of, where a piece ends as `pattern` says: the planted fault of targets of logs. */
export function forgetful(pattern: RegExp): LogFunctions {
  return {
    decoder: (file) => {
      const one = new LogDecoder(file);
      return {
        push: (bytes) => {
          const isLost = pattern.test(Buffer.from(bytes).toString('latin1'));
          one.push(isLost ? bytes.subarray(0, -1) : bytes);
        },
        end: () => one.end(),
        take: () => one.take(),
      };
    },
  };
}
