import fc from 'fast-check';
import type { JsonObject } from '../../src/base/json.ts';
import { parseRecord } from '../../src/detect/scan/parse-record.ts';
import { compilePredicate, rowOf } from '../../src/engines/memory/index.ts';
import {
  compileProgram,
  KernelMatcher,
  KernelReplica,
  Matcher,
  type MatchSink,
  NOTHING_TOLD,
} from '../../src/engines/stream/index.ts';
import { match, PLAIN } from '../../src/ir/construct.ts';
import type { Expr, Pattern } from '../../src/ir/expr.ts';
import { printExpr } from '../../src/ir/print/print.ts';
import { envelopeRecords } from '../../src/logs/decode/envelope.ts';
import { MOST_ODD } from '../../src/logs/decode/index.ts';
import { parseJson } from '../../src/logs/decode/json/json-value.ts';
import { logType } from '../../src/logs/registry.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { condition } from '../../test/properties/arbitrary-filters.ts';
import { KernelCoverage } from '../coverage/kernel-coverage.ts';
import type { Random } from '../engine/random.ts';
import { hold, type Target } from '../engine/target.ts';
import { byteMutators } from '../mutate/bytes.ts';
import { lineMutators } from '../mutate/lines.ts';
import { tokenMutators } from '../mutate/tokens.ts';
import { recordLine, recordLines } from './record-lines.ts';
import { inSections, ofBody, sectionsOf } from './sections.ts';

const clock = { now: fromEpochMs(0) };
const [shape] = logType('generic').shapes;
const kind = shape && { type: logType('generic'), shape };

/** Rules of one input, and bytes that the kernel reads at a time: lines that are longer are left to the decoder. */
const MOST_RULES = 8;
const CAPACITY = 1 << 15;

const SIMPLE = /^(\S+) (contains|prefix|suffix|equals) (.+)$/;

/** The head of an input: conditions, one a line, by number (the same number is always the same one), or `a contains cmd.exe`. */
function filtersOf(head: string): readonly Expr[] {
  return head
    .split('\n')
    .slice(0, MOST_RULES)
    .flatMap((line) => {
      const [, name = '', how, text = ''] = SIMPLE.exec(line) ?? [];
      if (how === undefined) {
        return /^\d+$/.test(line) ? fc.sample(condition, { seed: Number(line) % 2 ** 31, numRuns: 1 }) : [];
      }
      return [simple(name, how, text)];
    });
}

function simple(name: string, how: string, text: string): Expr {
  const subject: Expr = { kind: 'raw', paths: [[name]], ...PLAIN };
  const pattern: Pattern = how === 'equals' ? { kind: 'equals', value: text } : { kind: how as 'contains', text };
  return match(subject, pattern, { collation: 'ignore-case' });
}

function conditions(random: Random): string {
  return Array.from({ length: 1 + random.below(4) }, () =>
    random.oneIn(2)
      ? String(random.below(100_000))
      : `${random.pick(['a', 'b', 'id'])} ${random.pick(['contains', 'prefix', 'suffix', 'equals'])} ${random.pick(TEXTS)}`,
  ).join('\n');
}

const TEXTS: readonly string[] = [
  'x',
  'k',
  'cmd.exe',
  'powershell',
  'mimikatz',
  'whoami',
  '\\cmd.exe',
  '10',
  's',
  'é',
  'σ',
  '/c',
];

/** What each line gives: the rules that match it, or that it is left to the decoder. */
type Found = (readonly number[] | 'odd')[];

function sinkOf(found: Found): MatchSink {
  return {
    match: ({ line, rules }) => {
      found[line] = rules;
    },
    odd: (_text, _start, line) => {
      found[line] = 'odd';
      return true;
    },
  };
}

/** `misread`: what the kernel is given in the place of the lines; the planted fault is there. */
function check(input: Buffer, misread: (lines: Buffer) => Buffer): void {
  const [head, body] = sectionsOf(input);
  const filters = filtersOf(head);
  if (filters.length === 0 || kind === undefined) return;
  const lines = body.toString('latin1').split('\n');
  const bytes = misread(Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
  const events = lines.map((line) => plainRecord(Buffer.from(line, 'latin1')));
  const decide = filters.map((filter) => compilePredicate(filter, clock));
  const byReference = events.map((event) =>
    event === undefined ? undefined : decide.flatMap((one, rule) => (one(rowOf(event)) === true ? [rule] : [])),
  );
  const program = compileProgram(filters);
  const inTypeScript = new Matcher(program);
  const source = {
    recognise: (event: JsonObject) => (envelopeRecords(event) === undefined ? kind : undefined),
    parse: parseRecord,
    programOf: () => program,
  };
  const matcher = new KernelMatcher(source, CAPACITY, 1 + (head.length % 3));
  const empty = (): Found => lines.map(() => []);
  const first = empty();
  matcher.scan(bytes, sinkOf(first));
  // Again, with what it has learned; and read ahead by another kernel that was told of it.
  const again = empty();
  matcher.scan(bytes, sinkOf(again));
  const ahead = empty();
  const replica = new KernelReplica(parseRecord, CAPACITY);
  replica.adopt(structuredClone(matcher.state(NOTHING_TOLD).state));
  const read = replica.read(bytes, MOST_ODD);
  const told = matcher.tell(read, sinkOf(ahead));
  for (const [line, expected] of byReference.entries()) {
    const say = (who: string, found: unknown) => (): string =>
      `${who} finds ${JSON.stringify(found)}, the reference ${JSON.stringify(expected)} in line ${line} by ${filters.map(printExpr).join(' ;; ')}`;
    const event = events[line];
    if (event !== undefined) {
      const found = [...inTypeScript.match(event)];
      hold(same(found, expected), say('TypeScript', found));
    }
    for (const [who, found] of [
      ['the kernel', first[line]],
      ['the kernel that has learned', again[line]],
    ] as const) {
      hold(found === 'odd' || same(found, expected ?? []), say(who, found));
    }
    if (line < told.lines)
      hold(ahead[line] === 'odd' || same(ahead[line], expected ?? []), say('the replica', ahead[line]));
  }
}

/** A line that is one record; blank lines, and lines that are none, have no matches. */
function plainRecord(line: Buffer): JsonObject | undefined {
  const parsed = parseJson(line.toString('utf8'));
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null || Array.isArray(parsed.value))
    return undefined;
  return parsed.value as JsonObject;
}

function same(found: readonly number[] | string | undefined, expected: readonly number[] | undefined): boolean {
  return JSON.stringify(found) === JSON.stringify(expected);
}

/** A letter of one word is taken for another. */
function misspelled(lines: Buffer): Buffer {
  return Buffer.from(lines.toString('latin1').replaceAll('cmd', "c'd"), 'latin1');
}

const target: Target = {
  name: 'kernel',
  about:
    'conditions, and lines: the memory engine, the stream engine in TypeScript, the kernel in WebAssembly and its replica give the same verdicts',
  seeds: [
    inSections(
      '1\n2\na contains cmd\nb equals k',
      '{"a":"x","b":["K",1],"c":{"a":null}}\n{"id":"cmd.exe"}\n\nnot JSON\n{"a":"\\u0043md.exe"}',
    ),
    inSections(
      '5 6 7 8 9 10 11 12',
      '{"a":"PowerShell","a.b":true}\n{"__proto__":{"a":1}}\n{"records":[{"a":1}]}\n{"a":1e999,"b":9007199254740993}',
    ),
    inSections('13', '{"a":"\\\\\\"\\/\\b\\f\\n\\r\\t"}\r\n {"a":1}\n{"a":1} \n{"a":[[[[]]]]}'),
  ],
  words: [
    '"a":',
    '"b":',
    '"id":',
    '\\u0061',
    '\\ud83d\\ude00',
    '\\\\',
    '\\"',
    'true',
    'null',
    '1e999',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"records":[',
    'mimikatz',
    'cmd.exe',
    '\u212a',
  ],
  make: (random) => inSections(conditions(random), recordLines(random)),
  mutators: [
    ...[...byteMutators, ...tokenMutators, ...lineMutators].map(ofBody),
    ofBody((body, { random }) => Buffer.concat([body, Buffer.from(`\n${recordLine(random)}`)])),
    (input, { random }) => inSections(conditions(random), sectionsOf(input)[1]),
  ],
  mostBytes: 8 * 1024,
  mostMs: 4_000,
  short: 120,
  plantedWithin: 2_000,
  open(planted) {
    const coverage = new KernelCoverage();
    const misread = planted ? misspelled : (lines: Buffer): Buffer => lines;
    return Promise.resolve({ run: (input) => check(input, misread), coverage });
  },
};

export default target;
