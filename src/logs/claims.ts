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
  return type.views.some((view) => canBeAbout(scope, view.fields));
}

/** The same of records that have these fields of a scope, and no others. */
export function canBeAbout(scope: Expr, fields: View['fields']): boolean {
  return canHold(scope, fields, true);
}

/** Whether the expression can come out as `wanted` for some record with the fields. */
function canHold(expr: Expr, fields: View['fields'], wanted: boolean): boolean {
  return visit(expr, HOLDS, { fields, wanted });
}

const HOLDS: Handlers<boolean, { readonly fields: View['fields']; readonly wanted: boolean }> = {
  ...alike([...VALUES, ...TESTS, ...SCOPES, 'at-least'], () => true),
  and: ({ items }, { fields, wanted }) => items[wanted ? 'every' : 'some']((item) => canHold(item, fields, wanted)),
  or: ({ items }, { fields, wanted }) => items[wanted ? 'some' : 'every']((item) => canHold(item, fields, wanted)),
  not: ({ item }, { fields, wanted }) => canHold(item, fields, !wanted),
  literal: ({ value }, { wanted }) => value === wanted,
  match: (match, { fields, wanted }) => (wanted ? canMatch(match, fields) : true),
  exists: ({ subject }, { fields, wanted }) => (subject.kind === 'field' && wanted ? fields.has(subject.name) : true),
};

function canMatch(match: Match, fields: View['fields']): boolean {
  if (match.subject.kind !== 'field') return true;
  const field = fields.get(match.subject.name);
  // A log-source field that the view lacks is never there: views that pass raw fields through name all theirs.
  if (field === undefined) return false;
  const values = possibleValues(field.expr);
  return values === undefined || values.some((value) => fits(match, value));
}

/** The texts that an expression can give, or undefined when some of them come out of the record. */
export function possibleValues(expr: Expr): readonly string[] | undefined {
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
