import { type Json, stringifyJson } from '../../base/json.ts';
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
export function explanationTree(node: Explanation, paint: Paint, columns: number, indent = '  '): string[] {
  const lines = [
    `${indent}${markOf(node.verdict, paint)} ${clip(node.text, Math.max(40, columns - indent.length - 2))}`,
  ];
  if (node.field !== undefined && node.children.length === 0) {
    const derived = node.derivation === undefined ? '' : `  (${printable(node.derivation)})`;
    const said = `${printable(node.field)} ${node.actual === undefined ? 'is missing' : `= ${valueText(node.actual)}`}`;
    lines.push(`${indent}    ${paint('gray', said + derived)}`);
  }
  for (const child of node.children) lines.push(...explanationTree(child, paint, columns, `${indent}  `));
  return lines;
}

/**
 * The conditions that decided, in one line: for a rule that does not match, those that would have to turn out otherwise;
 * empty when it matches.
 */
export function whatFailed(node: Explanation): string {
  if (node.verdict === true) return '';
  return leavesAtFault(node)
    .map((leaf) => {
      if (leaf.field === undefined) return leaf.text;
      return `${leaf.text}, but ${leaf.actual === undefined ? 'it is missing' : `it is ${valueText(leaf.actual)}`}`;
    })
    .join('; ');
}

/** At most this many failed conditions in the summary line. */
const MOST_FAULTS = 3;

function leavesAtFault(node: Explanation): Explanation[] {
  if (node.children.length === 0) return [node];
  const failed = node.children.filter((child) => child.verdict !== true);
  // Below a `not`, it is what came true that is at fault.
  if (failed.length === 0) return [node];
  return failed.flatMap(leavesAtFault).slice(0, MOST_FAULTS);
}

function valueText(value: Json): string {
  return clip(stringifyJson(value), 160);
}
