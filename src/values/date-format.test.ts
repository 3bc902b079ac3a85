import { describe, expect, test } from 'vitest';
import { compileDateFormat } from './date-format.ts';
import { formatDateTime } from './date-time.ts';
import { DateTime } from './value.ts';

function read(format: string, text: string): string | undefined {
  const ticks = compileDateFormat(format)(text);
  return ticks === undefined ? undefined : formatDateTime(new DateTime(ticks));
}

describe('formats of date fields', () => {
  test.each([
    ['dd-MM-yyyy', '17-12-2022', '2022-12-17T00:00:00.0000000Z'],
    ["yyyy/MM/dd'T'HH:mm:ss.SSSZ", '2022/12/17T01:02:03.004+02:00', '2022-12-16T23:02:03.0040000Z'],
    ['d.M.yyyy', '7.2.2022', '2022-02-07T00:00:00.0000000Z'],
    ['epoch_second', '1000', '1970-01-01T00:16:40.0000000Z'],
    ['strict_date_optional_time||epoch_millis', '1000', '1000-01-01T00:00:00.0000000Z'],
    ['yyyy-MM-dd||epoch_millis', '1000', '1970-01-01T00:00:01.0000000Z'],
  ])('%s', (format, text, expected) => {
    expect(read(format, text)).toBe(expected);
  });

  test.each([
    ['dd-MM-yyyy', '2022-12-17'],
    ['dd-MM-yyyy', '32-12-2022'],
    ['epoch_millis', 'x'],
  ])('%s is not the format of %s', (format, text) => {
    expect(read(format, text)).toBeUndefined();
  });
});
