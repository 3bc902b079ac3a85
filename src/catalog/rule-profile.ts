import { pipeline } from '../engines/pipeline.ts';
import { tierOf, tierPlan } from '../engines/python/tiers.ts';
import type { Expr } from '../ir/expr.ts';
import { madeNames } from '../ir/made.ts';
import { EVENT_TIME, type Plan } from '../ir/plan.ts';
import { printPlan } from '../ir/print.ts';
import { isRowLocal } from '../ir/row-path.ts';
import { pythonOf, type Rule } from '../ir/rule.ts';
import { children, expressions, planNodes } from '../ir/traverse.ts';
import type { TierReason } from '../languages/python/translate/index.ts';
import { bindingOf } from '../logs/binding.ts';
import type { LogType } from '../logs/log-type.ts';
import { logType, logTypes } from '../logs/registry.ts';
import type { PreparedPlan } from '../passes/pipeline.ts';

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
  /** Tables (Kusto) or log types (Panther) that it names. */
  readonly sources: readonly string[];
  /** The log types on which it can match. */
  readonly logTypes: readonly string[];
  /** On the log type that was asked for: over raw fields, one for each way its records come. */
  readonly residuals: readonly Residual[];
}

/** Describes a rule; `typeName`: also what it comes to on that log type. */
export function profileRule(rule: Rule, typeName?: string): RuleProfile {
  const program = pythonOf(rule);
  if (program !== undefined) {
    const { logTypes: named } = program;
    const able = logTypes.filter((type) => pantherNames(type).some((name) => named.includes(name)));
    const found = tierOf(rule);
    const plan = tierPlan(rule);
    const text = plan && printPlan(plan);
    return {
      ...(found !== undefined && { tier: { tier: found.tier, plan, text, reasons: found.reasons } }),
      text: undefined,
      plan: undefined,
      fields: [],
      sources: named,
      logTypes: able.map((type) => type.name),
      residuals: [],
    };
  }
  if (rule.logic.kind === 'correlation') {
    const named = rule.logic.correlations.flatMap((part) => part.members.map((member) => member.rule));
    const sources = [...new Set(named)];
    return { text: undefined, plan: undefined, fields: [], sources, logTypes: [], residuals: [] };
  }
  const { plan, columns } = rule.logic;
  const prepared = pipeline.prepare(plan, columns);
  const tables = [
    ...new Set([...planNodes(plan)].flatMap((node) => (node.kind === 'source' ? (node.table ?? []) : []))),
  ];
  // Any table's rows may have been exported.
  const rows = tables.flatMap((table) => [`defender.${table}`, `sentinel.${table}`]);
  const declared = logTypes.filter((type) => type.declared).map((type) => type.name);
  const able = [...new Set([...declared, ...rows])].filter((name) => residualsOf(prepared, name).length > 0);
  return {
    text: printPlan(plan),
    plan,
    fields: fieldsOf(plan),
    sources: tables,
    logTypes: able,
    residuals: typeName === undefined ? [] : residualsOf(prepared, typeName),
  };
}

/** What Panther calls the log type's events. */
function pantherNames(type: LogType): string[] {
  return type.views.flatMap((view) => {
    const name = view.schema === 'panther' ? view.fields.get('p_log_type')?.expr : undefined;
    return name?.kind === 'literal' && typeof name.value === 'string' ? [name.value] : [];
  });
}

function residualsOf(prepared: PreparedPlan, typeName: string): Residual[] {
  const type = logType(typeName);
  return type.shapes.flatMap((shape) => {
    const residual = pipeline.whole(prepared, bindingOf(type, shape));
    if (residual.kind === 'never') return [];
    return [{ logType: type.name, shape: shape.name, plan: residual, text: printPlan(residual) }];
  });
}

function fieldsOf(plan: Plan): string[] {
  const found = new Set<string>();
  const made = new Set<string>();
  for (const node of planNodes(plan)) {
    if (isRowLocal(node)) for (const name of madeNames(node)) made.add(name);
    if (node.kind === 'summarize') for (const column of node.by) made.add(column.name);
    if (node.kind === 'correlate') for (const name of ['last_time', EVENT_TIME]) made.add(name);
    for (const expr of expressions(node)) collect(expr, found);
  }
  // A name that the rule makes itself may also be a field (`extend X = tolower(X)`): then some expression reads it first.
  return [...found].filter((name) => !made.has(name)).sort();
}

function collect(expr: Expr, found: Set<string>): void {
  if (expr.kind === 'field' && expr.of === undefined) found.add(expr.name);
  if (expr.kind === 'raw' && expr.of === undefined) for (const path of expr.paths) found.add(path.join('.'));
  for (const child of children(expr)) collect(child, found);
}
