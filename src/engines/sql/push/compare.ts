import type { Compare, CompareOp } from '../../../ir/expr.ts';
import { EPOCH_TICKS, mod } from '../../../values/date-time.ts';
import {
  cast,
  isNull,
  operation,
  SQL_FALSE,
  SQL_NULL,
  SQL_TRUE,
  sqlAnd,
  sqlCall,
  sqlCase,
  sqlNot,
  sqlOr,
} from '../tree/construct.ts';
import type { SqlExpr, SqlOperator } from '../tree/sql-expr.ts';
import type { Mode, Pushing } from './pushing.ts';
import { isMoment, isOpaque, stampLiteral, type Typed, typed } from './typed.ts';

const OPERATORS: Readonly<Record<CompareOp, SqlOperator>> = {
  '==': '=',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

const MIRRORED: Readonly<Record<CompareOp, CompareOp>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Compares two values; none of them is several. */
export function compareTruth(expr: Compare, mode: Mode, pushing: Pushing): SqlExpr | undefined {
  const left = pushing.value(expr.left);
  const right = left && pushing.value(expr.right);
  if (left === undefined || right === undefined) return undefined;
  if (left.constant !== undefined && right.constant === undefined) {
    return compared(MIRRORED[expr.op], right, left, expr.nulls, mode, pushing);
  }
  return compared(expr.op, left, right, expr.nulls, mode, pushing);
}

function compared(
  op: CompareOp,
  left: Typed,
  right: Typed,
  nulls: Compare['nulls'],
  mode: Mode,
  pushing: Pushing,
): SqlExpr | undefined {
  if (isOpaque(left.kind)) return pushing.refuse('comparisons of nested values');
  if (right.constant === null) {
    if (nulls === 'unknown' || (op !== '==' && op !== '!=')) return SQL_NULL;
    return sqlCase(isNull(left.sql), SQL_NULL, op === '!=' ? SQL_TRUE : SQL_FALSE);
  }
  const sides = alike(left, right);
  if (sides === undefined) return pushing.refuse(`comparisons of ${left.kind} with ${right.kind}`);
  const isOrder = op !== '==' && op !== '!=';
  if (isOrder && (sides.kind === 'text' || sides.kind === 'bool'))
    return pushing.refuse(`the order of ${sides.kind} values`);
  // Null in any of them gives NULL, but for `total`, where one null is not equal.
  const plain = plainTest(op, sides, mode);
  const { left: a, right: b } = sides;
  if (isOrder || nulls === 'unknown' || (!a.isNullable && !b.isNullable)) return plain;
  if (op === '==') {
    if (mode === 'filter') return plain;
    if (!a.isNullable || !b.isNullable) return sqlCall('coalesce', plain, SQL_FALSE);
  } else if (!a.isNullable || !b.isNullable) return sqlCall('coalesce', plain, SQL_TRUE);
  const isUnknown = sqlAnd(isNull(a.sql), isNull(b.sql));
  return sqlCase(isUnknown, SQL_NULL, sqlCall('coalesce', plain, op === '==' ? SQL_FALSE : SQL_TRUE));
}

interface Sides {
  readonly kind: Typed['kind'];
  readonly left: Typed;
  readonly right: Typed;
}

/** Both sides as values of one kind; undefined where they have none that says the same. */
function alike(left: Typed, right: Typed): Sides | undefined {
  if (left.kind === right.kind) return isOpaque(left.kind) ? undefined : { kind: left.kind, left, right };
  if (left.kind === 'long' && right.kind === 'real' && typeof right.constant === 'number') {
    // Whole numbers are compared as they are; as reals, some of them would be others.
    if (!Number.isSafeInteger(right.constant)) return undefined;
    const value = BigInt(right.constant);
    return {
      kind: 'long',
      left,
      right: { ...typed('long', { kind: 'literal', type: 'long', value }, false), constant: value },
    };
  }
  if (left.kind === 'real' && right.kind === 'long' && typeof right.constant === 'bigint') {
    const number = Number(right.constant);
    if (!Number.isSafeInteger(number)) return undefined;
    return { kind: 'real', left, right: { ...typed('real', cast(right.sql, 'real'), false), constant: number } };
  }
  return undefined;
}

/** Right where none is null, and NULL where one is. */
function plainTest(op: CompareOp, { kind, left, right }: Sides, mode: Mode): SqlExpr {
  if (kind === 'moment' && left.stamp !== undefined && typeof right.constant === 'bigint') {
    return stampTest(op, left.stamp, right.constant, mode);
  }
  const test = operation(OPERATORS[op], left.sql, right.sql);
  return kind === 'real' ? realTest(op, test, left, right, mode) : test;
}

/** What is not a number is equal to nothing, and has no place in the order; SQL takes it for the greatest. */
function realTest(op: CompareOp, test: SqlExpr, left: Typed, right: Typed, mode: Mode): SqlExpr {
  const strange = [left, right].flatMap(({ sql, constant }): readonly SqlExpr[] => {
    if (constant === undefined) return [sqlCall('is-nan', sql)];
    return typeof constant === 'number' && Number.isNaN(constant) ? [SQL_TRUE] : [];
  });
  if (strange.length === 0) return test;
  const isStrange = sqlOr(...strange);
  if (op === '==' && mode === 'filter') return sqlAnd(test, sqlNot(isStrange));
  if (op === '==' || op === '!=') {
    const branches = [
      { when: isNull(test), then: SQL_NULL },
      { when: isStrange, then: op === '!=' ? SQL_TRUE : SQL_FALSE },
    ];
    return { kind: 'case', branches, otherwise: test };
  }
  return mode === 'filter' ? sqlAnd(test, sqlNot(isStrange)) : sqlCase(sqlNot(isStrange), test);
}

/** A time of SQL against a moment, so that files tell by their own statistics which rows may be there. */
function stampTest(op: CompareOp, stamp: SqlExpr, ticks: bigint, mode: Mode): SqlExpr {
  const since = ticks - EPOCH_TICKS;
  const whole = mod(since, 10n) === 0n;
  const floor = (since - mod(since, 10n)) / 10n;
  const test = (): SqlExpr => {
    switch (op) {
      case '==':
        return whole ? operation('=', stamp, stampLiteral(floor)) : sqlAnd(sqlNot(isNull(stamp)), SQL_FALSE);
      case '!=':
        return whole ? operation('<>', stamp, stampLiteral(floor)) : sqlNot(isNull(stamp));
      case '>':
        return operation('>', stamp, stampLiteral(floor));
      case '<=':
        return operation('<=', stamp, stampLiteral(floor));
      case '>=':
        return whole ? operation('>=', stamp, stampLiteral(floor)) : operation('>', stamp, stampLiteral(floor));
      case '<':
        return whole ? operation('<', stamp, stampLiteral(floor)) : operation('<=', stamp, stampLiteral(floor));
    }
  };
  return mode === 'filter' && op !== '!=' ? sqlAnd(test(), isMoment(stamp)) : sqlCase(isMoment(stamp), test());
}
