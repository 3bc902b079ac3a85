import { and, call } from '../ir/construct.ts';
import type { Expr, Raw } from '../ir/expr.ts';
import { children, mapChildren } from '../ir/traverse.ts';
import type { ViewParts } from '../ir/view.ts';

const PART = 'part';
/** The record, as the one part of itself. */
const RECORD: Raw = { kind: 'raw', paths: [[]], keys: 'exact', arrays: 'strict' };

/** How the view's own fields are put into the record. */
export interface PartPlaces {
  readonly over: Expr;
  locate(path: readonly string[]): readonly (readonly string[])[];
}

/**
 * A condition over records that have parts, each with its own values of some fields: it holds where it holds for one part. A field that is
 * asked about once, and not in a negation, has that meaning already.
 */
export function overParts(predicate: Expr, { fields }: ViewParts, places: PartPlaces): Expr {
  const asks = (expr: Expr): number =>
    (isOfPart(expr, fields) ? 1 : 0) + children(expr).reduce((sum, child) => sum + asks(child), 0);
  const wrap = (expr: Expr): Expr => {
    if (asks(expr) === 0) return expr;
    if (expr.kind === 'or') return { ...expr, items: expr.items.map(wrap) };
    if (expr.kind === 'and') {
      const parts = expr.items.filter((item) => asks(item) > 0);
      const others = expr.items.filter((item) => asks(item) === 0);
      const [only] = parts;
      if (parts.length === 1 && only !== undefined) return and([...others, wrap(only)]);
      return and([...others, ofOnePart(and(parts))]);
    }
    return expr.kind === 'not' || asks(expr) > 1 ? ofOnePart(expr) : expr;
  };
  const ofOnePart = (body: Expr): Expr => ({
    kind: 'quantified',
    how: 'any',
    over: call('view.coalesce', [places.over, RECORD]),
    variable: PART,
    body: inPart(body),
  });
  const inPart = (expr: Expr): Expr => {
    if (expr.kind !== 'field' || !isOfPart(expr, fields)) return mapChildren(expr, inPart);
    const { name, keys, arrays } = expr;
    return { kind: 'raw', paths: [[name], ...places.locate([name])], keys, arrays, of: PART };
  };
  return wrap(predicate);
}

function isOfPart(expr: Expr, fields: ReadonlySet<string>): boolean {
  return expr.kind === 'field' && expr.of === undefined && fields.has(expr.name);
}
