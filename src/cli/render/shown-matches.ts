import type { Match, RuleSeverity } from '../../index.ts';

export type Sort = 'severity' | 'time' | 'rule' | 'input';

const RANKS: readonly (RuleSeverity | undefined)[] = ['critical', 'high', 'medium', 'low', 'informational', undefined];

export function severityOf({ severity, rule }: Match): RuleSeverity | undefined {
  return severity ?? rule.severity;
}

export function severityRank(severity: RuleSeverity | undefined): number {
  return RANKS.indexOf(severity);
}

/** The first matches by some order, of however many come; and how many there are of each severity. */
export class ShownMatches {
  private readonly most: number;
  private readonly compare: (a: Taken, b: Taken) => number;
  /** In order. */
  private readonly taken: Taken[] = [];
  private readonly counts = new Map<RuleSeverity | undefined, number>();
  private all = 0;

  constructor(most: number, sort: Sort) {
    this.most = most;
    this.compare = ORDERS[sort];
  }

  add(match: Match): void {
    const one = { match, place: this.all };
    this.all += 1;
    const severity = severityOf(match);
    this.counts.set(severity, (this.counts.get(severity) ?? 0) + 1);
    const last = this.taken.at(-1);
    if (this.taken.length >= this.most && last !== undefined && this.compare(one, last) >= 0) return;
    let at = this.taken.length;
    while (at > 0 && this.compare(one, this.taken[at - 1] ?? one) < 0) at -= 1;
    this.taken.splice(at, 0, one);
    if (this.taken.length > this.most) this.taken.pop();
  }

  get matches(): readonly Match[] {
    return this.taken.map(({ match }) => match);
  }

  get total(): number {
    return this.all;
  }

  /** `3 critical, 9 high`: those that there are, the worst first; nothing where no rule says any. */
  severitiesInWords(): string {
    if (this.counts.size === 1 && this.counts.has(undefined)) return '';
    return RANKS.flatMap((severity) => {
      const count = this.counts.get(severity);
      return count === undefined ? [] : [`${count.toLocaleString('en-US')} ${severity ?? 'without severity'}`];
    }).join(', ');
  }
}

interface Taken {
  readonly match: Match;
  readonly place: number;
}

/** Matches without a time come last; of equals, the one that was found first comes first. */
function byTime(a: Taken, b: Taken): number {
  return byText(a.match.time ?? '~', b.match.time ?? '~') || byPlace(a, b);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byPlace(a: Taken, b: Taken): number {
  return a.place - b.place;
}

const ORDERS: Readonly<Record<Sort, (a: Taken, b: Taken) => number>> = {
  severity: (a, b) => severityRank(severityOf(a.match)) - severityRank(severityOf(b.match)) || byTime(a, b),
  time: byTime,
  rule: (a, b) =>
    byText(a.match.rule.name, b.match.rule.name) || byText(a.match.rule.id, b.match.rule.id) || byTime(a, b),
  input: byPlace,
};
