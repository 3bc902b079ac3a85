import { strip } from '../../../base/strip.ts';
import { regex } from '../modifiers.ts';
import { parseSigmaString } from '../sigma-string.ts';
import type { SigmaValue, TemplatePart } from '../values.ts';
import type { ExtractFields, HashesFields, ReplaceString, ValueTransformation } from './definition.ts';
import type { DraftDetection, DraftItem } from './draft.ts';
import { fromScalar, isText, rereadPlaceholders, type TextValue, textValue, writtenText } from './strings.ts';

/** What becomes of a value: others in its place, undefined where it stays, or why it cannot be. */
export type Changed = readonly SigmaValue[] | { readonly problem: string } | undefined;

export function changeValue(value: SigmaValue, transformation: ValueTransformation): Changed {
  switch (transformation.type) {
    case 'replace_string':
      return replaceString(value, transformation);
    case 'map_string': {
      const to = isText(value) ? transformation.mapping.get(writtenText(value.parts)) : undefined;
      return to?.map((text) => fromScalar(text));
    }
    case 'regex':
      return toRegex(value, transformation.ignoreCase);
    case 'set_value':
      return [fromScalar(transformation.value)];
    case 'convert_type':
      return convert(value, transformation.target);
    case 'case':
      return isText(value) ? [mapTexts(value, caseOf[transformation.method])] : undefined;
  }
}

const caseOf: Readonly<Record<'lower' | 'upper' | 'snake_case', (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  snake_case: (text) => text.replace(/(?<!^)(?=[A-Z])/g, '_').toLowerCase(),
};

function mapTexts(value: TextValue, change: (text: string) => string): TextValue {
  return textValue(value.parts.map((part) => ('text' in part ? { text: change(part.text) } : part)));
}

/** The pattern is looked for in the text as it would be written, or (`skipSpecial`) in each run between wildcards. */
function replaceString(value: SigmaValue, step: ReplaceString): Changed {
  const text = value.kind === 'number' ? fromScalar(String(value.value)) : value;
  if (!isText(text)) return undefined;
  const replaced = (plain: string): string => step.regex.replaceAll(plain, step.replacement);
  if (step.skipSpecial) {
    const change = (part: TemplatePart): readonly TemplatePart[] => {
      if (!('text' in part)) return [part];
      const made = replaced(part.text);
      return step.interpretSpecial ? parseSigmaString(made) : [{ text: made }];
    };
    return [textValue(text.parts.flatMap(change))];
  }
  // Backslashes of the result are plain ones, but for those that keep a wildcard's sign from being one.
  const parts = parseSigmaString(replaced(writtenText(text.parts)).replace(/\\(?![*?])/g, '\\\\'));
  return [text.kind === 'template' ? rereadPlaceholders(parts) : textValue(parts)];
}

/** The string as a regular expression over the whole value: what the transformation is for is its meaning for case. */
function toRegex(value: SigmaValue, ignoreCase: boolean): Changed {
  if (value.kind === 'template') return { problem: 'it has a placeholder without values' };
  if (value.kind !== 'text' || value.parts.length === 0) return undefined;
  const source = value.parts
    .map((part) => {
      if ('any' in part) return part.any === 'many' ? '.*' : '.';
      return part.text.replace(/[\\^$.*+?()[\]{}|/#&~\-\s]/g, escaped);
    })
    .join('');
  const made = regex(`\\A(?:${source})\\z`, ignoreCase ? 'is' : 's');
  return made.kind === 'problem' ? { problem: 'reason' in made ? made.reason : 'it cannot be run' } : [made];
}

function escaped(character: string): string {
  if (!/\s/.test(character)) return `\\${character}`;
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return `\\x{${code}}`;
}

function convert(value: SigmaValue, target: 'str' | 'num'): Changed {
  if (value.kind === 'any') {
    const made = value.values.map((one) => convert(one, target) ?? [one]);
    const problem = made.find((one) => 'problem' in one);
    if (problem !== undefined) return problem;
    return [{ kind: 'any', values: made.flatMap((one) => ('problem' in one ? [] : one)) }];
  }
  if (target === 'str') return value.kind === 'number' ? [fromScalar(value.written ?? String(value.value))] : undefined;
  if (!isText(value)) return undefined;
  const text = writtenText(value.parts);
  return /^[-+]?\d+(?:\.\d+)?$/.test(text.trim())
    ? [fromScalar(Number(text))]
    : { problem: `\`${text}\` is no number` };
}

const HASH_OF_LENGTH: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256', 128: 'SHA512' };

/** `Hashes: MD5=…` as a field for each algorithm, any of which may fit. */
export function splitHashes(
  item: DraftItem,
  step: HashesFields,
): DraftDetection | { readonly problem: string } | undefined {
  if (item.field === null || !step.fields.has(item.field) || !item.values.every(({ value }) => isText(value))) {
    return undefined;
  }
  const found = new Map<string, { readonly value: SigmaValue; readonly span: DraftItem['span'] }[]>();
  for (const { value, span } of item.values) {
    const written = isText(value) ? writtenText(value.parts) : '';
    const pair = written.split(written.includes('|') ? '|' : '=');
    const hash = strip((pair.length === 2 ? pair[1] : pair[0]) ?? '', '*?');
    const named = pair.length === 2 ? pair[0]?.replace(/^\*+/, '').toUpperCase() : HASH_OF_LENGTH[hash.length];
    if (named === undefined || !step.algorithms.includes(named)) continue;
    const field = `${step.prefix}${step.dropAlgorithm ? '' : named}`;
    if (field === '') continue;
    found.set(field, [...(found.get(field) ?? []), { value: fromScalar(hash), span }]);
  }
  if (found.size === 0) return { problem: `none of its hashes is one of ${step.algorithms.join(', ')}` };
  const items = [...found].map(([field, values]): DraftItem => {
    const shape = { ...item.shape, all: false };
    return { ...item, field: field === 'keyword' ? null : field, values, shape };
  });
  return { kind: 'any', items, span: item.span };
}

/** Each value's named groups as items of their own, all of which must fit. */
export function extractFields(item: DraftItem, step: ExtractFields): DraftDetection | undefined {
  if (!item.values.every(({ value }) => isText(value))) return undefined;
  const made: DraftDetection[] = [];
  for (const one of item.values) {
    const { value, span } = one;
    const match = isText(value) ? step.regex.groups(writtenText(value.parts)) : undefined;
    if (match === undefined) {
      if (step.keepUnmatched) made.push({ ...item, values: [one] });
      continue;
    }
    const items = step.groups.flatMap(([name, index]): DraftItem[] => {
      const text = match.groups[index];
      if (text === undefined || text === '') return [];
      const field = step.prefix === undefined || step.prefix === '' ? name : `${step.prefix}.${name}`;
      return [{ ...item, field, values: [{ value: extracted(text), span }] }];
    });
    if (items.length > 0) made.push({ kind: 'all', items, span });
  }
  if (made.length === 0) return undefined;
  return { kind: item.shape.all ? 'all' : 'any', items: made, span: item.span };
}

/** `null` and `none` are no value; numbers are numbers unless they start with a zero. */
function extracted(text: string): SigmaValue {
  if (/^(?:null|none)$/i.test(text)) return { kind: 'null' };
  if (text !== '0' && text.startsWith('0')) return fromScalar(text);
  return /^[-+]?\d+(?:\.\d+)?$/.test(text) ? fromScalar(Number(text)) : fromScalar(text);
}
