import type { Aggregate, NamedExpr, SortKey } from '../plan/column.ts';
import type { Apply, Join, Series, Unnest, Window } from '../plan/plan.ts';
import type { WindowColumn } from '../plan/relational.ts';
import { printExpr } from './print.ts';

/** What is printed of operators beside their inputs. */

export function printNamed(columns: readonly NamedExpr[]): string {
  return columns.map(({ name, expr }) => `${name} = ${printExpr(expr)}`).join(', ');
}

export function printSortKeys(keys: readonly SortKey[]): string {
  return keys.map(({ expr, direction, nulls }) => `${printExpr(expr)} ${direction} nulls-${nulls}`).join(', ');
}

export function printAggregate({ fn, args, most }: Omit<Aggregate, 'names'>): string {
  return `(${[fn, ...args.map(printExpr), ...(most === undefined ? [] : [`most ${most}`])].join(' ')})`;
}

export function printUnnest({ columns, index, whenEmpty, most }: Unnest): string {
  const lists = columns.map(
    ({ name, expr, maps }) => `${name} = ${maps === 'whole' ? '' : `${maps} `}${printExpr(expr)}`,
  );
  return [
    lists.join(', '),
    ...(index === undefined ? [] : [`index ${index}`]),
    ...(whenEmpty === 'null' ? ['null-when-empty'] : []),
    ...(most === undefined ? [] : [`most ${most}`]),
  ].join(' ');
}

export function printJoin({ flavour, into, nulls, on, within, residual, columns }: Join): string {
  const keys = on.map(({ left, right, elements }) => {
    return `${printExpr(left)} ${elements === 'any' ? 'any-==' : '=='} ${printExpr(right)}`;
  });
  const made = columns.map(({ name, side, expr }) => `${name} = ${side} ${printExpr(expr)}`);
  return [
    flavour,
    ...(into === undefined ? [] : [`into ${into}`]),
    ...(nulls === 'equal' ? ['nulls-equal'] : []),
    ...(keys.length === 0 ? [] : [`on ${keys.join(', ')}`]),
    ...(within === undefined
      ? []
      : [`within ${within.least}..${within.most}t of ${printExpr(within.left)} ${printExpr(within.right)}`]),
    ...(residual === undefined ? [] : [`where ${printExpr(residual)}`]),
    ...(made.length === 0 ? [] : [`columns ${made.join(', ')}`]),
  ].join(' ');
}

export function printApply({ by, group, keep }: Apply): string {
  return [
    by === null ? 'each row' : `by ${by.map(printExpr).join(', ')}`,
    `as ${group}`,
    ...(keep.length === 0 ? [] : [`keep ${printNamed(keep)}`]),
  ].join(' ');
}

export function printWindowColumns({ partition, order, columns }: Window): string {
  return [
    columns.map((column) => `${column.name} = ${printWindowColumn(column)}`).join(', '),
    ...(partition.length === 0 ? [] : [`partition ${partition.map(printExpr).join(', ')}`]),
    ...(order.length === 0 ? [] : [`order ${printSortKeys(order)}`]),
  ].join(' ');
}

function printWindowColumn(column: WindowColumn): string {
  switch (column.fn) {
    case 'row-number':
      return '(row-number)';
    case 'rank':
    case 'dense-rank':
      return `(${[column.fn, ...column.of.map(printExpr)].join(' ')})`;
    case 'lag':
    case 'lead':
      return `(${column.fn} ${column.by} ${printExpr(column.of)} else ${printExpr(column.otherwise)})`;
    case 'aggregate':
      return `${printAggregate(column.aggregate)} rows ${column.before ?? 'all'}..${column.after ?? 'all'}`;
  }
}

export function printSeries({ axis, by, aggregates, whenEmpty }: Series): string {
  const made = aggregates.map(
    (aggregate) => `${aggregate.names.join(', ')} = ${printAggregate(aggregate)} fill ${printExpr(aggregate.fill)}`,
  );
  return [
    made.join(', '),
    `on ${axis.name} = ${printExpr(axis.expr)}`,
    ...(axis.from === null ? [] : [`from ${printExpr(axis.from)}`]),
    ...(axis.to === null ? [] : [`to ${printExpr(axis.to)}`]),
    `step ${printExpr(axis.step)}`,
    ...(by.length === 0 ? [] : [`by ${printNamed(by)}`]),
    ...(whenEmpty === 'one' ? ['also-when-empty'] : []),
  ].join(' ');
}
