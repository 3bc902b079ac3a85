import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { FALSE, match } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { EsqlMatch } from '../../ast.ts';
import { isOf } from '../../types.ts';
import { fieldPlace } from '../scope.ts';
import { constantOf } from './coerce.ts';
import { isFoldable } from './foldable.ts';
import type { Inner } from './inner.ts';
import { type Typed, textOfConstant } from './typed.ts';

export function lowerMatch({ subject, query, span }: EsqlMatch, inner: Inner): Typed {
  return searched(inner.typed(subject), inner.typed(query), 'any', span, inner);
}

/** A search for a value in a field of an index: any of the field's values may be it, a null is none. */
export function searched(subject: Typed, query: Typed, mode: 'any' | 'phrase', span: Span, inner: Inner): Typed {
  const made = (expr: Expr): Typed => ({ expr, type: 'boolean', span });
  if (subject.field === undefined || !inner.scope.searchable) {
    if (subject.type === 'null' && inner.scope.searchable) return made(FALSE);
    inner.report(diagnostic('esql/misplaced-search', { name: inner.context.written(span) }, span));
    return made(FALSE);
  }
  if (
    query.constant === undefined &&
    isFoldable(query.expr) &&
    (subject.type === query.type || isOf(query.type, 'number'))
  ) {
    if (subject.type !== 'text') return made(anyEqual(subject, query.expr, span));
  }
  if (query.constant === undefined) {
    inner.report(diagnostic('esql/not-constant', { what: 'what is searched for' }, query.span));
    return made(FALSE);
  }
  const written = textOfConstant(query) ?? (query.constant.kind === 'list' ? '' : String(plainValue(query)));
  const place = fieldPlace(subject.field, inner.scope);
  if (subject.type === 'text') {
    return made(match(place, { kind: 'analysed', text: written, mode }, { span }));
  }
  if (isOf(subject.type, 'string') || subject.type === 'unknown') {
    return made(match(place, { kind: 'equals', value: written }, { span }));
  }
  if (subject.type === 'ip' && written.includes('/')) {
    return made(match(place, { kind: 'cidr', network: written }, { span }));
  }
  const value =
    constantOf(written, subject.type) ?? (isOf(subject.type, 'number') ? constantOf(written, 'double') : undefined);
  if (value === undefined) {
    // Elasticsearch searches leniently: what no value can be is in no document.
    inner.report(diagnostic('esql/never-found', { value: written, type: subject.type }, query.span));
    return made(FALSE);
  }
  return made(anyEqual(subject, value, span));
}

/** Whether any of a field's values is it; a null is none. */
function anyEqual({ expr }: Typed, right: Expr, span: Span): Expr {
  const equal: Expr = { kind: 'compare', op: '==', left: expr, right, nulls: 'unknown', many: 'any', span };
  return {
    kind: 'cond',
    branches: [{ when: { kind: 'is-null', subject: expr }, then: FALSE }],
    otherwise: equal,
    span,
  };
}

function plainValue({ constant }: Typed): string | number | bigint | boolean {
  return constant?.kind === 'number' || constant?.kind === 'boolean' ? constant.value : '';
}
