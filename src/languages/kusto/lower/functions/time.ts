import { call, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import { convert } from '../values/convert.ts';
import { fn, type Lowering, type ScalarFunction } from './parameter.ts';

const exprs = (args: readonly { readonly expr: Expr }[]): Expr[] => args.map((arg) => arg.expr);

const now: Lowering = (args, node) => {
  const moment = call('kusto.now', [], node.span);
  return args.length === 0 ? moment : call('kusto.add', [moment, ...exprs(args)], node.span);
};

const ago: Lowering = (args, node) =>
  call('kusto.subtract', [call('kusto.now', [], node.span), ...exprs(args)], node.span);

const edge =
  (name: 'kusto.start-of' | 'kusto.end-of', unit: string): Lowering =>
  (args, node) =>
    call(name, [text(unit), ...exprs(args)], node.span);

const part =
  (name: string): Lowering =>
  (args, node) =>
    call('kusto.datetime-part', [text(name), ...exprs(args)], node.span);

const unix =
  (perSecond: number): Lowering =>
  (args, node) =>
    call('kusto.unix-time', [...exprs(args), { kind: 'literal', type: 'long', value: String(perSecond) }], node.span);

/** `make_datetime(year, month, day, …)`, or of one value as `todatetime`. */
const makeDateTime: Lowering = (args, node) => {
  const [only] = args;
  if (args.length === 1 && only !== undefined) return call('kusto.to-datetime', [only.expr], node.span);
  return call('kusto.make-datetime', exprs(args), node.span);
};

const makeTimespan: Lowering = (args, node) => {
  const [only] = args;
  if (args.length === 1 && only !== undefined) return convert(only, 'timespan');
  return call('kusto.make-timespan', exprs(args), node.span);
};

const zone =
  (direction: 'to-utc' | 'to-local'): Lowering =>
  (args, node) =>
    call('kusto.time-zone', [text(direction), ...exprs(args)], node.span);

export const timeFunctions: Readonly<Record<string, ScalarFunction>> = {
  now: fn('timespan?', 'datetime', now),
  ago: fn('timespan', 'datetime', ago),
  startofday: fn('datetime whole?', 'datetime', edge('kusto.start-of', 'day'), 'first'),
  startofweek: fn('datetime whole?', 'datetime', edge('kusto.start-of', 'week')),
  startofmonth: fn('datetime whole?', 'datetime', edge('kusto.start-of', 'month')),
  startofyear: fn('datetime whole?', 'datetime', edge('kusto.start-of', 'year')),
  endofday: fn('datetime whole?', 'datetime', edge('kusto.end-of', 'day')),
  endofweek: fn('datetime whole?', 'datetime', edge('kusto.end-of', 'week')),
  endofmonth: fn('datetime whole?', 'datetime', edge('kusto.end-of', 'month')),
  endofyear: fn('datetime whole?', 'datetime', edge('kusto.end-of', 'year')),
  datetime_add: fn('string whole datetime', 'datetime', 'kusto.datetime-add'),
  datetime_diff: fn('string datetime datetime', 'long', 'kusto.datetime-diff'),
  datetime_part: fn('string datetime', 'int', 'kusto.datetime-part'),
  dayofweek: fn('datetime', 'timespan', 'kusto.day-of-week'),
  dayofmonth: fn('datetime', 'int', part('day')),
  dayofyear: fn('datetime', 'int', part('dayofyear')),
  hourofday: fn('datetime', 'int', part('hour')),
  week_of_year: fn('datetime', 'int', part('week_of_year')),
  weekofyear: fn('datetime', 'int', part('week_of_year')),
  monthofyear: fn('datetime', 'int', part('month')),
  getmonth: fn('datetime', 'int', part('month')),
  getyear: fn('datetime', 'int', part('year')),
  make_datetime: fn('any any? any? any? any? any?', 'datetime', makeDateTime),
  make_timespan: fn('any any? any? any?', 'timespan', makeTimespan),
  format_datetime: fn('datetime string', 'string', 'kusto.format-datetime', 'first'),
  format_timespan: fn('timespan string', 'string', 'kusto.format-timespan', 'first'),
  unixtime_seconds_todatetime: fn('number', 'datetime', unix(1)),
  unixtime_milliseconds_todatetime: fn('number', 'datetime', unix(1000)),
  unixtime_microseconds_todatetime: fn('number', 'datetime', unix(1_000_000)),
  unixtime_nanoseconds_todatetime: fn('number', 'datetime', unix(1_000_000_000)),
  datetime_local_to_utc: fn('datetime string', 'datetime', zone('to-utc')),
  datetime_utc_to_local: fn('datetime string', 'datetime', zone('to-local')),
  datepart: fn('string datetime', 'int', 'kusto.datetime-part'),
};
