import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { call } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { EsqlSubquery } from '../../ast.ts';
import { commonType } from '../../types.ts';
import { readColumn } from '../scope.ts';
import { coerced } from './coerce.ts';
import type { Inner } from './inner.ts';
import type { Typed } from './typed.ts';

/**
 * `value IN (FROM … | KEEP column)`: whether it is one of the values of the only column that the subquery gives; not known of a null, of
 * several values, and where it is none of them but a null is among them. Undefined, with a diagnostic, where it cannot be one.
 */
export function amongRows(subject: Typed, { pipeline, span }: EsqlSubquery, at: Span, inner: Inner): Expr | undefined {
  const { context } = inner;
  const { plan: input, scope } = context.pipeline(pipeline);
  const [column, ...others] = scope.columns.values();
  if (scope.open !== undefined || column === undefined || others.length > 0) {
    const found = scope.open === undefined ? `${scope.columns.size}` : 'any';
    context.report(diagnostic('esql/not-one-column', { found }, span));
    return undefined;
  }
  const member = readColumn(column, scope, span);
  const type = commonType(subject.type, member.type);
  if (type === undefined) {
    const params = { what: 'the value and the column of the subquery', left: subject.type, right: member.type };
    context.report(diagnostic('esql/types-apart', params, at));
    return undefined;
  }
  const one = (value: Typed): Expr => call('esql.one-value', [coerced(value, type, context).expr]);
  const name = context.fresh('subquery');
  const columns = [{ name: MEMBER, expr: one(member) }];
  context.shared.push({ name, plan: { kind: 'project', input, columns } });
  return {
    kind: 'in-plan',
    subject: one(subject),
    plan: { name, column: MEMBER },
    collation: 'exact',
    nulls: 'unknown',
    span: at,
  };
}

/** The column of the shared plan; its values are those of the subquery's. */
const MEMBER = 'member';
