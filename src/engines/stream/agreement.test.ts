import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condition, event, LEAVES, read, write } from '../../../test/properties/arbitrary-filters.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { and, match, or, PLAIN } from '../../ir/construct.ts';
import type { Expr, Raw } from '../../ir/expr.ts';
import { logType } from '../../logs/registry.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { compilePredicate, rowOf } from '../memory/index.ts';
import { compileProgram } from './compile.ts';
import { KernelMatcher } from './kernel/kernel-matcher.ts';
import { Matcher } from './typescript/matcher.ts';

/** The stream engine's verdicts are the memory engine's: on records and rules made to meet in every odd corner. */

const clock = { now: fromEpochMs(0) };

function verdicts(filters: readonly Expr[], events: readonly JsonObject[]): { stream: number[][]; memory: number[][] } {
  const matcher = new Matcher(compileProgram(filters));
  const decide = filters.map((filter) => compilePredicate(filter, clock));
  return {
    stream: events.map((event) => [...matcher.match(event)]),
    memory: events.map((event) => decide.flatMap((one, rule) => (one(rowOf(event)) === true ? [rule] : []))),
  };
}

const [shape] = logType('generic').shapes;
const kind = shape && { type: logType('generic'), shape };

/** The kernel's verdicts on the records as they are written; the lines that it leaves to the reference have none. */
function kernelVerdicts(filters: readonly Expr[], events: readonly JsonObject[]): (readonly number[] | 'odd')[] {
  if (kind === undefined) return [];
  const program = compileProgram(filters);
  const parse = (line: string): JsonObject => read(line) as JsonObject;
  const matcher = new KernelMatcher(
    { recognise: () => kind, parse, programOf: () => program },
    1 << 17,
    1 + (runs % 3),
  );
  const found = events.map((): readonly number[] | 'odd' => []);
  matcher.scan(Buffer.from(events.map((one) => `${write(one)}\n`).join('')), {
    match: ({ line, rules }) => {
      found[line] = rules ?? [];
    },
    odd: (_start, _end, line) => {
      found[line] = 'odd';
      return true;
    },
  });
  return found;
}

let runs = 0;

function expectAgreement(filters: readonly Expr[], events: readonly JsonObject[]): void {
  const { stream, memory } = verdicts(filters, events);
  expect(stream).toEqual(memory);
  runs += 1;
  // A kernel of its own for each program takes time.
  if (runs % 15 !== 0) return;
  const kernel = kernelVerdicts(filters, events);
  for (const [at, found] of kernel.entries()) if (found !== 'odd') expect(found).toEqual(memory[at]);
}

describe('the stream engine and the memory engine', () => {
  it('agree on random rules and records', () => {
    const some = fc.tuple(
      fc.array(condition, { minLength: 1, maxLength: 8 }),
      fc.array(event, { minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(some, ([filters, events]) => expectAgreement(filters, events)),
      { numRuns: 4_000 },
    );
  });

  it('agree where rules are told apart by one field, and after what was learned is learned again', {
    tags: 'large',
  }, () => {
    const rules = fc.array(
      fc
        .tuple(fc.constantFrom('1', '2', 3, '4'), condition)
        .map(([id, rest]) =>
          and([match({ kind: 'raw', paths: [['id']], ...PLAIN }, { kind: 'equals', value: id }), rest]),
        ),
      { minLength: 10, maxLength: 16 },
    );
    const events = fc.array(
      fc
        .tuple(fc.constantFrom<Json>('1', '2', 3, '3', ['1', '2'], null, 'other'), event)
        .map(([id, rest]) => ({ ...rest, id })),
      { minLength: 60, maxLength: 200 },
    );
    fc.assert(
      fc.property(rules, events, (filters, records) => expectAgreement(filters, records)),
      { numRuns: 200 },
    );
  });

  it('agree on the very record after which other literals are searched for', () => {
    const has = (name: string, text: string) =>
      match({ kind: 'raw', paths: [[name]], ...PLAIN }, { kind: 'contains', text }, { collation: 'ignore-case' });
    const rule = and([has('a', 'assumed'), has('b', 'role')]);
    // The rarer of two changes with the records: what was searched for exactly before is not any more, and the reverse.
    const onlyA = { a: 'assumedassumed', b: '' };
    const onlyB = { a: '', b: 'rolerole' };
    const both = { a: 'assumed', b: 'role' };
    const events = [onlyA, onlyB].flatMap((common) =>
      Array.from({ length: 1_100 }, (_, at) => (at % 7 ? common : both)),
    );
    for (const shift of [0, 1, 2, 3, 4, 5, 6]) expectAgreement([rule], events.slice(shift));
  });

  it('agree on records nested very deeply', () => {
    const deep = JSON.parse(`${'{"a":['.repeat(2_000)}"mimikatz"${']}'.repeat(2_000)}`) as JsonObject;
    const arrays = JSON.parse(`{"a":${'['.repeat(3_000)}"MIMIKATZ"${']'.repeat(3_000)}}`) as JsonObject;
    const keyword = match(LEAVES, { kind: 'contains', text: 'mimikatz' }, { collation: 'ignore-case' });
    const inSlot = match(
      { kind: 'raw', paths: [['a']], ...PLAIN },
      { kind: 'suffix', text: 'katz' },
      { collation: 'ignore-case' },
    );
    const { stream, memory } = verdicts([keyword, inSlot], [deep, arrays]);
    expect(stream).toEqual(memory);
    expect(stream).toEqual([[0], [0, 1]]);
  });

  it('agree on a rule of thousands of values, and on thousands of rules', { tags: 'large' }, () => {
    const values = Array.from({ length: 5_000 }, (_, at) => `\\Tool${at}.exe`);
    const subject: Raw = { kind: 'raw', paths: [['Image']], ...PLAIN };
    const one = or(
      values.map((suffix) => match(subject, { kind: 'suffix', text: suffix }, { collation: 'ignore-case' })),
    );
    const each = values.map((suffix) =>
      match(subject, { kind: 'contains', text: suffix }, { collation: 'ignore-case' }),
    );
    const events = ['C:\\TOOL7.EXE', 'C:\\tool4999.exe', 'C:\\tool5000.exe', 'tool7.exe', ''].map((Image) => ({
      Image,
    }));
    const { stream } = verdicts([one, ...each], events);
    expect(stream).toEqual([[0, 8], [0, 5_000], [], [], []]);
  });
});
