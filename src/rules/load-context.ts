import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import type { LoadContext } from '../formats/rule-file.ts';
import type { SchemaName } from '../ir/types.ts';
import type { Schema } from '../ir/view.ts';
import { extensionOf, NOT_THERE } from './find-files.ts';
import { leadsWithin } from './folders.ts';
import { readTextFile } from './read-text.ts';

/** No rule repository is near this size; a folder that is (a whole disk) is not searched further. */
const MOST_FILES = 100_000;

/**
 * What formats may ask for, read from disk, each file and folder once. Texts that are read are added to `sources`; what is there and
 * cannot be read as it should is added to `diagnostics`.
 */
export function loadContext(
  schemas: ReadonlyMap<SchemaName, Schema>,
  sources: Map<string, SourceText>,
  diagnostics: Diagnostic[],
): LoadContext {
  const texts = new Map<string, string | undefined>();
  const folders = new Map<string, readonly string[]>();
  return {
    readText(path) {
      const known = normalize(path);
      if (texts.has(known)) return texts.get(known);
      const text = readIfThere(path, diagnostics);
      texts.set(known, text);
      if (text !== undefined && !sources.has(path)) sources.set(path, sourceText(path, text));
      return text;
    },
    listFiles(folder, extensions) {
      const known = normalize(folder);
      const all = folders.get(known) ?? listAll(known);
      folders.set(known, all);
      const wanted = new Set(extensions.map((extension) => (extension.startsWith('.') ? extension : `.${extension}`)));
      return all.filter((path) => wanted.has(extensionOf(path)));
    },
    isInside: leadsWithin,
    schema: (name) => schemas.get(name) ?? openSchema(name),
  };
}

function readIfThere(path: string, diagnostics: Diagnostic[]): string | undefined {
  const read = readTextFile(path);
  if (read.ok) {
    diagnostics.push(...read.diagnostics);
    return read.text;
  }
  if (read.reason !== NOT_THERE) diagnostics.push(diagnostic('input/unreadable', { path, reason: read.reason }));
  return undefined;
}

function listAll(folder: string): string[] {
  const found: string[] = [];
  const visit = (below: string): void => {
    let entries: Dirent[];
    try {
      entries = entriesOf(below);
    } catch {
      return;
    }
    for (const entry of entries) {
      if (found.length >= MOST_FILES) return;
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = join(below, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) found.push(path);
      else if (entry.isSymbolicLink() && isFile(path) && leadsWithin(folder, path)) found.push(path);
    }
  };
  visit(folder);
  return found.sort();
}

const entriesOf = (folder: string): Dirent[] => readdirSync(folder, { withFileTypes: true });

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** A schema that knows nothing: every name may be a field. */
function openSchema(name: SchemaName): Schema {
  return { name, typeOf: () => undefined, fieldNames: () => undefined };
}
