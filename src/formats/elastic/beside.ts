import { sourceText } from '../../base/source-text.ts';
import { stripEnd } from '../../base/strip.ts';
import type { LoadContext, RuleFile } from '../rule-file.ts';
import { readJsonValues } from '../source/json-source.ts';
import { type LocatedTable, tablesIn } from '../source/located.ts';
import { readToml } from '../source/toml-source.ts';
import { type BesideRules, type ExceptionLists, readExceptionLists, readValueLists, valueLines } from './exceptions.ts';

/** What stands beside a rule: in its own file, in files near it, and in those that the user names. */
export interface NearRules {
  readonly lists: (key: string) => readonly LocatedTable[] | undefined;
  readonly valuesOf: BesideRules['valuesOf'];
}

/** The exceptions and values in a file of rules. */
export interface InFile {
  readonly lists: ExceptionLists;
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** What the file says of its rule outside of it: `production`, `development`, … */
  readonly maturity?: string;
}

/** `tables`: the objects of a file that are no rules. */
export function readInFile(tables: readonly LocatedTable[]): InFile {
  return { lists: readExceptionLists(tables), values: readValueLists(tables) };
}

/** `inFile`: of the rule's own file. */
export function nearRules(inFile: InFile, file: RuleFile, context: LoadContext): NearRules {
  const { beside } = context;
  return {
    lists: (key) => inFile.lists.get(key) ?? beside?.lists.get(key) ?? listsNear(file, context).get(key),
    valuesOf: (id) => inFile.values.get(id) ?? beside?.valuesOf(id) ?? valuesNear(id, file, context),
  };
}

const known = new WeakMap<LoadContext, Map<string, ExceptionLists>>();

/** Exception lists in the folders of exceptions and the exports around a rule: where it was found from, or its own folder. */
function listsNear(file: RuleFile, context: LoadContext): ExceptionLists {
  const root = rootOf(file, context);
  const byRoot = known.get(context) ?? new Map<string, ExceptionLists>();
  known.set(context, byRoot);
  const found =
    byRoot.get(root) ??
    readExceptionLists(
      context
        .listFiles(root, ['.toml', '.ndjson', '.json'])
        .filter((path) => path !== file.path && /exception/i.test(path.slice(root.length)))
        .flatMap((path) => exceptionsIn(path, context.readText(path) ?? '')),
    );
  byRoot.set(root, found);
  return found;
}

/** What the command line of detection-rules writes (`exceptions/*.toml`), or Kibana exports. */
function exceptionsIn(path: string, text: string): readonly LocatedTable[] {
  const source = sourceText(path, text);
  if (!path.endsWith('.toml')) return readJsonValues(source).flatMap((item) => (item.ok ? tablesIn(item.value) : []));
  const read = readToml(source);
  const listed = read.ok ? read.value.entries.get('exceptions')?.value : undefined;
  return listed === undefined ? [] : tablesIn(listed).flatMap(withContainer);
}

/** `[[exceptions]]` has the list as `container` and what is in it as `items`. */
function withContainer(exception: LocatedTable): readonly LocatedTable[] {
  return ['container', 'items'].flatMap((key) => {
    const value = exception.entries.get(key)?.value;
    return value === undefined ? [] : tablesIn(value);
  });
}

/** Kibana exports a value list as a file of its name, one value a line. */
function valuesNear(id: string, file: RuleFile, context: LoadContext): readonly string[] | undefined {
  if (!/^[\w.-]+$/.test(id)) return undefined;
  const root = rootOf(file, context);
  for (const name of [id, `${id}.txt`]) {
    const path = `${root}/${name}`;
    if (context.isInside?.(root, path) === false) continue;
    const text = context.readText(path);
    if (text === undefined) continue;
    return valueLines(text);
  }
  return undefined;
}

function rootOf({ path }: RuleFile, context: LoadContext): string {
  const folder = path.includes('/') ? path.replace(/\/[^/]*$/, '') : '.';
  const found = stripEnd(context.pathOf?.(path) ?? '', '/');
  return found !== '' && path.startsWith(`${found}/`) ? found : folder;
}
