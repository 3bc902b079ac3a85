import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { corpora, fingerprint } from './tree.ts';

/** What a test outside the sets reads of the tree. */
export interface Inputs {
  /** All of it is there. */
  readonly there: boolean;
  /** It is what the test's figures were counted on: on anything else, only what holds of any data is asked. */
  readonly asPinned: boolean;
}

/** Looks for files and folders of the tree, and says where a test has to do without, or without its figures. */
export function inputs(paths: readonly string[], pinned: string): Inputs {
  const missing = paths.filter((path) => !existsSync(join(corpora, path)));
  if (missing.length > 0) {
    console.warn(`skipped: ${corpora} has no ${missing.join(', ')}`);
    return { there: false, asPinned: false };
  }
  const found = fingerprint(paths.flatMap(filesOf));
  if (found !== pinned)
    console.warn(`${paths.join(', ')}: other data (${found}) than the figures are pinned on (${pinned})`);
  return { there: true, asPinned: found === pinned };
}

/** A file, or all below a folder, each with its size in bytes. */
function filesOf(path: string): readonly string[] {
  const whole = join(corpora, path);
  if (!statSync(whole).isDirectory()) return [`${path} ${statSync(whole).size}`];
  return readdirSync(whole).flatMap((name) => filesOf(`${path}/${name}`));
}
