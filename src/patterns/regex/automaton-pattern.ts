import { alternation, concat, EMPTY, oneOf, partsOf, type RegexNode } from './ast.ts';
import type { Automaton } from './automaton.ts';
import { NOTHING, union } from './code-points.ts';

/** As large as the pattern of an automaton may become, and the automaton that it is made of. */
const MAX_PATTERN = 2_000;
const MAX_STATES = 500;
/** The nodes of all labels that are made on the way: bounds the time. */
const MAX_MADE = 60_000;

/** Edges of a graph whose labels are patterns. */
type Edges = Map<number, Map<number, RegexNode>>;

/**
 * The pattern that an automaton accepts, by taking one of its states away after the other; undefined where it grows too large.
 */
export function patternOfAutomaton(automaton: Automaton): RegexNode | undefined {
  const { symbols, next, accepts } = smallest(automaton);
  if (next.length > MAX_STATES) return undefined;
  const useful = leadingOn(next, accepts);
  const [start, end] = [next.length, next.length + 1];
  const edges: Edges = new Map([[start, new Map([[0, EMPTY]])]]);
  for (const [from, targets] of next.entries()) {
    for (const [symbol, to] of targets.entries())
      if (useful.has(to)) join(edges, from, to, oneOf(symbols[symbol] ?? NOTHING));
    if (accepts[from] === true) join(edges, from, end, EMPTY);
  }
  const left = new Set(next.keys());
  for (let made = 0; left.size > 0; ) {
    const state = cheapest(left, edges);
    left.delete(state);
    made += remove(state, edges);
    if (made > MAX_MADE) return undefined;
  }
  return edges.get(start)?.get(end) ?? oneOf(NOTHING);
}

function join(edges: Edges, from: number, to: number, label: RegexNode): void {
  const targets = edges.get(from) ?? new Map<number, RegexNode>();
  edges.set(from, targets);
  const known = targets.get(to);
  targets.set(to, known === undefined ? label : either(known, label));
}

function either(one: RegexNode, other: RegexNode): RegexNode {
  if (one.kind === 'set' && other.kind === 'set') return oneOf(union([one.set, other.set]));
  const branches = [one, other].flatMap((node) => (node.kind === 'alternation' ? node.branches : [node]));
  return alternation(branches);
}

const sizes = new WeakMap<RegexNode, number>();

/** How many nodes it has; parts that have been measured before are not again. Nothing here is counted. */
function sizeOf(node: RegexNode): number {
  const known = sizes.get(node);
  if (known !== undefined) return known;
  const size = partsOf(node).reduce((sum, part) => sum + sizeOf(part), 1);
  sizes.set(node, size);
  return size;
}

/** The state whose removal makes the fewest edges. */
function cheapest(left: ReadonlySet<number>, edges: Edges): number {
  const into = new Map<number, number>();
  for (const targets of edges.values()) for (const to of targets.keys()) into.set(to, (into.get(to) ?? 0) + 1);
  const cost = (state: number): number => (into.get(state) ?? 0) * (edges.get(state)?.size ?? 0);
  return [...left].reduce((best, state) => (cost(state) < cost(best) ? state : best));
}

/** Ways through a state become edges past it. The nodes that their labels have, without end where one grows too large. */
function remove(state: number, edges: Edges): number {
  let size = 0;
  const out = edges.get(state) ?? new Map<number, RegexNode>();
  edges.delete(state);
  const loop = out.get(state);
  out.delete(state);
  const around: RegexNode =
    loop === undefined ? EMPTY : { kind: 'repeat', body: loop, min: 0, max: undefined, greedy: true };
  for (const [from, targets] of edges) {
    const into = targets.get(state);
    if (into === undefined) continue;
    targets.delete(state);
    for (const [to, label] of out) {
      join(edges, from, to, concat([into, around, label]));
      const made = sizeOf(targets.get(to) ?? EMPTY);
      if (made > MAX_PATTERN) return Number.POSITIVE_INFINITY;
      size += made;
    }
  }
  return size;
}

/** The states from which some text is accepted. */
function leadingOn(next: Automaton['next'], accepts: readonly boolean[]): ReadonlySet<number> {
  const known = new Set(accepts.flatMap((accepting, state) => (accepting ? [state] : [])));
  for (let size = -1; size !== known.size; ) {
    size = known.size;
    for (const [state, targets] of next.entries()) if (targets.some((to) => known.has(to))) known.add(state);
  }
  return known;
}

/** The automaton with states that accept the same put together. */
function smallest({ symbols, next, accepts }: Automaton): Automaton {
  let classes: readonly number[] = accepts.map((accepting) => (accepting ? 1 : 0));
  for (let count = new Set(classes).size; ; ) {
    const keys = new Map<string, number>();
    const refined = next.map((targets, state) => {
      const key = `${classes[state]}:${targets.map((to) => classes[to]).join()}`;
      const known = keys.get(key) ?? keys.size;
      keys.set(key, known);
      return known;
    });
    classes = refined;
    if (keys.size === count) break;
    count = keys.size;
  }
  // The first state is the first of its class, and classes are numbered as they are met: it stays 0.
  const members = new Map<number, number>();
  for (const [state, name] of classes.entries()) if (!members.has(name)) members.set(name, state);
  const states = [...members.values()];
  return {
    symbols,
    next: states.map((state) => (next[state] ?? []).map((to) => classes[to] ?? 0)),
    accepts: states.map((state) => accepts[state] === true),
  };
}
