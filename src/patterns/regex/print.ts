import type { AssertionKind, RegexNode } from './ast.ts';
import { type CodePoints, MAX_CODE_POINT, negate, rangesOf, singlePoint } from './code-points.ts';

interface Notation {
  readonly point: (point: number) => string;
  readonly everything: string;
  readonly nothing: string;
  readonly assertion: (what: AssertionKind) => string;
}

const V8_ASSERTIONS: Readonly<Record<AssertionKind, string>> = {
  'text-start': '^',
  'text-end': '$',
  'final-end': '(?=\\n?$)',
  'line-start': '(?<![^\\n])',
  'inner-line-start': '(?:^|(?<=\\n)(?!$))',
  'line-end': '(?![^\\n])',
  'word-boundary': '\\b',
  'not-word-boundary': '\\B',
};

/** What RE2 lacks is printed so that it is right for texts that do not end with a line feed; see `compile.ts`. */
const RE2_ASSERTIONS: Readonly<Record<AssertionKind, string>> = {
  'text-start': '\\A',
  'text-end': '\\z',
  'final-end': '\\z',
  'line-start': '(?m:^)',
  'inner-line-start': '(?m:^)',
  'line-end': '(?m:$)',
  'word-boundary': '\\b',
  'not-word-boundary': '\\B',
};

const V8: Notation = {
  point: (point) => escapePoint(point, (hex) => `\\u{${hex}}`),
  everything: '[^]',
  nothing: '[]',
  assertion: (what) => V8_ASSERTIONS[what],
};

const RE2: Notation = {
  point: (point) => escapePoint(point, (hex) => `\\x{${hex}}`),
  everything: '(?s:.)',
  nothing: '[^\\x{0}-\\x{10ffff}]',
  assertion: (what) => RE2_ASSERTIONS[what],
};

/** For `new RegExp(…, 'u')` without other flags. */
export function printForV8(node: RegexNode): string {
  return print(node, V8);
}

/** For RE2 without flags. */
export function printForRe2(node: RegexNode): string {
  return print(node, RE2);
}

function print(node: RegexNode, notation: Notation): string {
  switch (node.kind) {
    case 'empty':
      return '(?:)';
    case 'set':
      return printSet(node.set, notation);
    case 'concat':
      return node.items
        .map((item) => (item.kind === 'alternation' ? `(?:${print(item, notation)})` : print(item, notation)))
        .join('');
    case 'alternation':
      return node.branches.map((branch) => print(branch, notation)).join('|');
    case 'group':
      return `(${print(node.body, notation)})`;
    case 'repeat':
      return printRepeat(node.min, node.max, node.greedy, printOperand(node.body, notation));
    case 'assertion':
      return notation.assertion(node.what);
    case 'atomic':
      throw new Error('an atomic node has to be dropped before printing');
  }
}

function printOperand(body: RegexNode, notation: Notation): string {
  const text = print(body, notation);
  return body.kind === 'set' || body.kind === 'group' ? text : `(?:${text})`;
}

function printRepeat(min: number, max: number | undefined, greedy: boolean, operand: string): string {
  const lazy = greedy ? '' : '?';
  if (max === undefined && min < 2) return `${operand}${min === 0 ? '*' : '+'}${lazy}`;
  if (min === 0 && max === 1) return `${operand}?${lazy}`;
  return `${operand}{${min}${max === min ? '' : `,${max ?? ''}`}}${lazy}`;
}

function printSet(set: CodePoints, notation: Notation): string {
  const point = singlePoint(set);
  if (point !== undefined) return notation.point(point);
  if (set.length === 0) return notation.nothing;
  const outside = negate(set);
  if (outside.length === 0) return notation.everything;
  const shorter = set[set.length - 1] === MAX_CODE_POINT && outside.length < set.length;
  const ranges = rangesOf(shorter ? outside : set).map(([lo, hi]) => {
    const from = notation.point(lo);
    return lo === hi ? from : `${from}${hi === lo + 1 ? '' : '-'}${notation.point(hi)}`;
  });
  return `[${shorter ? '^' : ''}${ranges.join('')}]`;
}

function escapePoint(point: number, hex: (digits: string) => string): string {
  const text = String.fromCodePoint(point);
  // Letters as they are: an engine reads thousands of them in a class of Unicode's much sooner than their numbers.
  return /^[\p{L}\p{Nd} _"'%&:;<=>@`~!#,]$/u.test(text) ? text : hex(point.toString(16));
}
