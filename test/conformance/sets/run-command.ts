import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../../src/cli/program.ts';

/** What `dragoman run --format json` prints, as far as it is read here. */
export interface RunAnswer {
  readonly matches: readonly MatchAnswer[];
  readonly summary: {
    readonly logs: { readonly records: number; readonly undecodable: number };
    readonly matches: readonly { readonly file: string; readonly matches: number }[];
  };
}

export interface MatchAnswer {
  readonly rule_id: string;
  readonly time: string | null;
  /** Null for a row made of several events. */
  readonly source: { readonly file: string; readonly line: number; readonly record?: number } | null;
}

/** Runs rules over a log as the command line does, in this process. Throws what it says where it gives no answer. */
export async function runCommand(rules: string, log: string, options: readonly string[] = []): Promise<RunAnswer> {
  const written = await said([
    'run',
    '--rules',
    rules,
    '--logs',
    log,
    '--format',
    'json',
    '--workers',
    '1',
    ...options,
  ]);
  if (!written.out.startsWith('{')) throw new Error(written.err.slice(-400));
  return JSON.parse(written.out) as RunAnswer;
}

/** What a command line writes, run in this process. */
export async function said(args: readonly string[]): Promise<{ readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' };
  const output = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text;
      return Promise.resolve();
    },
    terminal: false,
    columns: undefined,
  });
  await main(args, { stdout: output('out'), stderr: output('err'), env: {} });
  return written;
}

/** Calls back with a folder that holds these files and is gone afterwards. */
export async function withFiles<T>(
  files: ReadonlyMap<string, string>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'dragoman-set-'));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
