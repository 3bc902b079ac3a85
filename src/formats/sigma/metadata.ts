import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Rule, RuleLabels, RuleSeverity } from '../../ir/rule/rule.ts';
import type { ValueTree } from '../../languages/sigma/index.ts';

/** What a Sigma rule says about itself beyond its logic. */
export type SigmaMetadata = Pick<Rule, 'description' | 'references' | 'falsePositives'> & RuleLabels;

const LEVELS: readonly RuleSeverity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** The tactics of ATT&CK; `stealth` took over the id of `defense-evasion` in version 19. */
const TACTICS: Readonly<Record<string, string>> = {
  reconnaissance: 'TA0043',
  'resource-development': 'TA0042',
  'initial-access': 'TA0001',
  execution: 'TA0002',
  persistence: 'TA0003',
  'privilege-escalation': 'TA0004',
  'defense-evasion': 'TA0005',
  stealth: 'TA0005',
  'defense-impairment': 'TA0112',
  'credential-access': 'TA0006',
  discovery: 'TA0007',
  'lateral-movement': 'TA0008',
  collection: 'TA0009',
  exfiltration: 'TA0010',
  'command-and-control': 'TA0011',
  impact: 'TA0040',
};

/** Reads what describes a rule. Wrong types are warned of and left out: they do not change what the rule finds. */
export function readMetadata(tree: ValueTree, report: (found: Diagnostic) => void): SigmaMetadata {
  const tags = strings(tree, 'tags', report);
  return {
    description: string(tree, 'description', report) ?? '',
    severity: level(tree, report),
    tags,
    ...attack(tags),
    ...labelled(tree),
    references: strings(tree, 'references', report),
    falsePositives: strings(tree, 'falsepositives', report),
  };
}

/** Nobody is warned of a strange status or author: they decide nothing. */
function labelled(tree: ValueTree): Pick<RuleLabels, 'status' | 'authors'> {
  const status = tree.get('status')?.scalar();
  const author = tree.get('author');
  const written = (author?.asList() ?? (author === undefined ? [] : [author])).map((one) => one.scalar());
  const authors = written.flatMap((one) => (typeof one === 'string' ? one.split(',') : []));
  return {
    ...(typeof status === 'string' && { status }),
    authors: authors.map((one) => one.trim()).filter((one) => one !== ''),
  };
}

/** `attack.t1552.004` and `attack.credential-access` (or `credential_access`, or `ta0006`) as ATT&CK writes them. */
function attack(tags: readonly string[]): {
  readonly techniques: readonly string[];
  readonly tactics: readonly string[];
} {
  const techniques = new Set<string>();
  const tactics = new Set<string>();
  for (const tag of tags) {
    const name = /^attack\.(.+)$/i.exec(tag.trim())?.[1]?.toLowerCase();
    if (name === undefined) continue;
    const known = name.replaceAll('_', '-');
    const tactic = Object.hasOwn(TACTICS, known) ? TACTICS[known] : undefined;
    if (/^t\d{4}(\.\d{3})?$/.test(name)) techniques.add(name.toUpperCase());
    else if (/^ta\d{4}$/.test(name)) tactics.add(name.toUpperCase());
    else if (tactic !== undefined) tactics.add(tactic);
  }
  return { techniques: [...techniques], tactics: [...tactics] };
}

function level(tree: ValueTree, report: (found: Diagnostic) => void): RuleSeverity | undefined {
  const value = tree.get('level');
  if (value === undefined || value.kind === 'null') return undefined;
  const written = value.scalar();
  const known = LEVELS.find((one) => one === String(written).toLowerCase());
  if (known === undefined) {
    const found = typeof written === 'string' ? `\`${written}\`` : value.kindInWords;
    report(diagnostic('sigma/metadata', { key: 'level', expected: `one of ${LEVELS.join(', ')}`, found }, value.span));
  }
  return known;
}

function string(tree: ValueTree, key: string, report: (found: Diagnostic) => void): string | undefined {
  const value = tree.get(key);
  if (value === undefined || value.kind === 'null') return undefined;
  const text = value.scalar();
  if (typeof text !== 'string') {
    report(diagnostic('sigma/metadata', { key, expected: 'a string', found: value.kindInWords }, value.span));
    return undefined;
  }
  return text;
}

/** A list of strings; a single string is a list of one. */
function strings(tree: ValueTree, key: string, report: (found: Diagnostic) => void): string[] {
  const value = tree.get(key);
  if (value === undefined || value.kind === 'null') return [];
  return (value.asList() ?? [value]).flatMap((item) => {
    const text = item.scalar();
    if (typeof text === 'string') return [text];
    report(diagnostic('sigma/metadata', { key, expected: 'a list of strings', found: item.kindInWords }, item.span));
    return [];
  });
}
