import { stringifyJson } from '../../base/json.ts';
import type { Explanation } from '../../index.ts';
import { clip, printable } from './cells.ts';
import type { Ink, Paint } from './style.ts';

const marks = { true: ['green', '✓'], false: ['red', '✗'], null: ['yellow', '?'] } as const satisfies Record<
  string,
  readonly [Ink, string]
>;

function markOf(verdict: Explanation['verdict'], paint: Paint): string {
  const [ink, mark] = verdict === null ? marks.null : verdict ? marks.true : marks.false;
  return paint(ink, mark);
}

/** The tree of conditions, each with its verdict, the leaves with what the record holds. */
export function explanationTree(node: Explanation, paint: Paint, indent = '  '): string[] {
  const held = node.field === undefined || node.children.length > 0 ? '' : paint('gray', `  — ${heldText(node)}`);
  const derived = held === '' || node.derivation === undefined ? '' : paint('gray', ` (${printable(node.derivation)})`);
  return [
    `${indent}${markOf(node.verdict, paint)} ${printable(node.text)}${held}${derived}`,
    ...node.children.flatMap((child) => explanationTree(child, paint, `${indent}  `)),
  ];
}

/** More faults than this are cut off in the one-line summary: the tree has them all. */
const MOST_FAULTS = 3;
/** About how long the conditions on one field may be in the summary line, and a single one at least. */
const MOST_WIDTH = 150;
const LEAST_WIDTH = 70;

/**
 * The conditions that decided, in one line: for a rule that does not match, those that would have to turn out otherwise;
 * empty when it matches.
 */
export function whatFailed(node: Explanation): string {
  if (node.verdict === true) return '';
  // Python has no conditions to point at: where it returned, and what it had read by then.
  const read = node.children.filter(
    (child) => child.field !== undefined && child.text === `event field ${child.field}`,
  );
  if (read.length > 0) {
    const values = read.slice(-MOST_FAULTS).map((leaf) => `${leaf.field} is ${heldText(leaf)}`);
    return `${node.text}; ${values.join(', ')}`;
  }
  const faults = new Map<string, { readonly held: string; readonly conditions: string[] }>();
  for (const leaf of leavesAtFault(node)) {
    // Alternatives on one field fail together: what the field holds is said once.
    const held = leaf.field === undefined ? '' : heldText(leaf);
    const key = leaf.field === undefined ? leaf.text : `${leaf.field}\0${held}`;
    const fault = faults.get(key) ?? { held, conditions: [] };
    faults.set(key, fault);
    const known = fault.conditions.length > 0 && leaf.field !== undefined && leaf.text.startsWith(`${leaf.field} `);
    fault.conditions.push(known ? leaf.text.slice((leaf.field ?? '').length + 1) : leaf.text);
  }
  return [...faults.values()]
    .slice(0, MOST_FAULTS)
    .map(({ held, conditions }) => {
      const more = conditions.length > MOST_FAULTS ? ` or ${conditions.length - MOST_FAULTS} others` : '';
      const shown = conditions
        .slice(0, MOST_FAULTS)
        .map((condition) => clip(condition, Math.max(LEAST_WIDTH, MOST_WIDTH / conditions.length)));
      const said = shown.join(' or ') + more;
      return held === '' ? said : `${said}, but it is ${held}`;
    })
    .join('; ');
}

function leavesAtFault(node: Explanation): Explanation[] {
  if (node.children.length === 0) return [node];
  const failed = node.children.filter((child) => child.verdict !== true);
  // Below a `not`, it is what came true that is at fault.
  return failed.length === 0 ? [node] : failed.flatMap(leavesAtFault);
}

function heldText(leaf: Explanation): string {
  return leaf.actual === undefined ? 'missing' : clip(stringifyJson(leaf.actual), 160);
}
