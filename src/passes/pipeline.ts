import type { ColumnType, Plan, Source } from '../ir/plan/plan.ts';
import { mapPlans, type Query, type SharedPlan } from '../ir/plan/query.ts';
import { mapInputs } from '../ir/traverse.ts';
import { type Binding, bind, bindRows } from './bind.ts';
import { distribute } from './distribute.ts';
import { pruneQuery } from './prune-query.ts';
import { shareSources } from './share.ts';
import { type EvaluateConstant, simplify } from './simplify/simplify.ts';
import { type Feed, type SplitQuery, splitQuery } from './split.ts';

/** Told of the plan after each pass. */
export type OnPass = (pass: string, plan: Plan) => void;

/** A plan ready to be bound: its row-local parts, and the rest over their rows. */
export type PreparedPlan = SplitQuery;
export type PreparedQuery = SplitQuery;

/**
 * The only place that orders the passes, so that what `run` runs is what `explain` explains, `show` shows, `lint` judges and
 * `test` tests.
 */
export interface Pipeline {
  /**
   * Once for a rule: distribute over unions, prune, split into feeds and the rest, which is bound to their columns. `columns`:
   * those of the whole plan, where it has its own. `shared`: the plans that several places of it use.
   */
  prepare(plan: Plan, columns: readonly ColumnType[] | undefined, shared?: readonly SharedPlan[]): PreparedPlan;
  /** The same for a plan with those that several places of it use. */
  prepareQuery(query: Query, columns: readonly ColumnType[] | undefined): PreparedQuery;
  /** A feed on one log type in one shape, as the rule wrote it: operator by operator, for those who explain. */
  bound(feed: Plan, binding: Binding): Plan;
  /** The same, folded: what engines run. `never` where no record of the binding's can pass. */
  residual(feed: Plan, binding: Binding): Plan;
  /** What all of it comes to on one log type in one shape: the rest over the residual feeds. */
  whole(prepared: Omit<PreparedPlan, 'shared'>, binding: Binding): Plan;
  /** The whole query, over what each of its feeds is replaced by. */
  over(prepared: PreparedQuery, feeds: ReadonlyMap<string, Plan>): Query;
}

/** `evaluate`: the reference engine, for what has become constant. */
export function createPipeline(evaluate: EvaluateConstant, onPass?: OnPass): Pipeline {
  const noted = (pass: string, plan: Plan): Plan => {
    onPass?.(pass, plan);
    return plan;
  };
  const residual = (feed: Plan, binding: Binding): Plan =>
    noted('simplify', simplify(noted('bind', bind(feed, binding)), evaluate));
  const sources = new Map<string, Source>();
  const withSharedSources = (feed: Feed): Feed => ({
    ...feed,
    plan: noted('split', shareSources(feed.plan, sources)),
  });
  const prepareQuery = (query: Query, columns: readonly ColumnType[] | undefined): PreparedQuery => {
    const distributed = mapPlans(query, (plan) => noted('distribute', distribute(noted('lower', plan))));
    const pruned = mapPlans(pruneQuery(distributed, columns), (plan) => noted('prune', plan));
    const { feeds, shared: rests, rest } = splitQuery(pruned);
    return {
      feeds: feeds.map(withSharedSources),
      shared: rests.map(({ name, plan }) => ({ name, plan: noted('bind', bindRows(plan)) })),
      rest: noted('bind', bindRows(rest)),
    };
  };
  return {
    prepare: (plan, columns, shared = []) => prepareQuery({ shared, result: plan }, columns),
    prepareQuery,
    bound: bind,
    residual,
    whole(prepared, binding) {
      const feeds = new Map(prepared.feeds.map(({ name, plan }) => [name, residual(plan, binding)]));
      return simplify(withFeeds(prepared.rest, feeds), evaluate);
    },
    over: ({ shared, rest }, feeds) =>
      mapPlans({ shared, result: rest }, (plan) => noted('over feeds', simplify(withFeeds(plan, feeds), evaluate))),
  };
}

/** The rest with the feeds put back into their places. */
function withFeeds(rest: Plan, feeds: ReadonlyMap<string, Plan>): Plan {
  if (rest.kind === 'input') return feeds.get(rest.name) ?? rest;
  return mapInputs(rest, (input) => withFeeds(input, feeds));
}
