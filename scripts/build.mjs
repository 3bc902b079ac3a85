// `npm run build`: dist/ from src/: declarations of every module, and the modules in few files. `--to FOLDER`: there instead.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { bundle } from './bundle.mjs';
import { root } from './ready.mjs';

const to = process.argv.indexOf('--to');
const folder = to === -1 ? join(root, 'dist') : resolve(process.argv[to + 1]);

for (const made of ['build-kernel.mjs', 'build-python.mjs']) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', made)], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
rmSync(folder, { recursive: true, force: true });
const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
const { status } = spawnSync(
  process.execPath,
  [join(dirname(manifest), 'bin', 'tsc'), '-p', 'tsconfig.json', '--emitDeclarationOnly', '--outDir', folder],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (status !== 0) process.exit(status ?? 1);
await bundle(folder);
chmodSync(join(folder, 'cli', 'main.js'), 0o755);
