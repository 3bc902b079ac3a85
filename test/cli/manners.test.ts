import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { builtCli, shell } from './built.ts';
import { folder, lines } from './harness.ts';

let main = '';
beforeAll(() => {
  main = builtCli();
}, 300_000);

const rule = lines(
  'title: any-x',
  'id: 22222222-2222-4222-8222-222222222222',
  'logsource: {category: x}',
  'detection: {s: {F: x}, condition: s}',
);
const log = '{"F":"x"}\n{"F":"x"}\n';
const options = '--log-source category=x';
const isLinux = process.platform === 'linux';

describe.runIf(isLinux)('output that cannot be written', () => {
  it.each([
    ['run', 'ndjson'],
    ['run', 'json'],
    ['run', 'table'],
    ['check', 'table'],
    ['check', 'json'],
    ['query', 'ndjson'],
  ])('is one line and exit code 3: %s --format %s', async (command, format) => {
    const root = folder({ 'r.yml': rule, 'a.ndjson': log });
    const args: Readonly<Record<string, string>> = {
      run: `--rules ${root}/r.yml --logs ${root}/a.ndjson ${options}`,
      check: `${root}/r.yml`,
      query: `--language kuery 'F: x' --logs ${root}/a.ndjson`,
    };
    const { code, err } = await shell(main, `dragoman ${command} ${args[command]} --format ${format} > /dev/full`);
    expect(code).toBe(3);
    const said = err.split('\n').filter((line) => line.includes('cannot be written'));
    expect(said).toEqual(['error: output cannot be written: no space left on the device']);
    expect(err).not.toContain('    at ');
  });

  it('leaves the results where it is the other output', async () => {
    const root = folder({ 'r.yml': rule, 'a.ndjson': log });
    const run = `dragoman run --rules ${root}/r.yml --logs ${root}/a.ndjson ${options} --format ndjson`;
    for (const [redirected, wanted] of [
      ['2>/dev/full', 3],
      ['2>&-', 0],
    ]) {
      const { code, out } = await shell(main, `${run} ${redirected}`);
      expect(out.trim().split('\n')).toHaveLength(2);
      expect(code).toBe(wanted);
    }
  });

  it('is no error where its reader has gone', async () => {
    const root = folder({ 'r.yml': rule, 'a.ndjson': '{"F":"x"}\n'.repeat(50_000) });
    const run = `dragoman run --rules ${root}/r.yml --logs ${root}/a.ndjson ${options} --format ndjson`;
    const { out, err } = await shell(main, `${run} | head -1; echo "\${PIPESTATUS[0]}"`);
    expect(out.split('\n').at(-2)).toBe('0');
    expect(err).not.toContain('error');
  });
});

describe.runIf(isLinux)('a home that is none', () => {
  const python = {
    'r.yml': 'AnalysisType: rule\nRuleID: R\nFilename: r.py\nSeverity: Low\nLogTypes: [T]\n',
    'r.py': 'def rule(event):\n    return bool(event.get("n") is not None and str(event))\n',
    'a.ndjson': '{"n":1,"p_log_type":"T"}\n'.repeat(5),
  };
  it.each([
    ['no folder at all', 'HOME=/dev/null XDG_CACHE_HOME='],
    ['a cache folder that is a file', 'XDG_CACHE_HOME=/dev/null'],
  ])('keeps no Python rule from running: %s', async (_, env) => {
    const root = folder(python);
    const run = `dragoman run --strict-errors --rules ${root} --logs ${root}/a.ndjson --format ndjson`;
    const { code, out } = await shell(main, `export ${env}; ${run}`);
    expect(out.trim().split('\n')).toHaveLength(5);
    expect(code).toBe(0);
  });
});

/** Resolves when a process has read what was written to it, twice in a row: it is in the midst of its work. */
async function readsAll(child: ChildProcessWithoutNullStreams): Promise<void> {
  for (const _ of [1, 2]) await new Promise((resolve) => child.stdin.write('{"F":"x"}\n'.repeat(20_000), resolve));
}

describe('a signal', () => {
  it.each([
    ['SIGINT', 130, 'ndjson'],
    ['SIGTERM', 143, 'json'],
    ['SIGINT', 130, 'table'],
  ] as const)('%s in the midst: what was found is printed, exit code %d (%s)', async (signal, wanted, format) => {
    const root = folder({ 'r.yml': rule });
    const args = [
      'run',
      '--rules',
      join(root, 'r.yml'),
      '--logs',
      '-',
      '--log-source',
      'category=x',
      '--format',
      format,
    ];
    const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    // A log that goes on, as of `tail -f`.
    const writing = setInterval(() => child.stdin.write('{"F":"x"}\n'), 20);
    child.stdin.on('error', () => undefined);
    onTestFinished(() => {
      clearInterval(writing);
      child.kill('SIGKILL');
    });
    await readsAll(child);
    child.kill(signal);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(wanted);
    expect(err).toContain(`interrupted (${signal})`);
    if (format === 'json') expect(JSON.parse(out).matches.length).toBeGreaterThan(0);
    else if (format === 'table') expect(out).toContain('any-x');
    else expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ event: { F: 'x' } });
  });
});

describe('a signal in the midst of a computation', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('that never comes to hear of it ends it: %s', async (signal) => {
    const rows = 'range x from 1 to 3000 step 1 | extend k = 1';
    const join = `join kind=inner (${rows}) on k`;
    const query = `${rows} | ${join} | ${join} | where x < 0 | count`;
    const args = ['query', '--language', 'kusto', query, '--limit-rows', '100000000000', '--limit-seconds', '100000'];
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise((resolve) => child.on('close', (_, by) => resolve(by)));
    const began = performance.now();
    // The first may come before it is known that nothing is heard.
    const asking = setInterval(() => child.kill(signal), 4000);
    expect(await ended).toBe(signal);
    clearInterval(asking);
    expect(performance.now() - began).toBeGreaterThan(3000);
  });
});

describe.runIf(isLinux)('file names that are not UTF-8', () => {
  it('are read: logs and rules, named and in folders', async () => {
    const root = folder({ 'logs/.keep': '', 'rules/.keep': '' });
    const odd = (part: string, ending: string): Buffer =>
      Buffer.concat([Buffer.from(`${root}/${part}/caf`), Buffer.from([0xe9]), Buffer.from(ending)]);
    writeFileSync(odd('logs', '.ndjson'), log);
    writeFileSync(odd('rules', '.yml'), rule);
    for (const [rules, logs] of [
      ['rules', 'logs'],
      ['rules/caf*.yml', 'logs/caf*.ndjson'],
    ]) {
      const run = `dragoman run --rules ${root}/${rules} --logs ${root}/${logs} ${options} --format ndjson`;
      const { code, out } = await shell(main, run);
      expect(out.trim().split('\n')).toHaveLength(2);
      expect(code).toBe(0);
    }
  });
});
