import type { FunctionName } from '../../../ir/functions/registry.ts';
import { TICKS_PER_DAY } from '../../../values/date-time.ts';
import { cast, operation, sqlCall, sqlLong, sqlText } from '../tree/construct.ts';
import type { SqlExpr, SqlOperator } from '../tree/sql-expr.ts';
import { textOf } from './match.ts';
import { emptyText, isOpaque, momentOfStamp, momentOfTicks, type Typed, typed } from './typed.ts';

/** What a function gives for values of these kinds; undefined where SQL does not say the same. */
export type PushedFunction = (args: readonly Typed[]) => Typed | undefined;

type One = (value: Typed) => Typed | undefined;

const only =
  (of: One): PushedFunction =>
  ([value, ...more]) =>
    value === undefined || more.length > 0 ? undefined : of(value);

/** A value of that kind as it is. */
const same =
  (kind: Typed['kind']): One =>
  (value) =>
    value.kind === kind ? value : undefined;

/** The functions that SQL has exactly, for the kinds for which it has. */
export const pushedFunctions: Readonly<Partial<Record<FunctionName, PushedFunction>>> = {
  'convert.string': only((value) => {
    if (value.kind === 'text') return value.isNullable ? emptyText(value.sql) : typed('text', value.sql, false);
    const text = textOf(value);
    return text && emptyText(text);
  }),
  'convert.long': only((value) => {
    if (value.kind === 'long') return typed('long', value.sql);
    return value.kind === 'bool' ? typed('long', cast(value.sql, 'long')) : undefined;
  }),
  'convert.real': only((value) => {
    if (value.kind === 'real') return typed('real', value.sql);
    return value.kind === 'long' ? typed('real', cast(value.sql, 'real')) : undefined;
  }),
  'convert.bool': only((value) => {
    if (value.kind === 'bool') return typed('bool', value.sql);
    return value.kind === 'long' ? typed('bool', operation('<>', value.sql, sqlLong(0n))) : undefined;
  }),
  'convert.datetime': only((value) => {
    if (value.kind === 'moment') return value;
    return value.stamp === undefined ? undefined : momentOfStamp(value.stamp);
  }),
  'convert.timespan': only(same('span')),
  'convert.dynamic': only(({ kind, sql, isOwn }) =>
    isOwn === true || kind === 'text' ? typed('json', sql) : undefined,
  ),
  'kusto.strlen': only((value) => {
    const text = textOf(value);
    return (
      text && typed('long', sqlCall('length', value.isNullable ? sqlCall('coalesce', text, sqlText('')) : text), false)
    );
  }),
  'kusto.strcat': (args) => {
    const texts = args.map((arg) => {
      const text = textOf(arg);
      return text && arg.isNullable ? sqlCall('coalesce', text, sqlText('')) : text;
    });
    const known = texts.filter((text) => text !== undefined);
    return known.length < args.length || known.length === 0
      ? undefined
      : typed('text', sqlCall('concat', ...known), false);
  },
  'kusto.coalesce': (args) => {
    const kind = args.find(({ constant }) => constant !== null)?.kind;
    if (kind === undefined || isOpaque(kind)) return undefined;
    if (args.some((arg) => arg.kind !== kind && arg.constant !== null)) return undefined;
    if (kind !== 'text') return typed(kind, sqlCall('coalesce', ...args.map(({ sql }) => sql)));
    const last = args.at(-1);
    const branches = args.slice(0, -1).map(({ sql }) => ({ when: operation('<>', sql, sqlText('')), then: sql }));
    return last && typed(kind, branches.length === 0 ? last.sql : { kind: 'case', branches, otherwise: last.sql });
  },
  'kusto.add': ([a, b]) => added('+', a, b),
  'kusto.subtract': ([a, b]) => added('-', a, b),
  'kusto.multiply': ([a, b]) => (a?.kind === b?.kind ? arithmetic('*', a, b) : undefined),
  'kusto.bin': ([value, size]) => {
    const step = size?.constant;
    if (value === undefined || typeof step !== 'bigint' || step <= 0n) return undefined;
    return binned(value, size?.kind, step);
  },
  'kusto.bin-at': ([value, size, from]) => {
    const step = size?.constant;
    const start = from?.constant;
    if (value === undefined || typeof step !== 'bigint' || step <= 0n || typeof start !== 'bigint') return undefined;
    if (from?.kind !== value.kind || size?.kind !== (value.kind === 'long' ? 'long' : 'span')) return undefined;
    const rest = operation('%', operation('-', value.sql, sqlLong(start)), sqlLong(step));
    const above = operation('%', operation('+', rest, sqlLong(step)), sqlLong(step));
    const bin = operation('-', value.sql, above);
    return value.kind === 'moment' ? momentOfTicks(bin) : typed(value.kind, bin, value.isNullable);
  },
  'kusto.start-of': ([unit, moment, offset]) => {
    if (unit?.constant !== 'day' || moment?.kind !== 'moment') return undefined;
    return offset === undefined || offset.constant === 0n ? binned(moment, 'span', TICKS_PER_DAY) : undefined;
  },
};

function binned(value: Typed, of: Typed['kind'] | undefined, step: bigint): Typed | undefined {
  const { kind, sql } = value;
  const by = sqlLong(step);
  const rest = operation('%', sql, by);
  // Moments are never negative.
  if (kind === 'moment' && of === 'span') return typed(kind, operation('-', sql, rest), value.isNullable);
  if ((kind !== 'span' || of !== 'span') && (kind !== 'long' || of !== 'long')) return undefined;
  const above = operation('%', operation('+', rest, by), by);
  return typed(kind, operation('-', sql, above), value.isNullable);
}

/** What goes beyond 64 bits fails in SQL, and the memory engine takes over. */
function added(op: '+' | '-', a: Typed | undefined, b: Typed | undefined): Typed | undefined {
  if (a === undefined || b === undefined) return undefined;
  const sum = operation(op, a.sql, b.sql);
  if (a.kind === 'moment' && b.kind === 'span') return momentOfTicks(sum);
  if (a.kind === 'span' && b.kind === 'moment' && op === '+') return momentOfTicks(sum);
  if (a.kind === 'moment' && b.kind === 'moment') return op === '-' ? typed('span', sum) : undefined;
  if (a.kind === 'span' && b.kind === 'span') return typed('span', sum);
  return arithmetic(op, a, b);
}

function arithmetic(op: SqlOperator, a: Typed | undefined, b: Typed | undefined): Typed | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (a.kind === 'long' && b.kind === 'long') return typed('long', operation(op, a.sql, b.sql));
  const isNumber = ({ kind }: Typed): boolean => kind === 'long' || kind === 'real';
  if (!isNumber(a) || !isNumber(b)) return undefined;
  return typed('real', operation(op, asReal(a), asReal(b)));
}

function asReal({ kind, sql }: Typed): SqlExpr {
  return kind === 'real' ? sql : cast(sql, 'real');
}
