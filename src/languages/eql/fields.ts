import type { Span } from '../../base/span.ts';
import type { EqlExpr, EqlField, EqlStatement } from './ast.ts';
import { allOf, filtersOf } from './parts.ts';

/** Every field that a query names: in its conditions and as join keys. */
export function eqlFieldsOf(statement: EqlStatement): readonly EqlField[] {
  const { query } = statement;
  const inside = filtersOf(statement).flatMap(({ condition }) =>
    [...allOf(condition)].flatMap((expr) => (expr.kind === 'field' ? [expr] : [])),
  );
  switch (query.kind) {
    case 'event':
      return inside;
    case 'sequence':
    case 'sample':
      return [...query.by, ...query.terms.flatMap(({ by }) => by), ...inside];
  }
}

/** Whether no event without one of some fields can be found: a place where the query asks for one, where there is such. */
export function eqlNeeded(statement: EqlStatement, isMeant: (name: string) => boolean): Span | undefined {
  const spans = filtersOf(statement).map(({ condition }) => needed(condition, isMeant));
  return spans.includes(undefined) ? undefined : spans[0];
}

function needed(expr: EqlExpr, isMeant: (name: string) => boolean): Span | undefined {
  switch (expr.kind) {
    case 'and':
      return expr.items.map((item) => needed(item, isMeant)).find((span) => span !== undefined);
    case 'or': {
      const spans = expr.items.map((item) => needed(item, isMeant));
      return spans.includes(undefined) ? undefined : spans[0];
    }
    case 'compare':
      return expr.op === '!=' || expr.right.kind === 'null' ? undefined : meant(expr.left, isMeant);
    case 'in':
      return expr.negated ? undefined : meant(expr.subject, isMeant);
    case 'matching':
      return meant(expr.subject, isMeant);
    case 'not':
    case 'sign':
    case 'arithmetic':
    case 'call':
    case 'field':
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'error':
      return undefined;
  }
}

function meant(expr: EqlExpr, isMeant: (name: string) => boolean): Span | undefined {
  return expr.kind === 'field' && isMeant(expr.name) ? expr.span : undefined;
}
