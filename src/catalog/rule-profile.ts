import { asPipelined } from '../detect/seen/never-by-views.ts';
import { pipeline } from '../engines/pipeline.ts';
import { tierOf, tierPlan } from '../engines/python/tiers.ts';
import type { Expr } from '../ir/expr.ts';
import { madeNames } from '../ir/plan/made.ts';
import { EVENT_TIME, type Plan } from '../ir/plan/plan.ts';
import { isRowLocal } from '../ir/plan/row-path.ts';
import { matchesLeaf, usedRules } from '../ir/plan/uses.ts';
import { printPlan } from '../ir/print/print-plan.ts';
import { plansOf, pythonOf, type Rule } from '../ir/rule/rule.ts';
import { isMeant } from '../ir/rule/rule-ref.ts';
import { children, expressions, planNodes } from '../ir/traverse.ts';
import type { Never, TierReason } from '../languages/python/translate/index.ts';
import { bindingOf } from '../logs/binding.ts';
import { pantherNames } from '../logs/panther-names.ts';
import { logType, logTypes } from '../logs/registry.ts';
import type { Binding } from '../passes/bind.ts';
import type { PreparedPlan } from '../passes/pipeline.ts';
import type { Feed } from '../passes/split.ts';

/** What a rule comes to on one log type in one of its shapes. */
export interface Residual {
  readonly logType: string;
  readonly shape: string;
  readonly plan: Plan;
  readonly text: string;
}

/** What is known of a Python rule without Python. */
export interface TierProfile {
  readonly tier: 1 | 2 | 3;
  /** Tier 1: what the rule comes to; tier 2: what must hold for a match; undefined in tier 3. */
  readonly plan: Plan | undefined;
  readonly text: string | undefined;
  /** Why Python is needed, and where in the Python files. */
  readonly reasons: readonly TierReason[];
  /** Why it matches nothing. */
  readonly never: Never | undefined;
}

/** A rule as normalized logic. */
export interface RuleProfile {
  /** For a rule that is Python. */
  readonly tier?: TierProfile;
  /** The plan as text; undefined for a rule that is Python. */
  readonly text: string | undefined;
  readonly plan: Plan | undefined;
  /** The fields of its schema that it asks for. */
  readonly fields: readonly string[];
  /** The ids of the rules whose matches it reads. */
  readonly uses: readonly string[];
  /** Tables (Kusto) or log types (Panther) that it names. */
  readonly sources: readonly string[];
  /** The log types on which it can match. */
  readonly logTypes: readonly string[];
  /** On the log type that was asked for: over raw fields, one for each way its records come. */
  readonly residuals: readonly Residual[];
}

/** Describes a rule; `typeName`: also what it comes to on that log type. */
export function profileRule(rule: Rule, typeName?: string): RuleProfile {
  return new Profiler().profile(rule, typeName);
}

/** Whether a rule can match records of one of the log types: looks at these alone. */
export function canMatch(rule: Rule, typeNames: readonly string[]): boolean {
  if (pythonOf(rule) !== undefined && tierOf(rule)?.never !== undefined) return false;
  const profiler = new Profiler();
  return typeNames.some((name) => profiler.isAble(rule, name));
}

/** The fields of its schema that a rule asks for, those of the rules that it uses too; of Python they are not known. */
export function fieldsRead(rule: Rule): ReadonlySet<string> {
  return new Set([...usedRules(rule)].flatMap(fieldsOf));
}

/** Says whether rules can match records of log types; what is found out of a rule serves every type. */
export function ruleReach(): (rule: Rule, typeName: string) => boolean {
  // Documents may hold anything; what a shipper writes is what the views make.
  const profiler = new Profiler(asPipelined);
  return (rule, typeName) => profiler.isAble(rule, typeName);
}

/** Rules may use others many times over: what is found of one is found once. */
class Profiler {
  private readonly prepared = new Map<Rule, PreparedPlan>();
  private readonly able = new Map<Rule, Map<string, boolean>>();
  private readonly asRead: (binding: Binding) => Binding;

  constructor(asRead: (binding: Binding) => Binding = (binding) => binding) {
    this.asRead = asRead;
  }

  profile(rule: Rule, typeName: string | undefined): RuleProfile {
    const program = pythonOf(rule);
    if (program !== undefined) {
      const found = tierOf(rule);
      const plan = tierPlan(rule);
      const text = plan && printPlan(plan);
      const tier = found && { tier: found.tier, plan, text, reasons: found.reasons, never: found.never };
      const able = found?.never === undefined ? logTypes.filter((type) => this.isAble(rule, type.name)) : [];
      return {
        ...(tier !== undefined && { tier }),
        text: undefined,
        plan: undefined,
        fields: [],
        uses: [],
        sources: program.logTypes,
        logTypes: able.map((type) => type.name),
        residuals: [],
      };
    }
    const { plan } = rule.logic;
    const tables = tablesOf(rule);
    // Any table's rows may have been exported.
    const rows = tables.flatMap((table) => [`defender.${table}`, `sentinel.${table}`]);
    const declared = logTypes.filter((type) => type.declared).map((type) => type.name);
    return {
      text: printPlan(plan),
      plan,
      fields: [...new Set([...usedRules(rule)].flatMap(fieldsOf))].sort(),
      uses: [...new Set([...planNodes(plan)].flatMap((node) => (node.kind === 'matches' ? [node.rule.id] : [])))],
      sources: tables,
      logTypes: [...new Set([...declared, ...rows])].filter((name) => this.isAble(rule, name)),
      residuals: typeName === undefined ? [] : this.residuals(rule, typeName),
    };
  }

  /** Whether a rule can match on a log type. */
  isAble(rule: Rule, typeName: string): boolean {
    const byType = this.able.get(rule) ?? new Map<string, boolean>();
    this.able.set(rule, byType);
    const known = byType.get(typeName);
    if (known !== undefined) return known;
    const program = pythonOf(rule);
    const found =
      program === undefined
        ? this.hasResidual(rule, typeName)
        : pantherNames(logType(typeName)).some((name) => program.logTypes.includes(name));
    byType.set(typeName, found);
    return found;
  }

  private residuals(rule: Rule, typeName: string): Residual[] {
    return [...this.residualPlans(rule, typeName)]
      .filter(({ plan }) => plan.kind !== 'never')
      .map(({ shape, plan }) => ({ logType: logType(typeName).name, shape, plan, text: printPlan(plan) }));
  }

  private hasResidual(rule: Rule, typeName: string): boolean {
    for (const { plan } of this.residualPlans(rule, typeName)) if (plan.kind !== 'never') return true;
    return false;
  }

  /** What a rule comes to on each shape of a log type, one by one: it may be large. */
  private *residualPlans(rule: Rule, typeName: string): Generator<{ readonly shape: string; readonly plan: Plan }> {
    const type = logType(typeName);
    const { feeds, rest } = this.prepare(rule);
    const fed = feeds.map((feed): Feed => {
      const leaf = matchesLeaf(feed.plan);
      const meant = leaf === undefined ? [] : (rule.uses ?? []).filter((used) => isMeant(leaf.rule, used));
      const isFed = leaf === undefined || meant.some((used) => this.isAble(used, typeName));
      return isFed ? feed : { ...feed, plan: { kind: 'never' } };
    });
    for (const shape of type.shapes) {
      const plan = pipeline.whole({ feeds: fed, rest }, this.asRead(bindingOf(type, shape)));
      yield { shape: shape.name, plan };
    }
  }

  private prepare(rule: Rule): PreparedPlan {
    const known = this.prepared.get(rule) ?? pipeline.prepare(rule.logic.plan, rule.logic.columns, rule.logic.shared);
    this.prepared.set(rule, known);
    return known;
  }
}

function tablesOf({ logic }: Rule): readonly string[] {
  const tables = plansOf(logic)
    .flatMap((plan) => [...planNodes(plan)])
    .flatMap((node) => (node.kind === 'source' ? (node.table ?? []) : []));
  return [...new Set(tables)];
}

function fieldsOf({ logic }: Rule): string[] {
  const found = new Set<string>();
  const made = new Set<string>();
  for (const node of plansOf(logic).flatMap((plan) => [...planNodes(plan)])) {
    if (isRowLocal(node)) for (const name of madeNames(node)) made.add(name);
    if (node.kind === 'summarize') for (const column of node.by) made.add(column.name);
    if (node.kind === 'threshold' || node.kind === 'sequence') made.add(EVENT_TIME);
    for (const expr of expressions(node)) collect(expr, found);
  }
  // A name that the rule makes itself may also be a field (`extend X = tolower(X)`): then some expression reads it first.
  return [...found].filter((name) => !made.has(name));
}

function collect(expr: Expr, found: Set<string>): void {
  if (expr.kind === 'field' && expr.of === undefined) found.add(expr.name);
  if (expr.kind === 'raw' && expr.of === undefined) for (const path of expr.paths) found.add(path.join('.'));
  for (const child of children(expr)) collect(child, found);
}
