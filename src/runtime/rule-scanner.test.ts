import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasKernel } from '../engines/stream/index.ts';
import type { Rule } from '../ir/rule.ts';
import { LogDecoder } from '../logs/decode/decoder.ts';
import { createEngine } from './engine.ts';
import { loadRules } from './load-rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'dragoman-scanner-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whatever the logs are: a keyword, a field of Sysmon's, one of CloudTrail's, one of anything, and a count. */
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
  expect(rules.map(({ id }) => id)).toEqual(['keyword', 'image', 'cloud', 'any', 'many']);
});

interface Told {
  readonly matches: readonly string[];
  readonly types: object;
  readonly diagnostics: readonly string[];
  readonly lines: number;
  readonly blank: number;
  readonly undecodable: number;
  readonly records: number;
}

/** Everything that a run says of a log which comes in such pieces. */
async function told(bytes: Uint8Array, pieces: readonly number[], engineName: 'stream' | 'memory'): Promise<Told> {
  const engine = createEngine(rules, { engine: engineName });
  const { scanner } = engine;
  expect(scanner === undefined).toBe(engineName === 'memory');
  const decoder = new LogDecoder('log', scanner?.here);
  const matches: string[] = [];
  const diagnostics: string[] = [];
  const sums = { lines: 0, blank: 0, undecodable: 0, records: 0 };
  const take = async (): Promise<void> => {
    const batch = decoder.take();
    for (const { rule, record } of await engine.process(batch.events)) {
      matches.push(`${rule.id} ${record?.source.line} ${record?.source.record} ${JSON.stringify(record?.event)}`);
    }
    diagnostics.push(...batch.diagnostics.map(({ code, params }) => `${code} ${JSON.stringify(params)}`));
    sums.lines += batch.lines;
    sums.blank += batch.blank;
    sums.undecodable += batch.undecodable;
    sums.records += batch.events.length + batch.quiet;
  };
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = pieces.length === 0 ? bytes.length : (pieces[turn % pieces.length] ?? 1);
    // A buffer that is used again: nothing may be kept of it.
    const piece = Uint8Array.from(bytes.subarray(at, at + size));
    decoder.push(piece);
    piece.fill(0x7b);
    at += size;
    await take();
  }
  decoder.end();
  await take();
  for (const { rule } of await engine.finish()) matches.push(rule.id);
  await engine.close();
  return { matches, types: Object.fromEntries([...engine.recordsByType].sort()), diagnostics, ...sums };
}

const sysmon = (image: string): string =>
  JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Image: image,
    UtcTime: '2026-01-01 00:00:00.000',
  });
const LINES: readonly string[] = [
  sysmon('C:\\Windows\\System32\\CMD.exe'),
  sysmon('C:\\Windows\\explorer.exe'),
  sysmon('C:\\mimikatz.exe'),
  '{"eventVersion":"1.08","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"us-east-1","eventTime":"2026-01-01T00:00:00Z"}',
  '{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","eventTime":"2026-01-01T00:00:00Z"}',
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
          const scanned = await told(bytes, pieces, 'stream');
          expect(scanned).toEqual(await told(bytes, [], 'memory'));
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
    const found = await told(Buffer.from(lines.join('\n')), [64], 'stream');
    expect(found.matches).toEqual(['any 2 undefined {"a":"b"}', 'any 55 undefined {"a":"b"}']);
    expect(found).toMatchObject({ lines: 55, records: 3, undecodable: 50 });
  });
});
