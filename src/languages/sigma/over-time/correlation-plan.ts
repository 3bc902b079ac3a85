import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { and, not, or } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { ColumnType, Matches, Threshold } from '../../../ir/plan/plan.ts';
import type { RuleRef } from '../../../ir/rule/rule-ref.ts';
import type { Condition } from '../ast.ts';
import type { CorrelationDefinition, CorrelationType, RuleReference } from './correlation.ts';
import { type Bound, hasRule, type Measure, thresholdPlan } from './threshold-plan.ts';

/**
 * The plan of a correlation over the matches of rules. `referred` has each rule by the text of its reference; `same` gives the text by which
 * the correlation refers to the rule that another text means. Undefined when something is wrong, which was reported.
 */
export function correlationPlan(
  definition: CorrelationDefinition,
  referred: ReadonlyMap<string, ReferredRule>,
  same: (reference: RuleReference) => string | undefined,
  report: (found: Diagnostic) => void,
): Threshold | undefined {
  const fieldOf = readAliases(definition, same, report);
  const shape = shapeOf(definition, report);
  if (fieldOf === undefined || shape === undefined) return undefined;
  const { groupBy, within, fields } = definition;
  const which = countsMatches(shape.measure) ? 'told' : 'all';
  const rules = [...referred].map(([name, { rule, columns, fieldName }]) => ({
    name,
    plan: { kind: 'matches', rule, schema: 'sigma', columns, which } satisfies Matches,
    keys: groupBy.map((key) => fieldName(fieldOf(key, name))),
    values: fields.map((field) => fieldName(fieldOf(field, name))),
  }));
  return thresholdPlan({ rules, by: groupBy, within, ...shape });
}

/** A rule that a correlation refers to. */
interface ReferredRule {
  readonly rule: RuleRef;
  /** The columns that its matches have. */
  readonly columns: readonly ColumnType[];
  /** What a field is called in its events, after pipelines. */
  readonly fieldName: (name: string) => string;
}

type FieldOf = (name: string, rule: string) => string;

/** What a name means in the events of a rule: the field that an alias of that name gives, else the field itself. */
function readAliases(
  { aliases, rules }: CorrelationDefinition,
  same: (reference: RuleReference) => string | undefined,
  report: (found: Diagnostic) => void,
): FieldOf | undefined {
  const fields = new Map<string, Map<string, string>>();
  let sound = true;
  for (const alias of aliases) {
    const byRule = new Map<string, string>();
    for (const { rule, field } of alias.fields) {
      const name = same(rule);
      if (name === undefined) {
        const names = rules.map((one) => one.text);
        const problem = `the alias \`${alias.name}\` names \`${rule.text}\`, which is none of the correlation's rules`;
        report(diagnostic('sigma/correlation-alias', { problem, near: didYouMean(rule.text, names) }, rule.span));
        sound = false;
      } else byRule.set(name, field);
    }
    fields.set(alias.name, byRule);
  }
  return sound ? (name, rule) => fields.get(name)?.get(rule) ?? name : undefined;
}

interface Shape {
  readonly measure: Measure;
  readonly bounds: readonly Bound[];
  readonly seen?: Expr;
}

function shapeOf(definition: CorrelationDefinition, report: (found: Diagnostic) => void): Shape | undefined {
  const { type, expression, bounds, rules } = definition;
  const measure = measureOf(definition);
  if (expression === undefined) return { measure, bounds };
  if (type !== 'temporal_ordered') return { measure, bounds, seen: seenExpr(expression) };
  const parts = expression.kind === 'and' ? expression.items : [expression];
  const wanted: string[] = [];
  const absent: Expr[] = [];
  for (const part of parts) {
    if (part.kind === 'reference') wanted.push(part.name);
    else if (part.kind === 'not' && part.item.kind === 'reference') absent.push(seenExpr(part));
    else {
      const what = 'temporal_ordered, with a condition that is more than names and `not` names joined by `and`';
      report(diagnostic('unsupported/sigma-correlation', { type: what }, part.span));
      return undefined;
    }
  }
  // The order is that of `rules`, or of the condition where there are none.
  const of = rules.flatMap(({ text }, place) => (wanted.includes(text) ? [place] : []));
  const all: readonly Bound[] = [{ op: '>=', value: of.length }];
  return { measure: { fn: 'in-order', inputs: of }, bounds: all, seen: and(absent) };
}

function measureOf({ type, rules, percent }: CorrelationDefinition): Measure {
  const kinds: Record<CorrelationType, Measure> = {
    event_count: { fn: 'count' },
    value_count: { fn: 'count-distinct' },
    temporal: { fn: 'inputs' },
    temporal_ordered: { fn: 'in-order', inputs: rules.map((_, place) => place) },
    value_sum: { fn: 'sum' },
    value_avg: { fn: 'avg' },
    value_percentile: { fn: 'percentile', percent },
    value_median: { fn: 'percentile', percent: 50 },
  };
  return kinds[type];
}

/** Whether matches of a nested correlation are counted, so that one that lasts must be one match, or only have to be near. */
function countsMatches({ fn }: Measure): boolean {
  switch (fn) {
    case 'count':
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'percentile':
      return true;
    case 'count-distinct':
    case 'inputs':
    case 'in-order':
      return false;
  }
}

function seenExpr(condition: Condition): Expr {
  switch (condition.kind) {
    case 'reference':
      return hasRule(condition.name);
    case 'selector':
      return hasRule(condition.pattern);
    case 'not':
      return not(seenExpr(condition.item));
    case 'and':
      return and(condition.items.map(seenExpr));
    case 'or':
      return or(condition.items.map(seenExpr));
  }
}
