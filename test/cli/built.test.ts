import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtCli, shell } from './built.ts';
import { azureLog, elasticRule, folder, lines } from './harness.ts';

const main = builtCli();

/** What Node writes of the scripts that ran. */
interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

describe('the built command line', () => {
  it('reads standard input', async () => {
    const root = folder({ 'a.toml': elasticRule });
    const ran = await shell(main, `dragoman run --rules ${root}/a.toml --logs - --format ndjson`, azureLog);
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.out)).toMatchObject({ rule_name: 'Capture written', source: { line: 2 } });
  });

  it('ends quietly when its reader goes away', async () => {
    const root = folder({ 'a.toml': elasticRule, 'azure.ndjson': azureLog.repeat(5000) });
    const piped = `set -o pipefail; dragoman run --rules ${root}/a.toml --logs ${root}/azure.ndjson --format ndjson | head -1`;
    const ran = await shell(main, piped);
    expect(ran.out.trim().split('\n')).toHaveLength(1);
    expect([ran.code, ran.err]).toEqual([0, '']);
  });

  it('writes all of a long output to a pipe', async () => {
    const root = folder({ 'a.toml': elasticRule, 'azure.ndjson': azureLog.repeat(3000) });
    const ran = await shell(main, `dragoman run --rules ${root}/a.toml --logs ${root}/azure.ndjson --format ndjson`);
    expect(ran.out.trim().split('\n')).toHaveLength(3000);
  });

  it('loads nothing but the command line for --help', () => {
    const seen = folder({});
    const { status } = spawnSync(process.execPath, [main, '--help'], { env: { NODE_V8_COVERAGE: seen } });
    expect(status).toBe(0);
    // Start-up time is measured in the bench; here only a blunder shows: an engine, or all formats, loaded for help.
    const loaded = readdirSync(seen)
      .flatMap((name): string[] => {
        const { result }: Coverage = JSON.parse(readFileSync(join(seen, name), 'utf8'));
        return result.map(({ url }) => url);
      })
      .filter((url) => url.startsWith(pathToFileURL(dirname(dirname(main))).href))
      .flatMap((url): string[] => JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')).sources);
    expect(loaded.some((source) => source.endsWith('/src/cli/program.ts'))).toBe(true);
    expect(loaded.filter((source) => /\/src\/(?!cli\/|base\/)/.test(source))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('starts where no cache folder can be made', () => {
    for (const cache of ['/proc/nowhere', '/dev/null']) {
      const env = { ...process.env, XDG_CACHE_HOME: cache };
      const { status, stderr } = spawnSync(process.execPath, [main, '--version'], {
        env,
        encoding: 'utf8',
        timeout: 120_000,
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  });

  it.runIf('enableCompileCache' in nodeModule && process.platform === 'linux')('keeps what Node compiles of it', () => {
    const cache = folder({});
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    spawnSync(process.execPath, [main, '--version'], { env });
    expect(readdirSync(join(cache, 'dragoman', 'compiled')).length).toBeGreaterThan(0);
  });

  it('finds the same with any number of workers, whatever else stands in the log', async () => {
    const rule = lines(
      'title: Tool',
      'id: 22222222-0000-0000-0000-000000000001',
      'logsource: {product: windows, category: process_creation}',
      "detection: {sel: {Image|endswith: '\\cmd.exe'}, condition: sel}",
    );
    const count = rule.replace('Tool', 'Many').replace('0001', '0002');
    const correlation = `${count}---\ntitle: Burst\nid: burst\ncorrelation: {type: event_count, rules: [22222222-0000-0000-0000-000000000002], timespan: 10s, condition: {gte: 3}}\n`;
    const record = (at: number): string =>
      JSON.stringify({
        EventID: 1,
        Channel: 'Microsoft-Windows-Sysmon/Operational',
        Image: at % 97 === 0 ? 'C:\\Windows\\CMD.exe' : 'C:\\Windows\\explorer.exe',
        CommandLine: 'x'.repeat(300 + (at % 50)),
        UtcTime: new Date(1_700_000_000_000 + at * 40).toISOString().replace('T', ' ').slice(0, -1),
      });
    const odd = [
      '',
      'no JSON',
      '{',
      '  "Image": "C:\\\\cmd.exe"',
      '}',
      '[',
      record(0),
      ']',
      '\ufffd{}',
      '{"records":[{"a":1},{"a":2}]}',
      ' {}',
    ];
    const log = Array.from({ length: 12_000 }, (_, at) => (at % 700 === 13 ? odd.join('\n') : record(at))).join('\n');
    const root = folder({
      'rule.yml': rule,
      'burst.yml': correlation,
      'a.ndjson': log,
      'b.json': `[${record(0)}]`,
      'c.gz': gzipSync(log).subarray(0, -1_000),
    });
    const run = (options: string) =>
      shell(
        main,
        `dragoman run --rules ${root}/*.yml --logs ${root}/a.ndjson ${root}/b.json ${root}/c.gz --format ndjson ${options}`,
      );
    const [reference, one, three] = await Promise.all([run('--engine memory'), run('--workers 1'), run('--workers 3')]);
    expect(reference.out.split('\n').length).toBeGreaterThan(200);
    expect(reference.err).toContain('undecodable');
    expect(one).toEqual(reference);
    expect(three).toEqual(reference);
  });
});
