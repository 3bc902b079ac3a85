import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import type { Expr, Pattern } from '../../../ir/expr.ts';
import type { Plan } from '../../../ir/plan/plan.ts';
import type { Rule } from '../../../ir/rule/rule.ts';
import { mapChildren } from '../../../ir/traverse.ts';

/** Rules of one log source that ask the same of an event, whatever the order in which they write it. */
export function lintDuplicateLogic(rules: readonly Rule[]): Diagnostic[] {
  const first = new Map<string, Rule>();
  const found: Diagnostic[] = [];
  for (const rule of rules) {
    const plan = rule.logic.kind === 'plan' ? rowLocal(rule.logic.plan) : undefined;
    if (plan === undefined) continue;
    const key = `${keyOf(plan.scope)}\0${keyOf(plan.predicate)}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, rule);
    else found.push(diagnostic('sigma/duplicate-logic', { title: other.name, other: other.file }, rule.span));
  }
  return found;
}

/** A rule that is a filter over its log source. */
export function rowLocal(plan: Plan): { readonly scope: Expr | null; readonly predicate: Expr } | undefined {
  if (plan.kind !== 'where' || plan.input.kind !== 'source') return undefined;
  return { scope: plan.input.scope, predicate: plan.predicate };
}

/** A text that is the same for expressions that differ in nothing but spans, order, repetition and case that counts for nothing. */
function keyOf(expr: Expr | null): string {
  return expr === null ? '' : JSON.stringify(normal(expr));
}

function normal(expr: Expr): unknown {
  if (expr.kind === 'and' || expr.kind === 'or') {
    const items = [...new Set(expr.items.map((item) => JSON.stringify(normal(item))))].sort();
    return items.length === 1 ? JSON.parse(items[0] ?? 'null') : { kind: expr.kind, items };
  }
  const { span: _, ...node } = mapChildren(expr, (child) => child);
  if (expr.kind === 'match') {
    const fold = expr.collation === 'ignore-case';
    return { ...node, subject: normal(expr.subject), pattern: normalPattern(expr.pattern, fold) };
  }
  if (expr.kind === 'not') return { kind: 'not', item: normal(expr.item) };
  if (expr.kind === 'is-null' || expr.kind === 'exists') return { ...node, subject: normal(expr.subject) };
  if (expr.kind === 'call') return { ...node, args: expr.args.map(normal) };
  return node;
}

function normalPattern(pattern: Pattern, fold: boolean): unknown {
  const text = (value: string | number | boolean): string => (fold ? String(value).toLowerCase() : String(value));
  switch (pattern.kind) {
    case 'equals':
      return ['is', [text(pattern.value)]];
    case 'one-of':
      return ['is', [...new Set(pattern.values.map(text))].sort()];
    case 'prefix':
    case 'suffix':
    case 'contains':
      return [pattern.kind, text(pattern.text)];
    case 'wildcard':
      return [pattern.kind, pattern.parts.map((part) => ('text' in part ? text(part.text) : part))];
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return pattern;
  }
}
