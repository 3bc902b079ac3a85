import { readFile } from 'node:fs/promises';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { type SourceText, sourceText } from '../../base/source-text.ts';
import type { BesideRules } from '../../formats/elastic/exceptions.ts';
import type { LoadContext } from '../../formats/rule-file.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import { type IndexMapping, mergeMappings } from '../../schemas/index-mapping.ts';
import { readIndexMapping } from '../../schemas/index-mapping-file.ts';
import { indexSchema } from '../../schemas/index-mapping-schema.ts';
import { reasonOf } from '../find-files.ts';
import { decodeText } from '../read-text.ts';
import { readGiven } from './read-given.ts';

/** What Elastic's rules need that does not stand in their files. */
export interface BesidePaths {
  /** Files of exception items, as Kibana exports or its API gives them; items of no list hold for every rule. */
  readonly exceptions?: readonly string[];
  /** Files of values, one a line, by the id of the value list. */
  readonly valueLists?: ReadonlyMap<string, string>;
  /** Mappings, of one index by its name or (without a name) of all. */
  readonly indexMappings?: readonly NamedMapping[];
}

export interface NamedMapping {
  readonly name: string | undefined;
  readonly mapping: IndexMapping;
}

interface Loaded {
  readonly parts: Pick<LoadContext, 'beside' | 'indexSchema'>;
  readonly diagnostics: readonly Diagnostic[];
}

export async function loadBeside(paths: BesidePaths, sources: Map<string, SourceText>): Promise<Loaded> {
  const diagnostics: Diagnostic[] = [];
  const read = (path: string): Promise<string | undefined> => readGiven(path, sources, diagnostics);
  const beside = await readBesideFiles(paths, read, diagnostics);
  const { indexMappings = [] } = paths;
  return {
    parts: {
      ...(beside !== undefined && { beside }),
      ...(indexMappings.length > 0 && { indexSchema: schemaByPatterns(indexMappings) }),
    },
    diagnostics,
  };
}

/** Reads the mapping of an index; undefined, with the reason, where the file is none. */
export async function loadIndexMapping(
  path: string,
): Promise<{ readonly mapping: IndexMapping | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  try {
    return readIndexMapping(path, decodeText(await readFile(path)), ecsSchema);
  } catch (failed) {
    return { mapping: undefined, diagnostics: [diagnostic('input/unreadable', { path, reason: reasonOf(failed) })] };
  }
}

async function readBesideFiles(
  { exceptions = [], valueLists = new Map() }: BesidePaths,
  read: (path: string) => Promise<string | undefined>,
  diagnostics: Diagnostic[],
): Promise<BesideRules | undefined> {
  if (exceptions.length === 0 && valueLists.size === 0) return undefined;
  const { readJsonValues } = await import('../../formats/source/json-source.ts');
  const { readBeside, valueLines } = await import('../../formats/elastic/exceptions.ts');
  const { tablesIn } = await import('../../formats/source/located.ts');
  const tables = [];
  for (const path of exceptions) {
    const text = await read(path);
    for (const item of text === undefined ? [] : readJsonValues(sourceText(path, text))) {
      if (item.ok) tables.push(...tablesIn(item.value));
      else diagnostics.push(item.diagnostic);
    }
  }
  const values = new Map<string, readonly string[]>();
  for (const [id, path] of valueLists) {
    const text = await read(path);
    if (text !== undefined) values.set(id, valueLines(text));
  }
  return { ...readBeside(tables), valuesOf: (id) => values.get(id) };
}

/** The mappings of the indices that some patterns mean, and ECS for what they do not have. */
function schemaByPatterns(given: readonly NamedMapping[]): NonNullable<LoadContext['indexSchema']> {
  return (patterns) => {
    const meant = given.filter(({ name }) => name === undefined || isMeant(name, patterns));
    if (meant.length === 0) return ecsSchema;
    return indexSchema(mergeMappings(meant.map(({ mapping }) => mapping)).mapping, ecsSchema);
  };
}

/** A rule without patterns is about every index. */
function isMeant(name: string, patterns: readonly string[]): boolean {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('-'));
  return wanted.length === 0 || wanted.some((pattern) => fits(name, pattern.replace(/^[^<:]*:/, '')));
}

function fits(name: string, pattern: string): boolean {
  const pieces = pattern.split('*').map((piece) => piece.replace(/[\\^$.+?()[\]{}|]/g, (special) => `\\${special}`));
  return new RegExp(`^${pieces.join('.*')}$`).test(name);
}
