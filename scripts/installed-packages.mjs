// What is installed with the package, by the lock file: what it needs to run, and what that needs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ready.mjs';

/** Each with its name, version and licence. */
export function installedPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages).flatMap(([path, { version, license, dev, devOptional }]) => {
    if (path === '' || dev === true || devOptional === true) return [];
    return [{ name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), version, license }];
  });
}
