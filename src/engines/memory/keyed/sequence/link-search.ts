import type { Link } from '../../../../ir/plan/keyed.ts';
import type { Step } from '../../../../ir/plan/plan.ts';
import type { Value } from '../../../../values/value.ts';
import { valueText } from '../rows/key-values.ts';
import { earliestOf, latestOf } from '../rows/moments.ts';
import { type LinkedRow, type LinkedRows, sharedValues } from './linked-rows.ts';

/** How many rows are tried for one start: sequences are short, but their steps may have very many rows. */
const MOST_TRIES = 100_000;

/** One row for each step that is not absent, by the steps' places. */
export type Choice = ReadonlyMap<number, LinkedRow>;

interface Time {
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
}

/** Finds for a row of the first step rows of the others, so that all links hold. */
export class LinkSearch {
  /** Steps that have rows, so that each is reached from one before it where links allow that; the first is where a search begins. */
  readonly order: readonly number[];
  private readonly steps: readonly Step[];
  private readonly within: bigint | undefined;
  /** Those between steps that have rows. */
  private readonly links: readonly Link[];
  /** Those from and to absent steps. */
  private readonly absences: readonly Link[];

  constructor(steps: readonly Step[], links: readonly Link[], within: bigint | undefined) {
    const isPresent = (place: number): boolean => (steps[place]?.count.atLeast ?? 0) > 0;
    this.steps = steps;
    this.within = within;
    this.links = links.filter(({ from, to }) => isPresent(from) && isPresent(to));
    this.absences = links.filter((link) => !this.links.includes(link));
    this.order = orderOf([...steps.keys()].filter(isPresent), this.links);
  }

  /** Undefined where there is no choice; `abandoned` where too many rows were tried. */
  find(rows: readonly LinkedRows[], start: LinkedRow): Choice | 'abandoned' | undefined {
    const chosen = new Map<number, LinkedRow>();
    let tries = 0;
    const choose = (at: number): boolean => {
      const step = this.order[at];
      if (step === undefined) return this.holds(rows, chosen);
      for (const row of at === 0 ? [start] : this.candidates(rows, step, chosen)) {
        tries += 1;
        if (tries > MOST_TRIES) return false;
        chosen.set(step, row);
        if (this.linksHold(step, chosen) && choose(at + 1)) return true;
        chosen.delete(step);
      }
      return false;
    };
    if (choose(0)) return chosen;
    return tries > MOST_TRIES ? 'abandoned' : undefined;
  }

  /** What the rows of a choice agree on, each value once. */
  agreed(choice: Choice): readonly Value[] {
    const found = new Map<string, Value>();
    for (const { from, to, share } of this.links) {
      const [a, b] = [choice.get(from), choice.get(to)];
      if (share === null || a === undefined || b === undefined) continue;
      for (const value of sharedValues(a, share.from, b, share.to)) found.set(valueText(value), value);
    }
    return [...found.values()];
  }

  /** Rows of a step that may stand beside those that are chosen, the earliest first. */
  private candidates(rows: readonly LinkedRows[], step: number, chosen: Choice): readonly LinkedRow[] {
    const own = rows[step];
    if (own === undefined) return [];
    const { from, to } = this.timeBeside([...chosen.values()]);
    for (const link of this.links) {
      const reached = link.to === step ? chosen.get(link.from) : link.from === step ? chosen.get(link.to) : undefined;
      if (reached !== undefined && link.share !== null) return reachedBy(link, step, reached, own, { from, to });
    }
    return own.between(from, to);
  }

  /** When a row must have happened to lie in one window with others. */
  private timeBeside(others: readonly LinkedRow[]): Time {
    const times = others.map(({ row }) => row.at);
    const [earliest, latest] = [earliestOf(times), latestOf(times)];
    if (this.within === undefined || earliest === undefined || latest === undefined) {
      return { from: undefined, to: undefined };
    }
    return { from: latest - this.within, to: earliest + this.within };
  }

  /** The links of a step to and from those that are chosen. */
  private linksHold(step: number, chosen: Choice): boolean {
    return this.links.every((link) => {
      if (link.from !== step && link.to !== step) return true;
      const [a, b] = [chosen.get(link.from), chosen.get(link.to)];
      return a === undefined || b === undefined || follows(a, b, link);
    });
  }

  /** What can be said only of the whole: how many rows there are, and which there are not. */
  private holds(rows: readonly LinkedRows[], chosen: Choice): boolean {
    return this.steps.every(({ count }, step) => {
      if (count.atLeast === 0) return this.against(rows, step, chosen) <= (count.atMost ?? 0);
      if (count.atLeast === 1 && count.atMost === null) return true;
      const alike = this.alike(rows, step, chosen);
      return alike >= count.atLeast && (count.atMost === null || alike <= count.atMost);
    });
  }

  /** How many rows of a step could stand where the chosen one stands. */
  private alike(rows: readonly LinkedRows[], step: number, chosen: Choice): number {
    // The chosen one bounds the window too.
    const { from, to } = this.timeBeside([...chosen.values()]);
    const others = new Map([...chosen].filter(([place]) => place !== step));
    return this.candidates(rows, step, others).filter(
      (row) =>
        (from === undefined || row.row.at >= from) &&
        (to === undefined || row.row.at <= to) &&
        this.linksHold(step, new Map(others).set(step, row)),
    ).length;
  }

  /** How many rows of an absent step its links reach from those that are chosen. */
  private against(rows: readonly LinkedRows[], step: number, chosen: Choice): number {
    const own = rows[step];
    const found = new Set<LinkedRow>();
    for (const link of this.absences) {
      if (own === undefined || (link.from !== step && link.to !== step)) continue;
      const other = chosen.get(link.from === step ? link.to : link.from);
      if (other === undefined) continue;
      const within = link.within === null ? undefined : BigInt(link.within);
      const { at } = other.row;
      const time: Time =
        link.to === step
          ? { from: at, to: within === undefined ? undefined : at + within }
          : { from: within === undefined ? undefined : at - within, to: at };
      for (const row of reachedBy(link, step, other, own, time)) found.add(row);
    }
    return found.size;
  }
}

/** The rows of a step that share a value with the row at a link's other end. */
function reachedBy(
  link: Link,
  step: number,
  other: LinkedRow,
  own: LinkedRows,
  { from, to }: Time,
): readonly LinkedRow[] {
  if (link.share === null) return own.between(from, to);
  const [theirs, ours] = link.to === step ? [link.share.from, link.share.to] : [link.share.to, link.share.from];
  return own.having(ours, other.values.get(theirs)?.keys() ?? [], from, to);
}

function follows(a: LinkedRow, b: LinkedRow, { within, share }: Link): boolean {
  const apart = b.row.at - a.row.at;
  if (apart < 0n || (within !== null && apart > BigInt(within))) return false;
  return share === null || sharedValues(a, share.from, b, share.to).length > 0;
}

function orderOf(steps: readonly number[], links: readonly Link[]): readonly number[] {
  const left = [...steps];
  const reached = new Set(links.map(({ to }) => to));
  const ordered: number[] = [];
  while (left.length > 0) {
    const next = left.findIndex((step) => links.some(({ from, to }) => to === step && ordered.includes(from)));
    const free = left.findIndex((step) => !reached.has(step));
    ordered.push(...left.splice(next >= 0 ? next : Math.max(0, free), 1));
  }
  return ordered;
}
