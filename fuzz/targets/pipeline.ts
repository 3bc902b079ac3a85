import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Match } from '../../src/alerts/match.ts';
import { stringifyJson } from '../../src/base/json.ts';
import { PlanRules } from '../../src/detect/plans/plan-rules.ts';
import { createRuleSession } from '../../src/detect/rule-session.ts';
import { parseRecord } from '../../src/detect/scan/parse-record.ts';
import { RuleScanner } from '../../src/detect/scan/rule-scanner.ts';
import { KernelReplica, NOTHING_TOLD } from '../../src/engines/stream/index.ts';
import type { Rule } from '../../src/ir/rule/rule.ts';
import type { DecodedBatch } from '../../src/logs/decode/batch.ts';
import { LogDecoder } from '../../src/logs/decode/decoder.ts';
import { MOST_ODD } from '../../src/logs/decode/index.ts';
import { contentKind } from '../../src/logs/decode/text/text-segments.ts';
import { typingOf } from '../../src/logs/typing.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { Random } from '../engine/random.ts';
import type { Subject, Target } from '../engine/target.ts';
import { byteMutators } from '../mutate/bytes.ts';
import { lineMutators } from '../mutate/lines.ts';
import { tokenMutators } from '../mutate/tokens.ts';
import { holdSame } from './oracles.ts';
import { recordLine, recordLines } from './record-lines.ts';
import { inSections, ofBody, ofHead, sectionsOf } from './sections.ts';
import { SIGMA_WORDS, sigmaRule } from './sigma-grammar.ts';

/** How an input is cut, by its length: small enough that records lie over several pieces. */
const PIECES: readonly number[] = [1, 7, 64, 500, 100_000];

/** The way of a log through a session: its records as they are, or its lines by a scanner, here or by a replica that was told before. */
type Way = 'memory' | 'stream' | 'scanner' | 'ahead';

/** Matches, what is said of the log and of rules, and sums, each in its order. */
interface Found {
  readonly matches: readonly string[];
  readonly diagnostics: readonly string[];
  readonly sums: Readonly<Record<string, number>>;
}

type Decide = (rules: readonly Rule[], log: Buffer, way: Way) => Promise<Found>;

/** Everything that a run says of a log, and that must be the same in whichever way it runs. */
async function run(rules: readonly Rule[], log: Buffer, way: Way): Promise<Found> {
  const session = createRuleSession(rules, { engine: way === 'memory' ? 'memory' : 'stream' });
  const isScanned = way === 'scanner' || way === 'ahead';
  const scanner = isScanned
    ? new RuleScanner(new PlanRules(rules, undefined, { engine: 'stream' }), typingOf({}, rules))
    : undefined;
  const decoder = new LogDecoder('log', scanner);
  const matches: string[] = [];
  const diagnostics: string[] = [];
  const sums = { lines: 0, blank: 0, undecodable: 0, records: 0 };
  const take = async (batch: DecodedBatch): Promise<void> => {
    for (const match of await session.process(batch.events)) matches.push(matchInWords(match));
    diagnostics.push(...batch.diagnostics.map(({ code, params }) => `${code} ${JSON.stringify(params)}`));
    sums.lines += batch.lines;
    sums.blank += batch.blank;
    sums.undecodable += batch.undecodable;
    sums.records += batch.events.length + batch.quiet;
  };
  try {
    if (way === 'ahead' && scanner !== undefined) await pushAhead(decoder, scanner, log, take);
    else {
      const size = PIECES[log.length % PIECES.length] ?? 1;
      for (let at = 0; at < log.length; at += size) {
        decoder.push(log.subarray(at, at + size));
        await take(decoder.take());
      }
    }
    decoder.end();
    await take(decoder.take());
    matches.push(...(await session.advance('end')).map(matchInWords));
    // Which types a rule can never match is said of those that the session saw: the scanner here counts for itself.
    const ofRules = session.diagnostics.filter(({ code }) => code !== 'lint/never');
    diagnostics.push(...ofRules.map(({ code, params }) => `${code} ${JSON.stringify(params)}`));
  } finally {
    await session.close();
  }
  return { matches, diagnostics, sums };
}

/** Whole lines are read ahead by a replica of the kernel, as threads do, three blocks before the decoder comes to them. */
async function pushAhead(
  decoder: LogDecoder,
  scanner: RuleScanner,
  log: Buffer,
  take: (batch: DecodedBatch) => Promise<void>,
): Promise<void> {
  const replica = new KernelReplica(parseRecord, 1 << 16);
  const kind = contentKind(log);
  if (kind.kind === 'text' && kind.encoding === 'utf-8' && kind.skip === 0) decoder.beginText();
  let mark = NOTHING_TOLD;
  const readAhead = (block: Buffer): ReturnType<KernelReplica['read']> | undefined => {
    if (block.at(-1) !== 0x0a) return undefined;
    if (scanner.version > 0) {
      const { state, mark: next } = scanner.state(mark);
      mark = next;
      replica.adopt(structuredClone(state));
    }
    return mark.version > 0 ? replica.read(Buffer.from(block), MOST_ODD) : scanner.read(Buffer.from(block));
  };
  const waiting: (readonly [Buffer, ReturnType<typeof readAhead>])[] = [];
  const tell = async (): Promise<void> => {
    const [block, lines] = waiting.shift() ?? [Buffer.alloc(0), undefined];
    const passed =
      lines !== undefined && decoder.takesLines ? decoder.tell({ tell: (sink) => scanner.tell(lines, sink) }) : 0;
    decoder.push(block.subarray(passed));
    await take(decoder.take());
  };
  for (let at = 0; at < log.length; ) {
    let end = at;
    for (let lines = 0; lines < 3 && end < log.length; lines += 1) {
      const feed = log.indexOf(0x0a, end);
      end = feed === -1 ? log.length : feed + 1;
    }
    const block = log.subarray(at, end);
    waiting.push([block, readAhead(block)]);
    if (waiting.length > 2) await tell();
    at = end;
  }
  while (waiting.length > 0) await tell();
}

function matchInWords({ rule, record, fields }: Match): string {
  const source =
    record === undefined ? '' : `${record.source.line} ${record.source.record ?? ''} ${stringifyJson(record.event)}`;
  return `${rule.id} ${source} ${fields === undefined ? '' : stringifyJson(fields)}`;
}

const CORRELATIONS: readonly string[] = [
  'correlation: {type: event_count, rules: [r0], group-by: [a], timespan: 1h, condition: {gte: 2}, generate: true}',
  'correlation: {type: value_count, rules: [r0], group-by: [id], timespan: 1m, condition: {gt: 1, field: a}, generate: true}',
  'correlation: {type: temporal_ordered, rules: [r0, r1], group-by: [a], timespan: 1h, generate: true}',
];

function rulesText(random: Random): string {
  const count = 1 + random.below(4);
  const rules = Array.from({ length: count }, (_, at) => `name: r${at}\n${sigmaRule(random, `r${at}`)}`);
  if (random.oneIn(4)) rules.push(`title: many\nid: many\n${random.pick(CORRELATIONS)}\n`);
  return rules.join('---\n').trimEnd();
}

/** The stream engine's scanner, but that lines with a letter whose lower case is not ASCII's are not looked at. */
const withFault: Decide = async (rules, log, way) =>
  run(
    rules,
    way === 'scanner' && log.includes('\u212a') ? Buffer.from(log.toString('utf8').replaceAll('\u212a', 'q')) : log,
    way,
  );

const target: Target = {
  name: 'pipeline',
  about:
    'random Sigma rules over mutated logs, from files to matches: memory, stream, scanner of lines and scanner ahead say the same',
  seeds: [
    inSections(
      'title: a\nid: a\nname: r0\nlogsource: {}\ndetection: {sel: {a|contains: x}, condition: sel}\n---\ntitle: k\nid: k\nlogsource: {}\ndetection: {keywords: [K, cmd], condition: keywords}',
      '{"a":"xy"}\n{"a":["K","x"]}\nnoise\n{"a":{"b":"CMD"}}\n{"a":"b"}{"a":"x"}\n{"records":[{"a":"x"}]}\n',
    ),
    inSections(
      `title: w\nid: w\nlogsource: {product: windows, category: process_creation}\ndetection: {sel: {Image|endswith: '\\cmd.exe'}, condition: sel}`,
      '{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Image":"C:\\\\Windows\\\\cmd.exe"}\n<34>1 2026-01-01T00:00:00Z h a - - - Image=x\n',
    ),
    inSections(
      `title: r0\nid: r0\nname: r0\nlogsource: {}\ndetection: {sel: {a: '*'}, condition: sel}\n---\ntitle: m\nid: m\n${CORRELATIONS[0]}`,
      '{"a":"1","@timestamp":"2026-01-01T00:00:00Z"}\n{"a":"1","@timestamp":"2026-01-01T00:30:00Z"}\n{"a":"2","time":1767225600}\n',
    ),
  ],
  words: [
    ...SIGMA_WORDS,
    '"a":',
    '"id":',
    '\\u212a',
    '\u212a',
    '"@timestamp":"2026-01-01T00:00:00Z"',
    '{"records":[',
    ']}',
    '"Image":"C:\\\\cmd.exe"',
  ],
  make: (random) => inSections(rulesText(random), recordLines(random)),
  mutators: [
    ...[...byteMutators, ...tokenMutators, ...lineMutators].map(ofBody),
    ofBody((body, { random }) => Buffer.concat([body, Buffer.from(`\n${recordLine(random)}`)])),
    ofHead((_, { random }) => Buffer.from(rulesText(random))),
    ...tokenMutators.map(ofHead),
  ],
  mostBytes: 8 * 1024,
  mostMs: 8_000,
  short: 40,
  plantedWithin: 600,
  open(planted) {
    const folder = mkdtempSync(join(tmpdir(), 'dragoman-fuzz-'));
    const file = join(folder, 'rules.yml');
    const decide = planted ? withFault : run;
    const subject: Subject = {
      async run(input) {
        const [head, log] = sectionsOf(input);
        writeFileSync(file, head);
        const { rules } = await loadRules([file]);
        if (rules.length === 0) return;
        const expected = await decide(rules, log, 'memory');
        for (const way of ['stream', 'scanner', 'ahead'] as const) {
          const found = await decide(rules, log, way);
          holdSame(
            found.matches.join('\n'),
            expected.matches.join('\n'),
            `the matches by ${way}, and by the memory engine`,
          );
          holdSame(found, expected, `what is said by ${way}, and by the memory engine`);
        }
      },
      close() {
        rmSync(folder, { recursive: true });
        return Promise.resolve();
      },
    };
    return Promise.resolve(subject);
  },
};

export default target;
