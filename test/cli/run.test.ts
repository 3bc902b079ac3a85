import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  azureEvent,
  azureLog,
  brokenRule,
  CAPTURE,
  dragoman,
  elasticRule,
  folder,
  lines,
  quotedRule,
  sigmaRule,
  unsupportedRule,
} from './harness.ts';

const objects = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('dragoman run', () => {
  it('gives one object a line for each rule and event that match', async () => {
    const root = folder({ 'rules/a.toml': elasticRule, 'rules/b.yml': sigmaRule, 'azure.ndjson': azureLog });
    const { code, out } = await dragoman([
      'run',
      '--rules',
      `${root}/rules`,
      '--logs',
      `${root}/azure.ndjson`,
      '--format',
      'ndjson',
    ]);
    expect(code).toBe(0);
    const [first, second, ...rest] = objects(out);
    expect(rest).toEqual([]);
    expect(first).toEqual({
      rule_id: '11111111-0000-0000-0000-000000000001',
      rule_name: 'Capture written',
      language: 'kuery',
      format: 'elastic',
      severity: 'medium',
      log_type: 'azure.activity',
      time: '2026-02-06T10:00:01.0000000Z',
      source: { file: `${root}/azure.ndjson`, line: 2 },
      event: JSON.parse(azureEvent(CAPTURE, 'Success', '2026-02-06T10:00:01.0000000Z')),
      risk_score: 47,
      rule_file: `${root}/rules/a.toml`,
      description: 'd',
      alert: { id: expect.stringMatching(/^[0-9a-f]{16}$/), first: '2026-02-06T10:00:01.0000000Z', count: 1 },
    });
    expect(second).toMatchObject({
      rule_name: 'Capture started',
      language: 'sigma',
      format: 'sigma',
      severity: 'high',
    });
  });

  it('says the place inside an envelope, and takes --rules and --logs several times', async () => {
    const envelope = `{"records":[${azureEvent('X/Y/Z', 'Success')},${azureEvent(CAPTURE, 'Success')}]}\n`;
    const root = folder({
      'a.toml': elasticRule,
      'b.yml': sigmaRule,
      'one.json': envelope,
      'two.ndjson.gz': gzipSync(azureLog),
    });
    const { code, out } = await dragoman([
      ...['run', '--rules', `${root}/a.toml`, '--rules', `${root}/b.yml`],
      ...['--logs', `${root}/one.json`, '--logs', `${root}/two.ndjson.gz`, '--format', 'ndjson'],
    ]);
    expect(code).toBe(0);
    expect(objects(out).map(({ rule_name, source }) => [rule_name, source])).toEqual([
      ['Capture written', { file: `${root}/one.json`, line: 1, record: 1 }],
      ['Capture started', { file: `${root}/one.json`, line: 1, record: 1 }],
      ['Capture written', { file: `${root}/two.ndjson.gz`, line: 2 }],
      ['Capture started', { file: `${root}/two.ndjson.gz`, line: 2 }],
    ]);
  });

  it('exits 0 without matches, and its JSON form is whole', async () => {
    const root = folder({ 'a.toml': quotedRule, 'azure.ndjson': azureLog });
    const { code, out } = await dragoman([
      'run',
      '-r',
      `${root}/a.toml`,
      '-l',
      `${root}/azure.ndjson`,
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      matches: [],
      summary: {
        rules: { files: 1, loaded: 1, unsupported: 0, invalid: 0, unreadable: 0 },
        logs: {
          files: 1,
          lines: 3,
          records: 3,
          undecodable: 0,
          by_type: { 'azure.activity': 3 },
          by_form: [{ log_type: 'azure.activity', form: 'export-record', records: 3 }],
        },
        matches: [{ rule_id: '11111111-0000-0000-0000-000000000002', file: `${root}/a.toml`, matches: 0 }],
        rule_errors: 0,
      },
    });
  });

  it('prints a table of rules and matches, and a summary on stderr', async () => {
    const root = folder({ 'r/a.toml': elasticRule, 'r/q.toml': quotedRule, 'azure.ndjson': azureLog });
    const { code, out, err } = await dragoman(['run', '--rules', `${root}/r`, '--logs', `${root}/azure.ndjson`]);
    expect(code).toBe(0);
    // The folder's own name is as long as it likes.
    expect(out.replaceAll(root, '.').replace(/(WHERE) +/, '$1             ')).toBe(
      lines(
        'SEVERITY  RULE                     FORMAT   MATCHES',
        'medium    Capture written          elastic        1',
        'medium    Capture written, quoted  elastic        0',
        '',
        'TIME                  SEVERITY  RULE             TECHNIQUE  LOG TYPE        WHERE             WHAT',
        `2026-02-06T10:00:01Z  medium    Capture written  -          azure.activity  ./azure.ndjson:2  operationName=${CAPTURE} resultType=Success callerIpAddress=203.0.113.9`,
      ),
    );
    expect(err).toBe(
      lines(
        '',
        'rules    2 loaded, 0 unsupported, 0 invalid, in 2 files',
        'logs     1 file, 3 lines read, 3 records, 0 undecodable',
        'types    azure.activity 3',
        'matches  1 (1 medium), from 1 of 2 rules',
        'errors   0 errors while rules ran',
      ),
    );
  });

  it('runs what it can when other rules and lines are bad, and counts everything', async () => {
    const root = folder({
      'r/a.toml': elasticRule,
      'r/b.toml': brokenRule,
      'r/c.toml': unsupportedRule,
      'r/d.yml': 'just: text\n',
      'log.ndjson': `not json\n${azureLog}{"truncated": \n`,
    });
    const { code, out, err } = await dragoman([
      'run',
      '--rules',
      `${root}/r`,
      '--logs',
      `${root}/log.ndjson`,
      '--format',
      'ndjson',
    ]);
    expect(objects(out).map((match) => match['source'])).toEqual([{ file: `${root}/log.ndjson`, line: 3 }]);
    expect(code).toBe(3);
    expect(err).toContain(`${root}/r/b.toml:12:`);
    expect(err).toContain(`${root}/r/d.yml:1:1: warning input/not-a-rule`);
    expect(err).toContain(`${root}/log.ndjson:1`);
    expect(err).toContain('rules    1 loaded, 1 unsupported, 1 invalid, in 4 files');
    expect(err).toMatch(/3 records, 2 undecodable/);
    expect(err).toContain('unsupported/elastic-machine-learning: 1');
  });

  it('reports a truncated gzip file and keeps what came before', async () => {
    const many = azureLog.repeat(2000);
    const packed = gzipSync(many);
    const root = folder({ 'a.toml': elasticRule, 'log.gz': packed.subarray(0, packed.length - 20) });
    const { code, out, err } = await dragoman([
      'run',
      '--rules',
      `${root}/a.toml`,
      '--logs',
      `${root}/log.gz`,
      '--format',
      'ndjson',
    ]);
    expect(code).toBe(3);
    expect(objects(out).length).toBeGreaterThan(100);
    expect(err).toContain(`${root}/log.gz`);
  });

  it('hints when no record is of a known type', async () => {
    const root = folder({ 'a.toml': elasticRule, 'log.ndjson': lines('{"a":1}', '{"a":2}') });
    const { code, err } = await dragoman(['run', '--rules', `${root}/a.toml`, '--logs', `${root}/log.ndjson`]);
    expect(code).toBe(0);
    expect(err).toContain('types    generic 2');
    expect(err).toContain('hint: no record was recognised as a known log type');
  });

  it('says why nothing matched where it can know', async () => {
    const elsewhere = sigmaRule.replace(
      /^logsource:.*(?:\n {2}.*)*/m,
      'logsource: {product: windows, category: process_creation}',
    );
    const root = folder({
      'elsewhere.yml': elsewhere,
      'other.yml': sigmaRule.replace(/PACKETCAPTURES/gi, 'SOMETHING'),
      'azure.ndjson': azureLog,
    });
    const hints = async (rule: string, logs: string): Promise<string> => {
      const { err } = await dragoman(['run', '--rules', `${root}/${rule}`, '--logs', `${root}/${logs}`]);
      return err;
    };
    expect(await hints('elsewhere.yml', 'azure.ndjson')).toContain(
      'hint: the rule cannot match records of azure.activity: `dragoman show RULE`',
    );
    expect(await hints('other.yml', 'azure.ndjson')).toContain('hint: `dragoman explain --rule RULE --event LOG`');
  });

  it('reads records as the type that --log-type names', async () => {
    const root = folder({
      'a.yml': sigmaRule,
      'log.ndjson': lines(`{"operationName":"${CAPTURE}","resultType":"Success"}`),
    });
    const args = ['run', '--rules', `${root}/a.yml`, '--logs', `${root}/log.ndjson`, '--format', 'ndjson'];
    const { out } = await dragoman([...args, '--log-type', 'azure.activity']);
    expect(objects(out).map((match) => match['log_type'])).toEqual(['azure.activity']);
  });

  it('needs a rule and a log that can be read', async () => {
    const root = folder({ 'a.toml': elasticRule, 'empty/x.txt': 'x', 'log.ndjson': azureLog });
    const none = await dragoman(['run', '--rules', `${root}/nowhere`, '--logs', `${root}/log.ndjson`]);
    expect([none.code, none.out]).toEqual([3, '']);
    expect(none.err).toContain(`cannot read ${root}/nowhere: no such file or folder`);
    const empty = await dragoman(['run', '--rules', `${root}/empty`, '--logs', `${root}/log.ndjson`]);
    expect(empty.code).toBe(3);
    expect(empty.err).toContain(`no rule files found at ${root}/empty`);
    const noLogs = await dragoman(['run', '--rules', `${root}/a.toml`, '--logs', `${root}/nowhere.ndjson`]);
    expect(noLogs.code).toBe(3);
    expect(noLogs.err).toContain(`${root}/nowhere.ndjson`);
  });
});
