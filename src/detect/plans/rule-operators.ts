import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Json } from '../../base/json.ts';
import {
  type Budget,
  type Clock,
  compilePipeline,
  type Limits,
  type MatchRow,
  type OperatorTree,
  operatorTree,
  type Row,
  type RowStep,
  rowOf,
  TIMES_TOGETHER,
  withBudget,
} from '../../engines/memory/index.ts';
import { pipeline } from '../../engines/pipeline.ts';
import type { Matches, Plan } from '../../ir/plan/plan.ts';
import { matchesLeaf } from '../../ir/plan/uses.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { isMeant } from '../../ir/rule/rule-ref.ts';
import { bindingOf } from '../../logs/binding.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import { readWatermark, storeWatermark } from '../../state/checkpoint.ts';
import { readArray } from '../../state/plain.ts';
import type { RecordTable } from '../../state/record-table.ts';
import type { RecordId } from '../../state/state-row.ts';
import { earlier, type Watermark } from '../../state/watermark.ts';
import type { Value } from '../../values/value.ts';
import type { Seen } from '../seen/seen-record.ts';
import type { PreparedRule } from './prepared-rule.ts';
import type { RuleFaults } from './rule-faults.ts';
import type { RuleRow } from './rule-row.ts';
import { TreesTogether } from './trees-together.ts';

/** A match of a rule, as the rules that use it hear of it. */
interface Heard {
  readonly seen: Seen;
  readonly columns: ReadonlyMap<string, Value>;
  /** When it happened, where an operator says so. */
  readonly at?: bigint;
  readonly isRepeat?: true;
}

/** A feed of a rule over the matches of another. */
interface Listener {
  readonly of: Operating;
  readonly feed: string;
  readonly plan: Plan;
  readonly leaf: Matches;
  /** Bound to log types in their shapes; types are told apart by their views, since their names may come out of logs. */
  readonly steps: Map<Shape, Map<LogType['views'], RowStep>>;
}

/** A rule that refers to records that are kept. */
export interface RecordHolder {
  references(): Iterable<RecordId>;
  /** Lets go of many of them. */
  lighten(): void;
}

/** A rule that is operators over keys and time. */
interface Operating {
  readonly rule: Rule;
  readonly budget: Budget;
  tree: OperatorTree;
  /** The same, that remembers nothing. */
  readonly fresh: () => OperatorTree | undefined;
  /** The rules that it hears of, where they are such themselves. */
  readonly uses: readonly Operating[];
  /** How far its rows are sure: it and those that it hears of. */
  sure: Watermark | undefined;
}

/**
 * Runs the rules that remember rows over time (correlations, thresholds, sequences), over records and over the matches of other
 * rules. Matches come out as soon as the watermark makes them sure, and memory holds what may still match; where it stays behind to
 * the end, all rows are kept, and sorted then. Both give the same matches.
 */
export class RuleOperators {
  private readonly limits: Limits;
  private readonly faults: RuleFaults;
  /** Those that others hear of come first. */
  private readonly operating: readonly Operating[];
  private readonly byRule = new Map<Rule, Operating>();
  private readonly listeners = new Map<Rule, Listener[]>();
  private readonly records: RecordTable<Seen>;
  private readonly missing: Diagnostic[] = [];
  private readonly together: TreesTogether;
  /** Rules that refer to the same records, and are none of these. */
  beside: () => Iterable<RecordHolder> = () => [];

  /** `rules`: all that run, with what is left of their plans beyond row-local parts. `records`: those that are kept. */
  constructor(
    rules: readonly PreparedRule[],
    clock: Clock,
    records: RecordTable<Seen>,
    faults: RuleFaults,
    limits: Limits,
  ) {
    this.records = records;
    this.faults = faults;
    this.limits = limits;
    this.together = new TreesTogether(TIMES_TOGETHER * limits.weight, () => this.operating.map(({ tree }) => tree));
    const repeated = new Set(
      rules.flatMap(({ parts }) =>
        parts.feeds.flatMap(({ plan }) => {
          const leaf = matchesLeaf(plan);
          if (leaf?.which !== 'all') return [];
          return rules.flatMap(({ rule }) => (isMeant(leaf.rule, rule) ? [rule] : []));
        }),
      ),
    );
    const made: Operating[] = [];
    const open = new Set<Rule>();
    const make = ({ rule, parts, budget }: PreparedRule): Operating | undefined => {
      const known = this.byRule.get(rule);
      if (known !== undefined || open.has(rule)) return known;
      const fresh = (): OperatorTree | undefined =>
        operatorTree(parts.rest, withBudget(clock, budget), { limits, repeats: repeated.has(rule) });
      const tree = faults.once(rule, fresh);
      if (tree === undefined) return undefined;
      open.add(rule);
      const leaves = parts.feeds.flatMap(({ name, plan }) => {
        const leaf = matchesLeaf(plan);
        return leaf === undefined
          ? []
          : [{ name, plan, leaf, meant: rules.filter((one) => isMeant(leaf.rule, one.rule)) }];
      });
      const uses = leaves.flatMap(({ meant }) => meant.flatMap((one) => make(one) ?? []));
      const operating: Operating = { rule, budget, tree, fresh, uses: [...new Set(uses)], sure: undefined };
      this.byRule.set(rule, operating);
      made.push(operating);
      for (const { name, plan, leaf, meant } of leaves) {
        if (meant.length === 0) {
          this.missing.push(diagnostic('panther/missing-member', { rule: rule.id, member: leaf.rule.id }, rule.span));
        }
        for (const { rule: heard } of meant) {
          const listeners = this.listeners.get(heard) ?? [];
          listeners.push({ of: operating, feed: name, plan, leaf, steps: new Map() });
          this.listeners.set(heard, listeners);
        }
      }
      return operating;
    };
    for (const one of rules) make(one);
    this.operating = made;
  }

  /** Whether a rule is one of these. */
  takes(rule: Rule): boolean {
    return this.byRule.has(rule);
  }

  /** A rule that was stopped remembers nothing any more. */
  letGo(rule: Rule): void {
    const operating = this.byRule.get(rule);
    if (operating === undefined || operating.tree.isIdle) return;
    const before = operating.tree.weight;
    operating.tree = operating.fresh() ?? operating.tree;
    this.together.changed(operating.tree.weight - before);
  }

  /** Whether others hear of a rule's matches. */
  isHeard(rule: Rule): boolean {
    return this.listeners.has(rule);
  }

  /** A row of a feed over records. */
  push(rule: Rule, feed: string, row: Row, seen: Seen): void {
    this.records.add(seen.id, seen);
    const tree = this.byRule.get(rule)?.tree;
    if (tree !== undefined) this.feed(tree, feed, [row]);
  }

  private feed(tree: OperatorTree, feed: string, rows: readonly Row[]): void {
    const before = tree.weight;
    tree.push(feed, rows);
    this.together.changed(tree.weight - before);
  }

  /** Tells others of a match. What goes wrong there is theirs: it costs neither the match nor what others make of it. */
  hear(rule: Rule, { seen, columns, at, isRepeat }: Heard): void {
    for (const listener of this.listeners.get(rule) ?? []) {
      if (isRepeat === true && listener.leaf.which === 'told') continue;
      const { of } = listener;
      of.budget.begin();
      const tell = (): void => {
        const start: Row = { ...rowOf(seen.record.event), columns, id: seen.id, ...(at !== undefined && { at }) };
        const rows = stepOf(listener, seen)(start);
        if (rows.length === 0) return;
        this.records.add(seen.id, seen);
        this.feed(of.tree, listener.feed, rows);
      };
      this.faults.guard(of.rule, undefined, tell, seen.record);
    }
  }

  /** What a rule remembers. */
  snapshot(rule: Rule): Json {
    const operating = this.byRule.get(rule);
    return operating === undefined ? null : [storeWatermark(operating.sure), operating.tree.snapshot()];
  }

  /** A fresh one takes what another remembered of a rule that means the same. Throws `NotStored`. */
  restore(rule: Rule, stored: Json): void {
    const operating = this.byRule.get(rule);
    const [sure = null, tree = null] = readArray(stored);
    if (operating === undefined) return;
    operating.sure = readWatermark(sure);
    operating.tree.restore(tree);
    this.together.changed(operating.tree.weight);
  }

  /** What did not go as it should. */
  diagnostics(): Diagnostic[] {
    const { rows: rowLimit, keys: groupLimit, weight: weightLimit } = this.limits;
    const lost = this.operating.flatMap(({ rule: { name: rule, span }, tree }) => {
      const { evicted, late, untimed, abandoned } = tree.losses();
      return [
        ...(evicted > 0
          ? [diagnostic('correlation/evicted', { rule, rows: evicted, rowLimit, groupLimit, weightLimit }, span)]
          : []),
        ...(late > 0 ? [diagnostic('correlation/late', { rule, rows: late }, span)] : []),
        ...(untimed > 0 ? [diagnostic('correlation/untimed', { rule, rows: untimed }, span)] : []),
        ...(abandoned > 0 ? [diagnostic('correlation/abandoned', { rule, rows: abandoned }, span)] : []),
      ];
    });
    return [...this.missing, ...lost];
  }

  /** The rows that are sure once no record from before the watermark will come. */
  advance(watermark: Watermark): RuleRow[] {
    const found: RuleRow[] = [];
    for (const operating of this.operating) {
      let sure: Watermark | undefined = watermark;
      for (const used of operating.uses) {
        sure = sure === undefined || used.sure === undefined ? undefined : earlier(sure, used.sure);
      }
      if (sure === undefined) continue;
      for (const match of this.advanced(operating, sure)) this.tell(operating.rule, match, found);
    }
    this.sweep();
    return found;
  }

  /** Lets go of records that nobody refers to, and makes room: the rule that refers to the most lets go of half of its rows, or is stopped. */
  sweep(): void {
    if (!this.records.sweep()) return;
    while (this.records.isTooHeavy) {
      const heaviest = [...this.holders()]
        .map((holder) => ({ holder, weight: this.weightOf(holder) }))
        .reduce<{ holder: RecordHolder; weight: number } | undefined>(
          (most, one) => (one.weight > (most?.weight ?? 0) ? one : most),
          undefined,
        );
      if (heaviest === undefined) return;
      heaviest.holder.lighten();
      this.records.sweepNow();
    }
  }

  private *holders(): Generator<RecordHolder> {
    for (const { tree } of this.operating) {
      yield { references: () => tree.references(), lighten: () => tree.halve() };
    }
    yield* this.beside();
  }

  private weightOf(holder: RecordHolder): number {
    const ids = new Map([...holder.references()].map((id) => [id.order, id]));
    return [...ids.values()].reduce((sum, id) => sum + this.records.weightOf(id), 0);
  }

  private tell(rule: Rule, { id, at, columns, isRepeat, members }: MatchRow, found: RuleRow[]): void {
    const seen = id && this.records.get(id);
    if (seen !== undefined) this.hear(rule, { seen, columns, at, ...(isRepeat && { isRepeat }) });
    if (isRepeat === true || rule.silent === true) return;
    const row: Row = { event: undefined, columns, at, ...(id !== undefined && { id }) };
    const of = members?.flatMap((member) => this.records.get(member)?.record ?? []);
    found.push({ rule, row, record: seen?.record, ...(of && { members: of }) });
  }

  private advanced(operating: Operating, watermark: Watermark): readonly MatchRow[] {
    const { rule, tree, budget } = operating;
    // Those that hear of a rule that fails go on without it.
    operating.sure = watermark;
    budget.begin();
    return this.faults.guard(rule, [], () => {
      const before = tree.weight;
      const matches = tree.isIdle && watermark !== 'end' ? [] : tree.advance(watermark);
      this.together.changed(tree.weight - before);
      if (!tree.isIdle) operating.sure = tree.outputWatermark;
      return matches;
    });
  }

  *references(): Iterable<RecordId> {
    for (const { tree } of this.operating) yield* tree.references();
  }
}

function stepOf({ plan, steps }: Listener, { type, shape }: Seen): RowStep {
  const byType = steps.get(shape) ?? new Map<LogType['views'], RowStep>();
  steps.set(shape, byType);
  const step = byType.get(type.views) ?? compilePipeline(pipeline.residual(plan, bindingOf(type, shape)), TIMELESS);
  byType.set(type.views, step);
  return step;
}

const TIMELESS: Clock = {
  get now(): never {
    throw new Error('a rule over the matches of others reads the clock');
  },
};
