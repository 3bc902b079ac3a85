import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { call, literalOf, NULL, or, text } from '../../../../ir/construct.ts';
import type { Expr, PatternScalar } from '../../../../ir/expr.ts';
import type { ComparisonOp, EsqlComparison } from '../../ast.ts';
import { commonType, type EsqlType, isOf } from '../../types.ts';
import { coerced } from './coerce.ts';
import type { Inner } from './inner.ts';
import { noted } from './noted.ts';
import { type Typed, textOfConstant } from './typed.ts';

export function lowerComparison({ op, left, right, span }: EsqlComparison, inner: Inner): Typed {
  const [one, other] = [inner.typed(left), inner.typed(right)];
  const made = compared(op, one, other, span, inner);
  if (made === undefined) return { expr: NULL, type: 'boolean', span };
  // What Lucene is asked for gives no warnings.
  const isPushed = isSearched(one, other, inner) || isSearched(other, one, inner);
  const expr = isPushed ? made : checked(made, [one.expr, other.expr], span, inner);
  return { expr, type: 'boolean', span };
}

/** The type in which two values are compared; undefined where they never are. A text in quotes becomes what the other side is. */
function comparedAs(left: Typed, right: Typed): EsqlType | undefined {
  if (textOfConstant(left) !== undefined && takesTexts(right.type)) return right.type;
  if (textOfConstant(right) !== undefined && takesTexts(left.type)) return left.type;
  const type = commonType(left.type, right.type) ?? (left.readAs ? right.type : right.readAs ? left.type : undefined);
  return type === 'unsigned_long' || type !== undefined ? type : mixedUnsigned(left.type, right.type);
}

function takesTexts(type: EsqlType): boolean {
  return isOf(type, 'moment') || type === 'ip' || type === 'version' || type === 'boolean';
}

function mixedUnsigned(left: EsqlType, right: EsqlType): EsqlType | undefined {
  return isOf(left, 'number') && isOf(right, 'number') ? 'unsigned_long' : undefined;
}

/** Undefined, with a diagnostic, where the two are never compared. */
function compared(op: ComparisonOp, left: Typed, right: Typed, span: Span, inner: Inner): Expr | undefined {
  const type = comparedAs(left, right);
  const isOrdered = op !== '==' && op !== '!=';
  const hasNoOrder = type === 'boolean' || type === 'geo_point';
  if (type === undefined || type === 'source' || isOf(type, 'timespan') || (isOrdered && hasNoOrder)) {
    const params = { what: `the operands of \`${op}\``, left: left.type, right: right.type };
    inner.report(diagnostic('esql/types-apart', params, span));
    return undefined;
  }
  return comparison(op, asCompared(left, type, inner), asCompared(right, type, inner), type, span);
}

/** Whether a field of an index is compared with a constant where documents are filtered. */
function isSearched(field: Typed, other: Typed, { place, scope }: Inner): boolean {
  return field.field !== undefined && other.constant !== undefined && place.searches === true && scope.searchable;
}

/** Says that several values stood where one is compared. */
export function checked(made: Expr, operands: readonly Expr[], span: Span, inner: Inner): Expr {
  if (inner.context.warns !== true) return made;
  return noted(call('esql.one-each', [made, ...operands]), span, 'null', inner.context);
}

function asCompared(value: Typed, type: EsqlType, { context }: Inner): Expr {
  // A whole number beside a fraction keeps its digits: numbers compare by their value.
  if (isOf(value.type, 'number') && isOf(type, 'number')) return value.expr;
  return coerced(value, type === 'unknown' ? value.type : type, context).expr;
}

function comparison(op: ComparisonOp, left: Expr, right: Expr, type: EsqlType, span: Span): Expr {
  const isOrdered = op !== '==' && op !== '!=';
  const base = { kind: 'compare', op, nulls: 'unknown', many: 'null', span } as const;
  if (type === 'ip' && isOrdered) return { ...base, left: call('esql.ip-order', [left, right]), right: literalOf(0) };
  if (type === 'version' && isOrdered) {
    const key = (of: Expr): Expr => call('esql.sort-key', [call('esql.one-value', [of]), text('version'), text('asc')]);
    return { ...base, left: key(left), right: key(right) };
  }
  return { ...base, left, right };
}

/**
 * Whether a value is one of others; of several values it is not known. Where a field stands before constants, Lucene is asked for them,
 * which gives no warnings; the others of the list make none either, as Elasticsearch's own tests have it.
 */
export function amongValues(left: Typed, values: readonly Typed[], span: Span, inner: Inner): Expr {
  const made = equalTo(left, values, span, inner);
  const isPushed = values.some((value) => isSearched(left, value, inner));
  return isPushed
    ? made
    : checked(
        made,
        [left, ...values].map(({ expr }) => expr),
        span,
        inner,
      );
}

function equalTo(left: Typed, values: readonly Typed[], span: Span, inner: Inner): Expr {
  const texts = values.map(textOfConstant);
  const isText = isOf(left.type, 'string') || left.type === 'unknown';
  if (isText && texts.length > 1 && texts.every((one): one is string => one !== undefined)) {
    return oneOf(call('esql.one-value', [coerced(left, 'keyword', inner.context).expr]), texts, span);
  }
  return or(
    values.map((value) => compared('==', left, value, span, inner) ?? NULL),
    span,
  );
}

function oneOf(subject: Expr, values: readonly PatternScalar[], span: Span): Expr {
  const pattern = { kind: 'one-of', values } as const;
  return { kind: 'match', subject, pattern, collation: 'exact', quantifier: 'any', onMissing: 'null', span };
}
