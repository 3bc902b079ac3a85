import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasKernel, KernelReplica, type LinesRead, NOTHING_TOLD } from '../../engines/stream/index.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { LogDecoder } from '../../logs/decode/decoder.ts';
import { MOST_ODD, ScannedEvent } from '../../logs/decode/index.ts';
import { contentKind } from '../../logs/decode/text/text-segments.ts';
import { typingOf } from '../../logs/typing.ts';
import { loadRules } from '../../rules/load-rules.ts';
import { PlanRules } from '../plans/plan-rules.ts';
import { createRuleSession } from '../rule-session.ts';
import { EventTimes } from '../seen/event-times.ts';
import { parseRecord } from './parse-record.ts';
import { RuleScanner } from './rule-scanner.ts';

const folder = mkdtempSync(join(tmpdir(), 'dragoman-scanner-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whatever the logs are: a keyword, a field of Sysmon's, one of CloudTrail's, one of anything and of something, and a count. */
const RULES = `
title: keyword
id: keyword
logsource: {product: windows}
detection: {keywords: [mimikatz], condition: keywords}
---
title: image
id: image
logsource: {product: windows, category: process_creation}
detection: {sel: {Image|endswith: '\\cmd.exe'}, condition: sel}
---
title: cloud
id: cloud
logsource: {product: aws, service: cloudtrail}
detection: {sel: {eventName: StopLogging}, condition: sel}
---
title: any
id: any
logsource: {}
detection: {sel: {a: b}, condition: sel}
---
title: something
id: something
logsource: {product: something}
detection: {sel: {a: b}, condition: sel}
---
title: many
id: many
correlation: {type: event_count, rules: [any], timespan: 1h, condition: {gte: 3}, generate: true}
`;

let rules: readonly Rule[] = [];
beforeAll(async () => {
  writeFileSync(join(folder, 'rules.yml'), RULES.trim());
  ({ rules } = await loadRules([folder]));
  expect(rules.map(({ id }) => id)).toEqual(['keyword', 'image', 'cloud', 'any', 'something', 'many']);
});

interface Told {
  readonly matches: readonly string[];
  readonly types: object;
  readonly diagnostics: readonly string[];
  readonly lines: number;
  readonly blank: number;
  readonly undecodable: number;
  readonly records: number;
  /** The latest time of all records, in ticks. */
  readonly latest: string | undefined;
}

/** What a run says of a log that `read` gives to a decoder, which reads lines with a scanner unless the engine is the reference. */
async function told(
  engineName: 'stream' | 'memory',
  read: (decoder: LogDecoder, scanner: RuleScanner | undefined, taken: () => Promise<void>) => Promise<void>,
): Promise<Told> {
  const session = createRuleSession(rules, { engine: engineName });
  expect(session.scanner === undefined).toBe(engineName === 'memory');
  const typing = typingOf({}, rules);
  const times = new EventTimes();
  const plans = new PlanRules(rules, undefined, { engine: 'stream' });
  const scanner = engineName === 'memory' ? undefined : new RuleScanner(plans, typing, times);
  const decoder = new LogDecoder('log', scanner);
  const matches: string[] = [];
  const diagnostics: string[] = [];
  const sums = { lines: 0, blank: 0, undecodable: 0, records: 0 };
  const take = async (): Promise<void> => {
    const batch = decoder.take();
    for (const one of batch.events) {
      if (one instanceof ScannedEvent) continue;
      const { type, shape } = typing(one.event);
      times.follow(one.event, type, shape);
    }
    for (const { rule, record } of await session.process(batch.events)) {
      matches.push(`${rule.id} ${record?.source.line} ${record?.source.record} ${JSON.stringify(record?.event)}`);
    }
    diagnostics.push(...batch.diagnostics.map(({ code, params }) => `${code} ${JSON.stringify(params)}`));
    sums.lines += batch.lines;
    sums.blank += batch.blank;
    sums.undecodable += batch.undecodable;
    sums.records += batch.events.length + batch.quiet;
  };
  await read(decoder, scanner, take);
  decoder.end();
  await take();
  for (const { rule } of await session.advance('end')) matches.push(rule.id);
  await session.close();
  const types = new Map(session.recordsByType);
  for (const [{ type }, count] of scanner?.counts ?? []) types.set(type.name, (types.get(type.name) ?? 0) + count);
  return {
    matches,
    types: Object.fromEntries([...types].sort()),
    diagnostics,
    ...sums,
    latest: times.latest?.ticks.toString(),
  };
}

/** The same of a log which comes in such pieces. */
function toldOf(bytes: Uint8Array, pieces: readonly number[], engineName: 'stream' | 'memory'): Promise<Told> {
  return told(engineName, async (decoder, _scanner, taken) => {
    let at = 0;
    for (let turn = 0; at < bytes.length; turn += 1) {
      const size = pieces.length === 0 ? bytes.length : (pieces[turn % pieces.length] ?? 1);
      // A buffer that is used again: nothing may be kept of it.
      const piece = Uint8Array.from(bytes.subarray(at, at + size));
      decoder.push(piece);
      piece.fill(0x7b);
      at += size;
      await taken();
    }
  });
}

/** How a block of lines is read: ahead, by the scanner or a replica of its kernel that is told more before or not; or as it comes. */
type Way = 'here' | 'replica' | 'replica that was told' | 'as it comes';

/** The same of a log of which blocks of so many lines are read ahead of the decoder, and told when it comes to them. */
function toldAhead(bytes: Buffer, blocks: readonly { readonly lines: number; readonly way: Way }[]): Promise<Told> {
  return told('stream', async (decoder, scanner, taken) => {
    const replica = new KernelReplica(parseRecord);
    let mark = NOTHING_TOLD;
    const readAhead = (block: Buffer, way: Way): LinesRead | undefined => {
      if (way === 'as it comes' || block.at(-1) !== 0x0a || scanner === undefined) return undefined;
      // The memory is used again.
      const lines = Buffer.from(block);
      if (way === 'replica that was told' && scanner.version > 0) {
        const told = scanner.state(mark);
        mark = told.mark;
        replica.adopt(structuredClone(told.state));
      }
      const isReplica = way !== 'here' && mark.version > 0;
      const found = isReplica ? replica.read(lines, MOST_ODD) : scanner.read(lines);
      lines.fill(0x7b);
      return found;
    };
    const found = contentKind(bytes);
    if (found.kind === 'text' && found.encoding === 'utf-8' && found.skip === 0) decoder.beginText();
    const waiting: (readonly [Buffer, LinesRead | undefined])[] = [];
    const tell = async (): Promise<void> => {
      const [block, lines] = waiting.shift() ?? [Buffer.alloc(0), undefined];
      const isTold = lines !== undefined && scanner !== undefined && decoder.takesLines;
      const passed = isTold ? decoder.tell({ tell: (sink) => scanner.tell(lines, sink) }) : 0;
      decoder.push(block.subarray(passed));
      await taken();
    };
    let at = 0;
    for (let turn = 0; at < bytes.length; turn += 1) {
      const { lines, way } = blocks[turn % blocks.length] ?? { lines: 1, way: 'here' };
      let end = at;
      for (let line = 0; line < lines && end < bytes.length; line += 1) {
        const feed = bytes.indexOf(0x0a, end);
        end = feed === -1 ? bytes.length : feed + 1;
      }
      const block = bytes.subarray(at, end);
      waiting.push([block, readAhead(block, way)]);
      if (waiting.length > 2) await tell();
      at = end;
    }
    while (waiting.length > 0) await tell();
  });
}

const sysmon = (image: string, time: unknown = '2026-01-01 00:00:00.000'): string =>
  JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Image: image,
    UtcTime: time,
  });
const cloudTrail = (time: string): string =>
  `{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","eventTime":${time}}`;
const LINES: readonly string[] = [
  sysmon('C:\\Windows\\System32\\CMD.exe'),
  sysmon('C:\\Windows\\explorer.exe'),
  sysmon('C:\\mimikatz.exe'),
  '{"eventVersion":"1.08","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"us-east-1","eventTime":"2026-01-01T00:00:00Z"}',
  '{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","eventTime":"2026-01-01T00:00:00Z"}',
  sysmon('C:\\a.exe', '2026-01-02 00:00:00.000'),
  sysmon('C:\\a.exe', ['2026-01-03 00:00:00.000']),
  sysmon('C:\\a.exe', null),
  cloudTrail('"2026-01-01T00:00:01Z"'),
  cloudTrail('"2026-01-01T00:00:01.5Z"'),
  cloudTrail('"2026-01-01T00:00:02+02:00"'),
  cloudTrail('"2026-01-0\\u0031T00:00:03Z"'),
  cloudTrail('"2026-13-01T00:00:03Z"'),
  cloudTrail('1767225605'),
  cloudTrail('1767225606.25'),
  cloudTrail('true'),
  cloudTrail('{"x":"2026-02-01T00:00:00Z"}'),
  cloudTrail('"2026-01-01T00:00:07Z","eventTime":"2026-01-01T00:00:04Z"'),
  '{"a":"c","@timestamp":"2026-01-01T00:00:08Z"}',
  '{"a":"b"}',
  '{"a":"b"}\r',
  ' {"a":"b"}',
  '{"a":"b"},',
  '{"a":"b"} {"a":"b"}',
  '{"a":"c"}',
  '{}',
  '',
  '\r',
  '  ',
  'not JSON at all',
  '{"a":',
  '"b"}',
  '{',
  '}',
  '[',
  ']',
  '[{"a":"b"},{"a":"b"}]',
  '{"records":[{"a":"b"},{"a":"c"}]}',
  '{"Records":[',
  '{"value":[{"a":"b"}],"count":1}',
  '{"value":[{"a":"b"}],"a":"b"}',
  '{"_index":"x","_source":{"a":"b"}}',
  '{"EventId":"1","CloudTrailEvent":"{\\"eventVersion\\":\\"1.08\\",\\"eventName\\":\\"StopLogging\\",\\"eventSource\\":\\"x.amazonaws.com\\",\\"awsRegion\\":\\"r\\"}"}',
  '{"time":1,"sourcetype":"x","event":{"a":"b"}}',
  '{"hits":{"hits":[{"_source":{"a":"b"}}]}}',
  ']}',
  '  "a": "b"',
  '{"a":"b\u00e9\u212a"}',
  '{"a":"b","a":"c"}',
  '{"a":9007199254740993}',
  'null',
  '"text"',
  'type=SYSCALL msg=audit(1600000000.123:1): arch=c000003e syscall=59 success=yes exe="/bin/cat" key="x"',
  'type=EOE msg=audit(1600000000.123:1):',
  '<34>1 2026-01-01T00:00:00Z host app - - - hello',
  '{"p_log_type":"x","a":"b"}',
  '{"p_log_type":"y","a":"b","product":"something"}',
  '{"a":"b","product":"Something"}',
  '{"a":"b","product":["something"]}',
  '{"a":"b","product":"else"}',
  '{"Image":"C:\\\\x\\\\cmd.exe","CommandLine":"cmd"}',
  '{"Image":"\\u0043:\\\\cmd.exe","CommandLine":"cmd"}',
  '{"Image":"\\\\\\\\host\\\\cmd.exe","CommandLine":"cmd"}',
  '{"Image":"\\/bin\\\\cmd.exe","CommandLine":"cmd"}',
  '{"Image":"/bin/x\\\\cmd.exe","CommandLine":"cmd"}',
  '{"Image":"\\\\","CommandLine":"cmd"}',
  '{"Image":"C:\\\\x\\\\cmd.exe","CommandLine":"cmd","product":"linux"}',
  '{"Image":"C:\\\\x\\\\cmd.exe","CommandLine":"cmd","protoPayload":null}',
  '{"Image":"C:\\\\x\\\\cmd.exe","CommandLine":7}',
  '{"EventID":1,"UtcTime":"t","Image":"C:\\\\x\\\\cmd.exe","CommandLine":"cmd"}',
  `{"a":"${'x'.repeat(5_000)}"}`,
];

const log = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...LINES) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(...LINES).chain((line) => fc.nat(line.length).map((end) => line.slice(0, end))),
      },
    ),
    { maxLength: 40 },
  )
  .map((lines) => Buffer.from(lines.join('\n')));

describe.runIf(hasKernel())('the scanner of lines', () => {
  it('changes nothing of what a run says, however the log is cut and whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        log,
        fc.array(fc.integer({ min: 1, max: 4_000 }), { maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }),
        async (bytes, pieces, damage) => {
          for (const [at, byte] of damage) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          const scanned = await toldOf(bytes, pieces, 'stream');
          expect(scanned).toEqual(await toldOf(bytes, [], 'memory'));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells what was read ahead, here or elsewhere, as if it had been scanned', async () => {
    const way = fc.constantFrom<Way>('here', 'replica', 'replica that was told', 'as it comes');
    await fc.assert(
      fc.asyncProperty(
        fc.array(log, { minLength: 1, maxLength: 4 }),
        fc.array(fc.record({ lines: fc.integer({ min: 1, max: 30 }), way }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 2 }),
        async (logs, blocks, damage) => {
          const bytes = Buffer.concat(logs.flatMap((one) => [one, Buffer.from('\n')]));
          for (const [at, byte] of damage) bytes[at % bytes.length] = byte;
          expect(await toldAhead(bytes, blocks)).toEqual(await toldOf(bytes, [], 'memory'));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes on with JSON lines after what is none of them', async () => {
    const lines = [
      sysmon('C:\\a.exe'),
      '{',
      '"a": "b"',
      '}',
      ...Array.from({ length: 50 }, () => 'noise'),
      '{"a":"b"}',
      '',
    ];
    const found = await toldOf(Buffer.from(lines.join('\n')), [64], 'stream');
    expect(found.matches).toEqual(['any 2 undefined {"a":"b"}', 'any 55 undefined {"a":"b"}']);
    expect(found).toMatchObject({ lines: 55, records: 3, undecodable: 50 });
  });
});
