import { readFile } from 'node:fs/promises';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { type SourceText, sourceText } from '../../base/source-text.ts';
import { reasonOf } from '../find-files.ts';
import { decodeText } from '../read-text.ts';

/** The text of a file that the user names beside the rules, kept among the sources; undefined, and told, where it cannot be read. */
export async function readGiven(
  path: string,
  sources: Map<string, SourceText>,
  diagnostics: Diagnostic[],
): Promise<string | undefined> {
  try {
    const text = decodeText(await readFile(path));
    sources.set(path, sourceText(path, text));
    return text;
  } catch (failed) {
    diagnostics.push(diagnostic('input/unreadable', { path, reason: reasonOf(failed) }));
    return undefined;
  }
}
