import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The command line as it is published. `build-once.ts` builds it before any test. */
export function builtCli(): string {
  return build('cli', []);
}

/** The same, each module a file: for programs that take a part of it. */
export function builtModules(): string {
  return build('modules', ['--modules']);
}

/** Built when the sources are newer. */
function build(name: string, options: readonly string[]): string {
  // Below node_modules, so that the build finds its packages.
  const built = join(root, 'node_modules', '.cache', `dragoman-test-${name}`);
  const main = join(built, 'cli', 'main.js');
  const newest = Math.max(
    ...readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map(
      (file) => statSync(join(root, 'src', file)).mtimeMs,
    ),
  );
  if (existsSync(main) && statSync(main).mtimeMs > newest) return main;
  const script = join(root, 'scripts', 'build.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options, '--to', built], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build fails:\n${stdout}${stderr}`);
  return main;
}

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a shell command with `dragoman` and `npx` standing for the built command line. */
export function shell(main: string, command: string, input = ''): Promise<Finished> {
  const line = `dragoman() { '${process.execPath}' '${main}' "$@"; }; npx() { "$@"; }; ${command}`;
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', line], { cwd: root, stdio: 'pipe' });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
