import type { Diagnostic, Fix } from '../../../base/diagnostic.ts';
import type { SourceText } from '../../../base/source-text.ts';
import type { Span } from '../../../base/span.ts';
import { collectRules } from '../../../formats/sigma/collection.ts';
import { readYaml } from '../../../formats/source/yaml-source.ts';
import {
  type Condition,
  type Detection,
  type DetectionItem,
  type LogSource,
  readRuleLogic,
  type ValueTree,
} from '../../../languages/sigma/index.ts';

export type Report = (found: Diagnostic) => void;

/** One document of a Sigma file, as the checks see it. */
export interface SigmaDocument {
  readonly file: SourceText;
  readonly tree: ValueTree;
  readonly kind: 'rule' | 'correlation' | 'filter';
  readonly logsource: LogSource;
  readonly detections: ReadonlyMap<string, Detection>;
  /** Every item of every detection. */
  readonly items: readonly DetectionItem[];
  /** Those conditions that parse. */
  readonly conditions: readonly Condition[];
  /** Where to point for what is missing: the rule's first key. */
  readonly place: Span;
}

/** One check of a document by itself. */
export type Check = (document: SigmaDocument, report: Report) => void;

/** The documents of a Sigma file that are maps; those with errors in their YAML are left out. */
export function readDocuments(file: SourceText): SigmaDocument[] {
  return collectRules(readYaml(file).documents)
    .map(({ tree }) => tree)
    .filter((tree) => tree.kind === 'map')
    .map((tree) => readDocument(file, tree));
}

function readDocument(file: SourceText, tree: ValueTree): SigmaDocument {
  const kind = tree.get('correlation') ? 'correlation' : tree.get('filter') ? 'filter' : 'rule';
  const detection = kind === 'rule' ? tree.get('detection') : kind === 'filter' ? tree.get('filter') : undefined;
  const logic = detection?.kind === 'map' && kind === 'rule' ? readRuleLogic(detection) : undefined;
  const detections = logic?.detections ?? new Map<string, Detection>();
  return {
    file,
    tree,
    kind,
    logsource: logSourceOf(tree),
    detections,
    items: [...detections.values()].flatMap(itemsOf),
    conditions: logic?.conditions ?? [],
    place: tree.entries()[0]?.keySpan ?? tree.span,
  };
}

function itemsOf(detection: Detection): readonly DetectionItem[] {
  return detection.kind === 'item' ? [detection] : detection.items.flatMap(itemsOf);
}

function logSourceOf(tree: ValueTree): LogSource {
  const written = tree.get('logsource');
  const source: Record<string, string> = {};
  for (const key of ['product', 'category', 'service']) {
    const value = written?.get(key)?.scalar();
    if (typeof value === 'string') source[key] = value;
  }
  return source;
}

/** A string with its place. */
export interface Text {
  readonly text: string;
  readonly tree: ValueTree;
}

/** The strings of a key: its own, or those of its list. */
export function textsOf(document: SigmaDocument, key: string): Text[] {
  const value = document.tree.get(key);
  if (value === undefined) return [];
  return (value.asList() ?? [value]).flatMap((tree) => {
    const text = tree.scalar();
    return typeof text === 'string' ? [{ text, tree }] : [];
  });
}

/** The string of a key. */
export function textOf(document: SigmaDocument, key: string): Text | undefined {
  const tree = document.tree.get(key);
  const text = tree?.scalar();
  return tree !== undefined && typeof text === 'string' ? { text, tree } : undefined;
}

/** The keyword part of a path: the file's own name. */
export function fileNameOf(document: SigmaDocument): string {
  return document.file.name.split(/[\\/]/).at(-1) ?? document.file.name;
}

/** The field of an item with its place inside the key. */
export function fieldPlace(item: DetectionItem): Span {
  const { keySpan, field } = item;
  const quoted = keySpan.end - keySpan.start - keyLength(item) === 2 ? 1 : 0;
  const start = keySpan.start + quoted;
  const end = start + (field ?? '').length;
  return end <= keySpan.end ? { ...keySpan, start, end } : keySpan;
}

function keyLength(item: DetectionItem): number {
  return (item.field ?? '').length + item.modifiers.reduce((sum, use) => sum + use.name.length + 1, 0);
}

/** Whether the key is written exactly as it is read, so that it can be edited in place. */
export function isPlainKey(item: DetectionItem): boolean {
  return item.keySpan.end - item.keySpan.start === keyLength(item);
}

export function hasModifier(item: DetectionItem, ...names: readonly string[]): boolean {
  return item.modifiers.some((use) => names.includes(use.name));
}

/** The line of a list's item, with its end, when nothing else stands on it; deleting it deletes the item. */
function lineOf(file: SourceText, span: Span): Span | undefined {
  const { text } = file;
  const start = text.lastIndexOf('\n', span.start - 1) + 1;
  const newline = text.indexOf('\n', span.end);
  const end = newline === -1 ? text.length : newline + 1;
  const alone = /^\s*-\s*$/.test(text.slice(start, span.start)) && /^\s*(?:#.*)?$/.test(text.slice(span.end, end));
  return span.source === file.name && alone ? { ...span, start, end } : undefined;
}

/** The fix that deletes an item of a block list, where that can be done. */
export function deleteItem(file: SourceText, span: Span, title: string): { readonly fixes?: readonly Fix[] } {
  const line = lineOf(file, span);
  return line === undefined ? {} : { fixes: [{ title, edits: [{ span: line, text: '' }] }] };
}
