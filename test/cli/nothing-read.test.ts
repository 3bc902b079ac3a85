import { describe, expect, it } from 'vitest';
import { dragoman, elasticRule, folder, lines } from './harness.ts';

/** Nothing read is nothing found out: a script must not take it for a clean result. */
describe('exit codes where nothing was read', () => {
  const files = {
    'rules/r.toml': elasticRule,
    'noise.bin': new Uint8Array([0x6f, 0xb0, 0x85, 0x0a, 0x9f, 0x80]),
    'rows.csv': 'a,b\n',
    'empty.ndjson': '',
    'none.json': '[]',
    'row.json': '{"a":1}',
  };
  const unread = ['noise.bin', 'rows.csv', 'empty.ndjson', 'none.json'];

  it.each(unread)('3 for a run, a query, an explanation and a lint over %s', async (name) => {
    const root = folder(files);
    const [rules, logs] = [`${root}/rules`, `${root}/${name}`];
    const commands = [
      ['run', '--rules', rules, '--logs', logs],
      ['run', '--schedule', '--rules', rules, '--logs', logs],
      ['query', '--language', 'kuery', 'a: 1', '--logs', logs],
      ['query', '--language', 'kusto', 'SigninLogs | count', '--logs', logs],
      ['query', '--language', 'kusto', 'T | count', '--table', `T=${logs}`],
      ['explain', '--rule', rules, '--event', logs],
      ['lint', rules, '--logs', logs],
    ];
    for (const command of commands) {
      const { code, err } = await dragoman(command);
      expect([...command.slice(0, 1), code]).toEqual([...command.slice(0, 1), 3]);
      expect(err).toMatch(/no record was read: are these the log files\?|there is no event to explain/);
    }
  });

  it('0 where a query reads one of its inputs, or asks for none', async () => {
    const root = folder(files);
    const query = ['query', '--language', 'kusto', 'T | count'];
    expect((await dragoman([...query, '--table', `T=${root}/none.json`, '--logs', `${root}/row.json`])).code).toBe(0);
    expect((await dragoman([...query, '--table', `T=${root}/row.json`])).code).toBe(0);
    expect((await dragoman(['query', '--language', 'kusto', 'print 1'])).code).toBe(0);
  });

  it('3 for tests of names that no test has', async () => {
    const tests = lines('tests:', '  - {name: a, match: false, events: [{a: 1}]}');
    const root = folder({ 'rules/r.toml': elasticRule, 'rules/r.tests.yaml': tests });
    expect((await dragoman(['test', `${root}/rules`])).code).toBe(0);
    expect((await dragoman(['test', `${root}/rules`, '--test-names', 'zzz'])).code).toBe(3);
  });
});

it('names a few of the log types of a log that names very many, and cuts and cleans their names', async () => {
  const events = Array.from({ length: 30 }, (_, at) => ({ p_log_type: `Made.Up${at}`, a: 1 }));
  const long = { p_log_type: `Evil\u001b[31m${'x'.repeat(1000)}`, a: 1 };
  const log = [long, long, ...events].map((event) => JSON.stringify(event)).join('\n');
  const root = folder({ 'r.toml': elasticRule, 'log.ndjson': `${log}\n` });
  const { err } = await dragoman(['run', '--rules', `${root}/r.toml`, '--logs', `${root}/log.ndjson`]);
  const types = err.split('\n').find((line) => line.startsWith('types'));
  expect(types).toMatch(/^types {4}Evil[^ ]{20,59}… 2, Made\.Up0 1, .*, 21 records of 21 more types$/);
  expect(err).not.toContain('\u001b[31m');
});
