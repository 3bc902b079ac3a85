import { isNullable, type RegexNode } from './ast.ts';
import { type CodePoints, EVERYTHING, NOTHING, overlaps, union } from './code-points.ts';

/**
 * `coefficient` × C(n + degree, degree) for a text of n code points: each degree is one free choice of a place in the text, and
 * places are chosen in the order of the text. An infinite coefficient is "not bounded by this analysis".
 */
export interface Bound {
  readonly coefficient: number;
  readonly degree: number;
}

const UNBOUNDED: Bound = { coefficient: Number.POSITIVE_INFINITY, degree: 0 };
const ONE: Bound = { coefficient: 1, degree: 0 };
const LINEAR: Bound = { coefficient: 1, degree: 1 };

/** What may come after a node. */
export interface Follow {
  /** The first code points of everything that may follow. */
  readonly first: CodePoints;
  /** Whether the rest can succeed without looking at the next code point. */
  readonly open: boolean;
  /** How many leaves a backtracker may try before it sees that the next code point fits none. */
  readonly width: number;
}

export const ACCEPT: Follow = { first: EVERYTHING, open: true, width: 1 };

/** Alternations with more branches are not compared pair by pair. */
const MAX_COMPARED = 40;
const PREFIX_LENGTH = 8;
/** Counted repeats up to here are counted exactly; beyond, their exits are counted as a choice of place. */
const SMALL_COUNT = 50;
const MAX_DEGREE = 5;

/**
 * An upper bound for the steps of a backtracking search (V8's), over all texts of a length: starts × ways through the
 * pattern. It is a proof, not a guess: `ways` never undercounts the exits of a node from which the rest can get past its
 * next code point, so a loop whose body has more than one such way per round is UNBOUNDED (that is where exponential
 * time comes from), and so is a loop whose body can match nothing.
 */
export function searchCost(node: RegexNode): Bound {
  const { steps } = waysThrough(node, ACCEPT);
  const perText = isStartAnchored(node) ? steps : times(steps, LINEAR);
  return plus(perText, LINEAR);
}

/** Steps at this length; Infinity when unbounded. */
export function stepsAt(bound: Bound, length: number): number {
  let choices = 1;
  for (let i = 1; i <= bound.degree; i += 1) choices *= (length + i) / i;
  return bound.coefficient * choices;
}

interface Ways {
  /** Exits, for one entry, from which the next code point can fit. */
  readonly ways: Bound;
  /** Leaves tried for one entry. */
  readonly steps: Bound;
}

/** See `searchCost`. */
export function waysThrough(node: RegexNode, follow: Follow): Ways {
  switch (node.kind) {
    case 'empty':
    case 'set':
      return { ways: ONE, steps: ONE };
    case 'assertion':
      return { ways: ONE, steps: { coefficient: 4, degree: 0 } };
    case 'group':
    case 'atomic':
      return waysThrough(node.body, follow);
    case 'concat':
      return waysThroughConcat(node.items, follow);
    case 'alternation':
      return waysThroughAlternation(node.branches, follow);
    case 'repeat':
      return waysThroughRepeat(node.body, node.min, node.max, follow);
  }
}

function waysThroughConcat(items: readonly RegexNode[], follow: Follow): Ways {
  const follows = followsOf(items, follow);
  let ways = ONE;
  let steps: Bound = { coefficient: 0, degree: 0 };
  for (const [i, item] of items.entries()) {
    const inner = waysThrough(item, follows[i] ?? follow);
    steps = plus(steps, times(ways, inner.steps));
    ways = times(ways, inner.ways);
  }
  return { ways, steps };
}

function waysThroughAlternation(branches: readonly RegexNode[], follow: Follow): Ways {
  const inner = branches.map((branch) => waysThrough(branch, follow));
  const steps = inner.map((each) => each.steps).reduce(plus);
  const ways = inner.map((each) => each.ways).reduce(branchesExclude(branches, follow) ? larger : plus);
  return { ways, steps };
}

/** Whether no text lets two branches get through, proved on their first few code points. */
function branchesExclude(branches: readonly RegexNode[], follow: Follow): boolean {
  if (branches.length > MAX_COMPARED) return false;
  const prefixes = branches.map((branch) => prefixOf(branch, follow));
  return prefixes.every((one, i) =>
    prefixes.slice(i + 1).every((other) => one.some((set, at) => at < other.length && !overlaps(set, other[at] ?? []))),
  );
}

/** The sets that the first code points must lie in, as far as every way through the node has one there. */
function prefixOf(node: RegexNode, follow: Follow): readonly CodePoints[] {
  const { sets, complete } = ownPrefix(node);
  return complete && !follow.open ? [...sets, follow.first] : sets;
}

function ownPrefix(node: RegexNode): { readonly sets: readonly CodePoints[]; readonly complete: boolean } {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return { sets: [], complete: true };
    case 'set':
      return { sets: [node.set], complete: true };
    case 'group':
    case 'atomic':
      return ownPrefix(node.body);
    case 'concat': {
      const sets: CodePoints[] = [];
      for (const item of node.items) {
        const inner = ownPrefix(item);
        sets.push(...inner.sets);
        if (!inner.complete || sets.length >= PREFIX_LENGTH)
          return { sets: sets.slice(0, PREFIX_LENGTH), complete: false };
      }
      return { sets, complete: true };
    }
    case 'alternation':
      return { sets: isNullable(node) ? [] : [firstOf(node)], complete: false };
    case 'repeat': {
      if (node.min === 0) return { sets: [], complete: node.max === 0 };
      const inner = ownPrefix(node.body);
      return { sets: inner.sets, complete: inner.complete && node.min === 1 && node.max === 1 };
    }
  }
}

function waysThroughRepeat(body: RegexNode, min: number, max: number | undefined, follow: Follow): Ways {
  if (max === 0) return { ways: ONE, steps: ONE };
  const nullable = isNullable(body);
  const first = firstOf(body);
  const again: Follow = {
    first: union([first, follow.first]),
    open: follow.open || nullable,
    width: follow.width + widthOf(body),
  };
  const inner = waysThrough(body, max === 1 ? follow : again);
  const single = inner.ways.degree === 0 && inner.ways.coefficient <= 1;
  // The rounds of a loop with one way per round form one chain. If what follows cannot start with what the body starts
  // with, only the end of the chain can get further.
  const oneExit = !nullable && !follow.open && !overlaps(first, follow.first);
  const trying: Bound = { coefficient: inner.steps.coefficient + follow.width, degree: inner.steps.degree };
  if (max === undefined) {
    if (!single || nullable) return { ways: UNBOUNDED, steps: UNBOUNDED };
    return { ways: oneExit ? ONE : LINEAR, steps: times(trying, LINEAR) };
  }
  if (single) {
    if (max > SMALL_COUNT && !nullable) {
      return { ways: oneExit || min === max ? ONE : LINEAR, steps: times(trying, LINEAR) };
    }
    const exits = oneExit ? 1 : max - min + 1;
    return { ways: { coefficient: exits, degree: 0 }, steps: times(trying, { coefficient: max, degree: 0 }) };
  }
  let ways: Bound = { coefficient: 0, degree: 0 };
  let steps: Bound = { coefficient: 0, degree: 0 };
  let chain = ONE;
  for (let round = 0; round <= max; round += 1) {
    if (round >= min) ways = plus(ways, chain);
    if (round === max) break;
    steps = plus(steps, times(chain, trying));
    chain = times(chain, inner.ways);
    if (!Number.isFinite(chain.coefficient) || chain.degree > MAX_DEGREE) return { ways: UNBOUNDED, steps: UNBOUNDED };
  }
  if (max === 1 && oneExit) ways = inner.ways;
  return { ways, steps };
}

/** What follows each item of a concatenation. */
export function followsOf(items: readonly RegexNode[], follow: Follow): readonly Follow[] {
  const out: Follow[] = new Array<Follow>(items.length);
  let after = follow;
  for (let i = items.length - 1; i >= 0; i -= 1) {
    out[i] = after;
    const item = items[i];
    if (item !== undefined) after = followThrough(item, after);
  }
  return out;
}

/** What a node lets come first when `after` comes behind it. */
function followThrough(item: RegexNode, after: Follow): Follow {
  if (item.kind === 'assertion' && item.what === 'text-end') return { first: NOTHING, open: false, width: 1 };
  if (item.kind === 'assertion' && item.what === 'final-end') return { first: [0x0a, 0x0a], open: false, width: 1 };
  if (!isNullable(item)) return { first: firstOf(item), open: false, width: widthOf(item) };
  return { first: union([firstOf(item), after.first]), open: after.open, width: widthOf(item) + after.width };
}

/** The code points that the node's first consumed one may be. */
export function firstOf(node: RegexNode): CodePoints {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return NOTHING;
    case 'set':
      return node.set;
    case 'group':
    case 'atomic':
      return firstOf(node.body);
    case 'repeat':
      return node.max === 0 ? NOTHING : firstOf(node.body);
    case 'alternation':
      return union(node.branches.map(firstOf));
    case 'concat': {
      const sets: CodePoints[] = [];
      for (const item of node.items) {
        sets.push(firstOf(item));
        if (!isNullable(item)) break;
      }
      return union(sets);
    }
  }
}

function widthOf(node: RegexNode): number {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
    case 'set':
      return 1;
    case 'group':
    case 'atomic':
    case 'repeat':
      return widthOf(node.body) + 1;
    case 'alternation':
      return node.branches.reduce((sum, branch) => sum + widthOf(branch), 0);
    case 'concat': {
      let width = 0;
      for (const item of node.items) {
        width += widthOf(item);
        if (!isNullable(item)) break;
      }
      return width;
    }
  }
}

/** Whether every match begins at the start of the text. */
function isStartAnchored(node: RegexNode): boolean {
  switch (node.kind) {
    case 'assertion':
      return node.what === 'text-start';
    case 'concat': {
      const [first] = node.items;
      return first !== undefined && isStartAnchored(first);
    }
    case 'alternation':
      return node.branches.every(isStartAnchored);
    case 'group':
    case 'atomic':
      return isStartAnchored(node.body);
    case 'repeat':
      return node.min > 0 && isStartAnchored(node.body);
    case 'empty':
    case 'set':
      return false;
  }
}

function times(a: Bound, b: Bound): Bound {
  return { coefficient: a.coefficient * b.coefficient, degree: a.degree + b.degree };
}

function plus(a: Bound, b: Bound): Bound {
  return { coefficient: a.coefficient + b.coefficient, degree: Math.max(a.degree, b.degree) };
}

function larger(a: Bound, b: Bound): Bound {
  return { coefficient: Math.max(a.coefficient, b.coefficient), degree: Math.max(a.degree, b.degree) };
}
