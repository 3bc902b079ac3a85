import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, literalOf, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { parseAddress } from '../../../../patterns/address.ts';
import { momentInDateField } from '../../../../values/date-math.ts';
import { type EsqlType, isOf } from '../../types.ts';
import type { Context } from '../context.ts';
import { type Typed, textOfConstant } from './typed.ts';

/** The value as one of another type, where it becomes so by itself: fields of no known type, nulls, constants, whole numbers. */
export function coerced(value: Typed, wanted: EsqlType, context: Context): Typed {
  const { type } = value;
  if (type === wanted || wanted === 'unknown' || type === 'null') return value;
  if (value.readAs !== undefined) return withType(value, value.readAs(wanted), wanted);
  if (value.constant?.kind === 'list') {
    const items = value.constant.items.map((item) => coerced(item, wanted, context));
    return withType(value, { kind: 'list', items: items.map(({ expr }) => expr) }, wanted);
  }
  const written = textOfConstant(value);
  if (written !== undefined && !isOf(wanted, 'string')) return ofText(value, written, wanted, context);
  if (wanted === 'double' && isOf(type, 'whole')) return withType(value, doubleOf(value), wanted);
  return { ...value, type: isOf(type, 'number') && isOf(wanted, 'number') ? wanted : type };
}

function withType({ span, constant }: Typed, expr: Expr, type: EsqlType): Typed {
  return { expr, type, span, ...(constant !== undefined && { constant }) };
}

function doubleOf({ expr, constant }: Typed): Expr {
  if (constant?.kind === 'number') return { kind: 'literal', type: 'real', value: Number(constant.value) };
  return call('esql.to-double', [expr]);
}

/** A text in quotes where another type is wanted. */
function ofText(value: Typed, written: string, wanted: EsqlType, context: Context): Typed {
  const made = constantOf(written, wanted);
  if (made === undefined) {
    context.report(diagnostic('esql/bad-value', { value: written, type: wanted }, value.span));
    return { expr: NULL, type: 'null', span: value.span };
  }
  return { expr: made, type: wanted, span: value.span };
}

/** Undefined where the text is no value of the type. */
export function constantOf(written: string, wanted: EsqlType): Expr | undefined {
  switch (wanted) {
    case 'date':
    case 'date_nanos': {
      const moment = momentInDateField(written);
      return moment && { kind: 'literal', type: 'datetime', value: moment.ticks.toString() };
    }
    case 'ip':
      return parseAddress(written) === undefined ? undefined : call('esql.to-ip', [text(written)]);
    case 'version':
    case 'keyword':
    case 'text':
      return text(written);
    case 'boolean': {
      const lower = written.toLowerCase();
      return lower === 'true' || lower === 'false' ? literalOf(lower === 'true') : undefined;
    }
    case 'integer':
    case 'long':
    case 'unsigned_long':
      return /^[+-]?\d+$/.test(written)
        ? { kind: 'literal', type: 'long', value: BigInt(written).toString() }
        : undefined;
    case 'double':
      return written.trim() === '' || Number.isNaN(Number(written))
        ? undefined
        : { kind: 'literal', type: 'real', value: Number(written) };
    case 'date_period':
    case 'time_duration':
    case 'geo_point':
    case 'null':
    case 'unsupported':
    case 'unknown':
    case 'source':
      return undefined;
  }
}

/** The value converted, as `TO_X` and `::` do; undefined where Elasticsearch knows no way. */
export function converted(value: Typed, wanted: EsqlType): Expr | undefined {
  const { type, expr } = value;
  const source = value.readAs === undefined || type !== 'unknown' ? expr : value.readAs(readFor(wanted));
  if (type === 'null') return NULL;
  switch (wanted) {
    case 'boolean':
      return isOf(type, 'string') || isOf(type, 'number') || type === 'boolean' || type === 'unknown'
        ? call('esql.to-boolean', [source])
        : undefined;
    case 'integer':
    case 'long':
    case 'unsigned_long':
      if (type === 'date_nanos') return wanted === 'long' ? call('esql.to-nanoseconds', [source]) : undefined;
      return isOf(type, 'string') || isOf(type, 'number') || type === 'boolean' || type === 'date' || type === 'unknown'
        ? call('esql.to-whole', [source, text(wanted)])
        : undefined;
    case 'double':
      return isOf(type, 'string') || isOf(type, 'number') || type === 'boolean' || type === 'date' || type === 'unknown'
        ? call('esql.to-double', [source])
        : undefined;
    case 'keyword':
    case 'text':
      return type === 'unsupported' ? undefined : call('esql.to-string', [source, text(type)]);
    case 'ip':
      return isOf(type, 'string') || type === 'ip' || type === 'unknown' ? call('esql.to-ip', [source]) : undefined;
    case 'version':
      return isOf(type, 'string') || type === 'version' || type === 'unknown' ? source : undefined;
    case 'date':
      return isOf(type, 'string') || isOf(type, 'number') || isOf(type, 'moment') || type === 'unknown'
        ? call('esql.to-date', [source])
        : undefined;
    case 'date_nanos':
      return isOf(type, 'string') || isOf(type, 'number') || isOf(type, 'moment') || type === 'unknown'
        ? call('esql.to-date-nanos', [source])
        : undefined;
    case 'geo_point':
      if (type === 'geo_point') return source;
      return isOf(type, 'string') || type === 'unknown' ? call('esql.to-point', [source]) : undefined;
    case 'date_period':
    case 'time_duration':
    case 'null':
    case 'unsupported':
    case 'unknown':
    case 'source':
      return undefined;
  }
}

/** As what a field of no known type is read before it is converted. */
function readFor(wanted: EsqlType): EsqlType {
  if (wanted === 'double') return 'double';
  return wanted === 'boolean' ? 'boolean' : 'keyword';
}
