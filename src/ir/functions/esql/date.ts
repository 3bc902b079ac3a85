import { at } from '../example-values.ts';
import { row, type Signature } from '../signature.ts';
import { SINGLE } from './number.ts';

export type EsqlDateFunction =
  | 'esql.now'
  | 'esql.date-plus'
  | 'esql.date-trunc'
  | 'esql.date-bucket'
  | 'esql.date-diff'
  | 'esql.date-extract'
  | 'esql.date-format'
  | 'esql.date-parse'
  | 'esql.day-name'
  | 'esql.month-name';

/** ES|QL's functions of moments. A timespan is so many months and days by the calendar, and ticks (100 ns) by the clock. */
export const esqlDateFunctions: Record<EsqlDateFunction, Signature> = {
  'esql.now': row({}, 'datetime', 'The time of the run, in milliseconds.', [[[], at('2024-01-03T12:00:00Z')]], {
    reads: 'clock',
  }),
  'esql.date-plus': row(
    { value: 'datetime', months: 'whole', days: 'whole', ticks: 'whole' },
    'datetime',
    'The moment and a timespan.',
    [
      [[at('2024-01-31'), 1n, 0n, 0n], at('2024-02-29')],
      [[at('2024-01-31'), 0n, -1n, 10000000n], at('2024-01-30T00:00:01')],
    ],
    SINGLE,
  ),
  'esql.date-trunc': row(
    { value: 'datetime', months: 'whole', days: 'whole', ticks: 'whole' },
    'datetime',
    'The start of the timespan that a moment lies in: months and years of the calendar, weeks from Monday, else counted from 1970.',
    [
      [[at('2024-05-10T11:22:33'), 1n, 0n, 0n], at('2024-05-01')],
      [[at('2024-05-10T11:22:33'), 0n, 7n, 0n], at('2024-05-06')],
      [[at('2024-05-10T11:22:33'), 0n, 0n, 36000000000n], at('2024-05-10T11:00:00')],
    ],
    SINGLE,
  ),
  'esql.date-bucket': row(
    { value: 'datetime', buckets: 'whole', from: 'datetime', to: 'datetime' },
    'datetime',
    'The start of the bucket that a moment lies in, of the narrowest width that makes no more buckets between two moments than asked for.',
    [
      [[at('2024-05-10T11:22:33'), 20n, at('2024-01-01'), at('2025-01-01')], at('2024-05-01')],
      [[at('2024-05-10T11:22:33'), 100n, at('2024-01-01'), at('2025-01-01')], at('2024-05-06')],
    ],
    SINGLE,
  ),
  'esql.date-diff': row(
    { unit: 'string', start: 'datetime', end: 'datetime' },
    'long',
    'Whole units from one moment to another, cut toward zero; null beyond what an integer holds.',
    [
      [['minutes', at('2024-05-10T11:00:00'), at('2024-05-10T11:02:59')], 2n],
      [['month', at('2024-01-31'), at('2024-02-29')], 0n],
      [['ns', at('2024-01-01'), at('2024-02-01')], null],
    ],
    SINGLE,
  ),
  'esql.date-extract': row(
    { part: 'string', value: 'datetime' },
    'long',
    'A part of a moment, by its name in Java.',
    [
      [['hour_of_day', at('2024-05-10T11:22:33')], 11n],
      [['DAY_OF_WEEK', at('2024-05-10')], 5n],
    ],
    SINGLE,
  ),
  'esql.date-format': row(
    { pattern: 'string', value: 'datetime' },
    'string',
    'The moment as a pattern of Java writes it.',
    [
      [['yyyy-MM-dd HH:mm', at('2024-05-10T11:22:33')], '2024-05-10 11:22'],
      [['dd MMM', at('2024-05-10')], '10 May'],
    ],
    SINGLE,
  ),
  'esql.date-parse': row(
    { pattern: 'string', text: 'string' },
    'datetime',
    'The moment of a text in a pattern of Java; null where it does not fit.',
    [
      [['yyyy-MM-dd', '2024-05-10'], at('2024-05-10')],
      [['dd MMM yyyy', '10 May 2024'], at('2024-05-10')],
      [['yyyy-MM-dd', 'x'], null],
    ],
    SINGLE,
  ),
  'esql.day-name': row(
    { value: 'datetime' },
    'string',
    'The English name of the day.',
    [[[at('2024-05-10')], 'Friday']],
    SINGLE,
  ),
  'esql.month-name': row(
    { value: 'datetime' },
    'string',
    'The English name of the month.',
    [[[at('2024-05-10')], 'May']],
    SINGLE,
  ),
};
