import { expect, test } from 'vitest';
import { parseFormattedDate } from './date-format.ts';
import { formatDateTime } from './date-time.ts';
import type { Value } from './value.ts';

test.each<[Value, string, string | undefined]>([
  [1622676795, 'epoch_second', '2021-06-02T23:33:15.0000000Z'],
  ['1622676795000', 'epoch_millis', '2021-06-02T23:33:15.0000000Z'],
  ['31-12-2020', 'dd-MM-yyyy', '2020-12-31T00:00:00.0000000Z'],
  ['31-02-2020', 'dd-MM-yyyy', undefined],
  ['2020-12-31 23:01:02.5', 'yyyy-MM-dd HH:mm:ss.S', '2020-12-31T23:01:02.5000000Z'],
  ['2020/12/31T01', "yyyy/MM/dd'T'HH", '2020-12-31T01:00:00.0000000Z'],
  ['2020-12-31T00:00:00+0200', "yyyy-MM-dd'T'HH:mm:ssX", '2020-12-30T22:00:00.0000000Z'],
  ['2020-12-31', 'epoch_second||strict_date_optional_time', '2020-12-31T00:00:00.0000000Z'],
  ['soon', 'epoch_second||date_optional_time||dd-MM-yyyy', undefined],
  [null, 'epoch_second', undefined],
])('%j as %s', (value, format, expected) => {
  const found = parseFormattedDate(value, format);
  expect(found && formatDateTime(found)).toBe(expected);
});
