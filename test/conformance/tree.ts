import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Tree } from './case.ts';

const root = resolve(import.meta.dirname, '../..');

/** The open tree, where it lies beside the project. */
const open = join(root, '../shared/corpora');

/** The tree of conformance data at hand: `DRAGOMAN_CORPORA`, from the project's folder, or the open one. */
export const corpora: string = resolve(root, process.env['DRAGOMAN_CORPORA'] ?? open);

/**
 * What every tree shares, and a tree may leave out: the published rules, the list of Panther's tests, and the events and mappings
 * of EQL's cases. They are then the open tree's; cases never are.
 */
const SHARED = /^(?:sigma\/sigmahq-rules\.tar\.gz|panther\/facts\.json|eql\/(?:data|mappings)\/.*)$/;

/** A tree whose unpacked archives are gone after `close`. */
export interface OpenTree extends Tree {
  readonly close: () => void;
}

export function openTree(folder: string): OpenTree {
  const scratch: string[] = [];
  const find = (path: string): string | undefined => {
    const own = join(folder, path);
    if (existsSync(own)) return own;
    const other = join(open, path);
    if (!SHARED.test(path) || !existsSync(other)) return undefined;
    console.log(`${path}: ${folder} has none, that of ${open} is used`);
    return other;
  };
  return {
    find,
    unpack: (path) => {
      const archive = find(path);
      if (archive === undefined) return undefined;
      const into = mkdtempSync(join(tmpdir(), `dragoman-${basename(path).replace(/\W.*$/, '')}-`));
      scratch.push(into);
      execFileSync('tar', ['xzf', archive, '-C', into]);
      return into;
    },
    close: () => {
      for (const each of scratch) rmSync(each, { recursive: true, force: true });
    },
  };
}

/** Names a set of texts, in any order: two sets of cases, or of files, are the same where their fingerprints are. */
export function fingerprint(texts: Iterable<string>): string {
  return createHash('sha1')
    .update([...texts].sort().join('\n'))
    .digest('hex')
    .slice(0, 12);
}
