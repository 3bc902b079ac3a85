import type { Expr, Match, PatternScalar } from '../ir/expr.ts';
import { children } from '../ir/traverse.ts';
import type { View } from '../ir/view.ts';
import { compileWildcard } from '../ir/wildcard.ts';
import type { LogType } from './log-type.ts';

/**
 * Whether some record of a log type can satisfy a rule's log-source scope, by the constants that its views give for the
 * scope's fields. In doubt (a field that is computed, a pattern that is more than a comparison) it can.
 */
export function claimedBy(type: LogType, scope: Expr): boolean {
  return type.views.some((view) => canBeAbout(scope, view.fields));
}

/** The same of records that have these fields of a scope, and no others. */
export function canBeAbout(scope: Expr, fields: View['fields']): boolean {
  return canHold(scope, fields, true);
}

/** Whether the expression can come out as `wanted` for some record with the fields. */
function canHold(expr: Expr, fields: View['fields'], wanted: boolean): boolean {
  switch (expr.kind) {
    case 'and':
      return expr.items[wanted ? 'every' : 'some']((item) => canHold(item, fields, wanted));
    case 'or':
      return expr.items[wanted ? 'some' : 'every']((item) => canHold(item, fields, wanted));
    case 'not':
      return canHold(expr.item, fields, !wanted);
    case 'literal':
      return expr.value === wanted;
    case 'match':
      return wanted ? canMatch(expr, fields) : true;
    case 'exists':
      return expr.subject.kind === 'field' && wanted ? fields.has(expr.subject.name) : true;
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'cond':
    case 'is-null':
    case 'compare':
    case 'some':
      return true;
  }
}

function canMatch(match: Match, fields: View['fields']): boolean {
  if (match.subject.kind !== 'field') return true;
  const field = fields.get(match.subject.name);
  // A log-source field that the view lacks is never there: views that pass raw fields through name all theirs.
  if (field === undefined) return false;
  const values = possibleValues(field.expr);
  return values === undefined || values.some((value) => fits(match, value));
}

/** The texts that an expression can give, or undefined when some of them come out of the record. */
function possibleValues(expr: Expr): readonly string[] | undefined {
  switch (expr.kind) {
    case 'literal':
      return [String(expr.value)];
    case 'missing':
      return [];
    case 'list':
      return all(children(expr));
    case 'cond':
      return all([...expr.branches.map((branch) => branch.then), expr.otherwise]);
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'and':
    case 'or':
    case 'not':
    case 'exists':
    case 'is-null':
    case 'compare':
    case 'match':
    case 'some':
      return undefined;
  }
}

function all(exprs: readonly Expr[]): readonly string[] | undefined {
  const values: string[] = [];
  for (const expr of exprs) {
    const some = possibleValues(expr);
    if (some === undefined) return undefined;
    values.push(...some);
  }
  return values;
}

function fits(match: Match, value: string): boolean {
  const fold = (one: PatternScalar): string => (match.collation === 'exact' ? String(one) : String(one).toLowerCase());
  const text = fold(value);
  const { pattern } = match;
  switch (pattern.kind) {
    case 'equals':
      return fold(pattern.value) === text;
    case 'one-of':
      return pattern.values.some((one) => fold(one) === text);
    case 'prefix':
      return text.startsWith(fold(pattern.text));
    case 'suffix':
      return text.endsWith(fold(pattern.text));
    case 'contains':
      return text.includes(fold(pattern.text));
    case 'wildcard':
      return compileWildcard(pattern.parts, match.collation === 'ignore-case')(value);
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return true;
  }
}
