import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { LoadOutcome } from '../formats/rule-file.ts';
import type { FilterLink, LogSourceNames } from '../formats/sigma/link.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan } from '../ir/plan/plan.ts';
import type { Resolved } from './resolve-rules.ts';
import { RuleIndex } from './rule-index.ts';

type FilterEvents = (plan: Plan, condition: Expr) => Plan;

/**
 * Adds the conditions of Sigma filters to the rules they are for, as the reference implementation does: those they name (or
 * `any`) whose log source has what the filter's has, never correlations themselves. The filters that are sound leave the
 * outcomes: they are no rules.
 */
export function applyFilters(outcomes: readonly LoadOutcome[], filterEvents: FilterEvents): Resolved {
  const diagnostics: Diagnostic[] = [];
  const conditions = new Map<LoadOutcome, Expr[]>();
  const index = new RuleIndex(outcomes);
  for (const { link, status } of outcomes) {
    if (link?.kind !== 'filter' || status === 'invalid') continue;
    if (link.definition.onlySelects) diagnostics.push(keeps(link));
    for (const outcome of filteredBy(link, outcomes, index, diagnostics)) {
      const all = conditions.get(outcome) ?? [];
      all.push(link.definition.predicate);
      conditions.set(outcome, all);
    }
  }
  const changed = outcomes
    .filter((outcome) => outcome.link?.kind !== 'filter' || outcome.status === 'invalid')
    .map((outcome): LoadOutcome => {
      const added = conditions.get(outcome);
      if (added === undefined || outcome.status !== 'loaded' || outcome.rule.logic.kind !== 'plan') return outcome;
      const { logic } = outcome.rule;
      return {
        ...outcome,
        rule: { ...outcome.rule, logic: { ...logic, plan: added.reduce(filterEvents, logic.plan) } },
      };
    });
  return { outcomes: changed, diagnostics };
}

function filteredBy(
  filter: FilterLink,
  outcomes: readonly LoadOutcome[],
  index: RuleIndex,
  diagnostics: Diagnostic[],
): readonly LoadOutcome[] {
  const { rules } = filter.definition;
  if (rules === undefined) return outcomes.filter((outcome) => fits(filter, outcome));
  return rules.flatMap(({ text, span }) => {
    const named = index.find(text, span.source).filter((outcome) => outcome.link?.kind !== 'correlation');
    if (named.length === 0) {
      diagnostics.push(diagnostic('sigma/filter-without-rule', { reference: text, near: index.near(text) }, span));
      return [];
    }
    const found = named.filter((outcome) => fits(filter, outcome));
    if (found.length === 0) diagnostics.push(diagnostic('sigma/filter-logsource', { reference: text }, span));
    return found;
  });
}

function fits(filter: FilterLink, { link }: LoadOutcome): boolean {
  if (link?.kind !== 'rule') return false;
  const keys: readonly (keyof LogSourceNames)[] = ['product', 'category', 'service'];
  return keys.every((key) => {
    const wanted = filter.logsource[key]?.toLowerCase();
    return wanted === undefined || wanted === link.logsource[key]?.toLowerCase();
  });
}

function keeps(filter: FilterLink): Diagnostic {
  const { condition } = filter.definition;
  return diagnostic('sigma/filter-keeps', { filter: filter.title }, condition?.span, { fixes: filter.negate });
}
