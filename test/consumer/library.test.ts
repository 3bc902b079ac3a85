import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtCli, root } from '../cli/built.ts';
import { dragoman } from '../cli/harness.ts';

const project = mkdtempSync(join(tmpdir(), 'dragoman-consumer-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** A project of somebody else's, with the package as it is published. */
function install(): void {
  const built = dirname(dirname(builtCli()));
  const home = join(project, 'node_modules', 'dragoman');
  mkdirSync(home, { recursive: true });
  symlinkSync(built, join(home, 'dist'));
  writeFileSync(join(home, 'package.json'), readFileSync(join(root, 'package.json')));
  symlinkSync(join(root, 'node_modules', '@types'), join(project, 'node_modules', '@types'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    skipLibCheck: false,
    types: ['node'],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.ts'] }));
}

/** A declaration file and all that it imports. */
function reachable(start: string): string[] {
  const found = new Set([start]);
  for (const file of found) {
    for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      found.add(join(dirname(file), path.replace(/\.[jt]s$/, '.d.ts')));
    }
  }
  return [...found];
}

/** The library example of the README. */
function example(): string {
  const found = /^```ts run\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8'));
  if (found?.[1] === undefined) throw new Error('the README has no example of the library');
  return found[1];
}

describe('the library, as somebody else uses it', () => {
  install();
  writeFileSync(join(project, 'example.ts'), example());

  it('type-checks, declarations too', () => {
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });

  it('asks for no newer compiler than TypeScript 5.6, which does not know typed arrays with type arguments', () => {
    const declared = reachable(join(project, 'node_modules', 'dragoman', 'dist', 'index.d.ts'));
    expect(declared.length).toBeGreaterThan(20);
    expect(
      declared.filter((file) => /\b\w+Array<(?:ArrayBuffer|SharedArrayBuffer)/.test(readFileSync(file, 'utf8'))),
    ).toEqual([]);
  });

  it('gives the matches that the command line gives', async () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(project, 'example.js')], {
      cwd: root,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const run = await dragoman([
      'run',
      '--rules',
      `${root}/examples/rules`,
      '--logs',
      `${root}/examples/logs`,
      '--format',
      'ndjson',
    ]);
    const matches = run.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(stdout.trim().split('\n').sort()).toEqual(
      matches.map(({ time, rule_name }) => `${time ?? '-'} ${rule_name}`).sort(),
    );
    expect(matches.length).toBeGreaterThan(3);
  });
});
