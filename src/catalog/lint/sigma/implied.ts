import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { describe } from '../../../ir/describe.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Rule } from '../../../ir/rule.ts';
import { children } from '../../../ir/traverse.ts';
import { rowLocal } from './duplicate-logic.ts';
import { excludes, implies } from './implies.ts';

/** Lists longer than this are not compared with each other, each with each. */
const MOST_COMPARED = 500;
const MOST_FINDINGS = 50;

/** Alternatives that another one makes needless, and conditions that can never hold together. */
export function lintImplied(rule: Rule): Diagnostic[] {
  const plan = rule.logic.kind === 'plan' ? rowLocal(rule.logic.plan) : undefined;
  if (plan === undefined) return [];
  const found: Diagnostic[] = [];
  visit(plan.predicate, found);
  return found;
}

function visit(expr: Expr, found: Diagnostic[]): void {
  if (found.length >= MOST_FINDINGS) return;
  if (expr.kind === 'or' && expr.items.length <= MOST_COMPARED) needless(expr.items, found);
  if (expr.kind === 'and' && expr.items.length <= MOST_COMPARED) contradictions(expr.items, found);
  for (const child of children(expr)) visit(child, found);
}

function needless(items: readonly Expr[], found: Diagnostic[]): void {
  const dropped = new Set<Expr>();
  for (const narrow of items) {
    const wide = items.find((one) => one !== narrow && !dropped.has(one) && implies(narrow, one));
    if (wide === undefined) continue;
    dropped.add(narrow);
    // The same detection may be named twice by selectors that overlap.
    if (narrow.span?.start === wide.span?.start && narrow.span?.end === wide.span?.end) continue;
    const params = { narrow: short(narrow), wide: short(wide) };
    const context = wide.span === undefined ? [] : [{ span: wide.span, text: 'finds it too' }];
    found.push(diagnostic('sigma/implied', params, narrow.span, { context }));
  }
}

function contradictions(items: readonly Expr[], found: Diagnostic[]): void {
  for (const [index, first] of items.entries()) {
    for (const second of items.slice(index + 1)) {
      for (const [one, other] of pairsOf(first, second)) {
        if (found.length >= MOST_FINDINGS || !excludes(one, other)) continue;
        const context = one.span === undefined ? [] : [{ span: one.span, text: 'and this' }];
        found.push(
          diagnostic('sigma/contradiction', { first: short(one), second: short(other) }, other.span, { context }),
        );
      }
    }
  }
}

/** The tests of two conditions that must both hold: where one is an alternative, each branch of it by itself. */
function pairsOf(first: Expr, second: Expr): readonly (readonly [Expr, Expr])[] {
  if (first.kind === 'or' && second.kind === 'or') return [];
  if (first.kind === 'or') return first.items.slice(0, MOST_COMPARED).map((branch) => [second, branch] as const);
  if (second.kind === 'or') return second.items.slice(0, MOST_COMPARED).map((branch) => [first, branch] as const);
  return [[first, second]];
}

const LONGEST = 90;

function short(expr: Expr): string {
  const text = describe(expr);
  return `\`${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}\``;
}
