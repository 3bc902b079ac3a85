import { FALSE, match } from '../../../../ir/construct.ts';
import type { Expr, Match, Pattern } from '../../../../ir/expr.ts';
import type { Dynamic } from './value.ts';

/** A text pattern on a value; a transform to lower case becomes a match in any case. */
export function textMatch(value: Dynamic, pattern: Pattern): Expr {
  const { expr } = value;
  const options: Partial<Match> = { quantifier: 'whole' };
  const [inner] = expr.kind === 'call' && expr.fn === 'text.lower' ? expr.args : [];
  if (inner === undefined) return match(expr, pattern, options);
  const texts = textsOf(pattern);
  if (texts === undefined) return match(expr, pattern, options);
  const lower = texts.filter((each) => each === each.toLowerCase());
  if (lower.length === 0) return FALSE;
  // Lower case of a whole text is not that of its parts for every character.
  if (pattern.kind !== 'equals' && pattern.kind !== 'one-of' && lower.some((each) => /[^\0-\x7f]/.test(each)))
    return match(expr, pattern, options);
  const narrowed: Pattern = pattern.kind === 'one-of' ? { kind: 'one-of', values: lower } : pattern;
  return match(inner, narrowed, { ...options, collation: 'ignore-case' });
}

function textsOf(pattern: Pattern): readonly string[] | undefined {
  switch (pattern.kind) {
    case 'equals':
      return [String(pattern.value)];
    case 'one-of':
      return pattern.values.map(String);
    case 'prefix':
    case 'suffix':
    case 'contains':
      return [pattern.text];
    case 'wildcard':
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return undefined;
  }
}
