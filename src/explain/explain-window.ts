import { stringifyJson } from '../base/json.ts';
import {
  type Clock,
  compileOperator,
  compilePredicate,
  type MatchRow,
  type Row,
  runPlan,
} from '../engines/memory/index.ts';
import { TRUE } from '../ir/construct.ts';
import type { Threshold } from '../ir/plan/plan.ts';
import { toJson } from '../values/text-of.ts';
import { measureWords } from './keyed-words.ts';

/** The windows of a threshold over the rows of its inputs, whether or not its condition holds of them. */
export class ThresholdWindows {
  private readonly plan: Threshold;
  /** Undefined where there are too many rows. */
  private readonly windows: readonly MatchRow[] | undefined;
  private readonly holds: (window: MatchRow) => boolean;

  /** `rows`: those of all records, by the names of the plan's inputs. */
  constructor(plan: Threshold, rows: ReadonlyMap<string, readonly Row[]>, clock: Clock) {
    this.plan = plan;
    this.windows = windowsOf(plan, rows, clock);
    const decide = compilePredicate(plan.having, clock);
    this.holds = ({ columns }) => decide({ event: undefined, columns }) === true;
  }

  /** What the window that comes nearest to the condition has, of those that a record is in: `its group (user "a") has 2`. */
  wordsFor(order: number): string | undefined {
    if (this.windows === undefined)
      return `its group is not counted, as there are more than ${MOST_ROWS.toLocaleString('en-US')} rows`;
    const mine = this.windows.filter(({ members = [] }) => members.some((member) => member.order === order));
    const [first, ...others] = mine;
    if (first === undefined) return undefined;
    const nearest = others.reduce((one, other) => (this.exceeds(other, one) ? other : one), first);
    return this.words(mine.find(this.holds) ?? nearest);
  }

  /** By its measures, in their order, and then by its rows. */
  private exceeds(one: MatchRow, other: MatchRow): boolean {
    const sizes = (window: MatchRow): readonly number[] => [
      ...this.plan.measures.map(({ name }) => Number(window.columns.get(name) ?? 0)),
      window.members?.length ?? 0,
    ];
    const theirs = sizes(other);
    const differing = sizes(one)
      .map((size, at) => size - (theirs[at] ?? 0))
      .find((difference) => difference !== 0);
    return (differing ?? 0) > 0;
  }

  private words({ columns, members = [] }: MatchRow): string {
    const { by, measures } = this.plan;
    const text = (name: string): string => stringifyJson(toJson(columns.get(name)));
    const keys = by.map(({ name }) => `${name} ${text(name)}`).join(', ');
    const [only] = measures;
    const values =
      measures.length === 1 && only !== undefined
        ? text(only.name)
        : measures.map((measure) => `${measureWords(measure)} ${text(measure.name)}`).join(', ');
    const group = keys === '' ? 'its group' : `its group (${keys})`;
    return `${group} has ${values === '' ? `${members.length} events` : values}`;
  }
}

/** Rows of which a window is too many to look at each that there may be. */
const MOST_ROWS = 5_000;

function windowsOf(
  plan: Threshold,
  rows: ReadonlyMap<string, readonly Row[]>,
  clock: Clock,
): readonly MatchRow[] | undefined {
  const given = plan.inputs.flatMap((input, place) =>
    runPlan(input.plan, (leaf) => (leaf.kind === 'input' ? (rows.get(leaf.name) ?? []) : []), clock).map((row) => ({
      place,
      row,
    })),
  );
  if (given.length > MOST_ROWS) return undefined;
  given.sort((a, b) => (a.row.id?.order ?? 0) - (b.row.id?.order ?? 0));
  const operator = compileOperator({ ...plan, having: TRUE, emit: { how: 'each', rows: 'all', mostRows: 0 } }, clock);
  for (const { place, row } of given) operator.push(place, [row]);
  return operator.advance('end');
}
