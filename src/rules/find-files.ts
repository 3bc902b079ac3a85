import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';

export interface FoundFile {
  /** As a reader of messages knows it: what the user typed, with what was found below it. */
  readonly path: string;
  /** The user named this very file; otherwise it lay in a folder or fitted a glob. */
  readonly named: boolean;
  /** The path, of those that were given, that it was found by. */
  readonly by: string;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Wanted {
  /** What messages call the files: `rule files`. */
  readonly what: string;
  /** Which of the files in a folder count; one that is named counts whatever it is called. */
  accepts(path: string): boolean;
}

/** What makes a path that does not exist a glob. */
const GLOB = /[*?[\]{}]|[!+@]\(/;

/**
 * The files that paths stand for: a file is itself, a folder everything wanted below it (but what is hidden, and
 * `node_modules`), a glob what fits it. Each file once, sorted within each path. What cannot be found or listed is reported.
 */
export async function findFiles(paths: readonly string[], wanted: Wanted): Promise<FoundFiles> {
  const seen = new Set<string>();
  const files: FoundFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const add = (path: string, named: boolean, by: string): void => {
    const whole = resolve(path);
    if (seen.has(whole)) return;
    seen.add(whole);
    files.push({ path, named, by });
  };
  for (const path of paths) {
    const kind = await kindOf(path);
    if (kind === 'file') {
      add(path, true, path);
      continue;
    }
    let found: readonly string[] | undefined;
    if (kind === 'folder') found = await walk(normalize(path), wanted, diagnostics);
    else if (kind === 'absent' && GLOB.test(path)) found = await expand(path, wanted, diagnostics);
    else if (kind !== 'absent') diagnostics.push(diagnostic('input/unreadable', { path, reason: kind.reason }));
    if (kind === 'absent' && found === undefined) {
      diagnostics.push(diagnostic('input/unreadable', { path, reason: 'no such file or folder' }));
    }
    if (found === undefined) continue;
    if (found.length === 0) diagnostics.push(diagnostic('input/no-files', { what: wanted.what, path }));
    for (const file of found) add(file, false, path);
  }
  return { files, diagnostics };
}

/** What a failed file operation says, in words; the code alone (`EACCES`) tells a user little. */
export function reasonOf(failed: unknown): string {
  const code = failed instanceof Error && 'code' in failed ? failed.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ELOOP':
      return 'its symbolic links go in a circle';
    case 'EMFILE':
      return 'too many open files';
    default:
      return failed instanceof Error ? failed.message : String(failed);
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'absent' | { readonly reason: string }> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (failed) {
    const reason = reasonOf(failed);
    return reason === 'no such file or folder' || path.includes('\0') ? 'absent' : { reason };
  }
}

async function expand(pattern: string, wanted: Wanted, diagnostics: Diagnostic[]): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const fitting = await glob(pattern, { onlyFiles: false, expandDirectories: false, absolute: isAbsolute(pattern) });
  const installed = /(?:^|[\\/])node_modules[\\/]/;
  const kept = installed.test(pattern) ? fitting : fitting.filter((path) => !installed.test(path));
  const found: string[] = [];
  for (const path of kept.sort()) {
    if (path.endsWith('/')) found.push(...(await walk(normalize(path), wanted, diagnostics)));
    else if (wanted.accepts(path)) found.push(path);
  }
  return found;
}

/** Every wanted file below a folder. Links to folders elsewhere are followed, once each; links back into it are not. */
async function walk(folder: string, wanted: Wanted, diagnostics: Diagnostic[]): Promise<string[]> {
  const entered: string[] = [];
  const visit = async (below: string, linked: boolean): Promise<string[]> => {
    let entries: Dirent[];
    try {
      if (linked || entered.length === 0) {
        const real = await realpath(below);
        if (entered.some((root) => real === root || real.startsWith(root + sep))) return [];
        entered.push(real);
      }
      entries = await readdir(below, { withFileTypes: true });
    } catch (failed) {
      diagnostics.push(diagnostic('input/unreadable', { path: below, reason: reasonOf(failed) }));
      return [];
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const parts = await Promise.all(
      entries.map(async (entry): Promise<string[]> => {
        if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
        const path = join(below, entry.name);
        if (entry.isDirectory()) return visit(path, false);
        if (entry.isSymbolicLink()) {
          const kind = await kindOf(path);
          if (kind === 'folder') return visit(path, true);
          if (kind !== 'file') return [];
        } else if (!entry.isFile()) return [];
        return wanted.accepts(path) ? [path] : [];
      }),
    );
    return parts.flat();
  };
  return visit(folder, false);
}

/** The name's ending in lower case, with its dot. */
export function extensionOf(path: string): string {
  return extname(path).toLowerCase();
}
