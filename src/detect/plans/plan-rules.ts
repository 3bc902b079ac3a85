import { tellerOf } from '../../alerts/alert-template.ts';
import { ruleFingerprint } from '../../alerts/rule-fingerprint.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Json } from '../../base/json.ts';
import { ROW_LIMITS, type RowLimits } from '../../base/row-limits.ts';
import {
  type Budget,
  type Clock,
  compilePredicate,
  type Failures,
  KeptTogether,
  LIMITS,
  LimitReached,
  type Limits,
  type PlanAtWork,
  planAtWork,
  type Row,
  rowOf,
  rowOfRecord,
  runQuery,
  withBudget,
} from '../../engines/memory/index.ts';
import type { RecordProgram } from '../../engines/port.ts';
import type { Program as StreamProgram } from '../../engines/stream/index.ts';
import { readsClock } from '../../ir/clock.ts';
import { contentHash } from '../../ir/content-hash.ts';
import { matchesLeaf } from '../../ir/plan/uses.ts';
import { plansOf, type Rule } from '../../ir/rule/rule.ts';
import { expressions, planNodes, sourceNodes } from '../../ir/traverse.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import type { LogRecord } from '../../logs/record.ts';
import type { PreparedPlan } from '../../passes/pipeline.ts';
import type { StoredOperator } from '../../state/checkpoint.ts';
import { RecordTable } from '../../state/record-table.ts';
import type { RecordId } from '../../state/state-row.ts';
import type { StoredState } from '../../state/stored-state.ts';
import type { Value } from '../../values/value.ts';
import { weightOf } from '../../values/weight.ts';
import { isAlwaysSeen } from '../schedule/replay-feeds.ts';
import type { Seen } from '../seen/seen-record.ts';
import { eventsOf } from '../seen/stored-record.ts';
import { noIndicators } from './no-indicators.ts';
import { type PreparedRule, preparedRule } from './prepared-rule.ts';
import { RuleFaults } from './rule-faults.ts';
import { type RecordHolder, RuleOperators } from './rule-operators.ts';
import { type ProgramOptions, RulePrograms, type Step, TIMELESS } from './rule-programs.ts';
import type { RuleRow } from './rule-row.ts';
import type { RuleStats } from './rule-stats.ts';
import { timed } from './rule-work.ts';
import { WaitingRows } from './waiting-rows.ts';

interface PlanRule extends PreparedRule {
  /** Whether a row is a match as soon as it comes out of its feed. */
  readonly immediate: boolean;
  readonly waiting: WaitingRows;
  /** What is left beyond the feeds, where it can take rows as they come and need not keep them. */
  work: PlanAtWork | undefined;
  /** Whether `RuleOperators` runs what is left beyond the feeds. */
  readonly isOperator: boolean;
  /** Whether other rules hear of its matches. */
  readonly isHeard: boolean;
}

export interface PlanRulesOptions extends ProgramOptions {
  /** What a rule over time may remember. */
  readonly limits?: Limits;
  /** What goes wrong in rules is kept there. */
  readonly faults?: RuleFaults;
  /** What a rule over many rows may take. */
  readonly rowLimits?: RowLimits | undefined;
  readonly failures?: Failures | undefined;
  /** What all rules may keep together. */
  readonly together?: KeptTogether | undefined;
}

/** How the state of rules is known in checkpoints. */
const PART = 'plan';

/**
 * Runs all rules that are plans. Records are decided as they come; what needs rows together, or the time of a run whose
 * time is its last event, waits for the end.
 */
export class PlanRules {
  private readonly rules: readonly PlanRule[];
  /** Those that keep rows themselves. */
  private readonly keeping: readonly PlanRule[];
  private readonly now: Clock | undefined;
  private readonly operators: RuleOperators;
  private readonly programs: RulePrograms<PlanRule>;
  /** The records that rules may still give or look at. */
  private readonly records: RecordTable<Seen>;
  /** What is known of records that Python is asked about, where other rules hear of its matches. */
  private readonly asked = new WeakMap<LogRecord, Seen>();
  private readonly faults: RuleFaults;
  private readonly said: Diagnostic[] = [];
  private order = 0;

  /** `rules`: with those that they use. `now`: the time of the run, or undefined when it is to be the time of the last event. */
  constructor(rules: readonly Rule[], now: Clock | undefined, options: PlanRulesOptions = {}) {
    this.now = now;
    const { faults = new RuleFaults() } = options;
    this.faults = faults;
    const { limits = LIMITS } = options;
    this.records = new RecordTable(() => this.references(), {
      of: ({ record }) => weightOf(record.event),
      most: limits.weight,
    });
    const rowLimits = options.rowLimits ?? ROW_LIMITS;
    const { together = new KeptTogether() } = options;
    const prepared = rules.flatMap(
      (rule) => faults.once(rule, () => preparedRule(rule, rowLimits, options.failures, together)) ?? [],
    );
    // A feed that reads the clock is decided at the end; so are all rows that meet its rows.
    const timeless = prepared.filter((one) => one.timeless);
    this.operators = new RuleOperators(timeless, TIMELESS, this.records, faults, limits);
    this.rules = prepared.flatMap((one) => faults.once(one.rule, () => this.planned(one)) ?? []);
    const byBudget = new Map(this.rules.map((of) => [of.budget, of]));
    together.onTooMuch = (budget, reached) => {
      const of = byBudget.get(budget);
      if (of !== undefined) this.stop(of, reached);
    };
    this.operators.beside = () => this.keeping.map((of) => this.holderOf(of, limits.weight));
    this.keeping = this.rules.filter(({ immediate, isOperator, timeless }) => !isOperator && !(immediate && timeless));
    const feeds = this.rules.flatMap((of) =>
      of.parts.feeds.flatMap(({ name, plan, program }) =>
        matchesLeaf(plan) === undefined ? [{ of, name, plan, program }] : [],
      ),
    );
    this.programs = new RulePrograms(feeds, now, faults, options);
  }

  private planned(prepared: PreparedRule): PlanRule {
    const { rule, parts, budget } = prepared;
    const isOperator = this.operators.takes(rule);
    if (!isOperator && parts.feeds.some(({ plan }) => matchesLeaf(plan) !== undefined)) {
      throw new Error('it is over the matches of others and keeps nothing over time');
    }
    return {
      ...prepared,
      immediate: parts.rest.kind === 'input',
      waiting: new WaitingRows(),
      work: isOperator ? undefined : workOf(parts, this.now, budget),
      isOperator,
      isHeard: this.operators.isHeard(rule),
    };
  }

  get isEmpty(): boolean {
    return this.rules.length === 0;
  }

  /** Whether any rule reads the clock. */
  get needsTime(): boolean {
    return this.rules.some(({ timeless }) => !timeless);
  }

  /** The rules about the log source of a log type in a shape: those that can match some record, and those that cannot. */
  judged(type: LogType, shape: Shape): { readonly alive: readonly Rule[]; readonly dead: readonly Rule[] } {
    const { steps, dead } = this.programs.of(type, shape);
    return { alive: steps.map(({ feed }) => feed.of.rule), dead: dead.map(({ rule }) => rule) };
  }

  /**
   * How many rules look at records of a log type in a shape: those about their log source, and those about whatever there is.
   * `never`: rules that are about it and match nothing at all.
   */
  rulesFor(
    type: LogType,
    shape: Shape,
    never: ReadonlySet<Rule>,
  ): { readonly rules: number; readonly general: number } {
    const { steps, dead } = this.programs.of(type, shape);
    const reached = new Set([...steps.map(({ feed }) => feed.of), ...dead.filter(({ rule }) => never.has(rule))]);
    let rules = 0;
    let general = 0;
    for (const one of this.rules) {
      const sources = plansOf(one.rule.logic).flatMap(sourceNodes);
      // Of what is over the matches of others, those are reached or not.
      if (sources.length === 0 ? one.isOperator : !reached.has(one)) continue;
      if (sources.every(({ scope, table }) => scope === null && table === undefined)) general += 1;
      else rules += 1;
    }
    return { rules, general };
  }

  /** What a scanner of lines needs for one log type in one shape. */
  streamProgram(type: LogType, shape: Shape): StreamProgram {
    const { scanned } = this.programs.of(type, shape).filters;
    if (scanned === undefined) throw new Error('an engine without programs for lines was asked for one');
    return scanned;
  }

  /** `scanned`: the rules of the stream program that the record is known to match. */
  process(record: LogRecord, type: LogType, shape: Shape, scanned?: readonly number[]): RuleRow[] {
    const seen: Seen = { record, id: { order: this.order, place: record.source }, type, shape };
    this.order += 1;
    const found: RuleRow[] = [];
    const { steps, filters, work } = this.programs.of(type, shape);
    const asked = filters.decides ? undefined : startOf(seen);
    for (const at of scanned ?? this.candidates(filters, record, steps)) {
      const step = steps[at];
      if (step === undefined) continue;
      this.guarded(step, seen, () => {
        if (asked === undefined) return this.pass(step, seen, found);
        const run = (): readonly Row[] => step.run(asked);
        for (const row of work === undefined ? run() : timed(work, at, run)) this.take(step, row, seen, found);
      });
    }
    this.operators.sweep();
    return found;
  }

  /** What one rule does with one record: what goes wrong there is that rule's. */
  private guarded({ feed: { of } }: Step<PlanRule>, { record }: Seen, work: () => void): void {
    of.budget.begin();
    this.faults.guard(of.rule, undefined, work, record);
    if (this.faults.isStopped(of.rule)) this.letGo(of);
  }

  private holderOf(of: PlanRule, limit: number): RecordHolder {
    return {
      references: () => referencesOf(of),
      lighten: () => this.stop(of, new LimitReached('characters kept by all rules', limit)),
    };
  }

  private stop(of: PlanRule, reached: LimitReached): void {
    this.faults.guard(of.rule, undefined, () => {
      throw reached;
    });
    this.letGo(of);
  }

  /** What a rule that was stopped keeps, nobody asks for any more. */
  private letGo(of: PlanRule): void {
    of.waiting.clear();
    of.work = undefined;
    this.operators.letGo(of.rule);
    of.budget.release();
  }

  /** The steps whose filters a record may pass. Where they fail together, each is asked by itself: one of them is at fault. */
  private candidates(filters: RecordProgram, record: LogRecord, steps: readonly Step<PlanRule>[]): Iterable<number> {
    try {
      return filters.candidates(record.event);
    } catch {
      const start = rowOf(record.event);
      return [...steps.keys()].filter((at) => {
        const step = steps[at];
        if (step === undefined) return false;
        const decide = (): boolean => compilePredicate(step.filter, TIMELESS)(start) === true;
        return this.faults.guard(step.feed.of.rule, false, decide, record);
      });
    }
  }

  /** A match of a rule that Python has decided, with what it says of it; other rules may hear of it. */
  decided(rule: Rule, record: LogRecord, columns: ReadonlyMap<string, Value>): void {
    const seen = this.asked.get(record);
    if (seen === undefined) return;
    this.operators.hear(rule, { seen, columns });
    this.operators.sweep();
  }

  /** A record that passes the filter of a step. */
  private pass(step: Step<PlanRule>, seen: Seen, found: RuleRow[]): void {
    const { of } = step.feed;
    // The record itself is the match: it need not even have been parsed.
    if (step.rest === undefined && of.immediate) {
      this.give(of, undefined, seen, step.feed.program !== undefined, found);
      return;
    }
    const start = startOf(seen);
    for (const row of step.rest?.(start) ?? [start]) this.take(step, row, seen, found);
  }

  /** A match, or a row that Python has to decide. */
  private give(of: PlanRule, row: Row | undefined, seen: Seen, asks: boolean, found: RuleRow[]): void {
    const { rule, isHeard } = of;
    if (isHeard && asks) this.asked.set(seen.record, seen);
    else if (isHeard) this.operators.hear(rule, { seen, columns: heardColumns(rule, row, seen) });
    if (asks) found.push({ rule, row: undefined, record: seen.record, asks });
    else if (rule.silent !== true) found.push({ rule, row, record: seen.record });
  }

  private take({ feed, late }: Step<PlanRule>, row: Row, seen: Seen, found: RuleRow[]): void {
    const { of, name, program } = feed;
    if (program !== undefined) {
      this.give(of, undefined, seen, true, found);
    } else if (of.isOperator && late === undefined) {
      this.operators.push(of.rule, name, row, seen);
    } else if (of.immediate && late === undefined) {
      this.give(of, row, seen, false, found);
    } else {
      this.records.add(seen.id, seen);
      if (of.work !== undefined && late === undefined) of.work.push(row);
      else {
        of.budget.keep(row);
        of.waiting.add(name, row, late);
      }
    }
  }

  /** What each rule has cost so far; empty unless `stats` was asked for. */
  stats(): ReadonlyMap<Rule, RuleStats> {
    return this.programs.stats();
  }

  /** The rows of rules over time that are sure once no record from before a moment (in ticks) will come. */
  advance(watermark: bigint): RuleRow[] {
    return this.operators.advance(watermark);
  }

  /** What did not go as it should; complete at the end. */
  diagnostics(): Diagnostic[] {
    return [...this.said, ...this.operators.diagnostics()];
  }

  /** What went wrong in rules. */
  failures(): Diagnostic[] {
    return this.faults.diagnostics();
  }

  /** The rows that waited for all records. `clock` is the run's, now that it is known. */
  end(clock: Clock): RuleRow[] {
    const found = this.rules.flatMap((of) => {
      if (of.isOperator) return [];
      of.budget.begin();
      return this.faults.guard(of.rule, [], () => this.endRule(of, withBudget(clock, of.budget)));
    });
    return [...found, ...this.operators.advance('end')];
  }

  private endRule({ rule, parts, waiting, work, isHeard }: PlanRule, clock: Clock): readonly RuleRow[] {
    const query = { shared: parts.shared, result: parts.rest };
    const lacks = parts.feeds.some(({ name, plan }) => isAlwaysSeen(plan) && !waiting.has(name));
    if (lacks && !waiting.isEmpty) this.said.push(...noIndicators(rule));
    const rows =
      work?.rows() ?? runQuery(query, (leaf) => (leaf.kind === 'input' ? waiting.of(leaf.name, clock) : []), clock);
    const found = rows.map((row) => {
      const seen = row.event === undefined || row.id === undefined ? undefined : this.records.get(row.id);
      if (isHeard && seen !== undefined) this.operators.hear(rule, { seen, columns: row.columns });
      return { rule, row, record: seen?.record };
    });
    waiting.clear();
    return rule.silent === true ? [] : found;
  }

  /** How many records were taken. */
  get taken(): number {
    return this.order;
  }

  /** The records that rules may still give or look at, in the order in which they were read. */
  kept(): readonly Seen[] {
    const orders = new Map([...this.references()].map((id) => [id.order, this.records.get(id)]));
    return [...orders.values()].flatMap((seen) => seen ?? []).sort((a, b) => a.id.order - b.id.order);
  }

  /** What is remembered of each rule, but for the records. */
  snapshot(): StoredOperator[] {
    return this.rules.flatMap((of) => {
      const state = this.stateOf(of);
      const { format, id, name } = of.rule;
      return state === undefined
        ? []
        : [{ part: PART, rule: { format, id, name }, fingerprint: this.meaning(of), state }];
    });
  }

  /** A fresh one takes what another remembered. `taken`: how many records that one took. Throws `NotStored`. */
  restore(state: StoredState, taken: number, records: readonly Seen[]): void {
    this.order = taken;
    const kept = new Map(records.map((seen) => [seen.id.order, seen]));
    for (const seen of records) this.records.add(seen.id, seen);
    const eventOf = eventsOf({ get: ({ order }) => kept.get(order) });
    const known = new Map(this.rules.map((of) => [of.rule, of]));
    const rules = this.rules.map(({ rule }) => rule);
    for (const [rule, stored] of state.of(PART, rules, (one) => this.meaning(known.get(one)))) {
      const of = known.get(rule);
      if (of === undefined) continue;
      if (of.isOperator) this.operators.restore(rule, stored);
      else if (of.work !== undefined) of.work.restore(stored, eventOf);
      else of.waiting.restore(stored, eventOf, (feed, id) => lateOf(this.stepOf(of, feed, kept.get(id.order))));
    }
  }

  private stateOf({ rule, isOperator, work, waiting }: PlanRule): Json | undefined {
    if (isOperator) return this.operators.snapshot(rule);
    if (work !== undefined) return work.snapshot();
    return waiting.isEmpty ? undefined : waiting.snapshot();
  }

  private stepOf(of: PlanRule, feed: string, seen: Seen | undefined): Step<PlanRule> | undefined {
    if (seen === undefined) return undefined;
    return this.programs.of(seen.type, seen.shape).steps.find((step) => step.feed.of === of && step.feed.name === feed);
  }

  /** What the state of a rule means: the plan as it is run, the rules it uses, and the time of the run where it asks for that. */
  private meaning(of: PlanRule | undefined): string {
    if (of === undefined) return '';
    const { rule, parts } = of;
    const now = needsTime(parts) ? (this.now?.now.ticks.toString() ?? null) : undefined;
    return contentHash([parts.feeds, parts.shared, parts.rest, now, (rule.uses ?? []).map(ruleFingerprint)]);
  }

  private *references(): Iterable<RecordId> {
    yield* this.operators.references();
    for (const of of this.keeping) yield* referencesOf(of);
  }
}

function* referencesOf({ work, waiting }: PlanRule): Generator<RecordId> {
  if (work !== undefined) yield* work.references();
  yield* waiting.references();
}

function lateOf(step: Step<PlanRule> | undefined): Step<PlanRule>['late'] {
  return step?.late;
}

/** Whether a rule asks anywhere what time it is. */
function needsTime({ feeds, shared, rest }: PreparedPlan): boolean {
  return [...[...feeds, ...shared].map(({ plan }) => plan), rest].some((plan) =>
    [...planNodes(plan)].some((node) => expressions(node).some(readsClock)),
  );
}

/** Undefined where a rule's rows have to wait: for those of another input or of a shared plan, or for the time of the run. */
function workOf(parts: PreparedPlan, now: Clock | undefined, budget: Budget): PlanAtWork | undefined {
  if (parts.rest.kind === 'input' || parts.shared.length > 0) return undefined;
  return now === undefined && needsTime(parts)
    ? undefined
    : planAtWork(parts.rest, withBudget(now ?? TIMELESS, budget));
}

function startOf({ record, id }: Seen): Row {
  return rowOfRecord(record.event, id);
}

/** What other rules may read of a match beside its record: the rule's columns, and what its alert says. */
function heardColumns(rule: Rule, row: Row | undefined, seen: Seen): ReadonlyMap<string, Value> {
  const columns = row?.columns ?? new Map<string, Value>();
  const context = tellerOf(rule)?.(row ?? startOf(seen), seen).alertContext;
  return context === undefined ? columns : new Map([...columns, ['p_alert_context', context]]);
}
