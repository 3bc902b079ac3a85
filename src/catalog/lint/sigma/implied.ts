import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import type { Expr } from '../../../ir/expr.ts';
import { describe } from '../../../ir/print/describe.ts';
import type { Rule } from '../../../ir/rule/rule.ts';
import { children } from '../../../ir/traverse.ts';
import { rowLocal } from './duplicate-logic.ts';
import { excludes, implies } from './implies.ts';

/** Lists longer than this are not compared with each other, each with each. */
const MOST_COMPARED = 500;
const MOST_FINDINGS = 50;
/** Comparisons for one rule: far more than real rules take, and a second at the most. */
const MOST_COMPARISONS = 1_000_000;

interface Work {
  readonly found: Diagnostic[];
  left: number;
}

/** Alternatives that another one makes needless, and conditions that can never hold together. */
export function lintImplied(rule: Rule): Diagnostic[] {
  const plan = rule.logic.kind === 'plan' ? rowLocal(rule.logic.plan) : undefined;
  if (plan === undefined) return [];
  const work: Work = { found: [], left: MOST_COMPARISONS };
  visit(plan.predicate, work);
  return work.found;
}

function visit(expr: Expr, work: Work): void {
  if (work.found.length >= MOST_FINDINGS || work.left <= 0) return;
  if (expr.kind === 'or' && expr.items.length <= MOST_COMPARED) needless(expr.items, work);
  if (expr.kind === 'and' && expr.items.length <= MOST_COMPARED) contradictions(expr.items, work);
  for (const child of children(expr)) visit(child, work);
}

function needless(items: readonly Expr[], work: Work): void {
  const dropped = new Set<Expr>();
  for (const narrow of items) {
    work.left -= items.length;
    if (work.left <= 0) return;
    const wide = items.find((one) => one !== narrow && !dropped.has(one) && implies(narrow, one));
    if (wide === undefined) continue;
    dropped.add(narrow);
    // The same detection may be named twice by selectors that overlap.
    if (narrow.span?.start === wide.span?.start && narrow.span?.end === wide.span?.end) continue;
    const params = { narrow: short(narrow), wide: short(wide) };
    const context = wide.span === undefined ? [] : [{ span: wide.span, text: 'finds it too' }];
    work.found.push(diagnostic('sigma/implied', params, narrow.span, { context }));
  }
}

function contradictions(items: readonly Expr[], work: Work): void {
  for (const [index, first] of items.entries()) {
    for (const second of items.slice(index + 1)) {
      for (const [one, other] of pairsOf(first, second)) {
        work.left -= 1;
        if (work.found.length >= MOST_FINDINGS || work.left <= 0) return;
        if (!excludes(one, other)) continue;
        const context = one.span === undefined ? [] : [{ span: one.span, text: 'and this' }];
        work.found.push(
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
