import type {
  SqlAggregate,
  SqlAggregateFunction,
  SqlCall,
  SqlColumn,
  SqlExpr,
  SqlFunction,
  SqlLiteral,
  SqlOperation,
  SqlOperator,
  SqlOrder,
  SqlType,
} from './sql-expr.ts';

export const SQL_NULL: SqlLiteral = { kind: 'literal', type: 'null' };
export const SQL_TRUE: SqlLiteral = { kind: 'literal', type: 'bool', value: true };
export const SQL_FALSE: SqlLiteral = { kind: 'literal', type: 'bool', value: false };

export function sqlColumn(name: string, of?: string): SqlColumn {
  return { kind: 'column', name, ...(of !== undefined && { of }) };
}

export function sqlText(value: string): SqlLiteral {
  return { kind: 'literal', type: 'text', value };
}

export function sqlLong(value: bigint): SqlLiteral {
  return { kind: 'literal', type: 'long', value };
}

export function sqlHuge(value: bigint): SqlLiteral {
  return { kind: 'literal', type: 'huge', value };
}

export function sqlCall(fn: SqlFunction, ...args: readonly SqlExpr[]): SqlCall {
  return { kind: 'call', fn, args };
}

export function aggregate(
  fn: SqlAggregateFunction,
  args: readonly SqlExpr[],
  more: Pick<SqlAggregate, 'distinct' | 'order' | 'filter'> = {},
): SqlAggregate {
  return { kind: 'aggregate', fn, args, ...more };
}

export function operation(op: SqlOperator, left: SqlExpr, right: SqlExpr): SqlOperation {
  return { kind: 'operation', op, left, right };
}

export function sqlAnd(...items: readonly SqlExpr[]): SqlExpr {
  const flat = items.flatMap((item) => (item.kind === 'and' ? item.items : [item])).filter((item) => item !== SQL_TRUE);
  if (flat.some((item) => item === SQL_FALSE)) return SQL_FALSE;
  const [only] = flat;
  return flat.length === 0 ? SQL_TRUE : flat.length === 1 && only !== undefined ? only : { kind: 'and', items: flat };
}

export function sqlOr(...items: readonly SqlExpr[]): SqlExpr {
  const flat = items.flatMap((item) => (item.kind === 'or' ? item.items : [item])).filter((item) => item !== SQL_FALSE);
  if (flat.some((item) => item === SQL_TRUE)) return SQL_TRUE;
  const [only] = flat;
  return flat.length === 0 ? SQL_FALSE : flat.length === 1 && only !== undefined ? only : { kind: 'or', items: flat };
}

export function sqlNot(item: SqlExpr): SqlExpr {
  return { kind: 'not', item };
}

export function isNull(of: SqlExpr): SqlExpr {
  return { kind: 'is-null', of };
}

export function isGiven(of: SqlExpr): SqlExpr {
  return sqlNot(isNull(of));
}

export function sqlCase(when: SqlExpr, then: SqlExpr, otherwise?: SqlExpr): SqlExpr {
  return { kind: 'case', branches: [{ when, then }], ...(otherwise !== undefined && { otherwise }) };
}

export function cast(of: SqlExpr, to: SqlType): SqlExpr {
  return { kind: 'cast', of, to };
}

/** As rows come: the order in which engines of ours read them. */
export function ascending(expr: SqlExpr): SqlOrder {
  return { expr, direction: 'asc', nulls: 'last' };
}
