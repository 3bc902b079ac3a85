import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { SourceText } from '../base/source-text.ts';
import { readYaml, type YamlNode } from '../formats/source/yaml-source.ts';
import { LOG_SOURCE_KEYS, type LogSource } from '../logs/log-source.ts';
import { readEventTime } from '../values/moment.ts';
import type { DateTime } from '../values/value.ts';

/**
 * One test of a `RULE.tests.yaml` file, for rules whose own format has no tests:
 * ```yaml
 * tests:
 *   - name: a capture that was started
 *     event: {operationName: …}     # or `events:` with a list
 *     match: true                   # whether the rule gives at least one match
 *     log_type: azure.activity      # optional: otherwise recognised from the events
 *     log_source: {product: okta}   # optional: what events of an undeclared type are
 *     now: 2026-02-06T00:00:00Z     # optional
 *     rule: id                      # only where the rule file holds several rules
 * ```
 */
export interface FileTest {
  readonly name: string;
  readonly events: readonly JsonObject[];
  readonly expected: boolean;
  readonly logType: string | undefined;
  readonly logSource: LogSource | undefined;
  readonly now: DateTime | undefined;
  /** The id of the rule it is for; undefined where the rule file holds one rule only. */
  readonly rule: string | undefined;
}

const KEYS = new Set(['name', 'event', 'events', 'match', 'log_type', 'log_source', 'now', 'rule']);

/** Reads a file of tests. Tests that are wrong are reported and left out. */
export function readTestFile(source: SourceText): { tests: readonly FileTest[]; diagnostics: readonly Diagnostic[] } {
  const { documents, diagnostics: found } = readYaml(source);
  const diagnostics = [...found];
  const tests: FileTest[] = [];
  for (const document of documents) {
    const list = document.get('tests');
    if (list === undefined) {
      diagnostics.push(diagnostic('input/missing-key', { key: 'tests' }, document.span));
      continue;
    }
    const items = list.asList();
    if (items === undefined) {
      diagnostics.push(wrongType('tests', 'a list', list));
      continue;
    }
    for (const [index, item] of items.entries()) {
      const test = readTest(item, index, diagnostics);
      if (test !== undefined) tests.push(test);
    }
  }
  return { tests, diagnostics };
}

function readTest(item: YamlNode, index: number, diagnostics: Diagnostic[]): FileTest | undefined {
  const before = diagnostics.length;
  if (item.kind !== 'map') {
    diagnostics.push(wrongType(`tests[${index}]`, 'a map', item));
    return undefined;
  }
  for (const { key, keySpan } of item.entries()) {
    if (!KEYS.has(key)) diagnostics.push(diagnostic('input/unknown-key', { key, known: [...KEYS] }, keySpan));
  }
  const match = item.get('match');
  if (match === undefined) diagnostics.push(diagnostic('input/missing-key', { key: 'match' }, item.span));
  else if (match.asBoolean() === undefined) diagnostics.push(wrongType('match', 'true or false', match));
  const events = readEvents(item, diagnostics);
  const name = optionalText(item, 'name', diagnostics);
  const logType = optionalText(item, 'log_type', diagnostics);
  const logSource = readLogSource(item, diagnostics);
  const rule = optionalText(item, 'rule', diagnostics);
  const nowNode = item.get('now');
  const read = readEventTime(nowNode?.written());
  const now = read.kind === 'moment' ? read.at : undefined;
  if (nowNode !== undefined && now === undefined) diagnostics.push(wrongType('now', 'a time', nowNode));
  if (diagnostics.slice(before).some((one) => one.severity === 'error')) return undefined;
  return {
    name: name ?? `test ${index + 1}`,
    events,
    expected: match?.asBoolean() ?? false,
    logType,
    logSource,
    now,
    rule,
  };
}

function readLogSource(item: YamlNode, diagnostics: Diagnostic[]): LogSource | undefined {
  const node = item.get('log_source');
  if (node === undefined) return undefined;
  if (node.kind !== 'map') {
    diagnostics.push(wrongType('log_source', 'a map', node));
    return undefined;
  }
  for (const { key, keySpan } of node.entries()) {
    if (LOG_SOURCE_KEYS.some((one) => one === key)) continue;
    diagnostics.push(diagnostic('input/unknown-key', { key, known: LOG_SOURCE_KEYS }, keySpan));
  }
  return Object.fromEntries(
    LOG_SOURCE_KEYS.flatMap((key) => {
      const value = optionalText(node, key, diagnostics);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function readEvents(item: YamlNode, diagnostics: Diagnostic[]): JsonObject[] {
  const event = item.get('event');
  const events = item.get('events');
  const nodes = event === undefined ? events?.asList() : [event];
  if (nodes === undefined) {
    if (events === undefined) diagnostics.push(diagnostic('input/missing-key', { key: 'event' }, item.span));
    else diagnostics.push(wrongType('events', 'a list', events));
    return [];
  }
  return nodes.flatMap((node) => {
    const value = node.toJson();
    if (isJsonObject(value)) return [value];
    diagnostics.push(wrongType('event', 'a map', node));
    return [];
  });
}

function optionalText(item: YamlNode, key: string, diagnostics: Diagnostic[]): string | undefined {
  const node = item.get(key);
  if (node === undefined) return undefined;
  const text = node.written();
  if (text === undefined) diagnostics.push(wrongType(key, 'a string', node));
  return text;
}

function wrongType(key: string, expected: string, node: YamlNode): Diagnostic {
  return diagnostic('input/wrong-type', { key, expected, found: node.kindInWords }, node.span);
}
