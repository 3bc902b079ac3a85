import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { buildCli, shell } from './built.ts';
import { azureLog, elasticRule, folder } from './harness.ts';

const main = buildCli('built');

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
    // Start-up is measured in `npm run bench`; here only a blunder shows: an engine, or all formats, loaded for help.
    const best = (args: readonly string[]): number =>
      Math.min(
        ...Array.from({ length: 5 }, () => {
          const begun = performance.now();
          spawnSync(process.execPath, args);
          return performance.now() - begun;
        }),
      );
    expect(best([main, '--help'])).toBeLessThan(3 * best(['-e', '0']));
  });
});
