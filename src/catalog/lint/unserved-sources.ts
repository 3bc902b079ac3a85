import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { pipeline } from '../../engines/pipeline.ts';
import type { Expr, Match, WildcardPart } from '../../ir/expr.ts';
import { rowPath } from '../../ir/plan/row-path.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { Binding } from '../../passes/bind.ts';

/**
 * Index patterns of an ES|QL rule that no log type's view serves: of raw logs nothing is found there. Indices of alerts are none of
 * them, for rules see the alerts of others.
 */
export function lintSources(rule: Rule, bindings: readonly Binding[]): readonly Diagnostic[] {
  if (rule.language !== 'esql' || rule.logic.kind !== 'plan') return [];
  const { feeds } = pipeline.prepare(rule.logic.plan, rule.logic.columns, rule.logic.shared);
  const patterns = feeds.flatMap(({ plan }) => {
    const { below } = rowPath(plan);
    return below.kind === 'source' && below.scope !== null ? patternsIn(below.scope) : [];
  });
  return patterns.flatMap((one) => {
    const pattern = one.pattern.kind === 'wildcard' ? one.pattern.parts.map(written).join('') : '';
    const name = one.pattern.kind === 'equals' ? String(one.pattern.value) : pattern;
    if (ALERTS.test(name) || bindings.some((binding) => isServed(one, binding))) return [];
    return [diagnostic('lint/unserved-source', { pattern: name }, one.subject.span ?? rule.span)];
  });
}

const ALERTS = /^\.(?:internal\.)?alerts-/;

/** The patterns that a scope takes documents of; those that it leaves out serve nothing. */
function patternsIn(scope: Expr): readonly Match[] {
  if (scope.kind === 'and' || scope.kind === 'or') return scope.items.flatMap(patternsIn);
  return scope.kind === 'match' ? [scope] : [];
}

function written(part: WildcardPart): string {
  return 'text' in part ? part.text : '*';
}

function isServed(scope: Expr, binding: Binding): boolean {
  return pipeline.residual({ kind: 'source', schema: 'ecs', scope }, binding).kind !== 'never';
}
