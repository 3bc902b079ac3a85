import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtCli } from './built.ts';
import { folder, lines } from './harness.ts';

const library = join(builtCli(), '..', '..', 'index.js');

const FILES = {
  'rule.yml': lines(
    'title: Tool',
    'id: 22222222-0000-0000-0000-000000000001',
    'logsource: {product: windows, category: process_creation}',
    "detection: {sel: {Image|endswith: '\\cmd.exe'}, condition: sel}",
  ),
  'log.gz': gzipSync(
    Array.from({ length: 60_000 }, (_, at) =>
      JSON.stringify({
        EventID: 1,
        Channel: 'Microsoft-Windows-Sysmon/Operational',
        Image: at % 97 === 0 ? 'C:\\Windows\\CMD.exe' : 'C:\\Windows\\explorer.exe',
        CommandLine: 'x'.repeat(300 + (at % 50)),
      }),
    ).join('\n'),
    { level: 1 },
  ),
};

interface Ran {
  /** The lines of all matches. */
  readonly matched: readonly number[];
  readonly warnings: readonly string[];
  /** How often threads gave something back. */
  readonly answers: number;
}

/** Runs the rule with one other thread, which is ended after so many answers. The run waits at its first match until threads have started. */
function run(endAfter: number): Ran {
  const root = folder(FILES);
  const script = `
    const { loadRules, runRules } = await import(${JSON.stringify(library)});
    const { rules } = await loadRules([${JSON.stringify(join(root, 'rule.yml'))}]);
    let answers = 0;
    let started;
    const isStarted = new Promise((resolve) => { started = resolve; });
    process.on('worker', (worker) => worker.on('message', ({ answer }) => {
      started();
      if (answer === undefined) return;
      answers += 1;
      if (answers === ${endAfter}) void worker.terminate();
    }));
    const matched = [];
    const { logDiagnostics } = await runRules({
      rules,
      logs: [${JSON.stringify(join(root, 'log.gz'))}],
      workers: 2,
      onMatch: async ({ record }) => {
        matched.push(record.source.line);
        // Threads are started when there is much to read.
        if (matched.length === 100) await isStarted;
      },
    });
    console.log(JSON.stringify({ matched, warnings: logDiagnostics.map(({ code }) => code), answers }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const wanted = Array.from({ length: Math.ceil(60_000 / 97) }, (_, at) => 97 * at + 1);

describe('threads that read for a run', () => {
  it('find what one finds, in order', () => {
    const { matched, warnings, answers } = run(Number.POSITIVE_INFINITY);
    expect(matched).toEqual(wanted);
    expect(warnings).toEqual([]);
    expect(answers).toBeGreaterThan(0);
  });

  it('may end before their time: what they had in hand is read by the main thread, and that is told', () => {
    const { matched, warnings, answers } = run(1);
    expect(matched).toEqual(wanted);
    expect(warnings).toEqual(['logs/worker']);
    expect(answers).toBeGreaterThan(0);
  });
});
