import { describe, expect, it } from 'vitest';
import { dragoman, folder, lines } from './harness.ts';

const okta = lines(
  'title: okta',
  'id: okta',
  'logsource: {product: okta, service: okta}',
  'detection: {s: {eventType: user.session.start}, condition: s}',
);
const oktaLog = lines(
  '{"eventType":"user.session.start","published":"2026-03-02T10:00:00Z"}',
  '{"eventType":"user.session.end","published":"2026-03-02T10:00:01Z"}',
);
const processes = lines(
  'title: processes',
  'id: processes',
  'logsource: {product: windows, category: process_creation}',
  'detection: {s: {CommandLine|contains: whoami}, condition: s}',
);

const matches = (out: string): readonly string[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).rule_id);

describe('a run', () => {
  it('says which records reached no rule, and what would make them', async () => {
    const root = folder({ 'r/okta.yml': okta, 'r/p.yml': processes, 'log.ndjson': oktaLog });
    const args = ['run', '--rules', `${root}/r`, '--logs', `${root}/log.ndjson`];
    const { code, out, err } = await dragoman([...args, '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out).summary.logs.unreached).toEqual([
      { log_type: 'generic', records: 2, rules_without_log_source: 0 },
    ]);
    const { logs } = JSON.parse(out).summary;
    expect(logs.by_form).toEqual([{ log_type: 'generic', form: 'json', records: 2 }]);
    expect(logs.unknown).toMatchObject({
      records_looked_at: 2,
      key_sets: [{ keys: ['eventType', 'published'], records: 2, first: { line: 1 } }],
    });
    const [missing] = logs.sources_without_records;
    expect(missing).toMatchObject({ source: 'product=okta,service=okta', rules: 1, log_types: ['okta.system'] });
    expect(missing.what_to_do).toContain('dragoman types okta.system');
    expect(err).toContain('no rule  is about 2 records of generic\n');
    expect(err).toContain(
      'rules reach records of generic once you say what they are: --log-source SOURCE (such as product=okta,service=okta or product=windows,category=process_creation)',
    );
    const said = await dragoman([...args, '--format', 'ndjson', '--log-source', 'product=okta,service=okta']);
    expect(matches(said.out)).toEqual(['okta']);
    expect(said.err).toContain('taken    2 generic as product okta, service okta, by --log-source\n');
    expect(said.err).not.toContain('no rule');
  });

  it('says what records were taken for, and by what', async () => {
    const root = folder({
      'p.yml': processes,
      'log.ndjson': lines(
        '{"Image":"C:\\\\a.exe","CommandLine":"whoami"}',
        '{"Image":"C:\\\\b.exe","CommandLine":"b"}',
        '{"Image":"/bin/whoami","CommandLine":"whoami"}',
        '{"category":"process_creation","product":"windows","CommandLine":"whoami"}',
        '{"service":"shop","CommandLine":"whoami"}',
      ),
    });
    const args = ['run', '--rules', `${root}/p.yml`, '--logs', `${root}/log.ndjson`];
    for (const engine of ['stream', 'memory']) {
      const { out, err } = await dragoman([...args, '--engine', engine, '--format', 'json']);
      const { summary, matches: found } = JSON.parse(out);
      expect(found.map((match: { source: { line: number } }) => match.source.line)).toEqual([1, 4]);
      expect(summary.logs.taken).toEqual([
        {
          log_type: 'generic',
          records: 2,
          as: 'windows process_creation',
          by: 'its fields Image and CommandLine',
        },
        {
          log_type: 'generic',
          records: 1,
          as: 'process_creation of no product',
          by: 'its fields Image and CommandLine',
        },
        {
          log_type: 'generic',
          records: 1,
          as: 'the log source that it names',
          by: 'its own keys product, category and service',
        },
      ]);
      expect(summary.logs.unreached).toEqual([{ log_type: 'generic', records: 2, rules_without_log_source: 0 }]);
      expect(err).toContain('taken    2 generic as windows process_creation, by its fields Image and CommandLine\n');
    }
  });

  it('names the tables that rules ask for and of which there is no row', async () => {
    const root = folder({
      'a.kql': 'GizmoEvents | where ResultType == 1',
      'b.kql': 'GizmoEvents | count',
      'log.ndjson': '{"category":"Gizmos","properties":{}}\n',
    });
    const { err } = await dragoman(['run', '--rules', `${root}/*.kql`, '--logs', `${root}/log.ndjson`]);
    expect(err).toContain('no row   was read of GizmoEvents (2 rules ask for it)\n');
    expect(err).toContain('hint: --log-type sentinel.GizmoEvents (or defender.GizmoEvents) reads records as rows');
  });

  it('has nothing to say where rules are about no log source', async () => {
    const root = folder({ 'a.yml': okta.replace(/logsource: .*/, 'logsource: {}'), 'log.ndjson': oktaLog });
    const { err } = await dragoman(['run', '--rules', `${root}/a.yml`, '--logs', `${root}/log.ndjson`]);
    expect(err).toContain('matches  1, from 1 of 1 rule');
    expect(err).not.toMatch(/no rule|no row|taken|--log-source/);
  });
});

describe('the configuration', () => {
  const config = lines(
    'logSources:',
    '  - keys: [eventType, published]',
    '    product: okta',
    '    service: okta',
    '  - values: {source: door}',
    '    logType: generic',
    '    category: door',
    '    index: logs-door-default',
  );

  it('says of which log source records are, by their keys, values and types', async () => {
    const root = folder({
      'r/okta.yml': okta,
      'r/door.yml': lines(
        'title: door',
        'id: door',
        'logsource: {category: door}',
        'detection: {s: {open: true}, condition: s}',
      ),
      'dragoman.yaml': config,
      'log.ndjson': `${oktaLog}{"source":"door","open":true}\n{"source":"window","open":true}\n{"p_log_type":"X","source":"door","open":true}\n`,
    });
    const { code, out, err } = await dragoman([
      ...['run', '--rules', `${root}/r`, '--logs', `${root}/log.ndjson`, '--format', 'ndjson'],
      ...['--config', `${root}/dragoman.yaml`],
    ]);
    expect(code).toBe(0);
    expect(matches(out)).toEqual(['okta', 'door']);
    expect(err).toContain('taken    2 generic as product okta, service okta, by the configuration\n');
  });

  it('reports what is wrong in it, and goes by the rest', async () => {
    const root = folder({
      'okta.yml': okta,
      'bad.yaml': lines(
        'logSource: []',
        'logSources:',
        '  - product: okta',
        '  - keys: eventType',
        '    product: okta',
        '  - keys: [a]',
        '  - keys: [eventType]',
        '    prodcut: okta',
        '  - keys: [eventType]',
        '    product: okta',
        '    service: okta',
      ),
      'log.ndjson': oktaLog,
    });
    const { code, out, err } = await dragoman([
      ...['run', '--rules', `${root}/okta.yml`, '--logs', `${root}/log.ndjson`, '--format', 'ndjson'],
      ...['--config', `${root}/bad.yaml`],
    ]);
    expect(code).toBe(3);
    expect(matches(out)).toEqual(['okta']);
    expect(err).toContain(`${root}/bad.yaml:1:1: error input/unknown-key: unknown key \`logSource\``);
    expect(err).toContain(`${root}/bad.yaml:3:5: error input/missing-key: \`logType\` or \`keys\` or \`values\``);
    expect(err).toContain(`${root}/bad.yaml:4:11: error input/wrong-type: \`keys\` must be a list of names`);
    expect(err).toContain(`${root}/bad.yaml:6:5: error input/missing-key: \`product\` or \`category\``);
    expect(err).toContain('did you mean `product`?');
    const missing = await dragoman([
      ...['run', '--rules', `${root}/okta.yml`, '--logs', `${root}/log.ndjson`],
      ...['--config', `${root}/none.yaml`],
    ]);
    expect(missing.code).toBe(3);
    expect(missing.err).toContain(`cannot read ${root}/none.yaml: no such file or folder`);
  });
});

describe('--log-source', () => {
  it.each([
    ['okta', 'is not a log source'],
    ['product=', 'is not a log source'],
    ['prodct=okta', 'did you mean product?'],
    ['product=okta,product=zeek', 'says product twice'],
  ])('%s', async (source, said) => {
    const { code, err } = await dragoman(['run', '--rules', 'x', '--logs', 'y', '--log-source', source]);
    expect(code).toBe(2);
    expect(err).toContain(said);
  });

  it('is not for records whose type is known', async () => {
    const { code, err } = await dragoman([
      ...['run', '--rules', 'x', '--logs', 'y', '--log-source', 'product=azure', '--log-type', 'azure.activity'],
    ]);
    expect(code).toBe(2);
    expect(err).toContain('azure.activity is a declared type');
  });

  it('is an option of explain', async () => {
    const root = folder({ 'okta.yml': okta, 'log.ndjson': oktaLog });
    const args = ['explain', '--rule', `${root}/okta.yml`, '--event', `${root}/log.ndjson`];
    const none = await dragoman(args);
    expect(none.out).toContain('nothing says what log source the record is of');
    expect(none.out).not.toContain('okta matches');
    const said = await dragoman([...args, '--log-source', 'product=okta,service=okta']);
    expect(said.out).toContain(`okta matches ${root}/log.ndjson:1`);
    expect(said.out).toContain('it is taken as product okta, service okta, by --log-source');
    const other = await dragoman([...args, '--log-source', 'product=okta']);
    expect(other.out).toContain('it is taken only as product okta, by --log-source');
  });

  it('is an option of test, and a key of tests', async () => {
    const root = folder({
      'a/okta.yml': okta,
      'a/okta.tests.yaml': lines(
        'tests:',
        '  - {name: matches, event: {eventType: user.session.start}, match: true}',
        '  - {name: other, event: {eventType: x}, match: false}',
      ),
      'b/okta.yml': okta,
      'b/okta.tests.yaml': lines(
        'tests:',
        '  - name: matches',
        '    event: {eventType: user.session.start}',
        '    log_source: {product: okta, service: okta}',
        '    match: true',
      ),
    });
    const none = await dragoman(['test', `${root}/a`]);
    expect(none.code).toBe(1);
    expect(none.out).toContain(
      'expected a match, found none (events read as generic; no event is of its log source; log_type or log_source says what they are)',
    );
    expect(none.out).toContain('✓ other: whatever the rule says: no event is of its log source');
    const said = await dragoman(['test', `${root}/a`, '--log-source', 'product=okta,service=okta']);
    expect(said.code).toBe(0);
    expect(said.out).not.toContain('whatever the rule says');
    expect((await dragoman(['test', `${root}/b`])).code).toBe(0);
  });

  it('is an option of lint', async () => {
    const root = folder({
      'a.yml': okta.replace('eventType: user', 'eventType|cased: USER'),
      'log.ndjson': oktaLog,
    });
    const args = ['lint', `${root}/a.yml`, '--logs', `${root}/log.ndjson`];
    expect((await dragoman(args)).out).not.toContain('lint/case-only');
    const said = await dragoman([...args, '--log-source', 'product=okta,service=okta']);
    expect(said.out).toContain('lint/case-only');
  });

  it('is an option of query', async () => {
    const root = folder({ 'okta.yml': okta, 'log.ndjson': oktaLog });
    const args = ['query', '--language', 'sigma', '--file', `${root}/okta.yml`, '--logs', `${root}/log.ndjson`];
    const none = await dragoman([...args, '--format', 'ndjson']);
    expect(none.out).toBe('');
    expect(none.err).toContain('note: the query is not about 2 records of generic\n');
    expect(none.err).toContain('--log-source SOURCE (such as product=okta,service=okta)');
    const said = await dragoman([...args, '--format', 'ndjson', '--log-source', 'product=okta,service=okta']);
    expect(said.out.trimEnd().split('\n').length).toBe(1);
    expect(said.err).toContain('note: 2 records of generic: taken as product okta, service okta, by --log-source\n');
  });
});

it('a query over a table says that no row of it was read', async () => {
  const root = folder({ 'log.ndjson': '{"category":"Gizmos","properties":{}}\n' });
  const args = ['query', '--language', 'kusto', 'DeviceInfo | count', '--logs', `${root}/log.ndjson`];
  const { code, out, err } = await dragoman([...args, '--format', 'ndjson']);
  expect(code).toBe(0);
  expect(out).toBe('{"Count":0}\n');
  expect(err).toContain('note: the query is not about 1 record of generic\n');
  expect(err).toContain('note: no row was read of DeviceInfo\n');
  const rows = await dragoman([...args, '--format', 'ndjson', '--log-type', 'sentinel.DeviceInfo']);
  expect(rows.out).toBe('{"Count":1}\n');
  expect(rows.err).toBe('');
});
