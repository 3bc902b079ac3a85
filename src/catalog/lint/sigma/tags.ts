import { diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { attackTechniques } from './attack-techniques.ts';
import { type Check, deleteItem, type Report, type Text, textsOf } from './document.ts';

/** The namespaces of the specification's appendix on tags. */
const NAMESPACES: readonly string[] = ['attack', 'car', 'cve', 'd3fend', 'detection', 'stp', 'tlp'];

/** Names with a pattern of their own. */
const PATTERNS: Readonly<Record<string, { readonly pattern: RegExp; readonly expected: string }>> = {
  car: { pattern: /^\d{4}-\d{2}-\d{3}$/, expected: '`car.2016-04-005`' },
  cve: { pattern: /^\d+-\d+$/, expected: '`cve.2021-44228`' },
  detection: {
    pattern: /^(?:dfir|emerging-threats|threat-hunting)$/,
    expected: '`detection.dfir`, `detection.emerging-threats` or `detection.threat-hunting`',
  },
  stp: { pattern: /^[1-5][auk]?$/, expected: '`stp.3` or `stp.3k`' },
};

const TLP_1: readonly string[] = ['white', 'green', 'amber', 'red'];
const TLP_2: readonly string[] = ['clear', 'green', 'amber', 'amber-strict', 'red'];

/** The tactics as tags name them; `stealth` and `defense-impairment` replace `defense-evasion` in version 19. */
const TACTICS: ReadonlySet<string> = new Set([...[...attackTechniques.values()].flat(), 'defense-evasion']);

export const checkTags: Check = (document, report) => {
  const tags = textsOf(document, 'tags');
  const seen = new Set<string>();
  for (const tag of tags) {
    if (seen.has(tag.text)) {
      const fix = deleteItem(document.file, tag.tree.span, 'remove the second');
      report(diagnostic('sigma/duplicate-tag', { tag: tag.text }, tag.tree.span, fix));
    }
    seen.add(tag.text);
    checkTag(tag, report);
  }
  checkTactics(tags, report);
  for (const namespace of ['detection', 'tlp']) {
    const [, second] = tags.filter(({ text }) => text.startsWith(`${namespace}.`));
    if (second !== undefined) report(diagnostic('sigma/tags-of-one-kind', { namespace }, second.tree.span));
  }
};

function checkTag(tag: Text, report: Report): void {
  const { text, tree } = tag;
  if (!/^[a-z0-9_-]+\.[a-z0-9._-]+$/.test(text)) {
    const right = text.trim().toLowerCase().replaceAll(' ', '-');
    const fixes = /^[a-z0-9_-]+\.[a-z0-9._-]+$/.test(right)
      ? [{ title: `write \`${right}\``, edits: [{ span: tree.span, text: right }] }]
      : [];
    report(diagnostic('sigma/tag-format', { tag: text }, tree.span, { fixes }));
    return;
  }
  const dot = text.indexOf('.');
  const [namespace, name] = [text.slice(0, dot), text.slice(dot + 1)];
  if (!NAMESPACES.includes(namespace)) {
    report(diagnostic('sigma/tag-namespace', { namespace, near: didYouMean(namespace, NAMESPACES) }, tree.span));
    return;
  }
  if (namespace === 'attack') checkAttack(name, tag, report);
  if (namespace === 'd3fend' && !/^(?:d3-[a-z0-9]+|d3f[a-z0-9-]*|[a-z][a-z0-9_-]*)$/.test(name)) {
    report(diagnostic('sigma/d3fend-tag', { tag: text }, tree.span));
  }
  if (namespace === 'tlp') {
    if (!TLP_1.includes(name) && !TLP_2.includes(name)) report(diagnostic('sigma/tlp-tag', { tag: text }, tree.span));
    else if (!TLP_2.includes(name)) report(diagnostic('sigma/tlp-version', { tag: text }, tree.span));
  }
  const own = Object.hasOwn(PATTERNS, namespace) ? PATTERNS[namespace] : undefined;
  if (own !== undefined && !own.pattern.test(name)) {
    report(diagnostic('sigma/tag-pattern', { tag: text, expected: own.expected }, tree.span));
  }
}

/** Techniques and tactics by their names; groups, software, data sources and mitigations by the form of their ids. */
function checkAttack(name: string, { text, tree }: Text, report: Report): void {
  if (TACTICS.has(name) || /^(?:g|s|m|ds)\d{4}$/.test(name)) return;
  if (/^t\d{4}(?:\.\d{3})?$/.test(name)) {
    if (attackTechniques.has(name)) return;
    const parent = name.slice(0, 5);
    const near = name !== parent && attackTechniques.has(parent) ? [`attack.${parent}`] : [];
    report(diagnostic('sigma/attack-tag', { tag: text, near }, tree.span));
    return;
  }
  const dashed = name.replaceAll('_', '-');
  const near = TACTICS.has(dashed) ? [dashed] : didYouMean(name, TACTICS, 1);
  const fixes = near.slice(0, 1).map((one) => ({
    title: `write \`attack.${one}\``,
    edits: [{ span: tree.span, text: `attack.${one}` }],
  }));
  report(diagnostic('sigma/attack-tag', { tag: text, near: near.map((one) => `attack.${one}`) }, tree.span, { fixes }));
}

/** A technique's tactics are tagged too. */
function checkTactics(tags: readonly Text[], report: Report): void {
  const names = tags.filter(({ text }) => text.startsWith('attack.')).map((tag) => ({ tag, name: tag.text.slice(7) }));
  const given = new Set(names.map(({ name }) => name));
  const missing = new Map<string, { readonly tag: Text; readonly name: string }[]>();
  for (const one of names) {
    for (const tactic of attackTechniques.get(one.name) ?? []) {
      if (!given.has(tactic)) missing.set(tactic, [...(missing.get(tactic) ?? []), one]);
    }
  }
  for (const [tactic, served] of missing) {
    const params = { techniques: served.map(({ tag }) => tag.text), tactic: `attack.${tactic}` };
    report(diagnostic('sigma/technique-without-tactic', params, served[0]?.tag.tree.span));
  }
}
