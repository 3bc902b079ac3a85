import type { Expr, Match, PatternScalar } from '../ir/expr.ts';
import { alike, children, type Handlers, LOGIC, PLACES, SCOPES, TESTS, VALUES, visit } from '../ir/traverse.ts';
import type { View } from '../ir/view.ts';
import { compileWildcard } from '../ir/wildcard.ts';
import type { LogType } from './log-type.ts';

/**
 * Whether some record of a log type can satisfy a rule's log-source scope, by the constants that its views give for the
 * scope's fields. In doubt (a field that is computed, a pattern that is more than a comparison) it can.
 */
export function claimedBy(type: LogType, scope: Expr): boolean {
  return type.views.some((view) => canHold(scope, view, true));
}

/** Whether the expression can come out as `wanted` for some record of the view. */
function canHold(expr: Expr, view: View, wanted: boolean): boolean {
  return visit(expr, HOLDS, { view, wanted });
}

const HOLDS: Handlers<boolean, { readonly view: View; readonly wanted: boolean }> = {
  ...alike([...VALUES, ...TESTS, ...SCOPES, 'at-least'], () => true),
  and: ({ items }, { view, wanted }) => items[wanted ? 'every' : 'some']((item) => canHold(item, view, wanted)),
  or: ({ items }, { view, wanted }) => items[wanted ? 'some' : 'every']((item) => canHold(item, view, wanted)),
  not: ({ item }, { view, wanted }) => canHold(item, view, !wanted),
  literal: ({ value }, { wanted }) => value === wanted,
  match: (match, { view, wanted }) => (wanted ? canMatch(match, view) : true),
  exists: ({ subject }, { view, wanted }) =>
    subject.kind === 'field' && wanted ? view.fields.has(subject.name) : true,
};

function canMatch(match: Match, view: View): boolean {
  if (match.subject.kind !== 'field') return true;
  const field = view.fields.get(match.subject.name);
  // A log-source field that the view lacks is never there: views that pass raw fields through name all theirs.
  if (field === undefined) return false;
  const values = possibleValues(field.expr);
  return values === undefined || values.some((value) => fits(match, value));
}

/** The texts that an expression can give, or undefined when some of them come out of the record. */
function possibleValues(expr: Expr): readonly string[] | undefined {
  return visit(expr, POSSIBLE, undefined);
}

const POSSIBLE: Handlers<readonly string[] | undefined> = {
  ...alike([...PLACES, ...LOGIC, ...TESTS, ...SCOPES, 'call', 'scalar-of'], () => undefined),
  literal: ({ value }) => [String(value)],
  missing: () => [],
  list: (list) => all(children(list)),
  cond: ({ branches, otherwise }) => all([...branches.map((branch) => branch.then), otherwise]),
};

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
