import { isJsonObject, type Json, type JsonObject } from '../../base/json.ts';
import { parseJson } from '../../logs/decode/json/json-value.ts';
import type { HarnessError } from './report.ts';
import type { FunctionCoverage, PythonOutputs, PythonTrace } from './result.ts';

/** What the functions of the harness answer. */
export interface Answers {
  configure: undefined;
  prepare_tests: undefined;
  add_bundle: undefined;
  /** Why the rule's module does not load; undefined: it does. */
  add_rule: HarnessError | undefined;
  run: readonly RunAnswer[];
  test: TestAnswer;
  trace: TraceAnswer;
  coverage: readonly FunctionCoverage[];
  /** What rules have changed of what others share since the last time; undefined: nothing. */
  check: string | undefined;
}

export type Method = keyof Answers;

/** What one rule made of an event. Rules that are not told did not match. */
export interface RunAnswer {
  /** The rule's number. */
  readonly index: number;
  readonly outputs?: PythonOutputs;
  readonly problems: readonly HarnessError[];
  /** Instead of outputs. `place`: a number for its kind and place, by which later ones are told. */
  readonly error?: HarnessError;
  readonly place?: number;
  /** Instead of an error: one more of those at a place. */
  readonly again?: number;
}

export interface TestAnswer {
  readonly output?: boolean;
  readonly error?: HarnessError;
  readonly outputs?: PythonOutputs;
  readonly problems: readonly HarnessError[];
  /** The line that returned. */
  readonly returned?: number;
}

export interface TraceAnswer extends TestAnswer {
  readonly reads: PythonTrace['reads'];
  readonly calls: PythonTrace['calls'];
  /** File and line. */
  readonly steps: readonly (readonly [string, number])[];
  readonly truncated: boolean;
}

/** The longest label of what was changed. */
const MOST_LABEL = 200;

/** An answer that is not of the form it has: Python was tampered with. */
export class InvalidAnswer extends Error {}

/**
 * Reads an answer. Its text may come from anyone who took over the interpreter: what has not exactly the form of an answer to
 * the call throws `InvalidAnswer`.
 */
export const readAnswer: { readonly [M in Method]: (text: string, args: readonly string[]) => Answers[M] } = {
  configure: nothing,
  prepare_tests: nothing,
  add_bundle: nothing,
  add_rule: (text) => (text === '' ? undefined : errorOf(jsonOf(text))),
  // A line for each rule that matched or failed: its place among those asked for, and what it made of the event.
  run: (text, [, , asked = '[]']) => {
    if (text === '') return [];
    const indexes = JSON.parse(asked) as readonly number[];
    return text
      .trimEnd()
      .split('\n')
      .map((line) => runOf(line, indexes));
  },
  // It stands in a diagnostic.
  check: (text) => (text === '' ? undefined : text.replace(/\p{Cc}/gu, ' ').slice(0, MOST_LABEL)),
  test: (text) => testOf(objectOf(jsonOf(text))),
  trace: (text) => {
    const found = objectOf(jsonOf(text));
    return {
      ...testOf({ problems: [], ...found }),
      reads: listOf(found['reads'], (each) => {
        const { field, value } = objectOf(each);
        return { field: textOf(field), ...(value !== undefined && { value }) };
      }),
      calls: listOf(found['calls'], callOf),
      steps: listOf(found['steps'], (each) => {
        const [file, line] = listOf(each, (part) => part);
        return [textOf(file), numberOf(line)] as const;
      }),
      truncated: booleanOf(found['truncated']),
    };
  },
  coverage: (text) =>
    listOf(jsonOf(text), (each) => {
      const found = objectOf(each);
      return {
        function: textOf(found['function']),
        line: numberOf(found['line']),
        lines: listOf(found['lines'], numberOf),
        missed: listOf(found['missed'], numberOf),
      };
    }),
};

function nothing(text: string): undefined {
  if (text !== '') throw new InvalidAnswer();
  return undefined;
}

/** Of rules that were asked for only. */
function runOf(line: string, asked: readonly number[]): RunAnswer {
  const space = line.indexOf(' ');
  const place = line.slice(0, Math.max(0, space));
  const index = /^\d+$/.test(place) ? asked[Number(place)] : undefined;
  if (index === undefined) throw new InvalidAnswer();
  const { outputs, problems, error, place: known, again } = objectOf(jsonOf(line.slice(space + 1)));
  if (again !== undefined) return { index, again: numberOf(again), problems: [] };
  return error === undefined
    ? { index, outputs: outputsOf(outputs), problems: listOf(problems, errorOf) }
    : { index, error: errorOf(error), problems: [], ...(known !== undefined && { place: numberOf(known) }) };
}

function testOf(found: JsonObject): TestAnswer {
  const { output, error, outputs, problems, returned } = found;
  return {
    ...(output !== undefined && { output: booleanOf(output) }),
    ...(error !== undefined && { error: errorOf(error) }),
    ...(outputs !== undefined && { outputs: outputsOf(outputs) }),
    problems: listOf(problems, errorOf),
    ...(returned !== undefined && returned !== null && { returned: numberOf(returned) }),
  };
}

function outputsOf(value: Json | undefined): PythonOutputs {
  const found = objectOf(value);
  const { destinations, unique } = found;
  return {
    title: textOf(found['title']),
    description: textOf(found['description']),
    reference: textOf(found['reference']),
    severity: textOf(found['severity']),
    runbook: textOf(found['runbook']),
    destinations:
      destinations === null ? null : listOf(destinations, (each) => (typeof each === 'boolean' ? each : textOf(each))),
    dedup: textOf(found['dedup']),
    alertContext: contextOf(textOf(found['alertContext'])),
    ...(unique !== undefined && { unique: textOf(unique) }),
  };
}

/** JSON text of its own, so that Python writes it only once. Python may nest deeper than records do. */
function contextOf(text: string): JsonObject {
  const parsed = parseJson(text);
  if (!parsed.ok && parsed.tooDeep) return { _error: parsed.reason };
  return objectOf(jsonOf(text));
}

function callOf(value: Json): PythonTrace['calls'][number] {
  const found = objectOf(value);
  return {
    function: textOf(found['function']),
    file: textOf(found['file']),
    line: numberOf(found['line']),
    calledAt: numberOf(found['calledAt']),
    depth: numberOf(found['depth']),
    ...(found['value'] !== undefined && { value: found['value'] }),
  };
}

const KINDS = [
  'exception',
  'timeout',
  'memory',
  'return-type',
  'no-function',
  'syntax',
  'import',
  'suspended',
] as const satisfies readonly HarnessError['kind'][];

function errorOf(value: Json | undefined): HarnessError {
  const found = objectOf(value);
  const kind = KINDS.find((each) => each === found['kind']);
  if (kind === undefined) throw new InvalidAnswer();
  return {
    kind,
    type: textOf(found['type']),
    text: textOf(found['text']),
    frames: listOf(found['frames'], (each) => {
      const frame = objectOf(each);
      return { file: textOf(frame['file']), line: numberOf(frame['line']), function: textOf(frame['function']) };
    }),
    ...(found['function'] !== undefined && { function: textOf(found['function']) }),
    ...(found['expected'] !== undefined && { expected: textOf(found['expected']) }),
    ...(found['found'] !== undefined && { found: textOf(found['found']) }),
    ...(found['module'] !== undefined && { module: textOf(found['module']) }),
  };
}

function jsonOf(text: string): Json {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new InvalidAnswer();
  return parsed.value;
}

function objectOf(value: Json | undefined): JsonObject {
  if (!isJsonObject(value)) throw new InvalidAnswer();
  return value;
}

function listOf<T>(value: Json | undefined, each: (item: Json) => T): T[] {
  if (!Array.isArray(value)) throw new InvalidAnswer();
  return (value as readonly Json[]).map(each);
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new InvalidAnswer();
  return value;
}

function numberOf(value: Json | undefined): number {
  if (typeof value !== 'number') throw new InvalidAnswer();
  return value;
}

function booleanOf(value: Json | undefined): boolean {
  if (typeof value !== 'boolean') throw new InvalidAnswer();
  return value;
}
