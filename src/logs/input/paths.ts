import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { LogPath, Said } from './log-path.ts';
import { rawPathOf } from './raw-path.ts';

/** A file to read, or standard input (`path` is `-`). */
export interface InputFile {
  readonly path: string;
  /** Bytes on disk; undefined where that is not known before the end (standard input, a pipe). */
  readonly size: number | undefined;
  /** What the user says of its records. */
  readonly said?: Said;
}

export interface ExpandedPaths {
  readonly files: readonly InputFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The files that paths name: a file, a folder with all below it (names that begin with a dot are left out, links to
 * folders are not followed), a glob, or `-`. Each file once, in the order of the paths, sorted within each; what is said of it is
 * what the first of the paths says.
 * What is there but cannot be read is a diagnostic.
 */
export async function expandPaths(paths: readonly LogPath[]): Promise<ExpandedPaths> {
  const files = new Map<string, InputFile>();
  const diagnostics: Diagnostic[] = [];
  for (const given of paths) {
    const { path, said } = typeof given === 'string' ? { path: given, said: undefined } : given;
    const before = diagnostics.length;
    const found = await expandPath(path, diagnostics);
    if (found.length === 0 && diagnostics.length === before) diagnostics.push(diagnostic('logs/no-files', { path }));
    for (const file of found) {
      if (!files.has(file.path)) files.set(file.path, said === undefined ? file : { ...file, said });
    }
  }
  return { files: [...files.values()], diagnostics };
}

async function expandPath(path: string, diagnostics: Diagnostic[]): Promise<readonly InputFile[]> {
  if (path === '-') return [{ path, size: undefined }];
  const found = await look(path);
  if (found === 'absent') {
    return isDynamicPattern(path) ? expandGlob(path, diagnostics) : reportAbsent(path, diagnostics);
  }
  return expandFound(path, found, diagnostics);
}

async function expandFound(
  path: string,
  found: Stats | Error,
  diagnostics: Diagnostic[],
): Promise<readonly InputFile[]> {
  if (found instanceof Error) {
    diagnostics.push(diagnostic('logs/unreadable', { file: path, reason: found.message }));
    return [];
  }
  if (found.isDirectory()) return expandFolder(path, diagnostics);
  // Pipes and devices have no size to speak of: `<(zcat …)`.
  if (found.isFile()) return [{ path, size: found.size }];
  if (found.isFIFO() || found.isCharacterDevice()) return [{ path, size: undefined }];
  diagnostics.push(diagnostic('logs/not-a-file', { file: path }));
  return [];
}

async function expandFolder(folder: string, diagnostics: Diagnostic[]): Promise<readonly InputFile[]> {
  const files: InputFile[] = [];
  const waiting = [folder];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    let entries: Awaited<ReturnType<typeof readFolder>>;
    try {
      entries = await readFolder(current);
    } catch (error) {
      diagnostics.push(diagnostic('logs/unreadable', { file: current, reason: reasonOf(error) }));
      continue;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = join(current, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else files.push(...(await expandEntry(path, entry.isSymbolicLink(), diagnostics)));
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return files;
}

function readFolder(path: string): Promise<import('node:fs').Dirent[]> {
  return readdir(rawPathOf(path), { withFileTypes: true });
}

/** A file or link inside a folder. A pipe there is not waited for. */
async function expandEntry(path: string, isLink: boolean, diagnostics: Diagnostic[]): Promise<readonly InputFile[]> {
  const found = await look(path);
  if (found === 'absent') return reportAbsent(path, diagnostics);
  if (found instanceof Error) return expandFound(path, found, diagnostics);
  if (found.isFile()) return [{ path, size: found.size }];
  if (!(isLink && found.isDirectory())) diagnostics.push(diagnostic('logs/not-a-file', { file: path }));
  return [];
}

async function expandGlob(pattern: string, diagnostics: Diagnostic[]): Promise<readonly InputFile[]> {
  const isAbsolute = pattern.startsWith('/') || /^[A-Za-z]:[\\/]/.test(pattern);
  let matched: string[];
  try {
    matched = await glob(pattern, { onlyFiles: false, expandDirectories: false, dot: false, absolute: isAbsolute });
  } catch (error) {
    diagnostics.push(diagnostic('logs/unreadable', { file: pattern, reason: reasonOf(error) }));
    return [];
  }
  const files: InputFile[] = [];
  // Folders come with a slash at their end.
  for (const path of matched.map((match) => match.replace(/(?<=.)\/$/, '')).sort()) {
    const found = await look(path);
    if (found === 'absent') await reportAbsent(path, diagnostics);
    else files.push(...(await expandFound(path, found, diagnostics)));
  }
  return files;
}

async function reportAbsent(path: string, diagnostics: Diagnostic[]): Promise<readonly InputFile[]> {
  const isLink = await lstat(rawPathOf(path)).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  diagnostics.push(isLink ? diagnostic('logs/dangling-link', { file: path }) : diagnostic('logs/no-files', { path }));
  return [];
}

async function look(path: string): Promise<Stats | Error | 'absent'> {
  try {
    return await stat(rawPathOf(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
    return error instanceof Error ? error : new Error(String(error));
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
