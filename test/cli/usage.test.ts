import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { azureLog, dragoman, elasticRule, folder } from './harness.ts';

const commands = ['run', 'test', 'lint', 'check', 'explain', 'show', 'query', 'types'];

describe('the command line', () => {
  it('has help on everything, on stdout, and exits 0', async () => {
    const top = await dragoman(['--help']);
    expect([top.code, top.err]).toEqual([0, '']);
    for (const command of commands) {
      expect(top.out).toMatch(new RegExp(`^  ${command} `, 'm'));
      const help = await dragoman([command, '--help']);
      expect([help.code, help.err]).toEqual([0, '']);
      expect(help.out).toContain(`Usage: dragoman ${command}`);
      expect(help.out).toContain('Exit codes: 0 done');
    }
    expect((await dragoman(['help', 'run'])).out).toContain('Usage: dragoman run');
  });

  it('has the options that scripts rely on', async () => {
    const options: Record<string, string[]> = {
      run: ['--rules', '--logs', '--log-type', '--now', '--engine', '--stats', '--workers', '--format'],
      test: ['--format'],
      lint: ['--format', '--logs'],
      check: ['--format'],
      explain: ['--rule', '--event', '--log-type'],
      show: ['--log-type', '--format'],
      query: ['--language', '--file', '--logs', '--table', '--now', '--format'],
    };
    for (const [command, names] of Object.entries(options)) {
      const { out } = await dragoman([command, '--help']);
      for (const name of names) expect(out).toContain(name);
    }
  });

  it('prints the version of the package', async () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await dragoman(['--version'])).out).toBe(`${manifest.version}\n`);
  });

  it.each([
    [['rum', '--rules', 'x'], 'Did you mean run?'],
    [['run', '--rulez', 'x'], 'Did you mean --rules?'],
    [['run', '--rules', 'x'], '--logs must be given'],
    [['run', '--rules', 'x', '--logs', 'y', '--format', 'xml'], 'Allowed choices are table, ndjson, json'],
    [['run', '--rules', 'x', '--logs', 'y', '--workers', 'many'], 'whole number from 1 to 256'],
    [['run', '--rules', 'x', '--logs', 'y', '--engine', 'duckdb'], 'Allowed choices are stream, memory'],
    [['run', '--rules', 'x', '--logs', 'y', '--now', 'tomorrow'], '--now tomorrow is not a time'],
    [['run', '--rules', 'x', '--logs', 'y', '--log-type', 'azure.activty'], 'did you mean azure.activity or'],
    [['run', '--rules', 'x', '--logs', 'y', '--log-type', 'CloudTrail'], 'did you mean aws.cloudtrail?'],
    [['check'], "missing required argument 'path'"],
    [['query', '--language', 'sql', 'x'], 'Allowed choices are kuery'],
    [['query', 'x'], '--language must be given'],
    [['query', '--language', 'kuery'], 'give a query, as text or with --file'],
    [['query', '--language', 'kusto', 'T', '--table', 'T'], '--table T is not NAME=PATH'],
    [['query', '--language', 'kuery', 'a:b', '--table', 'T=x'], '--table is for Kusto and ES|QL queries'],
    [['query', '--language', 'KQL', 'a:b'], "Elastic's KQL is kuery, Microsoft's is kusto"],
    [['query', '--language', 'kuery', '--logs', 'x', 'a:b'], 'write the query before --logs'],
    [['lint', '--logs', 'x', 'rules'], 'write the rules before --logs'],
    [['run', 'rules', '--logs', 'x'], 'rules are given with --rules, logs with --logs'],
    [['check', 'x', '--formt', 'json'], 'dragoman check --help shows every option'],
    [[], 'Usage: dragoman'],
  ])('%j is wrong usage', async (args, said) => {
    const { code, out, err } = await dragoman(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(said);
  });

  it('colours terminals only, and honours NO_COLOR', async () => {
    const root = folder({ 'a.toml': elasticRule, 'azure.ndjson': azureLog });
    const args = ['run', '--rules', `${root}/a.toml`, '--logs', `${root}/azure.ndjson`];
    expect((await dragoman(args)).out).not.toContain('\u001b');
    expect((await dragoman(args, { terminal: true })).out).toContain('\u001b[');
    expect((await dragoman(args, { terminal: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b[');
    expect((await dragoman(args, { env: { FORCE_COLOR: '1' } })).out).toContain('\u001b[');
  });

  it('keeps tables as wide as the terminal', async () => {
    const root = folder({ 'a.toml': elasticRule, 'azure.ndjson': azureLog });
    const args = ['run', '--rules', `${root}/a.toml`, '--logs', `${root}/azure.ndjson`];
    const { out } = await dragoman(args, { terminal: true, env: { NO_COLOR: '1' } });
    for (const line of out.split('\n')) expect([...line].length).toBeLessThanOrEqual(100);
    expect(out).toContain('…');
  });
});
