import { type Diagnostic, diagnostic } from '../../../../base/diagnostic.ts';
import { didYouMean } from '../../../../base/did-you-mean.ts';
import type { Span } from '../../../../base/span.ts';
import { and, FALSE, literalOf, NULL, not, or, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { type EsqlExpr, type EsqlIn, type EsqlNumber, nameText } from '../../ast.ts';
import { FUNCTION_NAMES } from '../../functions.ts';
import { timespanOf } from '../../timespan.ts';
import { CAST_TYPES, castType, commonType, type EsqlType, familyText, isOf } from '../../types.ts';
import type { Context } from '../context.ts';
import { readColumn, type Scope } from '../scope.ts';
import { lowerArithmetic, lowerSign } from './arithmetic.ts';
import { lowerCall } from './call.ts';
import { coerced, constantOf, converted } from './coerce.ts';
import { amongValues, lowerComparison } from './compare.ts';
import { amongRows } from './in-subquery.ts';
import type { Inner, Place } from './inner.ts';
import { lowerLike } from './like.ts';
import { lowerMatch } from './match.ts';
import { noted } from './noted.ts';
import type { Typed } from './typed.ts';

/** Binds expressions over the columns of a scope. */
export class Expressions implements Inner {
  readonly scope: Scope;
  readonly context: Context;
  readonly place: Place;

  constructor(scope: Scope, context: Context, place: Place) {
    this.scope = scope;
    this.context = context;
    this.place = place;
  }

  report(found: Diagnostic): void {
    this.context.report(found);
  }

  failed(span: Span): Typed {
    return { expr: NULL, type: 'null', span };
  }

  /** The expression as a condition. */
  condition(expr: EsqlExpr): Expr {
    const typed = this.typed(expr);
    if (typed.readAs !== undefined && typed.type === 'unknown') return typed.readAs('boolean');
    if (typed.type !== 'boolean' && typed.type !== 'null') {
      this.report(diagnostic('esql/not-a-condition', { found: `of type ${typed.type}` }, typed.span));
      return FALSE;
    }
    return typed.expr;
  }

  typed(expr: EsqlExpr): Typed {
    const replaced = this.place.aggregate?.(expr);
    if (replaced !== undefined) return replaced;
    const { span } = expr;
    switch (expr.kind) {
      case 'name':
        return this.column(nameText(expr), span);
      case 'string':
        return { expr: text(expr.value, span), type: 'keyword', span, constant: { kind: 'text', value: expr.value } };
      case 'number':
        return number(expr, false);
      case 'boolean':
        return {
          expr: literalOf(expr.value, span),
          type: 'boolean',
          span,
          constant: { kind: 'boolean', value: expr.value },
        };
      case 'null':
        return { expr: literalOf(null, span), type: 'null', span };
      case 'array':
        return this.array(expr.items, span);
      case 'timespan': {
        const value = timespanOf(Number(expr.count.text), expr.unit);
        if (value === undefined) return this.failed(span);
        const type = value.kind === 'period' ? 'date_period' : 'time_duration';
        return { expr: NULL, type, span, constant: { kind: 'timespan', value } };
      }
      case 'parameter':
        this.report(diagnostic('esql/unknown-parameter', { name: expr.name }, span));
        return this.failed(span);
      case 'call':
        return lowerCall(expr, this);
      case 'sign':
        if (expr.op === '-' && expr.item.kind === 'number') return { ...number(expr.item, true), span };
        return lowerSign(expr, this);
      case 'arithmetic':
        return lowerArithmetic(expr, this);
      case 'comparison':
        return lowerComparison(expr, this);
      case 'and':
      case 'or': {
        const items = expr.items.map((item) => this.condition(item));
        return boolean(expr.kind === 'and' ? and(items, span) : or(items, span), span);
      }
      case 'not':
        return boolean(not(this.condition(expr.item), span), span);
      case 'is-null': {
        const { expr: subject } = this.typed(expr.subject);
        const isNull: Expr = { kind: 'is-null', subject, span };
        return boolean(expr.negated ? not(isNull, span) : isNull, span);
      }
      case 'in':
        return this.among(expr);
      case 'like':
      case 'rlike':
        return lowerLike(expr, this);
      case 'match':
        return lowerMatch(expr, this);
      case 'cast':
        return this.cast(this.typed(expr.item), expr.type.text, expr.type.span, span);
      case 'map':
      case 'star':
        this.report(diagnostic('esql/expected', { expected: 'a value', found: this.context.written(span) }, span));
        return this.failed(span);
      case 'error':
        return this.failed(span);
    }
  }

  private column(name: string, span: Span): Typed {
    const column = this.scope.column(name);
    if (column !== undefined) return readColumn(column, this.scope, span);
    if (!this.context.nullifies) {
      const suggestions = this.scope.suggestions(name);
      const meant = FUNCTION_NAMES.includes(name.toLowerCase()) ? 'function' : 'text';
      this.report(diagnostic('esql/unknown-column', { name, suggestions, meant }, span));
    }
    return this.failed(span);
  }

  private array(items: readonly EsqlExpr[], span: Span): Typed {
    const typed = items.map((item) => this.typed(item));
    const type = listType(typed);
    if (type === undefined) {
      const [left = 'null', right = 'null'] = [...new Set(typed.map((item) => item.type))];
      this.report(diagnostic('esql/types-apart', { what: 'the values of a list', left, right }, span));
      return this.failed(span);
    }
    const same = typed.map((item) => coerced(item, type, this.context));
    const [only] = same;
    if (same.length === 1 && only !== undefined) return { ...only, span };
    const expr: Expr = { kind: 'list', items: same.map((item) => item.expr), span };
    return { expr, type, span, constant: { kind: 'list', items: typed } };
  }

  /** `IN`: equal to one of them; of a null among them it is not known. */
  private among({ subject, among, negated, span }: EsqlIn): Typed {
    const left = this.typed(subject);
    const found =
      'pipeline' in among
        ? (amongRows(left, among, span, this) ?? NULL)
        : amongValues(
            left,
            among.map((item) => this.typed(item)),
            span,
            this,
          );
    return boolean(negated ? not(found, span) : found, span);
  }

  cast(value: Typed, name: string, at: Span, span: Span): Typed {
    const type = castType(name);
    if (type === undefined) {
      this.report(diagnostic('esql/unknown-type', { name, suggestions: didYouMean(name, CAST_TYPES) }, at));
      return this.failed(span);
    }
    return this.converted(value, type, span);
  }

  converted(value: Typed, type: EsqlType, span: Span): Typed {
    if (isOf(type, 'timespan')) return this.timespan(value, type, span);
    const made = converted(value, type);
    if (made === undefined) {
      const expected = `something that becomes ${type}`;
      const params = { what: `\`${this.context.written(value.span)}\``, expected, found: `of type ${value.type}` };
      this.report(diagnostic('esql/wrong-type', params, value.span));
      return this.failed(span);
    }
    const given = type === 'text' ? 'keyword' : type;
    const moment = isOf(type, 'moment') ? writtenMoment(value) : undefined;
    if (moment !== undefined) return { expr: { ...moment, span }, type: given, span };
    return { expr: noted(made, span, 'null', this.context), type: given, span };
  }

  /** A text such as `3 days` as the timespan that it says. */
  private timespan(value: Typed, type: EsqlType, span: Span): Typed {
    if (value.type === type) return { ...value, span };
    const words = value.constant?.kind === 'text' ? /^\s*([+-]?\d+)\s*([a-z]+)\s*$/i.exec(value.constant.value) : null;
    const found = words === null ? undefined : timespanOf(Number(words[1]), words[2] ?? '');
    if (found === undefined || (found.kind === 'period') !== (type === 'date_period')) {
      const params = { what: `\`${this.context.written(value.span)}\``, expected: familyText(type), found: value.type };
      this.report(diagnostic('esql/wrong-type', params, value.span));
      return this.failed(span);
    }
    return { expr: NULL, type, span, constant: { kind: 'timespan', value: found } };
  }
}

/** A date that stands in the query, so that it may be asked for as a constant. */
function writtenMoment({ constant }: Typed): Expr | undefined {
  const written = constant?.kind === 'text' ? constant.value : '';
  return /^\d{4}-\d\d-\d\d(?:T.*)?$/.test(written) ? constantOf(written, 'date') : undefined;
}

/** The type of a list: where one of its numbers is beyond what a long holds, all are unsigned. */
function listType(items: readonly Typed[]): EsqlType | undefined {
  const isUnsigned = ({ constant, type }: Typed): boolean =>
    constant?.kind === 'number' && isOf(type, 'whole') && constant.value >= 0;
  if (items.some(({ type }) => type === 'unsigned_long') && items.every(isUnsigned)) return 'unsigned_long';
  return items.reduce<EsqlType | undefined>((known, item) => known && commonType(known, item.type), 'null');
}

function boolean(expr: Expr, span: Span): Typed {
  return { expr, type: 'boolean', span };
}

const INTEGER: readonly [bigint, bigint] = [-(2n ** 31n), 2n ** 31n - 1n];
const LONG: readonly [bigint, bigint] = [-(2n ** 63n), 2n ** 63n - 1n];

/** A whole number is of the narrowest type that holds it. */
function number({ text: written, whole, span }: EsqlNumber, negative: boolean): Typed {
  if (whole) {
    const value = negative ? -BigInt(written) : BigInt(written);
    const within = ([least, most]: readonly [bigint, bigint]): boolean => value >= least && value <= most;
    const type = within(INTEGER)
      ? 'integer'
      : within(LONG)
        ? 'long'
        : value > 0n && value < 2n ** 64n
          ? 'unsigned_long'
          : 'double';
    if (type !== 'double') {
      const expr: Expr = { kind: 'literal', type: 'long', value: value.toString(), span };
      return { expr, type, span, constant: { kind: 'number', value } };
    }
  }
  const value = negative ? -Number(written) : Number(written);
  return {
    expr: { kind: 'literal', type: 'real', value, span },
    type: 'double',
    span,
    constant: { kind: 'number', value },
  };
}
