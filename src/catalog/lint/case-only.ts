import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import {
  type Clock,
  compileExpr,
  compilePredicate,
  type Decide,
  type Evaluate,
  rowOf,
} from '../../engines/memory/index.ts';
import type { Expr, Match } from '../../ir/expr.ts';
import { describe, describeValue } from '../../ir/print/describe.ts';
import { pythonOf, type Rule } from '../../ir/rule/rule.ts';
import { children } from '../../ir/traverse.ts';
import type { Binding } from '../../passes/bind.ts';
import { textOf } from '../../values/text-of.ts';
import { boundFilters } from './bound-filters.ts';

/** A case-sensitive test of a rule, bound to one log type in one shape. */
interface Test {
  readonly written: Match;
  readonly subject: Evaluate;
  readonly exact: Decide;
  readonly anyCase: Decide;
}

interface Finding {
  readonly rule: Rule;
  readonly written: Match;
  seen: string;
  records: number;
}

/** Finds case-sensitive tests that records fail by nothing but the case of their letters. */
export class CaseOnlyLint {
  private readonly rules: readonly Rule[];
  private readonly clock: Clock;
  private readonly tests = new Map<Binding, readonly { rule: Rule; test: Test }[]>();
  private readonly findings = new Map<Match, Finding>();

  constructor(rules: readonly Rule[], clock: Clock) {
    this.rules = rules;
    this.clock = clock;
  }

  /** Looks at one record; `binding` must be the same object for all records of a log type in a shape. */
  see(event: JsonObject, binding: Binding): void {
    const row = rowOf(event);
    for (const { rule, test } of this.testsFor(binding)) {
      if (test.exact(row) === true || test.anyCase(row) !== true) continue;
      const finding = this.findings.get(test.written) ?? { rule, written: test.written, seen: '', records: 0 };
      const value = test.subject(row);
      finding.seen ||= textOf(Array.isArray(value) ? value[0] : value) ?? '';
      finding.records += 1;
      this.findings.set(test.written, finding);
    }
  }

  report(): readonly Diagnostic[] {
    return [...this.findings.values()].map(({ rule, written, seen, records }) => {
      const field = describeValue(written.subject);
      const condition = describe(written).slice(field.length + 1);
      return diagnostic(
        'lint/case-only',
        { field, written: `\`${condition}\``, seen, records },
        written.span ?? rule.span,
      );
    });
  }

  private testsFor(binding: Binding): readonly { rule: Rule; test: Test }[] {
    const known = this.tests.get(binding);
    if (known !== undefined) return known;
    const tests = this.rules.flatMap((rule) => testsOf(rule, binding, this.clock).map((test) => ({ rule, test })));
    this.tests.set(binding, tests);
    return tests;
  }
}

function testsOf(rule: Rule, binding: Binding, clock: Clock): readonly Test[] {
  if (rule.logic.kind !== 'plan' || pythonOf(rule) !== undefined) return [];
  return boundFilters(rule, binding).flatMap(({ written, bound }) => pairs(written, bound, clock));
}

/** The tests of a filter as the rule wrote it, each with what it became: the two are alike down to the matches. */
function pairs(written: Expr, bound: Expr, clock: Clock): readonly Test[] {
  if (written.kind === 'match') {
    const usable = bound.kind === 'match' && written.collation === 'exact' && hasText(written);
    return usable ? [compileTest(written, bound, clock)] : [];
  }
  if (written.kind !== 'and' && written.kind !== 'or' && written.kind !== 'not') return [];
  const inner = children(bound);
  return children(written).flatMap((child, index) => {
    const made = inner[index];
    return made === undefined ? [] : pairs(child, made, clock);
  });
}

function compileTest(written: Match, bound: Match, clock: Clock): Test {
  return {
    written,
    subject: compileExpr(bound.subject, clock),
    exact: compilePredicate(bound, clock),
    anyCase: compilePredicate({ ...bound, collation: 'ignore-case' }, clock),
  };
}

function hasText({ pattern }: Match): boolean {
  switch (pattern.kind) {
    case 'equals':
      return typeof pattern.value === 'string';
    case 'one-of':
      return pattern.values.some((value) => typeof value === 'string');
    case 'prefix':
    case 'suffix':
    case 'contains':
    case 'wildcard':
      return true;
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return false;
  }
}
