import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { SourceText } from '../base/source-text.ts';
import { readYaml, type YamlNode } from '../formats/source/yaml-source.ts';
import { LOG_SOURCE_KEYS, type LogSource } from '../logs/log-source.ts';
import type { DeclaredSource } from '../logs/undeclared/declared-source.ts';

/**
 * What a file `dragoman.yaml` says:
 * ```yaml
 * logSources:                         # of records whose type is not declared; the first entry that fits counts
 *   - keys: [eventType, published]    # they have these keys at top level,
 *     values: {version: 0}            # and these values there,
 *     logType: Okta.SystemLog         # and are of a type of this name: one of the three at least
 *     product: okta                   # what they are: one of product, category, service, index at least
 *     service: okta
 * ```
 */
export interface Config {
  readonly logSources: readonly DeclaredSource[];
}

/** Where a configuration is looked for when none is named: in the current folder. */
export const CONFIG_FILE = 'dragoman.yaml';

const KEYS = ['logSources'];
const CONDITIONS = ['logType', 'keys', 'values'];
const ENTRY_KEYS = [...CONDITIONS, ...LOG_SOURCE_KEYS];

/** Reads a configuration. Entries that are wrong are reported and left out. */
export function readConfig(source: SourceText): {
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
} {
  const { documents, diagnostics: found } = readYaml(source);
  const diagnostics = [...found];
  const logSources: DeclaredSource[] = [];
  for (const document of documents) {
    if (document.kind !== 'map') {
      diagnostics.push(wrongType('the configuration', 'a map', document));
      continue;
    }
    unknownKeys(document, KEYS, diagnostics);
    const list = document.get('logSources');
    const items = list?.asList();
    if (list !== undefined && items === undefined) diagnostics.push(wrongType('logSources', 'a list', list));
    for (const [index, item] of (items ?? []).entries()) {
      const entry = readEntry(item, index, diagnostics);
      if (entry !== undefined) logSources.push(entry);
    }
  }
  return { config: { logSources }, diagnostics };
}

function readEntry(item: YamlNode, index: number, diagnostics: Diagnostic[]): DeclaredSource | undefined {
  const before = diagnostics.length;
  if (item.kind !== 'map') {
    diagnostics.push(wrongType(`logSources[${index}]`, 'a map', item));
    return undefined;
  }
  unknownKeys(item, ENTRY_KEYS, diagnostics);
  for (const some of [CONDITIONS, LOG_SOURCE_KEYS]) {
    if (some.every((key) => item.get(key) === undefined)) {
      diagnostics.push(diagnostic('input/missing-key', { key: some.join('` or `') }, item.span));
    }
  }
  const source: LogSource = Object.fromEntries(
    LOG_SOURCE_KEYS.flatMap((key) => {
      const value = textAt(item, key, diagnostics);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const logType = textAt(item, 'logType', diagnostics);
  const keys = readKeys(item, diagnostics);
  const values = readValues(item, diagnostics);
  if (diagnostics.slice(before).some((one) => one.severity === 'error')) return undefined;
  return { source, ...(logType !== undefined && { logType }), ...(keys && { keys }), ...(values && { values }) };
}

function readKeys(item: YamlNode, diagnostics: Diagnostic[]): readonly string[] | undefined {
  const node = item.get('keys');
  if (node === undefined) return undefined;
  const texts = node.asList()?.map((one) => one.written());
  if (texts === undefined || texts.length === 0 || texts.includes(undefined)) {
    diagnostics.push(wrongType('keys', 'a list of names', node));
    return undefined;
  }
  return texts.filter((text) => text !== undefined);
}

function readValues(item: YamlNode, diagnostics: Diagnostic[]): Readonly<Record<string, string>> | undefined {
  const node = item.get('values');
  if (node === undefined) return undefined;
  const entries = node.kind === 'map' ? node.entries() : [];
  const texts = entries.map(({ key, value }) => [key, value.written()] as const);
  if (texts.length === 0 || texts.some(([, text]) => text === undefined)) {
    diagnostics.push(wrongType('values', 'a map of names to texts', node));
    return undefined;
  }
  return Object.fromEntries(texts.flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])));
}

function textAt(item: YamlNode, key: string, diagnostics: Diagnostic[]): string | undefined {
  const node = item.get(key);
  if (node === undefined) return undefined;
  const text = node.written();
  if (text === undefined || text === '') diagnostics.push(wrongType(key, 'a text', node));
  return text;
}

function unknownKeys(map: YamlNode, known: readonly string[], diagnostics: Diagnostic[]): void {
  for (const { key, keySpan } of map.entries()) {
    if (!known.includes(key)) diagnostics.push(diagnostic('input/unknown-key', { key, known }, keySpan));
  }
}

function wrongType(key: string, expected: string, node: YamlNode): Diagnostic {
  return diagnostic('input/wrong-type', { key, expected, found: node.kindInWords }, node.span);
}
