import type { Diagnostic } from '../../base/diagnostic.ts';
import { neverDiagnostic } from '../../engines/python/never.ts';
import { tierOf } from '../../engines/python/tiers.ts';
import { pythonOf, type Rule } from '../../ir/rule/rule.ts';
import { declaredBindings, neverByViews } from './never-by-views.ts';

/** Records of one kind that were seen, and what became of rules on them. */
export interface JudgedKind {
  readonly records: number;
  /** Rules about their log source that can match none of them. */
  readonly dead: readonly Rule[];
  /** Rules that can match some of them. */
  readonly alive: readonly Rule[];
}

/** A rule that matches nothing, whatever it is given, and why. */
export interface NeverMatching {
  readonly rule: Rule;
  readonly diagnostic: Diagnostic;
}

/** Of `rules`, those that were given records of their log source and match no record of any. */
export function neverMatching(rules: readonly Rule[], seen: readonly JudgedKind[]): readonly NeverMatching[] {
  const alive = new Set(seen.flatMap((kind) => kind.alive));
  const given = new Map<Rule, number>();
  for (const { records, dead } of seen) {
    for (const rule of dead) if (!alive.has(rule)) given.set(rule, (given.get(rule) ?? 0) + records);
  }
  return rules.flatMap((rule) => {
    const records = given.get(rule);
    const diagnostic = records === undefined ? undefined : whyNever(rule, records);
    return diagnostic === undefined ? [] : [{ rule, diagnostic }];
  });
}

function whyNever(rule: Rule, records: number): Diagnostic | undefined {
  if (pythonOf(rule) === undefined) return neverByViews(rule, declaredBindings())[0];
  const never = tierOf(rule)?.never;
  return never && neverDiagnostic(rule, never, records);
}
