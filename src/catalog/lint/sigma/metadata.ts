import { diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { type Check, deleteItem, textOf, textsOf } from './document.ts';

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;

/** The keys that the specification gives a rule, a correlation or a filter. */
const KNOWN_KEYS: readonly string[] = [
  ...['title', 'id', 'related', 'name', 'taxonomy', 'status', 'description', 'license', 'author', 'references', 'date'],
  ...[
    'modified',
    'logsource',
    'detection',
    'fields',
    'falsepositives',
    'level',
    'tags',
    'scope',
    'correlation',
    'filter',
  ],
  ...['action', 'generate', 'sigma-version'],
];
/** Keys that only SigmaHQ's own tools read. */
const REPOSITORY_KEYS: readonly string[] = ['regression_tests_path', 'simulation'];

/** What a rule says of itself, and what it leaves out. */
export const checkMetadata: Check = (document, report) => {
  const { tree, place } = document;
  const isThere = (key: string): boolean => (tree.get(key)?.kind ?? 'null') !== 'null';
  if (!isThere('id')) report(diagnostic('sigma/no-id', {}, place));
  for (const key of document.kind === 'filter' ? [] : ['level', 'status', 'description', 'author', 'date']) {
    if (!isThere(key)) report(diagnostic('sigma/missing-metadata', { key }, place));
  }
  const id = textOf(document, 'id');
  if (id !== undefined && !UUID.test(id.text.trim())) {
    report(diagnostic('sigma/id-format', { id: id.text }, id.tree.span));
  }
  for (const entry of tree.get('related')?.asList() ?? []) {
    const other = entry.get('id');
    const text = other?.scalar();
    if (other !== undefined && !UUID.test(String(text))) {
      report(diagnostic('sigma/related-id', { id: String(text) }, other.span));
    }
  }
};

/** Keys of a rule that nothing reads. */
export const checkKeys: Check = (document, report) => {
  for (const { key, keySpan } of document.tree.entries()) {
    if (KNOWN_KEYS.includes(key) || REPOSITORY_KEYS.includes(key)) continue;
    const near = didYouMean(key, KNOWN_KEYS, 1);
    const [right] = near;
    if (right === undefined || document.tree.get(right) !== undefined) {
      report(diagnostic('sigma/unknown-key', { key }, keySpan));
      continue;
    }
    const fixes = [{ title: `write \`${right}\``, edits: [{ span: keySpan, text: right }] }];
    report(diagnostic('sigma/misspelt-key', { key, near }, keySpan, { fixes }));
  }
};

/** `2026-02-06` or `2026/02/06`, as a text that sorts. */
function dayOf(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{4}[-/]\d{2}[-/]\d{2}$/.test(text) ? text.replaceAll('/', '-') : undefined;
}

export const checkDates: Check = (document, report) => {
  const [date, modified] = [textOf(document, 'date'), textOf(document, 'modified')];
  if (modified === undefined) return;
  if (document.tree.get('date') === undefined) {
    report(diagnostic('sigma/modified-without-date', {}, modified.tree.span));
    return;
  }
  const [made, changed] = [dayOf(date?.text), dayOf(modified.text)];
  if (made === undefined || changed === undefined) return;
  if (changed < made) {
    report(diagnostic('sigma/modified-before-date', { date: made, modified: changed }, modified.tree.span));
  }
  if (changed === made) report(diagnostic('sigma/modified-as-date', {}, modified.tree.span));
};

export const checkReferences: Check = (document, report) => {
  const seen = new Set<string>();
  for (const { text, tree } of textsOf(document, 'references')) {
    if (seen.has(text)) {
      const fix = deleteItem(document.file, tree.span, 'remove the second');
      report(diagnostic('sigma/duplicate-reference', { reference: text }, tree.span, fix));
    }
    seen.add(text);
    if (/^https:\/\/github\.com\/.*\.\w{1,3}$/.test(text) && !/\/[0-9a-z]{40}\//.test(text)) {
      report(diagnostic('sigma/branch-link', { link: text }, tree.span));
    }
    if (text.startsWith('https://attack.mitre.org/')) {
      report(diagnostic('sigma/attack-link', { link: text }, tree.span));
    }
  }
};

const EMPTY_WORDS: ReadonlySet<string> = new Set(['none', 'pentest', 'penetration']);
const TYPOS: Readonly<Record<string, string>> = {
  unkown: 'unknown',
  ligitimate: 'legitimate',
  legitim: 'legitimate',
  legitimeate: 'legitimate',
};

export const checkFalsePositives: Check = (document, report) => {
  for (const { text, tree } of textsOf(document, 'falsepositives')) {
    for (const found of text.matchAll(/\S+/g)) {
      const word = found[0].toLowerCase();
      const span = tree.text()?.span(found.index, found.index + word.length) ?? tree.span;
      if (EMPTY_WORDS.has(word)) report(diagnostic('sigma/false-positive-word', { word: found[0] }, span));
      const right = Object.hasOwn(TYPOS, word) ? TYPOS[word] : undefined;
      if (right === undefined) continue;
      const written = /^[A-Z]/.test(found[0]) ? right.charAt(0).toUpperCase() + right.slice(1) : right;
      const fixes = [{ title: `write \`${written}\``, edits: [{ span, text: written }] }];
      report(diagnostic('sigma/false-positive-typo', { word: found[0] }, span, { fixes }));
    }
    const first = text.charAt(0);
    if (first === first.toUpperCase()) continue;
    const span = tree.text()?.span(0, 1) ?? tree.span;
    const fixes = [{ title: 'write a capital', edits: [{ span, text: first.toUpperCase() }] }];
    report(diagnostic('sigma/false-positive-case', { word: text.split(' ')[0] ?? '' }, span, { fixes }));
  }
};

const LEAST_DESCRIPTION = 16;

export const checkDescription: Check = (document, report) => {
  const description = textOf(document, 'description');
  if (description === undefined) return;
  const { text, tree } = description;
  if (text.length < LEAST_DESCRIPTION) {
    report(diagnostic('sigma/short-description', { least: LEAST_DESCRIPTION }, tree.span));
  }
  if (textsOf(document, 'references').length > 0) return;
  const found = /https?:\/\/|internal research/i.exec(text);
  if (found !== null) report(diagnostic('sigma/link-in-description', { word: found[0] }, tree.span));
};
