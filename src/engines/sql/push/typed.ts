import type { Literal } from '../../../ir/expr.ts';
import { EPOCH_TICKS, MAX_TICKS } from '../../../values/date-time.ts';
import { operation, SQL_NULL, sqlAnd, sqlCall, sqlCase, sqlLong, sqlText } from '../tree/construct.ts';
import type { SqlExpr, SqlLiteral } from '../tree/sql-expr.ts';

/**
 * How values of ours stand in SQL. `moment` and `span` are ticks of 100 ns in 64 bits, as no time of SQL is fine enough; `text` is
 * text without lone surrogates. `json` (as it is stored) and `document` (JSON text that we wrote) are only carried along, and read by us as
 * `convert.dynamic` reads them.
 */
export type ValueKind = 'bool' | 'long' | 'real' | 'text' | 'moment' | 'span' | 'json' | 'document';

/** An expression that gives our value: NULL for null and for missing, which nothing that is pushed tells apart. */
export interface Typed {
  readonly kind: ValueKind;
  readonly sql: SqlExpr;
  readonly isNullable: boolean;
  /** Of a text that is empty where this is NULL: it is cheaper to ask. */
  readonly orEmpty?: SqlExpr;
  /** Of a moment: a time of SQL that is the same, where that is a moment at all. */
  readonly stamp?: SqlExpr;
  /** A value as the record has it: where it is read, it is no column of a query's types. */
  readonly isOwn?: true;
  /** Its value, where it is a constant. */
  readonly constant?: bigint | number | string | boolean | null;
}

export function typed(kind: ValueKind, sql: SqlExpr, isNullable = true): Typed {
  return { kind, sql, isNullable };
}

/** Whether SQL cannot look into values of a kind. */
export function isOpaque(kind: ValueKind): kind is 'json' | 'document' {
  return kind === 'json' || kind === 'document';
}

/** Whether a value may be one that SQL cannot look into; a null is not. */
export function isNested({ kind, constant }: Typed): boolean {
  return isOpaque(kind) && constant !== null;
}

/** A text that is empty where the column is NULL. */
export function emptyText(column: SqlExpr): Typed {
  return { kind: 'text', sql: sqlCall('coalesce', column, sqlText('')), isNullable: false, orEmpty: column };
}

const FIRST_MICROS = -EPOCH_TICKS / 10n;
const LAST_MICROS = (MAX_TICKS - EPOCH_TICKS) / 10n;

export function stampLiteral(micros: bigint): SqlLiteral {
  return { kind: 'literal', type: 'stamp', value: micros };
}

/** Whether a time of SQL is a moment of ours: it lies in the years 1 to 9999. */
export function isMoment(stamp: SqlExpr): SqlExpr {
  return sqlAnd(operation('>=', stamp, stampLiteral(FIRST_MICROS)), operation('<=', stamp, stampLiteral(LAST_MICROS)));
}

/** A time of SQL in microseconds as a moment. */
export function momentOfStamp(stamp: SqlExpr): Typed {
  const ticks = operation('+', operation('*', sqlCall('micros', stamp), sqlLong(10n)), sqlLong(EPOCH_TICKS));
  return { kind: 'moment', sql: sqlCase(isMoment(stamp), ticks), isNullable: true, stamp };
}

/** Ticks that may lie outside of the years 1 to 9999, where they are null. */
export function momentOfTicks(ticks: SqlExpr): Typed {
  const isIn = sqlAnd(operation('>=', ticks, sqlLong(0n)), operation('<=', ticks, sqlLong(MAX_TICKS)));
  return typed('moment', sqlCase(isIn, ticks));
}

/** A constant; undefined for one of no type that SQL has exactly. */
export function typedLiteral({ type, value }: Literal): Typed | undefined {
  const constant = (kind: ValueKind, sql: SqlExpr, of: Typed['constant']): Typed => ({
    kind,
    sql,
    isNullable: of === null,
    constant: of ?? null,
  });
  const kind = kindOf(type);
  if (value === null) return constant(kind, SQL_NULL, null);
  switch (kind) {
    case 'bool':
      return typeof value === 'boolean' ? constant(kind, { kind: 'literal', type: 'bool', value }, value) : undefined;
    case 'long':
    case 'moment':
    case 'span': {
      if (typeof value === 'boolean') return undefined;
      const whole = BigInt(value);
      return BigInt.asIntN(64, whole) === whole ? constant(kind, sqlLong(whole), whole) : undefined;
    }
    case 'real': {
      const number = Number(value);
      return constant(kind, { kind: 'literal', type: 'real', value: number }, number);
    }
    case 'text': {
      const text = String(value);
      return isWellFormed(text) ? constant(kind, sqlText(text), text) : undefined;
    }
    case 'json':
    case 'document':
      return typeof value === 'boolean' ? constant('bool', { kind: 'literal', type: 'bool', value }, value) : undefined;
  }
}

/** The kind in which values of a type stand in SQL. */
export function kindOf(type: Literal['type']): ValueKind {
  switch (type) {
    case 'bool':
      return 'bool';
    case 'int':
    case 'long':
      return 'long';
    case 'real':
    case 'decimal':
      return 'real';
    case 'string':
    case 'guid':
      return 'text';
    case 'datetime':
      return 'moment';
    case 'timespan':
      return 'span';
    case 'dynamic':
      return 'json';
  }
}

/** Whether a text has no half of a surrogate pair alone, which UTF-8 cannot say. */
export function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}
