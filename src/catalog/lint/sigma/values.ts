import { diagnostic, type Fix } from '../../../base/diagnostic.ts';
import { type DetectionItem, parseSigmaString, type ValueTree } from '../../../languages/sigma/index.ts';
import {
  type Check,
  deleteItem,
  fieldPlace,
  hasModifier,
  isPlainKey,
  type Report,
  type SigmaDocument,
} from './document.ts';

type Parts = ReturnType<typeof parseSigmaString>;
type Part = Parts[number];

const isMany = (part: Part | undefined): boolean => part !== undefined && 'any' in part && part.any === 'many';

/** Whether a modifier reads the value as something else than a string with wildcards. */
function isLiteral(item: DetectionItem): boolean {
  return hasModifier(item, 're', 'cidr', 'fieldref', 'base64', 'base64offset', 'exists');
}

/** Each value by itself. */
export const checkValues: Check = (document, report) => {
  for (const item of document.items) {
    for (const value of item.values) {
      const text = value.scalar();
      if (typeof text !== 'string') continue;
      checkControl(value, text, report);
      if (hasModifier(item, 're')) checkRegex(value, text, report);
      if (isLiteral(item)) continue;
      checkWildcards(value, text, report);
      checkNumber(item, value, text, report);
    }
    checkHashes(item, report);
    checkUser(item, report);
    if (item.field?.toLowerCase() === 'source' && item.values.some((one) => /^eventlog$/i.test(String(one.scalar())))) {
      report(diagnostic('sigma/source-eventlog', {}, item.keySpan));
    }
  }
};

function checkControl(value: ValueTree, text: string, report: Report): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const at = text.search(/[\u0000-\u001f]/);
  // A value over several lines is meant to be one.
  if (at === -1 || (text[at] === '\n' && value.span.end - value.span.start > text.length + 2)) return;
  const character = `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  report(diagnostic('sigma/control-character', { character }, value.text()?.span(at, at + 1) ?? value.span));
}

const UNCOMMON_GROUPS: readonly string[] = ['(?=', '(?!', '(?<=', '(?<!', '(?>'];

function checkRegex(value: ValueTree, text: string, report: Report): void {
  const plain = text.replace(/\\./gs, '  ');
  for (const group of UNCOMMON_GROUPS) {
    const at = plain.indexOf(group);
    if (at === -1) continue;
    const span = value.text()?.span(at, at + group.length) ?? value.span;
    report(diagnostic('sigma/regex-group', { group }, span));
    return;
  }
}

function checkWildcards(value: ValueTree, text: string, report: Report): void {
  const parts = parseSigmaString(text);
  if (parts.some((part, index) => isMany(part) && isMany(parts[index + 1]))) {
    const source = value.text();
    const at = text.indexOf('**');
    const run = /\*+/.exec(text.slice(at))?.[0].length ?? 2;
    const fixes =
      source === undefined || at === -1
        ? []
        : [{ title: 'write one `*`', edits: [{ span: source.span(at, at + run), text: '*' }] }];
    report(diagnostic('sigma/double-wildcard', {}, value.span, { fixes }));
  }
  const literal = parts.find((part) => 'text' in part && /[*?]/.test(part.text));
  if (literal !== undefined && 'text' in literal) {
    const character = /[*?]/.exec(literal.text)?.[0] ?? '*';
    const at = text.indexOf(`\\${character}`);
    const span = at === -1 ? value.span : (value.text()?.span(at, at + 2) ?? value.span);
    report(diagnostic('sigma/escaped-wildcard', { character }, span));
  }
}

function checkNumber(item: DetectionItem, value: ValueTree, text: string, report: Report): void {
  // Only where the text is the whole value, and the number reads the same.
  if (!/^[-+]?\d+$/.test(text.trim()) || text.includes(' ')) return;
  if (hasModifier(item, 'contains', 'startswith', 'endswith', 'windash', 'expand')) return;
  const quoted = value.span.end - value.span.start === text.length + 2;
  const same = /^(?:0|-?[1-9]\d{0,14})$/.test(text);
  const fixes = quoted && same ? [{ title: 'write it without quotes', edits: [{ span: value.span, text }] }] : [];
  report(diagnostic('sigma/number-as-string', { value: text }, value.span, { fixes }));
}

const HASH_LENGTHS: Readonly<Record<string, number>> = { MD5: 32, SHA1: 40, SHA256: 64, IMPHASH: 32 };

function checkHashes(item: DetectionItem, report: Report): void {
  if ((item.field !== 'Hashes' && item.field !== 'Hash') || isLiteral(item)) return;
  for (const value of item.values) {
    const written = value.scalar();
    if (written === null || written === undefined) continue;
    for (const part of typeof written === 'string' ? parseSigmaString(written) : [{ text: String(written) }]) {
      if (!('text' in part)) continue;
      // `Hashes|contains: 'IMPHASH='` asks whether there is one.
      if (/^[A-Z0-9]+=$/.test(part.text) && hasModifier(item, 'contains', 'startswith')) continue;
      const reason = hashProblem(part.text);
      if (reason === undefined) continue;
      report(diagnostic('sigma/hash-value', { value: `\`${part.text}\``, reason }, value.span));
      break;
    }
  }
}

function hashProblem(text: string): string | undefined {
  const [name = '', hash, ...rest] = text.split('=');
  if (hash === undefined || rest.length > 0) return 'it is no pair of a name and a hash';
  const length = Object.hasOwn(HASH_LENGTHS, name) ? HASH_LENGTHS[name] : undefined;
  if (length === undefined) return `there is no \`${name}\` among them`;
  return new RegExp(`^[0-9a-fA-F]{${length}}$`).test(hash)
    ? undefined
    : `${name} is ${length} hexadecimal digits, and this has ${hash.length} characters`;
}

/** `NT AUTHORITY\SYSTEM` is `AUTORITE NT\…` in French: a lone comparison finds one language. */
function checkUser(item: DetectionItem, report: Report): void {
  const [value, ...others] = item.values;
  const text = value?.scalar();
  if (value === undefined || others.length > 0 || typeof text !== 'string' || item.field === null) return;
  if (!/user/i.test(item.field) || !/AUTORI|AUTHORI/.test(text)) return;
  report(diagnostic('sigma/localized-user', { field: item.field, value: text }, value.span));
}

/** The values of an item beside each other. */
export const checkValueLists: Check = (document, report) => {
  for (const item of document.items) {
    if (item.field === null) continue;
    checkDuplicates(document, item, report);
    checkModifierInstead(item, report);
  }
};

function checkDuplicates(document: SigmaDocument, item: DetectionItem, report: Report): void {
  const exact = hasModifier(item, 're', 'cased', 'base64', 'base64offset');
  const seen = new Map<string, ValueTree>();
  for (const value of item.values) {
    const written = value.scalar();
    if (written === undefined) continue;
    // Values are compared by their text; only null is no text.
    const text = written === null ? '' : ` ${String(written)}`;
    const key = exact ? text : text.toLowerCase();
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, value);
      continue;
    }
    const params = { value: `\`${String(written)}\``, field: item.field ?? '' };
    const context = [{ span: first.span, text: 'first here' }];
    const fix = deleteItem(document.file, value.span, 'remove the second');
    report(diagnostic('sigma/duplicate-value', params, value.span, { context, ...fix }));
  }
}

/** `Image: '*\x.exe'` is `Image|endswith: '\x.exe'`, where all values of the item are alike. */
function checkModifierInstead(item: DetectionItem, report: Report): void {
  if (item.modifiers.some((use) => use.name !== 'all') || item.values.length === 0) return;
  const texts = item.values.map((value) => value.scalar());
  if (!texts.every((text) => typeof text === 'string')) return;
  const shapes = texts.map((text) => shapeOf(parseSigmaString(text)));
  const [shape] = shapes;
  if (shape === undefined || shapes.some((one) => one !== shape)) return;
  const edits = item.values.flatMap((value, index) => {
    const source = value.text();
    const length = texts[index]?.length ?? 0;
    if (source === undefined) return [];
    return [
      ...(shape === 'startswith' ? [] : [{ span: source.span(0, 1), text: '' }]),
      ...(shape === 'endswith' ? [] : [{ span: source.span(length - 1, length), text: '' }]),
    ];
  });
  const at = fieldPlace(item).end;
  const fixes: Fix[] = isPlainKey(item)
    ? [
        {
          title: `write \`${item.field}|${shape}\``,
          edits: [{ span: { ...item.keySpan, start: at, end: at }, text: `|${shape}` }, ...edits],
        },
      ]
    : [];
  report(diagnostic('sigma/wildcard-instead-of-modifier', { modifier: shape }, item.keySpan, { fixes }));
}

function shapeOf(parts: Parts): 'contains' | 'startswith' | 'endswith' | undefined {
  const plain = parts.filter((part) => 'text' in part);
  // A backslash before the wildcard would change what it means once the wildcard is gone.
  if (plain.length !== 1 || parts.length < 2 || parts.some((part) => 'any' in part && part.any === 'one'))
    return undefined;
  const [first, last] = [isMany(parts[0]), isMany(parts.at(-1))];
  if (parts.length > 3 || (parts.length === 3 && !(first && last))) return undefined;
  return first && last ? 'contains' : first ? 'endswith' : 'startswith';
}

/** How SigmaHQ writes lists. */
export const checkListStyle: Check = (document, report) => {
  for (const item of document.items) {
    if (item.field === null) continue;
    const field = item.field;
    const [only] = item.values;
    if (item.values.length === 1 && only !== undefined && item.span.start !== only.span.start) {
      report(diagnostic('sigma/list-of-one', { field }, item.span));
    }
    const texts = item.values.map((value) => String(value.scalar()));
    if (texts.some((text, index) => index > 0 && (texts[index - 1] ?? '') > text)) {
      report(diagnostic('sigma/unsorted-values', { field }, item.keySpan));
    }
  }
};
