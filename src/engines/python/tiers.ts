import { and, FALSE, or, TRUE } from '../../ir/construct.ts';
import { equal } from '../../ir/equal.ts';
import type { Expr } from '../../ir/expr.ts';
import { ofLogTypes } from '../../ir/plan/ask.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { PythonBundle, PythonProgram } from '../../ir/rule/python.ts';
import { pythonOf, type Rule } from '../../ir/rule/rule.ts';
import {
  moduleScope,
  type Never,
  neverTrue,
  type TierReason,
  type Translation,
  translateRule,
} from '../../languages/python/translate/index.ts';
import { asFilter } from '../../passes/simplify/logic.ts';
import { missingImport } from './missing-import.ts';

/** How much of a Python rule is known without Python. */
export interface RuleTier {
  /** 1: a condition that is exact; 2: a condition without which it cannot match; 3: Python decides. */
  readonly tier: 1 | 2 | 3;
  readonly byLogType: ReadonlyMap<string, Translation>;
  /** Why it is not tier 1. */
  readonly reasons: readonly TierReason[];
  /** Why it matches nothing, on whichever log type. */
  readonly never: Never | undefined;
}

const tiers = new WeakMap<Rule, RuleTier>();

/** A rule's tier: the worst of its log types, because data models differ. Undefined for a rule that is no Python. */
export function tierOf(rule: Rule): RuleTier | undefined {
  const logic = pythonOf(rule);
  if (logic === undefined) return undefined;
  const known = tiers.get(rule);
  if (known !== undefined) return known;
  const byLogType = new Map(logic.logTypes.map((logType) => [logType, translationOf(logic, logType)]));
  let tier: RuleTier['tier'] = logic.logTypes.length === 0 ? 3 : 1;
  let reasons: readonly TierReason[] = [];
  for (const found of byLogType.values()) {
    if (found.tier > tier) tier = found.tier;
    if (found.tier !== 1 && reasons.length === 0) reasons = found.reasons;
  }
  const each = [...byLogType.values()];
  const never = each.every((found) => found.never !== undefined) ? each[0]?.never : undefined;
  const made: RuleTier = { tier, byLogType, reasons, never };
  tiers.set(rule, made);
  return made;
}

/** Whether lookup tables change the events of a log type before rules see them. */
export function isEnriched({ lookupTables = [] }: PythonBundle, logType: string): boolean {
  return lookupTables.some(({ enabled, selectors }) => enabled && selectors.some((each) => each.logType === logType));
}

/** What is known of a rule's Python, with what decides beside it: inline filters, and lookup tables that change events. */
function translationOf(logic: PythonProgram, logType: string): Translation {
  const missing = missingImport(logic);
  if (missing !== undefined) return { tier: 1, condition: FALSE, never: missing };
  if (isEnriched(logic.bundle, logType)) {
    return { tier: 3, reasons: [{ text: 'lookup tables enrich its events', span: undefined }] };
  }
  const found = withNever(logic, translateRule(logic, logType));
  if (logic.filter === undefined || found.tier !== 1) return found;
  const reasons = [{ text: 'inline filters decide too', span: undefined }];
  return { tier: 2, necessary: found.condition, reasons, ...(found.never && { never: found.never }) };
}

/** Says also of a condition that is at odds with itself that it is never true. */
function withNever({ module }: PythonProgram, found: Translation): Translation {
  const condition = conditionOf(found);
  if (found.never !== undefined || condition === undefined || !equal(asFilter(condition), FALSE)) return found;
  const scope = moduleScope(module);
  return 'bindings' in scope ? { ...found, never: neverTrue(scope) } : found;
}

/** The condition of a translation: exact in tier 1, necessary in tier 2. */
export function conditionOf(found: Translation): Expr | undefined {
  if (found.tier === 1) return found.condition;
  return found.tier === 2 ? found.necessary : undefined;
}

/**
 * What is known of a rule, as a plan over its log types' records; undefined in tier 3. Log types with the same condition
 * share one pipeline.
 */
export function tierPlan(rule: Rule): Plan | undefined {
  const found = tierOf(rule);
  if (found === undefined || found.tier === 3) return undefined;
  const groups: { readonly condition: Expr; readonly logTypes: string[] }[] = [];
  for (const [logType, translation] of found.byLogType) {
    const condition = conditionOf(translation);
    if (condition === undefined) return undefined;
    const group = groups.find((each) => equal(each.condition, condition));
    if (group === undefined) groups.push({ condition, logTypes: [logType] });
    else group.logTypes.push(logType);
  }
  const inputs = groups.map(({ condition, logTypes }): Plan => {
    const scope = ofLogTypes(logTypes);
    return { kind: 'where', input: { kind: 'source', schema: 'panther', scope }, predicate: condition };
  });
  const [only] = inputs;
  return inputs.length === 1 ? only : { kind: 'union', inputs };
}

/**
 * What is known of a rule that asks Python, as a filter over the records that it is asked of: what no record can match without;
 * undefined where nothing is known for some log type. Log types that a record has not fold away when it is bound.
 */
export function narrowing(rule: Rule): Expr | undefined {
  const found = tierOf(rule);
  if (found === undefined) return undefined;
  const ways: Expr[] = [];
  for (const [logType, translation] of found.byLogType) {
    const condition = conditionOf(translation) ?? TRUE;
    ways.push(and([ofLogTypes([logType]), condition]));
  }
  return or(ways);
}
