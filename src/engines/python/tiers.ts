import type { JsonObject } from '../../base/json.ts';
import { match } from '../../ir/construct.ts';
import { equal } from '../../ir/equal.ts';
import type { Expr, Field } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan.ts';
import type { PythonBundle, PythonLogic, Rule } from '../../ir/rule.ts';
import { type TierReason, type Translation, translateRule } from '../../languages/python/translate/index.ts';
import { textOf } from '../../values/text-of.ts';
import { type Clock, compileExpr, compilePredicate, type Decide, type Evaluate, rowOf } from '../memory/index.ts';

/** How much of a Python rule is known without Python. */
export interface RuleTier {
  /** 1: a condition that is exact; 2: a condition without which it cannot match; 3: Python decides. */
  readonly tier: 1 | 2 | 3;
  readonly byLogType: ReadonlyMap<string, Translation>;
  /** Why it is not tier 1. */
  readonly reasons: readonly TierReason[];
}

const tiers = new WeakMap<Rule, RuleTier>();

/** A rule's tier: the worst of its log types, because data models differ. Undefined for a rule that is no Python. */
export function tierOf(rule: Rule): RuleTier | undefined {
  const { logic } = rule;
  if (logic.kind !== 'python') return undefined;
  const known = tiers.get(rule);
  if (known !== undefined) return known;
  const byLogType = new Map(logic.logTypes.map((logType) => [logType, translationOf(logic, logType)]));
  let tier: RuleTier['tier'] = logic.logTypes.length === 0 ? 3 : 1;
  let reasons: readonly TierReason[] = [];
  for (const found of byLogType.values()) {
    if (found.tier > tier) tier = found.tier;
    if (found.tier !== 1 && reasons.length === 0) reasons = found.reasons;
  }
  const made: RuleTier = { tier, byLogType, reasons };
  tiers.set(rule, made);
  return made;
}

/** Whether lookup tables change the events of a log type before rules see them. */
export function isEnriched({ lookupTables = [] }: PythonBundle, logType: string): boolean {
  return lookupTables.some(({ enabled, selectors }) => enabled && selectors.some((each) => each.logType === logType));
}

/** What is known of a rule's Python, with what decides beside it: inline filters, and lookup tables that change events. */
function translationOf(logic: PythonLogic, logType: string): Translation {
  if (isEnriched(logic.bundle, logType)) {
    return { tier: 3, reasons: [{ text: 'lookup tables enrich its events', span: undefined }] };
  }
  const found = translateRule(logic, logType);
  if (logic.filter === undefined || found.tier !== 1) return found;
  const reasons = [{ text: 'inline filters decide too', span: undefined }];
  return { tier: 2, necessary: found.condition, reasons };
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
    const [first = ''] = logTypes;
    const scope = match(
      { kind: 'field', name: 'p_log_type' },
      logTypes.length === 1 ? { kind: 'equals', value: first } : { kind: 'one-of', values: logTypes },
    );
    return { kind: 'where', input: { kind: 'source', schema: 'panther', scope }, predicate: condition };
  });
  const [only] = inputs;
  return inputs.length === 1 ? only : { kind: 'union', inputs };
}

/** The conditions read no clock. */
const timeless: Clock = {
  get now(): never {
    throw new Error('the condition of a Python rule read the clock');
  },
};

interface Guard {
  readonly rule: Rule;
  readonly decide: Decide;
}

/**
 * Which of many rules need Python for an event of one log type, as Panther's rules are given it. Rules that ask one place of the record for one of a few
 * values are found by that value; the others are asked one by one.
 */
export class TierIndex {
  /** Rules that only Python decides. */
  readonly always: readonly Rule[];
  private readonly groups: { readonly read: Evaluate; readonly byText: ReadonlyMap<string, readonly Guard[]> }[] = [];
  private readonly rest: readonly Guard[];
  /** The order of the rules is that of their results. */
  private readonly order: ReadonlyMap<Rule, number>;

  constructor(rules: readonly Rule[], logType: string) {
    const always: Rule[] = [];
    let open: { rule: Rule; condition: Expr }[] = [];
    for (const rule of rules) {
      const translation = tierOf(rule)?.byLogType.get(logType);
      const condition = translation === undefined ? undefined : conditionOf(translation);
      if (condition === undefined) always.push(rule);
      else open.push({ rule, condition });
    }
    for (;;) {
      const place = mostAsked(open.map(({ condition }) => condition));
      if (place === undefined) break;
      const byText = new Map<string, Guard[]>();
      const left: typeof open = [];
      for (const each of open) {
        const values = valuesAsked(each.condition, place);
        if (values === undefined) left.push(each);
        else {
          const guard = guardOf(each);
          for (const value of new Set(values)) byText.set(value, [...(byText.get(value) ?? []), guard]);
        }
      }
      this.groups.push({ read: compileExpr(place, timeless), byText });
      open = left;
    }
    this.always = always;
    this.rest = open.map(guardOf);
    this.order = new Map(rules.map((rule, at) => [rule, at]));
  }

  /** The rules that must be run as Python on an event, in their order. */
  rulesFor(event: JsonObject): readonly Rule[] {
    const row = rowOf(event);
    const found = [...this.always];
    for (const { read, byText } of this.groups) {
      const value = textOf(read(row));
      if (value === undefined) continue;
      for (const { rule, decide } of byText.get(value) ?? []) if (decide(row) === true) found.push(rule);
    }
    for (const { rule, decide } of this.rest) if (decide(row) === true) found.push(rule);
    if (found.length > 1) found.sort((a, b) => (this.order.get(a) ?? 0) - (this.order.get(b) ?? 0));
    return found;
  }
}

function guardOf({ rule, condition }: { readonly rule: Rule; readonly condition: Expr }): Guard {
  return { rule, decide: compilePredicate(condition, timeless) };
}

/** How many rules make a place worth a reading of its own. */
const FEWEST = 3;

/** The place that most conditions require to have one of a few texts. */
function mostAsked(conditions: readonly Expr[]): Field | undefined {
  const counts = new Map<string, { readonly place: Field; count: number }>();
  for (const condition of conditions) {
    for (const place of placesAsked(condition)) {
      const key = JSON.stringify(place.path);
      const held = counts.get(key);
      if (held === undefined) counts.set(key, { place, count: 1 });
      else held.count += 1;
    }
  }
  const [best] = [...counts.values()].sort((a, b) => b.count - a.count);
  return best !== undefined && best.count >= FEWEST ? best.place : undefined;
}

function placesAsked(condition: Expr): Field[] {
  if (condition.kind === 'or') {
    const [first, ...rest] = condition.items;
    if (first === undefined) return [];
    return placesAsked(first).filter((place) => rest.every((item) => valuesAsked(item, place) !== undefined));
  }
  const items = condition.kind === 'and' ? condition.items : [condition];
  return items.flatMap((item) => {
    if (item.kind === 'or' && condition.kind === 'and') return placesAsked(item);
    if (item.kind !== 'match' || item.subject.kind !== 'field' || item.collation !== 'exact') return [];
    const { subject, pattern } = item;
    return subject.of === undefined && (pattern.kind === 'equals' || pattern.kind === 'one-of') ? [subject] : [];
  });
}

/** The texts of which a place must have one for the condition to hold; undefined where it may have others. */
function valuesAsked(condition: Expr, place: Field): string[] | undefined {
  switch (condition.kind) {
    case 'and':
      for (const item of condition.items) {
        const found = valuesAsked(item, place);
        if (found !== undefined) return found;
      }
      return undefined;
    case 'or': {
      const values: string[] = [];
      for (const item of condition.items) {
        const found = valuesAsked(item, place);
        if (found === undefined) return undefined;
        values.push(...found);
      }
      return values;
    }
    case 'match': {
      const { subject, pattern, collation } = condition;
      if (collation !== 'exact' || !equal(subject, place)) return undefined;
      if (pattern.kind === 'equals') return [String(pattern.value)];
      return pattern.kind === 'one-of' ? pattern.values.map(String) : undefined;
    }
    case 'literal':
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'cond':
    case 'not':
    case 'exists':
    case 'is-null':
    case 'compare':
    case 'some':
      return undefined;
  }
}
