import type { Expr, Match } from './expr.ts';
import { children } from './traverse.ts';

/** The comparisons of a scope, but for those of what it takes away again. */
export function matchesIn(scope: Expr): readonly Match[] {
  if (scope.kind === 'not') return [];
  return scope.kind === 'match' ? [scope] : children(scope).flatMap(matchesIn);
}

/** `product=okta,service=okta`: what a scope over fields of a log source asks for, as `--log-source` says it. */
export function sourceWords(scope: Expr): string {
  return matchesIn(scope)
    .map(
      (match) =>
        `${match.subject.kind === 'field' ? match.subject.name.replace(/^logsource\./, '') : '?'}=${textOf(match)}`,
    )
    .join(',');
}

/** What a comparison lets in, alternatives parted by `|`. */
export function textOf(match: Match): string {
  return namesIn(match).join('|');
}

/** What a comparison lets in, with `*` and `?` where that is more than a text. */
export function namesIn({ pattern }: Match): readonly string[] {
  switch (pattern.kind) {
    case 'equals':
      return [String(pattern.value)];
    case 'one-of':
      return pattern.values.map(String);
    case 'wildcard':
      return [pattern.parts.map((part) => ('text' in part ? part.text : part.any === 'many' ? '*' : '?')).join('')];
    case 'prefix':
      return [`${pattern.text}*`];
    case 'suffix':
      return [`*${pattern.text}`];
    case 'contains':
      return [`*${pattern.text}*`];
    case 'regex':
    case 'cidr':
    case 'range':
    case 'term':
    case 'analysed':
    case 'token-wildcard':
      return [];
  }
}
