import { type RegexNode, unrolledSize } from './ast.ts';
import { type CodePoints, codePoints, contains, MAX_CODE_POINT } from './code-points.ts';

/**
 * A deterministic automaton over whole texts: complete, so that its complement is the same one with the other states accepting.
 * Symbols stand for sets of code points that nothing in the patterns tells apart.
 */
export interface Automaton {
  readonly symbols: readonly CodePoints[];
  /** By state and symbol; state 0 is where texts begin. */
  readonly next: readonly (readonly number[])[];
  readonly accepts: readonly boolean[];
}

/** As far as an automaton may grow. */
const MAX_STATES = 1_000;
const MAX_SIZE = 2_000;
/** The states of patterns that may be visited on the way, as in Lucene; bounds the time. */
const MAX_VISITED = 100_000;

/** The automata of patterns over the same symbols; undefined where one grows too large. Patterns have no groups and no assertions. */
export function automataOf(nodes: readonly RegexNode[]): readonly Automaton[] | undefined {
  if (nodes.some((node) => unrolledSize(node) > MAX_SIZE)) return undefined;
  const symbols = symbolsOf(nodes);
  const made = nodes.map((node) => determinized(new Builder(symbols).built(node), symbols));
  return made.every((one) => one !== undefined) ? made : undefined;
}

/** Every text that the other refuses. */
export function complement({ symbols, next, accepts }: Automaton): Automaton {
  return { symbols, next, accepts: accepts.map((accepting) => !accepting) };
}

/** What both accept; undefined where it grows too large. */
export function intersection(left: Automaton, right: Automaton): Automaton | undefined {
  const found = explored<readonly [number, number]>([0, 0], ([one, other]) =>
    left.symbols.map((_, symbol) => [left.next[one]?.[symbol] ?? 0, right.next[other]?.[symbol] ?? 0] as const),
  );
  return (
    found && {
      symbols: left.symbols,
      next: found.next,
      accepts: found.states.map(([one, other]) => left.accepts[one] === true && right.accepts[other] === true),
    }
  );
}

/** The sets that the patterns speak of, cut into parts, and parts that stand in the same sets put together. */
function symbolsOf(nodes: readonly RegexNode[]): readonly CodePoints[] {
  const sets = new Set<CodePoints>();
  const collect = (node: RegexNode): void => {
    if (node.kind === 'set') sets.add(node.set);
    else if (node.kind === 'repeat' || node.kind === 'group' || node.kind === 'atomic') collect(node.body);
    else if (node.kind === 'concat') node.items.forEach(collect);
    else if (node.kind === 'alternation') node.branches.forEach(collect);
  };
  nodes.forEach(collect);
  const all = [...sets];
  const starts = all.flatMap((set) => set.map((point, at) => (at % 2 === 0 ? point : point + 1)));
  const cuts = [...new Set([0, ...starts])].filter((point) => point <= MAX_CODE_POINT).sort((a, b) => a - b);
  const together = new Map<string, [number, number][]>();
  for (const [at, from] of cuts.entries()) {
    const key = all.map((set) => (contains(set, from) ? '1' : '0')).join('');
    const ranges = together.get(key) ?? [];
    ranges.push([from, (cuts[at + 1] ?? MAX_CODE_POINT + 1) - 1]);
    together.set(key, ranges);
  }
  return [...together.values()].map(codePoints);
}

/** States that may be several at once; from the first to the last lies the pattern. */
interface Nondeterministic {
  readonly silent: readonly (readonly number[])[];
  readonly steps: readonly (readonly { readonly symbols: ReadonlySet<number>; readonly to: number }[])[];
  readonly last: number;
}

class Builder {
  private readonly symbols: readonly CodePoints[];
  private readonly silent: number[][] = [];
  private readonly steps: { symbols: ReadonlySet<number>; to: number }[][] = [];

  constructor(symbols: readonly CodePoints[]) {
    this.symbols = symbols;
  }

  built(node: RegexNode): Nondeterministic {
    const first = this.state();
    const last = this.after(node, first);
    return { silent: this.silent, steps: this.steps, last };
  }

  private state(): number {
    this.steps.push([]);
    return this.silent.push([]) - 1;
  }

  private join(from: number, to: number): void {
    this.silent[from]?.push(to);
  }

  /** The state in which the pattern has been read, from one on. */
  private after(node: RegexNode, from: number): number {
    switch (node.kind) {
      case 'empty':
      case 'assertion':
        return from;
      case 'set': {
        const to = this.state();
        const read = this.symbols.flatMap((symbol, at) => (contains(node.set, symbol[0] ?? 0) ? [at] : []));
        this.steps[from]?.push({ symbols: new Set(read), to });
        return to;
      }
      case 'concat':
        return node.items.reduce((state, item) => this.after(item, state), from);
      case 'alternation': {
        const end = this.state();
        for (const branch of node.branches) {
          const start = this.state();
          this.join(from, start);
          this.join(this.after(branch, start), end);
        }
        return end;
      }
      case 'group':
      case 'atomic':
        return this.after(node.body, from);
      case 'repeat':
        return this.repeated(node, from);
    }
  }

  private repeated({ body, min, max }: RegexNode & { kind: 'repeat' }, from: number): number {
    let state = from;
    for (let round = 0; round < min; round += 1) state = this.after(body, state);
    const end = this.state();
    if (max === undefined) {
      const start = this.state();
      this.join(state, start);
      this.join(this.after(body, start), start);
      this.join(start, end);
      return end;
    }
    for (let round = min; round < max; round += 1) {
      this.join(state, end);
      state = this.after(body, state);
    }
    this.join(state, end);
    return end;
  }
}

function determinized(from: Nondeterministic, symbols: readonly CodePoints[]): Automaton | undefined {
  const { silent, steps, last } = from;
  let visited = 0;
  const closed = (states: Iterable<number>): readonly number[] => {
    const known = new Set(states);
    for (const state of known) for (const next of silent[state] ?? []) known.add(next);
    visited += known.size;
    return [...known].sort((a, b) => a - b);
  };
  const follow = (states: readonly number[]): readonly (readonly number[])[] | undefined => {
    if (visited > MAX_VISITED) return undefined;
    const all = states.flatMap((state) => steps[state] ?? []);
    return symbols.map((_, symbol) => closed(all.flatMap(({ symbols: read, to }) => (read.has(symbol) ? [to] : []))));
  };
  const found = explored(closed([0]), follow);
  return found && { symbols, next: found.next, accepts: found.states.map((states) => states.includes(last)) };
}

/** All states that are reached from the first, numbered in the order that they are found in; undefined beyond the limits. */
function explored<S extends readonly number[]>(
  first: S,
  follow: (state: S) => readonly S[] | undefined,
): { readonly states: readonly S[]; readonly next: readonly (readonly number[])[] } | undefined {
  const states: S[] = [first];
  const numbers = new Map([[first.join(), 0]]);
  const next: number[][] = [];
  for (let at = 0; at < states.length; at += 1) {
    const followed = states.length > MAX_STATES ? undefined : follow(states[at] ?? first);
    if (followed === undefined) return undefined;
    next.push(
      followed.map((state) => {
        const key = state.join();
        const known = numbers.get(key);
        if (known !== undefined) return known;
        numbers.set(key, states.length);
        return states.push(state) - 1;
      }),
    );
  }
  return { states, next };
}
