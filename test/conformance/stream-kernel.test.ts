import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { compilePredicate, type Decide, rowOf } from '../../src/engines/memory/index.ts';
import { pipeline } from '../../src/engines/pipeline.ts';
import {
  compileProgram,
  KernelMatcher,
  KernelReplica,
  type Kind,
  Matcher,
  type MatchSink,
  NOTHING_TOLD,
  recordFilter,
} from '../../src/engines/stream/index.ts';
import type { Program } from '../../src/engines/stream/program.ts';
import type { Rule } from '../../src/ir/rule/rule.ts';
import { bindingOf } from '../../src/logs/binding.ts';
import { MOST_ODD } from '../../src/logs/decode/index.ts';
import { parseJson } from '../../src/logs/decode/json/json-value.ts';
import { recognise } from '../../src/logs/registry.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { fromEpochMs } from '../../src/values/date-time.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

/**
 * The kernel gives the verdicts of the memory engine and of the TypeScript engine, for all SigmaHQ rules, on samples of published
 * logs as they are and damaged. Run alone: `npx vitest run --config vitest.conformance.config.ts stream-kernel`.
 */
const { there, asPinned } = inputs(
  ['sigma/sigmahq-rules.tar.gz', 'logs/windows-set.json', 'logs/aws-cloudtrail', 'logs/azure'],
  'cc656a5aaa69',
);
const ACTIVE = ['rules', 'rules-emerging-threats', 'rules-threat-hunting', 'rules-compliance', 'rules-dfir'];
/** Every so many lines of the Windows sets. */
const EVERY = 97;
const clock = { now: fromEpochMs(0) };

interface Bound {
  readonly program: Program;
  readonly decide: readonly Decide[];
  readonly typescript: Matcher;
}

describe.skipIf(!there)('the kernel on published logs', () => {
  let folder = '';
  let rules: readonly Rule[] = [];
  const programs = new Map<string, Bound>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dragoman-kernel-'));
    execFileSync('tar', ['xzf', join(corpora, 'sigma', 'sigmahq-rules.tar.gz'), '-C', folder]);
    rules = (await loadRules(ACTIVE.map((name) => join(folder, name)))).rules;
    expect(rules.length).toBeGreaterThan(0);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const boundFor = (kind: Kind): Bound => {
    const key = `${kind.type.name} ${kind.shape.name}`;
    let bound = programs.get(key);
    if (bound === undefined) {
      const binding = bindingOf(kind.type, kind.shape);
      const filters = rules.flatMap((rule) => {
        if (rule.logic.kind !== 'plan') return [];
        return pipeline.prepare(rule.logic.plan, rule.logic.columns, rule.logic.shared).feeds.flatMap((feed) => {
          const plan = pipeline.residual(feed.plan, binding);
          return plan.kind === 'never' ? [] : [recordFilter(plan).filter];
        });
      });
      const program = compileProgram(filters);
      const decide = filters.map((filter) => compilePredicate(filter, clock));
      bound = { program, decide, typescript: new Matcher(program) };
      programs.set(key, bound);
    }
    return bound;
  };

  const parse = (text: string): JsonObject => {
    const parsed = parseJson(text);
    if (!parsed.ok) throw new Error(`the kernel took for JSON: ${text}`);
    return parsed.value as JsonObject;
  };

  type Scan = (bytes: Buffer, sink: MatchSink) => void;

  const by =
    (matcher: KernelMatcher): Scan =>
    (bytes, sink) =>
      matcher.scan(bytes, sink);

  /** Every other block of lines is read by a replica, which is told before each what the matcher has learned. */
  const withReplica = (matcher: KernelMatcher): Scan => {
    const replica = new KernelReplica(parse);
    let told = NOTHING_TOLD;
    return (bytes, sink) => {
      let before = 0;
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const end = bytes.indexOf(0x0a, Math.min(at + 100_000, bytes.length - 1)) + 1;
        const block = bytes.subarray(at, end);
        if (turn % 2 === 1) {
          const { state, mark } = matcher.state(told);
          replica.adopt(structuredClone(state));
          told = mark;
        }
        const read = turn % 2 === 1 ? replica.read(block, MOST_ODD) : matcher.read(block, MOST_ODD);
        const { lines } = matcher.tell(read, {
          match: (one) => sink.match({ ...one, line: before + one.line }),
          odd: (text, start, line) => sink.odd(text, at + start, before + line),
        });
        before += lines;
        at = end;
      }
    };
  };

  /** Compares line by line; gives how many matches there were. */
  const compare = (scan: Scan, bytes: Buffer): { lines: number; matches: number; odd: number } => {
    const found = new Map<number, readonly number[]>();
    const odd = new Set<number>();
    scan(bytes, {
      match: ({ line, rules: of }) => found.set(line, of ?? []),
      odd: (_text, _start, line) => {
        odd.add(line);
        return true;
      },
    });
    let matches = 0;
    const lines = bytes.toString('utf8').split('\n').slice(0, -1);
    for (const [line, text] of lines.entries()) {
      if (text === '' || odd.has(line)) continue;
      const event = parse(text);
      const { decide, typescript } = boundFor(recognise(event));
      const row = rowOf(event);
      const wanted = decide.flatMap((one, rule) => (one(row) === true ? [rule] : []));
      expect(found.get(line) ?? [], text).toEqual(wanted);
      expect(typescript.match(event), text).toEqual(wanted);
      matches += wanted.length;
    }
    return { lines: lines.length, matches, odd: odd.size };
  };

  const windows = (): Buffer => {
    const set: { file: string }[] = JSON.parse(readFileSync(join(corpora, 'logs', 'windows-set.json'), 'utf8'));
    const lines: string[] = [];
    let count = 0;
    for (const { file } of set) {
      const text = execFileSync('unzip', ['-p', join(corpora, file), '*.json'], { maxBuffer: 2 ** 30 }).toString();
      for (const line of text.split('\n')) {
        if (!line.startsWith('{')) continue;
        count += 1;
        if (count % EVERY === 0) lines.push(line.trimEnd());
      }
    }
    return Buffer.from(`${lines.join('\n')}\n`);
  };

  const source = { recognise, parse, programOf: (kind: Kind) => boundFor(kind).program };

  test('Windows', () => {
    const bytes = windows();
    const matcher = new KernelMatcher(source);
    // Twice: with the first index, and with the learned ones.
    const first = compare(by(matcher), bytes);
    const second = compare(by(matcher), bytes);
    const third = compare(withReplica(new KernelMatcher(source)), bytes);
    console.log(
      `stream kernel, Windows: ${first.lines} lines, ${first.matches} matches, ${first.odd} odd, three times`,
    );
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    if (!asPinned) return;
    expect(first.odd).toBe(0);
    expect(first.matches).toBeGreaterThan(40);
  }, 600_000);

  test('Windows, damaged', () => {
    const bytes = windows().subarray(0, 2_000_000);
    // Every 600th byte or so becomes another.
    let state = 7;
    for (let at = 0; at < bytes.length; ) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      at += 1 + (state % 6_000);
      if (at < bytes.length - 1 && bytes[at] !== 0x0a) bytes[at] = (state >>> 8) & 0xff;
    }
    const end = bytes.lastIndexOf(0x0a) + 1;
    const { lines, matches, odd } = compare(by(new KernelMatcher(source)), bytes.subarray(0, end));
    console.log(`stream kernel, damaged: ${lines} lines, ${matches} matches, ${odd} odd`);
    if (asPinned) expect(lines - odd).toBeGreaterThan(100);
  }, 600_000);

  test.each(['aws-cloudtrail', 'azure'])(
    '%s',
    (name) => {
      const matcher = new KernelMatcher(source);
      let matches = 0;
      let lines = 0;
      const listing = execFileSync('find', [join(corpora, 'logs', name), '-name', '*.ndjson.gz'])
        .toString()
        .trim();
      for (const path of listing.split('\n').sort()) {
        const text = gunzipSync(readFileSync(path)).toString();
        const some = text.split('\n').filter((line, at) => line !== '' && at % 11 === 0);
        const done = compare(by(matcher), Buffer.from(`${some.join('\n')}\n`));
        matches += done.matches;
        lines += done.lines;
      }
      console.log(`stream kernel, ${name}: ${lines} lines, ${matches} matches`);
      if (asPinned) expect(lines).toBeGreaterThan(100);
    },
    600_000,
  );
});
