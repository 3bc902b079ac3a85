import type { CodePoints } from './code-points.ts';

/**
 * A parsed regular expression. Flags, case, classes and flavours are all resolved: what is left means the same
 * everywhere, and each printer or matcher only has to say it.
 */
export type RegexNode =
  | RegexEmpty
  | RegexSet
  | RegexConcat
  | RegexAlternation
  | RegexGroup
  | RegexRepeat
  | RegexAssertion
  | RegexAtomic;

export interface RegexEmpty {
  readonly kind: 'empty';
}

/** One code point out of a set. */
export interface RegexSet {
  readonly kind: 'set';
  readonly set: CodePoints;
}

export interface RegexConcat {
  readonly kind: 'concat';
  readonly items: readonly RegexNode[];
}

/** The first branch that leads to a match wins. */
export interface RegexAlternation {
  readonly kind: 'alternation';
  readonly branches: readonly RegexNode[];
}

/** A capturing group; indexes count from 1 in order of the opening bracket. */
export interface RegexGroup {
  readonly kind: 'group';
  readonly index: number;
  readonly body: RegexNode;
}

/** `max` undefined is without end. */
export interface RegexRepeat {
  readonly kind: 'repeat';
  readonly body: RegexNode;
  readonly min: number;
  readonly max: number | undefined;
  readonly greedy: boolean;
}

/**
 * - `final-end`: at the end, or before a line feed that is the last character (PCRE's `$`, `\Z`)
 * - `line-start`: at the start or after any line feed (RE2's multi-line `^`)
 * - `inner-line-start`: the same, but not after a line feed that ends the text (PCRE's multi-line `^`)
 */
export type AssertionKind =
  | 'text-start'
  | 'text-end'
  | 'final-end'
  | 'line-start'
  | 'inner-line-start'
  | 'line-end'
  | 'word-boundary'
  | 'not-word-boundary';

export interface RegexAssertion {
  readonly kind: 'assertion';
  readonly what: AssertionKind;
}

/** An atomic group or a possessive repeat; no engine runs it, `drop-atomic.ts` removes it where that is provably the same. */
export interface RegexAtomic {
  readonly kind: 'atomic';
  readonly body: RegexNode;
  /** What it was, for messages: `possessive quantifier`. */
  readonly construct: string;
  /** Offset in the source. */
  readonly at: number;
}

export const EMPTY: RegexEmpty = { kind: 'empty' };

export function concat(items: readonly RegexNode[]): RegexNode {
  const flat: RegexNode[] = [];
  for (const item of items) {
    if (item.kind === 'concat') for (const part of item.items) flat.push(part);
    else if (item.kind !== 'empty') flat.push(item);
  }
  const [only] = flat;
  if (only === undefined) return EMPTY;
  return flat.length === 1 ? only : { kind: 'concat', items: flat };
}

export function alternation(branches: readonly RegexNode[]): RegexNode {
  const [only] = branches;
  if (only === undefined) return EMPTY;
  return branches.length === 1 ? only : { kind: 'alternation', branches };
}

export function oneOf(set: CodePoints): RegexSet {
  return { kind: 'set', set };
}

/** Parts of a node, in source order. */
export function partsOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case 'empty':
    case 'set':
    case 'assertion':
      return [];
    case 'concat':
      return node.items;
    case 'alternation':
      return node.branches;
    case 'group':
    case 'repeat':
    case 'atomic':
      return [node.body];
  }
}

/** The node with its parts replaced; parts in the order of `partsOf`. */
export function withParts(node: RegexNode, parts: readonly RegexNode[]): RegexNode {
  switch (node.kind) {
    case 'empty':
    case 'set':
    case 'assertion':
      return node;
    case 'concat':
      return concat(parts);
    case 'alternation':
      return alternation(parts);
    case 'group':
    case 'repeat':
    case 'atomic':
      return { ...node, body: parts[0] ?? EMPTY };
  }
}

/** Whether it can match without consuming anything. */
export function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return true;
    case 'set':
      return false;
    case 'concat':
      return node.items.every(isNullable);
    case 'alternation':
      return node.branches.some(isNullable);
    case 'group':
    case 'atomic':
      return isNullable(node.body);
    case 'repeat':
      return node.min === 0 || isNullable(node.body);
  }
}

/** How many leaves are left when counted repeats are written out: the size of the automaton. */
export function unrolledSize(node: RegexNode): number {
  const inner = partsOf(node).reduce((sum, part) => sum + unrolledSize(part), 1);
  return node.kind === 'repeat' ? inner * Math.max(node.max ?? node.min, 1) : inner;
}
