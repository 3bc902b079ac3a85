import { stringifyJson } from '../base/json.ts';
import { type Explanation, explainPredicate } from '../engines/memory/explain.ts';
import {
  type Clock,
  compileExpr,
  compileRowStep,
  type Row,
  type RowsOf,
  runPlan,
  withShared,
} from '../engines/memory/index.ts';
import { keyedInputs } from '../ir/plan/keyed-inputs.ts';
import type { Plan, Series, Summarize, Threshold } from '../ir/plan/plan.ts';
import type { Query } from '../ir/plan/query.ts';
import { describePlan } from '../ir/print/describe-plan.ts';
import { inputs, mapInputs } from '../ir/traverse.ts';
import { keyOfAll } from '../values/key.ts';
import { toJson } from '../values/text-of.ts';
import { ThresholdWindows } from './explain-window.ts';
import { keyedWords } from './keyed-words.ts';

/** How a record fares where rows are judged together. */
export interface Standing {
  /** Whether a row that it takes part in comes out in the end. */
  readonly matches: boolean;
  /** What was asked of the rows that it takes part in, in order. */
  readonly steps: readonly Explanation[];
}

/** The rows of a plan's inputs, by their names: of all records, and of all but the one. */
export interface FeedRows {
  readonly whole: ReadonlyMap<string, readonly Row[]>;
  without(): ReadonlyMap<string, readonly Row[]>;
}

/** All rows at one point of a plan, and those among them that the record takes part in. */
interface Rows {
  readonly all: readonly Row[];
  readonly mine: ReadonlySet<Row>;
}

/**
 * Follows the rows of one record (`order`: its place in the input) through the part of a plan that judges rows together, by
 * the memory engine. `feeds`: the rows of all records, by the names of the plan's inputs.
 */
export function standingOf({ shared, result }: Query, feeds: FeedRows, order: number, clock: Clock): Standing {
  const steps: Explanation[] = [];
  const over = (rows: ReadonlyMap<string, readonly Row[]>): Clock => withShared(shared, rowsIn(rows), clock);
  const seeing: SharedFeeds = { ...feeds, clock: over(feeds.whole), clockWithout: () => over(feeds.without()) };
  const { mine } = follow(result, seeing, order, seeing.clock, steps);
  return { matches: mine.size > 0, steps };
}

/** The same, with the rows of shared plans: over all records, and over all but the one. */
interface SharedFeeds extends FeedRows {
  readonly clock: Clock;
  clockWithout(): Clock;
}

function follow(plan: Plan, feeds: SharedFeeds, order: number, clock: Clock, steps: Explanation[]): Rows {
  const before = (input: Plan): Rows => follow(input, feeds, order, clock, steps);
  switch (plan.kind) {
    case 'input': {
      const all = feeds.whole.get(plan.name) ?? [];
      return { all, mine: new Set(all.filter((row) => row.id?.order === order)) };
    }
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'table':
    case 'shared':
      return { all: runPlan(plan, () => [], clock), mine: new Set() };
    case 'where': {
      const { all, mine } = before(plan.input);
      const pass = over(plan, clock);
      for (const row of mine) steps.push(explainPredicate(plan.predicate, plan.predicate, row, clock));
      const passed = pass(all);
      return { all: passed, mine: new Set(passed.filter((row) => mine.has(row))) };
    }
    case 'extend':
    case 'project':
    case 'unpack':
    case 'unnest': {
      const { all, mine } = before(plan.input);
      const step = compileRowStep(plan, clock);
      const made = all.map((row) => ({ was: row, are: step(row) }));
      return {
        all: made.flatMap(({ are }) => are),
        mine: new Set(made.flatMap(({ was, are }) => (mine.has(was) ? are : []))),
      };
    }
    case 'summarize': {
      const grouped = groups(plan, before(plan.input), clock);
      for (const row of grouped.mine) steps.push({ verdict: true, text: groupWords(plan, row), children: [] });
      return grouped;
    }
    case 'distinct': {
      const { all, mine } = before(plan.input);
      const keys = new Set([...mine].map((row) => keyOfAll([...row.columns].flat())));
      const once = over(plan, clock)(all);
      return { all: once, mine: new Set(once.filter((row) => keys.has(keyOfAll([...row.columns].flat())))) };
    }
    case 'order':
    case 'limit': {
      const { all, mine } = before(plan.input);
      const passed = over(plan, clock)(all);
      const left = new Set(passed.filter((row) => mine.has(row)));
      if (plan.kind === 'limit' && mine.size > 0) {
        steps.push({ verdict: left.size > 0, text: `among the first ${plan.count} rows`, children: [] });
      }
      return { all: passed, mine: left };
    }
    case 'union': {
      const parts = plan.inputs.map(before);
      return { all: parts.flatMap(({ all }) => all), mine: new Set(parts.flatMap(({ mine }) => [...mine])) };
    }
    case 'series': {
      const found = ofSeries(plan, before(plan.input), clock);
      steps.push({ verdict: found.mine.size > 0, text: describePlan(plan), children: [] });
      return found;
    }
    case 'join':
    case 'apply':
    case 'window':
    case 'scan': {
      const found = byDifference(plan, feeds);
      steps.push({ verdict: found.mine.size > 0, text: describePlan(plan), children: [] });
      return found;
    }
    case 'matches':
      throw new Error('the matches of other rules are feeds');
    case 'ask':
      throw new Error('a rule that asks Python is explained by a trace');
    case 'threshold':
    case 'first-seen':
    case 'sequence': {
      const found = byDifference(plan, feeds);
      const group = plan.kind === 'threshold' ? windowsOf(plan, feeds, feeds.clock).wordsFor(order) : undefined;
      const text = group === undefined ? keyedWords(plan) : `${keyedWords(plan)}; ${group}`;
      steps.push({ verdict: found.mine.size > 0, text, children: [] });
      return found;
    }
  }
}

/** The same for all records that are explained. */
function windowsOf(plan: Threshold, { whole }: FeedRows, clock: Clock): ThresholdWindows {
  const known = windows.get(whole)?.get(plan) ?? new ThresholdWindows(plan, whole, clock);
  windows.set(whole, (windows.get(whole) ?? new Map()).set(plan, known));
  return known;
}

const windows = new WeakMap<FeedRows['whole'], Map<Threshold, ThresholdWindows>>();

const ROWS: Plan = { kind: 'input', name: 'rows', columns: [] };

/** One operator alone, over rows that are there. */
function over(plan: Plan, clock: Clock): (rows: readonly Row[]) => Row[] {
  const alone = mapInputs(plan, () => ROWS);
  return (rows) => runPlan(alone, () => rows, clock);
}

/** Groups come in the order of their first rows, so that the n-th group is that of the n-th key. */
function groups(plan: Summarize, { all, mine }: Rows, clock: Clock): Rows {
  const by = plan.by.map(({ expr }) => compileExpr(expr, clock));
  const keyOf = (row: Row): string => (by.length === 0 ? '' : keyOfAll(by.map((read) => read(row))));
  const places = new Map<string, number>();
  for (const row of all) {
    const key = keyOf(row);
    if (!places.has(key)) places.set(key, places.size);
  }
  const made = over(plan, clock)(all);
  const own = new Set([...mine].map((row) => places.get(keyOf(row))));
  return { all: made, mine: new Set(made.filter((_, place) => own.has(place))) };
}

/** A record is part of the series of its keys, if it lies in any of their bins. */
function ofSeries(plan: Series, { all, mine }: Rows, clock: Clock): Rows {
  const keyOf = ({ columns }: Row): string => keyOfAll(plan.by.map(({ name }) => columns.get(name)));
  const own = new Set(over({ ...plan, whenEmpty: 'none' }, clock)([...mine]).map(keyOf));
  const made = over(plan, clock)(all);
  return { all: made, mine: new Set(made.filter((row) => own.has(keyOf(row)))) };
}

function groupWords(plan: Summarize, row: Row): string {
  const said = (names: readonly string[]): string =>
    names.map((name) => `${name} ${stringifyJson(toJson(row.columns.get(name)))}`).join(', ');
  const keys = said(plan.by.map(({ name }) => name));
  const values = said(plan.aggregates.flatMap(({ names }) => names));
  return `its group${keys === '' ? '' : ` (${keys})`} has ${values === '' ? 'no values' : values}`;
}

/** The rows of a plan's inputs; it has no other leaves here. */
function rowsIn(rows: ReadonlyMap<string, readonly Row[]>): RowsOf {
  return (leaf) => (leaf.kind === 'input' ? (rows.get(leaf.name) ?? []) : []);
}

/** A record takes part in the rows that would not come out as they do without it. */
function byDifference(plan: Plan, feeds: SharedFeeds): Rows {
  const all = runPlan(plan, rowsIn(feeds.whole), feeds.clock);
  const without = new Map<string, number>();
  for (const row of runPlan(plan, rowsIn(feeds.without()), feeds.clockWithout())) {
    const key = keyOfAll([...row.columns].flat());
    without.set(key, (without.get(key) ?? 0) + 1);
  }
  const mine = all.filter((row) => {
    const key = keyOfAll([...row.columns].flat());
    const left = without.get(key) ?? 0;
    without.set(key, left - 1);
    return left <= 0;
  });
  return { all, mine: new Set(mine) };
}

/** Which of the inputs of an operator over time each feed is. */
export function feedNames(rest: Plan): readonly (readonly [string, string])[] {
  if (rest.kind === 'threshold' || rest.kind === 'sequence') {
    return keyedInputs(rest).flatMap(({ name, plan }) =>
      plan.kind === 'input' ? [[plan.name, name] as const] : feedNames(plan),
    );
  }
  return inputs(rest).flatMap(feedNames);
}
