import { at, span } from '../example-values.ts';
import { row, type Signature } from '../signature.ts';

export type KustoTimeFunction =
  | 'kusto.start-of'
  | 'kusto.end-of'
  | 'kusto.datetime-add'
  | 'kusto.datetime-diff'
  | 'kusto.datetime-part'
  | 'kusto.day-of-week'
  | 'kusto.make-datetime'
  | 'kusto.make-timespan'
  | 'kusto.format-datetime'
  | 'kusto.format-timespan'
  | 'kusto.unix-time'
  | 'kusto.time-zone';

const UNITS = ['day', 'week', 'month', 'year'];
const STRICT = { nulls: 'propagate' } as const;

/** Kusto's functions of moments and durations. All is UTC; a week starts on Sunday. */
export const kustoTimeFunctions: Record<KustoTimeFunction, Signature> = {
  'kusto.start-of': row(
    { unit: UNITS, moment: 'datetime', 'offset?': 'whole' },
    'datetime',
    'The start of the day, week, month or year, so many of them later.',
    [
      [['day', at('2017-01-01 10:10:17')], at('2017-01-01')],
      [['week', at('2017-01-04 10:10:17')], at('2017-01-01')],
      [['month', at('2017-01-31'), 1n], at('2017-02-01')],
      [['year', at('2017-06-01'), -1n], at('2016-01-01')],
      [['day', null], null],
    ],
    STRICT,
  ),
  'kusto.end-of': row(
    { unit: UNITS, moment: 'datetime', 'offset?': 'whole' },
    'datetime',
    'The last tick of the day, week, month or year, so many of them later.',
    [
      [['day', at('2017-01-01 10:10:17')], at('2017-01-01 23:59:59.9999999')],
      [['month', at('2024-02-10')], at('2024-02-29 23:59:59.9999999')],
      [['week', at('2017-01-04'), 1n], at('2017-01-14 23:59:59.9999999')],
    ],
    STRICT,
  ),
  'kusto.datetime-add': row(
    { part: 'string', count: 'whole', moment: 'datetime' },
    'datetime',
    'The moment so many parts later; the 31st of a shorter month is its last day. Null for a part there is not.',
    [
      [['year', 1n, at('2017-10-30')], at('2018-10-30')],
      [['month', 1n, at('2024-01-31')], at('2024-02-29')],
      [['hour', -2n, at('2017-10-30 01:00:00')], at('2017-10-29 23:00:00')],
      [['fortnight', 1n, at('2017-10-30')], null],
    ],
    STRICT,
  ),
  'kusto.datetime-diff': row(
    { part: 'string', later: 'datetime', earlier: 'datetime' },
    'long',
    'How many boundaries of the part lie between the two moments.',
    [
      [['year', at('2017-01-01'), at('2000-12-31')], 17n],
      [['day', at('2017-10-29 23:59'), at('2017-10-30 00:05')], -1n],
      [['minute', at('2017-10-30 23:05'), at('2017-10-30 22:59')], 6n],
    ],
    STRICT,
  ),
  'kusto.datetime-part': row(
    { part: 'string', moment: 'datetime' },
    'int',
    'A part of the moment as a number; weeks are those of ISO 8601.',
    [
      [['year', at('2017-10-30 01:02:03.7654321')], 2017n],
      [['week_of_year', at('2020-12-31')], 53n],
      [['dayofyear', at('2017-10-30')], 303n],
      [['hour', at('2017-10-30 01:02:03')], 1n],
      [['nanosecond', at('2017-10-30 01:02:03.7654321')], 765_432_100n],
    ],
    STRICT,
  ),
  'kusto.day-of-week': row(
    { moment: 'datetime' },
    'timespan',
    'The time since Sunday, in whole days.',
    [
      [[at('1947-11-30 10:00:05')], span('00:00:00')],
      [[at('1970-05-11')], span('1.00:00:00')],
    ],
    STRICT,
  ),
  'kusto.make-datetime': row(
    { year: 'whole', month: 'whole', day: 'whole', 'hour?': 'whole', 'minute?': 'whole', 'second?': 'number' },
    'datetime',
    'The moment of a date and a time of day; null where there is none.',
    [
      [[2017n, 10n, 1n], at('2017-10-01')],
      [[2017n, 10n, 1n, 12n, 10n, 0.1234567], at('2017-10-01 12:10:00.1234567')],
      [[2017n, 2n, 30n], null],
    ],
  ),
  'kusto.make-timespan': row({ 'part*': 'number' }, 'timespan', 'The duration of [days,] hours, minutes[, seconds].', [
    [[1n, 12n], span('01:12:00')],
    [[1n, 12n, 30n], span('01:12:30')],
    [[1n, 12n, 30n, 55n], span('1.12:30:55')],
  ]),
  'kusto.format-datetime': row(
    { moment: 'datetime', format: 'string' },
    'string',
    'The moment in a format of `y M d h H m s f F tt` and whatever stands between.',
    [
      [[at('2015-12-14 02:03:04.12345'), 'y-M-d h:m:s.fffffff'], '15-12-14 2:3:4.1234500'],
      [[at('2017-01-29 09:00:05'), 'yyyy-MM-dd [HH:mm:ss]'], '2017-01-29 [09:00:05]'],
      [[at('2017-01-29 21:00:05'), 'hh:mm tt'], '09:00 PM'],
    ],
    STRICT,
  ),
  'kusto.format-timespan': row(
    { duration: 'timespan', format: 'string' },
    'string',
    'The duration in a format of `d h H m s f F` and whatever stands between.',
    [
      [[span('1.09:00:05'), 'd.hh:mm:ss'], '1.09:00:05'],
      [[span('-00:01:30'), 'm:ss'], '-1:30'],
    ],
    STRICT,
  ),
  'kusto.unix-time': row(
    { count: 'number', perSecond: 'whole' },
    'datetime',
    'The moment so many units after 1970-01-01; `perSecond` of them make a second.',
    [
      [[1_546_300_800n, 1n], at('2019-01-01')],
      [[1_546_300_800_123n, 1000n], at('2019-01-01 00:00:00.123')],
      [[10n ** 15n, 1n], null],
    ],
    STRICT,
  ),
  'kusto.time-zone': row(
    { direction: ['to-utc', 'to-local'], moment: 'datetime', zone: 'string' },
    'datetime',
    "A moment of a zone's clocks as UTC, or the other way round; null where there is no such zone.",
    [
      [['to-utc', at('2020-02-02 20:02:20'), 'Europe/Paris'], at('2020-02-02 19:02:20')],
      [['to-local', at('2020-02-03 04:02:20'), 'US/Pacific'], at('2020-02-02 20:02:20')],
      [['to-utc', at('2020-02-02'), 'nowhere'], null],
    ],
    { nulls: 'propagate' },
  ),
};
