// `npm run fuzz`: builds the product and the harness into .fuzz/, then fuzzes; see CONTRIBUTING.md.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './ready.mjs';

const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
const tsc = join(dirname(manifest), 'bin', 'tsc');
const steps = [
  [tsc, '-p', 'tsconfig.fuzz.json'],
  [join(root, '.fuzz', 'fuzz', 'main.js'), ...process.argv.slice(2)],
];
for (const args of steps) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
