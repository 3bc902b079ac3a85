// `npm run build`: dist/ from src/: declarations of every module, and the modules in few files. `--to FOLDER`: there instead;
// `--modules`: each module a file of its own, for benches that take the engine apart.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { bundle } from './bundle.mjs';
import { root } from './ready.mjs';

const to = process.argv.indexOf('--to');
const folder = to === -1 ? join(root, 'dist') : resolve(process.argv[to + 1]);
const asModules = process.argv.includes('--modules');

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

for (const made of ['build-kernel.mjs', 'build-python.mjs']) run(join(root, 'scripts', made));
rmSync(folder, { recursive: true, force: true });
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
run(compiler, '-p', 'tsconfig.json', '--outDir', folder, ...(asModules ? [] : ['--emitDeclarationOnly']));
if (!asModules) await bundle(folder);
chmodSync(join(folder, 'cli', 'main.js'), 0o755);
