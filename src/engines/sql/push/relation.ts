import type { JsonObject } from '../../../base/json.ts';
import type { RecordSource } from '../../../logs/record.ts';
import { ascending, sqlColumn } from '../tree/construct.ts';
import type { SqlFrom, SqlSelect } from '../tree/select.ts';
import type { SqlExpr, SqlNamed, SqlOrder } from '../tree/sql-expr.ts';
import type { RowNames } from './pushing.ts';
import { emptyText, momentOfStamp, type Typed, typed } from './typed.ts';

/** A stored table as SQL sees it: rows that stand for records of one log type. */
export interface SqlTable extends Omit<RowNames, 'column'> {
  readonly logType: string;
  readonly from: SqlFrom;
  /** Its columns, by the names that records have: what an event is made of. */
  readonly columns: readonly SqlNamed[];
  /** What rows are ordered by, as they are read; none is null. */
  readonly places: readonly SqlExpr[];
  /** The record at a place, where it is at hand. */
  readonly eventAt?: (place: number) => JsonObject | undefined;
  /** Where the record of a place was read. */
  sourceOf(place: number): RecordSource;
}

/** The rows of a plan, in SQL. */
export interface Relation {
  readonly from: SqlFrom;
  readonly where: readonly SqlExpr[];
  /** The columns that operators have made, over `from`. */
  readonly columns: ReadonlyMap<string, Typed>;
  /** The table whose records rows still stand for. */
  readonly record: SqlTable | undefined;
  /** In which order the memory engine has the rows. */
  readonly order: readonly SqlOrder[];
  /** Whether the engine reads them in that order by itself. */
  readonly isInOrder: boolean;
}

/** A relation put into a query of its own. */
export interface Closed {
  readonly select: SqlSelect;
  readonly relation: Relation;
}

/** Names that no two inputs share. */
export class Aliases {
  private count = 0;

  next(): string {
    this.count += 1;
    return `r${this.count}`;
  }
}

export function tableRelation(table: SqlTable): Relation {
  return {
    from: table.from,
    where: [],
    columns: new Map(),
    record: table,
    order: table.places.map(ascending),
    isInOrder: true,
  };
}

/** What the names of a relation's rows are. */
export function namesOf({ columns, record }: Relation): RowNames {
  return {
    column: (name) => columns.get(name),
    own: (name) => record?.own(name),
    converted: (fn, name) => record?.converted(fn, name),
  };
}

/** Names for columns that differ without regard to case, as engines of SQL read them. */
export function distinctNames(names: Iterable<string>): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const found = new Map<string, string>();
  for (const name of names) {
    let as = name;
    for (let count = 2; taken.has(as.toLowerCase()); count += 1) as = `${name} ${count}`;
    taken.add(as.toLowerCase());
    found.set(name, as);
  }
  return found;
}

/**
 * A relation as a query, and as the relation that reads it. Its rows stand for no record any more. `isFinal`: columns are as their values
 * are, as for an outer join, which adds nulls of its own.
 */
export function close(relation: Relation, alias: string, isFinal: boolean): Closed {
  const names = distinctNames([...relation.columns.keys(), ...relation.order.map((_, at) => placeName(at))]);
  const named = (name: string): string => names.get(name) ?? name;
  const columns: SqlNamed[] = [];
  const made = new Map<string, Typed>();
  for (const [name, value] of relation.columns) {
    const as = named(name);
    const column = sqlColumn(as, alias);
    if (!isFinal && value.orEmpty !== undefined) {
      columns.push({ expr: value.orEmpty, as });
      made.set(name, emptyText(column));
    } else if (!isFinal && value.stamp !== undefined && value.kind === 'moment') {
      columns.push({ expr: value.stamp, as });
      made.set(name, momentOfStamp(column));
    } else {
      columns.push({ expr: value.sql, as });
      made.set(name, typed(value.kind, column, value.isNullable));
    }
  }
  const order = relation.order.map((one, at) => {
    const as = named(placeName(at));
    columns.push({ expr: one.expr, as });
    return { ...one, expr: sqlColumn(as, alias) };
  });
  const select: SqlSelect = { kind: 'select', columns, from: relation.from, where: relation.where };
  return { select, relation: overQuery(select, alias, made, order, relation.isInOrder) };
}

export function overQuery(
  query: Extract<SqlFrom, { kind: 'query' }>['query'],
  alias: string,
  columns: ReadonlyMap<string, Typed>,
  order: readonly SqlOrder[],
  isInOrder: boolean,
): Relation {
  return { from: { kind: 'query', query, as: alias }, where: [], columns, record: undefined, order, isInOrder };
}

/** The column for a part of the order: no language has such names. */
export function placeName(at: number): string {
  return `#${at}`;
}

/** The relation with one ascending whole number for its order. */
export function withOnePlace(relation: Relation, aliases: Aliases): Relation {
  const [only, ...more] = relation.order;
  if (only?.direction === 'asc' && more.length === 0) return relation;
  const place: SqlExpr = { kind: 'row-number', partition: [], order: relation.order };
  return close({ ...relation, order: [ascending(place)] }, aliases.next(), false).relation;
}
