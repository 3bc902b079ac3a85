import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, join, normalize, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { rawPathOf } from '../logs/input/raw-path.ts';
import { isWithin } from './folders.ts';

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
    if (kind === 'file' || kind === 'other') {
      add(path, true, path);
      continue;
    }
    let found: readonly string[] | undefined;
    if (kind === 'folder') found = await walk(normalize(path), wanted, diagnostics);
    else if (kind === 'absent' && GLOB.test(path)) found = await expand(path, wanted, diagnostics);
    else if (typeof kind === 'object') diagnostics.push(diagnostic('input/unreadable', { path, reason: kind.reason }));
    if (kind === 'absent' && found === undefined) {
      diagnostics.push(diagnostic('input/unreadable', { path, reason: NOT_THERE }));
    }
    if (found === undefined) continue;
    if (found.length === 0) diagnostics.push(diagnostic('input/no-files', { what: wanted.what, path }));
    for (const file of found) add(file, false, path);
  }
  return { files, diagnostics };
}

/** The reason of what is not there at all. */
export const NOT_THERE = 'no such file or folder';

/** What a failed file operation says, in words; the code alone (`EACCES`) tells a user little. */
export function reasonOf(failed: unknown): string {
  const code = failed instanceof Error && 'code' in failed ? failed.code : undefined;
  switch (code) {
    case 'ENOENT':
      return NOT_THERE;
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

/** `other`: a device, a pipe, a socket. */
async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | 'absent' | { readonly reason: string }> {
  try {
    const found = await stat(rawPathOf(path));
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'other';
  } catch (failed) {
    const reason = reasonOf(failed);
    return reason === NOT_THERE || path.includes('\0') ? 'absent' : { reason };
  }
}

/** What stands before the last part of a path. */
function folderBefore(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

async function expand(pattern: string, wanted: Wanted, diagnostics: Diagnostic[]): Promise<string[]> {
  const { glob } = await import('tinyglobby');
  const fitting = await glob(pattern, { onlyFiles: false, expandDirectories: false, absolute: isAbsolute(pattern) });
  const installed = /(?:^|[\\/])node_modules[\\/]/;
  const kept = installed.test(pattern) ? fitting : fitting.filter((path) => !installed.test(path));
  const folder = normalize(folderBefore(pattern.slice(0, pattern.search(GLOB))) || '.');
  const root = await realpath(rawPathOf(folder)).catch(() => resolve(folder));
  const found: string[] = [];
  for (const path of kept.sort()) {
    const real = await realpath(rawPathOf(path)).catch(() => undefined);
    if (real === undefined) continue;
    if (!isWithin(root, real)) diagnostics.push(diagnostic('input/link-outside', { path, folder }));
    else if (path.endsWith('/')) found.push(...(await walk(normalize(path), wanted, diagnostics)));
    else if (wanted.accepts(path)) found.push(...(await regular(path, diagnostics)));
  }
  return found;
}

/** Every wanted file below a folder. Links to what is in the folder are followed, those to folders that they are in themselves are not. */
async function walk(folder: string, wanted: Wanted, diagnostics: Diagnostic[]): Promise<string[]> {
  const root = await realpath(rawPathOf(folder)).catch(() => resolve(folder));
  const visit = async (below: string): Promise<string[]> => {
    let entries: Dirent[];
    try {
      entries = await readdir(rawPathOf(below), { withFileTypes: true });
    } catch (failed) {
      diagnostics.push(diagnostic('input/unreadable', { path: below, reason: reasonOf(failed) }));
      return [];
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const parts = await Promise.all(
      entries.map(async (entry): Promise<string[]> => {
        if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
        const path = join(below, entry.name);
        if (entry.isDirectory()) return visit(path);
        if (!entry.isSymbolicLink()) {
          if (!wanted.accepts(path)) return [];
          return entry.isFile() ? [path] : regular(path, diagnostics);
        }
        const kind = await kindOf(path);
        if (kind !== 'folder' && !wanted.accepts(path)) return [];
        const real = await realpath(rawPathOf(path)).catch(() => undefined);
        if (real === undefined) return [];
        if (!isWithin(root, real)) {
          diagnostics.push(diagnostic('input/link-outside', { path, folder }));
          return [];
        }
        // A folder that is in this one is visited anyway.
        return kind === 'folder' ? [] : regular(path, diagnostics);
      }),
    );
    return parts.flat();
  };
  return visit(folder);
}

/** The path, where it is a file: a device or a pipe may never end. */
async function regular(path: string, diagnostics: Diagnostic[]): Promise<string[]> {
  if ((await kindOf(path)) !== 'other') return [path];
  diagnostics.push(diagnostic('input/not-a-file', { path }));
  return [];
}

/** The name's ending in lower case, with its dot. */
export function extensionOf(path: string): string {
  return extname(path).toLowerCase();
}
