// The build that benches take apart: each module a file of its own, which the published package has not. `DRAGOMAN_DIST` names another.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** The folder of the build. */
export function modulesFolder() {
  const { DRAGOMAN_DIST: given } = process.env;
  if (given !== undefined) return resolve(given);
  const folder = join(root, 'node_modules/.cache/dragoman-modules');
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--modules', '--to', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the build fails');
  return folder;
}
