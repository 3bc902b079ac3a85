import { dirname, join, resolve, sep } from 'node:path';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import type { LoadContext } from '../rule-file.ts';
import { rootOf } from './repository.ts';

/** A file that a description names, beside it or elsewhere in its repository. */
export interface NamedFile {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the file that `filename` names from the description at `path`. It has to be in the description's repository; without
 * one in the folder that the user named, or in that of the description: a rule must not show what else is on the machine. A
 * diagnostic says why it is not read, `missing` where it is not there.
 */
export function readNamedFile(
  path: string,
  filename: string,
  span: Span,
  context: LoadContext,
  missing: () => Diagnostic,
): NamedFile | Diagnostic {
  const file = join(dirname(path), filename);
  const folders = [rootOf(path, context), context.pathOf?.(path), dirname(path)];
  const isInside = context.isInside ?? isBelow;
  if (!folders.some((folder) => folder !== undefined && isInside(folder, file))) {
    return diagnostic('panther/file-outside', { file: filename }, span);
  }
  const text = context.readText(file);
  return text === undefined ? missing() : { file, text };
}

function isBelow(folder: string, file: string): boolean {
  return resolve(file).startsWith(resolve(folder) + sep);
}
