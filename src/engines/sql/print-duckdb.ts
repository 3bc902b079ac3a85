import { EPOCH_TICKS, formatDateTime } from '../../values/date-time.ts';
import { DateTime } from '../../values/value.ts';
import type { SqlFrom, SqlJoinKind, SqlQuery, SqlSelect, SqlTableColumn } from './tree/select.ts';
import type {
  SqlAggregate,
  SqlAggregateFunction,
  SqlExpr,
  SqlFunction,
  SqlLiteral,
  SqlNamed,
  SqlOperator,
  SqlOrder,
  SqlType,
  SqlVariableName,
} from './tree/sql-expr.ts';

const FUNCTIONS: Readonly<Record<SqlFunction, string>> = {
  lower: 'lower',
  length: 'length',
  contains: 'contains',
  'starts-with': 'starts_with',
  'ends-with': 'ends_with',
  replace: 'replace',
  concat: 'concat',
  regex: 'regexp_matches',
  coalesce: 'coalesce',
  micros: 'epoch_us',
  nanos: 'epoch_ns',
  'is-nan': 'isnan',
  abs: 'abs',
};

const AGGREGATES: Readonly<Record<SqlAggregateFunction, string>> = {
  count: 'count',
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  any: 'bool_or',
  list: 'list',
  'arg-max': 'arg_max',
};

const OPERATORS: Readonly<Record<SqlOperator, string>> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '//': '//',
  '%': '%',
  same: 'IS NOT DISTINCT FROM',
  differs: 'IS DISTINCT FROM',
};

const TYPES: Readonly<Record<SqlType, string>> = {
  text: 'VARCHAR',
  long: 'BIGINT',
  huge: 'HUGEINT',
  real: 'DOUBLE',
  stamp: 'TIMESTAMP',
};

const JOINS: Readonly<Record<SqlJoinKind, string>> = {
  inner: 'JOIN',
  left: 'LEFT JOIN',
  right: 'RIGHT JOIN',
  full: 'FULL JOIN',
  semi: 'SEMI JOIN',
  anti: 'ANTI JOIN',
};

/** The query in DuckDB's dialect. All that is not of the tree's own words is quoted here. */
export function printDuckdb(query: SqlQuery, indent = ''): string {
  if (query.kind === 'select') return printSelect(query, indent);
  return query.queries.map((one) => printSelect(one, indent)).join(`\n${indent}UNION ALL\n`);
}

/** Gives a variable of all queries. */
export function printVariable(name: SqlVariableName, value: string): string {
  return `SET VARIABLE ${name} = ${quoted(value)}`;
}

/** Opens a DuckDB file for reading, by a name. */
export function printAttach(path: string, name: string): string {
  return `ATTACH ${quoted(path)} AS ${quotedName(name)} (READ_ONLY)`;
}

/** Makes a table. */
export function printTable(name: string, columns: readonly SqlTableColumn[]): string {
  const printed = list(
    columns,
    (column) => `${quotedName(column.name)} ${column.type === 'bool' ? 'BOOLEAN' : TYPES[column.type]}`,
  );
  return `CREATE TABLE ${quotedName(name)} (${printed})`;
}

function printSelect(select: SqlSelect, indent: string): string {
  const { columns, from, where, groupBy, qualify, orderBy, limit } = select;
  const lines = [`SELECT ${columns.length === 0 ? '1' : list(columns, named)}`, `FROM ${printFrom(from, indent)}`];
  if (where.length > 0) lines.push(`WHERE ${where.map(atom).join(`\n${indent}  AND `)}`);
  if (groupBy !== undefined && groupBy.length > 0) lines.push(`GROUP BY ${list(groupBy, printExpr)}`);
  if (qualify !== undefined) lines.push(`QUALIFY ${printExpr(qualify)}`);
  if (orderBy !== undefined && orderBy.length > 0) lines.push(`ORDER BY ${list(orderBy, printOrder)}`);
  if (limit !== undefined) lines.push(`LIMIT ${limit}`);
  return lines.map((line) => `${indent}${line}`).join('\n');
}

function printFrom(from: SqlFrom, indent: string): string {
  switch (from.kind) {
    case 'parquet':
      return `read_parquet([${list(from.paths, quoted)}], union_by_name = true) AS ${quotedName(from.as)}`;
    case 'table':
      return `${from.schema === undefined ? '' : `${quotedName(from.schema)}.`}${quotedName(from.name)} AS ${quotedName(from.as)}`;
    case 'query':
      return `(\n${printDuckdb(from.query, `${indent}  `)}\n${indent}) AS ${quotedName(from.as)}`;
    case 'join':
      return `${printFrom(from.left, indent)}\n${indent}${JOINS[from.how]} ${printFrom(from.right, indent)} ON ${printExpr(from.on)}`;
  }
}

function named({ expr, as }: SqlNamed): string {
  const printed = printExpr(expr);
  if (expr.kind === 'all') return printed;
  const name = quotedName(as);
  return printed === name ? name : `${printed} AS ${name}`;
}

function printOrder({ expr, direction, nulls }: SqlOrder): string {
  return `${printExpr(expr)} ${direction.toUpperCase()} NULLS ${nulls.toUpperCase()}`;
}

function printExpr(expr: SqlExpr): string {
  switch (expr.kind) {
    case 'all':
      return '*';
    case 'column':
      return expr.of === undefined ? quotedName(expr.name) : `${quotedName(expr.of)}.${quotedName(expr.name)}`;
    case 'literal':
      return printLiteral(expr);
    case 'call':
      return `${FUNCTIONS[expr.fn]}(${list(expr.args, printExpr)})`;
    case 'aggregate':
      return printAggregate(expr);
    case 'operation':
      return `${atom(expr.left)} ${OPERATORS[expr.op]} ${atom(expr.right)}`;
    case 'and':
      return expr.items.map(atom).join(' AND ');
    case 'or':
      return expr.items.map(atom).join(' OR ');
    case 'not':
      return expr.item.kind === 'is-null' ? `${atom(expr.item.of)} IS NOT NULL` : `NOT ${atom(expr.item)}`;
    case 'is-null':
      return `${atom(expr.of)} IS NULL`;
    case 'case': {
      const branches = expr.branches.map(({ when, then }) => ` WHEN ${printExpr(when)} THEN ${printExpr(then)}`);
      const otherwise = expr.otherwise === undefined ? '' : ` ELSE ${printExpr(expr.otherwise)}`;
      return `CASE${branches.join('')}${otherwise} END`;
    }
    case 'cast':
      return `CAST(${printExpr(expr.of)} AS ${TYPES[expr.to]})`;
    case 'among':
      return `${atom(expr.of)} IN (${list(expr.items, printExpr)})`;
    case 'like':
      return `${atom(expr.of)} LIKE ${quoted(expr.parts.map(likePart).join(''))} ESCAPE '!'`;
    case 'row-number': {
      const partition = expr.partition.length === 0 ? '' : `PARTITION BY ${list(expr.partition, printExpr)} `;
      return `row_number() OVER (${partition}ORDER BY ${list(expr.order, printOrder)})`;
    }
    case 'record':
      return `struct_pack(${list(expr.members, ({ expr: member, as }) => `${quotedName(as)} := ${printExpr(member)}`)})`;
    case 'member':
      return `${atom(expr.of)}.${quotedName(expr.name)}`;
    case 'variable':
      return `getvariable(${quoted(expr.name)})`;
  }
}

function printAggregate({ fn, args, distinct, order = [], filter }: SqlAggregate): string {
  const given = `${distinct === true ? 'DISTINCT ' : ''}${args.length === 0 ? '*' : list(args, printExpr)}`;
  const ordered = order.length === 0 ? '' : ` ORDER BY ${list(order, printOrder)}`;
  const filtered = filter === undefined ? '' : ` FILTER (WHERE ${printExpr(filter)})`;
  return `${AGGREGATES[fn]}(${given}${ordered})${filtered}`;
}

/** In brackets, unless nothing around it can be taken for a part of it. */
function atom(expr: SqlExpr): string {
  switch (expr.kind) {
    case 'all':
    case 'variable':
    case 'column':
    case 'literal':
    case 'call':
    case 'aggregate':
    case 'cast':
    case 'case':
    case 'row-number':
    case 'record':
    case 'member':
      return printExpr(expr);
    case 'operation':
    case 'and':
    case 'or':
    case 'not':
    case 'is-null':
    case 'among':
    case 'like':
      return `(${printExpr(expr)})`;
  }
}

function printLiteral(literal: SqlLiteral): string {
  switch (literal.type) {
    case 'null':
      return 'NULL';
    case 'bool':
      return literal.value ? 'TRUE' : 'FALSE';
    case 'text':
      return quoted(literal.value);
    case 'real':
      return `${quoted(realText(literal.value))}::DOUBLE`;
    case 'long':
      return `${wholeText(literal.value)}::BIGINT`;
    case 'huge':
      return `${wholeText(literal.value)}::HUGEINT`;
    case 'stamp':
      return `TIMESTAMP ${quoted(stampText(literal.value))}`;
  }
}

/** A minus binds less than a cast. */
function wholeText(value: bigint): string {
  return value < 0n ? `'${value}'` : String(value);
}

/** A time of the years 1 to 9999. */
function stampText(micros: bigint): string {
  const [day, time = ''] = formatDateTime(new DateTime(EPOCH_TICKS + micros * 10n)).split('T');
  return `${day} ${time.slice(0, 15)}`;
}

function realText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0.0' : String(value);
}

/** A text: what ends a statement for some clients, or ends a text of C, is spelled out. */
function quoted(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function likePart(part: string | null): string {
  return part === null ? '%' : part.replace(/[!%_]/g, '!$&');
}

function list<T>(items: readonly T[], print: (item: T) => string): string {
  return items.map(print).join(', ');
}
