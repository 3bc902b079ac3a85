// `npm run build`: dist/ from src/, with the command line executable.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './ready.mjs';

for (const made of ['build-kernel.mjs', 'build-python.mjs']) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', made)], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
rmSync(join(root, 'dist'), { recursive: true, force: true });
const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
const { status } = spawnSync(process.execPath, [join(dirname(manifest), 'bin', 'tsc'), '-p', 'tsconfig.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
chmodSync(join(root, 'dist', 'cli', 'main.js'), 0o755);
