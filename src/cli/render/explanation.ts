import { stringifyJson } from '../../base/json.ts';
import type { Span } from '../../base/span.ts';
import type { Explanation } from '../../index.ts';
import { clip } from './cells.ts';
import type { Terms } from './report.ts';
import type { Ink, Paint } from './style.ts';
import { wrapped } from './wrap.ts';

const marks = { true: ['green', '✓'], false: ['red', '✗'], null: ['yellow', '?'] } as const satisfies Record<
  string,
  readonly [Ink, string]
>;

function markOf(verdict: Explanation['verdict'], paint: Paint): string {
  const [ink, mark] = verdict === null ? marks.null : verdict ? marks.true : marks.false;
  return paint(ink, mark);
}

/** The tree of conditions, each with its verdict, the leaves with what the record holds. */
export function explanationTree(node: Explanation, { paint, columns }: Terms, indent = '  '): string[] {
  const isLeaf = node.field !== undefined && node.children.length === 0;
  const derived = isLeaf && node.derivation !== undefined ? ` (${node.derivation})` : '';
  const held = isLeaf ? [{ text: `  — ${heldText(node)}${derived}`, ink: 'gray' as const }] : [];
  const [mark, ...rest] = wrapped(`${indent}${MARK} `, [{ text: node.text }, ...held], columns, paint);
  return [
    `${indent}${markOf(node.verdict, paint)}${mark?.slice(indent.length + MARK.length) ?? ''}`,
    ...rest,
    ...node.children.flatMap((child) => explanationTree(child, { paint, columns }, `${indent}  `)),
  ];
}

/** As wide as every mark. */
const MARK = '?';

/** More faults than this are cut off in the one-line summary: the tree has them all. */
const MOST_FAULTS = 3;
/** About how long the conditions on one field may be in the summary line, and a single one at least. */
const MOST_WIDTH = 150;
const LEAST_WIDTH = 70;

/** What a place in a rule's file belongs to, where that has a name: a selection of a Sigma rule. */
export type NameOf = (span: Span) => string | undefined;

/**
 * The conditions that decided, in one line: for a rule that does not match, those that would have to turn out otherwise;
 * empty when it matches.
 */
export function whatFailed(node: Explanation, nameOf: NameOf = () => undefined): string {
  if (node.verdict === true) return '';
  // Python has no conditions to point at: where it returned, and what it had read by then.
  const read = node.children.filter(
    (child) => child.field !== undefined && child.text === `event field ${child.field}`,
  );
  if (read.length > 0) {
    const values = read.slice(-MOST_FAULTS).map((leaf) => `${leaf.field} is ${heldText(leaf)}`);
    return `${node.text}; ${values.join(', ')}`;
  }
  const decisive = decisiveIn(node);
  const failed = decisive.flatMap(({ leaf, excludes }) => (excludes ? [] : [leaf]));
  const excluding = decisive.flatMap(({ leaf, excludes }) => (excludes ? [leaf] : []));
  return [...exclusions(excluding, nameOf), ...failures(failed)].slice(0, MOST_FAULTS).join('; ');
}

/** Conditions that failed. Alternatives on one field fail together: what the field holds is said once. */
function failures(leaves: readonly Explanation[]): readonly string[] {
  const faults = new Map<string, { readonly held: string; readonly conditions: string[] }>();
  for (const leaf of leaves) {
    const held = leaf.field === undefined ? '' : heldText(leaf);
    const key = leaf.field === undefined ? leaf.text : `${leaf.field}\0${held}`;
    const fault = faults.get(key) ?? { held, conditions: [] };
    faults.set(key, fault);
    const known = fault.conditions.length > 0 && leaf.field !== undefined && leaf.text.startsWith(`${leaf.field} `);
    fault.conditions.push(known ? leaf.text.slice((leaf.field ?? '').length + 1) : leaf.text);
  }
  return [...faults.values()].map(({ held, conditions }) => {
    const said = someOf(conditions, ' or ');
    return held === '' ? said : `${said}, but it is ${held}`;
  });
}

/** Conditions that came true and must not: those of one filter together. */
function exclusions(leaves: readonly Explanation[], nameOf: NameOf): readonly string[] {
  const byName = new Map<string, string[]>();
  for (const leaf of leaves) {
    const name = leaf.span === undefined ? undefined : nameOf(leaf.span);
    const by = name === undefined ? 'excluded' : `excluded by ${name}`;
    byName.set(by, [...(byName.get(by) ?? []), leaf.text]);
  }
  return [...byName].map(([by, texts]) => `${by}: ${someOf(texts, ' and ')}`);
}

function someOf(conditions: readonly string[], joined: string): string {
  const more = conditions.length > MOST_FAULTS ? `${joined}${conditions.length - MOST_FAULTS} others` : '';
  const shown = conditions
    .slice(0, MOST_FAULTS)
    .map((condition) => clip(condition, Math.max(LEAST_WIDTH, MOST_WIDTH / conditions.length)));
  return shown.join(joined) + more;
}

/** A condition that decided; `excludes`: it came true below a `not`. */
interface Decisive {
  readonly leaf: Explanation;
  readonly excludes: boolean;
}

/** `wanted`: what the condition would have had to be. */
function decisiveIn(node: Explanation, wanted = true): readonly Decisive[] {
  if (node.children.length === 0) return [{ leaf: node, excludes: !wanted }];
  const turns = node.op === 'not';
  const below = turns ? !wanted : wanted;
  const failed = node.children.filter(({ verdict }) => (verdict === true) !== below);
  return failed.length === 0 ? [{ leaf: node, excludes: !wanted }] : failed.flatMap((one) => decisiveIn(one, below));
}

function heldText(leaf: Explanation): string {
  if (leaf.actual === undefined) return 'missing';
  // As the condition has it: without the escapes of JSON.
  const text = typeof leaf.actual === 'string' ? `"${leaf.actual}"` : stringifyJson(leaf.actual);
  return clip(text, 160);
}
