import { describe, expect, it } from 'vitest';
import { formatDateTime } from './date-time.ts';
import { momentOf, readEventTime } from './moment.ts';
import { DateTime, type Value } from './value.ts';

function shown(value: Value): string | undefined {
  const ticks = momentOf(value);
  return ticks === undefined ? undefined : formatDateTime(new DateTime(ticks));
}

describe('the moment that a value stands for', () => {
  it.each<[Value]>([
    [1_700_000_000],
    [1_700_000_000_000],
    [1_700_000_000_000_000n],
    [1_700_000_000_000_000_000n],
    ['1700000000'],
    ['1700000000.0'],
    [' 1700000000000 '],
    ['2023-11-14T22:13:20Z'],
    ['2023-11-14 22:13:20'],
    ['2023-11-14T23:13:20+01:00'],
    ['2023/11/14 22:13:20'],
    ['Tue, 14 Nov 2023 22:13:20 GMT'],
    ['14 Nov 2023 22:13:20'],
    ['14/Nov/2023:23:13:20 +0100'],
    ['/Date(1700000000000)/'],
    [['2023-11-14T22:13:20Z', 'later']],
  ])('%s', (value) => {
    expect(shown(value)).toBe('2023-11-14T22:13:20.0000000Z');
  });

  it.each<[Value]>([
    ['yesterday'],
    ['2023-02-30T00:00:00Z'],
    ['14 Foo 2023 22:13:20'],
    [12],
    [true],
    [null],
    [undefined],
    [[]],
    [{}],
  ])('none for %s', (value) => {
    expect(momentOf(value)).toBeUndefined();
  });
});

describe('the time of an event', () => {
  it('is shown as it was written where that is ISO 8601', () => {
    expect(readEventTime('2023-11-14T23:13:20+01:00')).toMatchObject({ text: '2023-11-14T23:13:20+01:00' });
    expect(readEventTime('2023-11-14 22:13:20')).toMatchObject({ text: '2023-11-14T22:13:20.0000000Z' });
    expect(readEventTime(1_700_000_000_000)).toMatchObject({ text: '2023-11-14T22:13:20.0000000Z' });
  });

  it('is told apart from a value that is no time, and from none', () => {
    expect(readEventTime('soon')).toEqual({ kind: 'unreadable', text: 'soon' });
    expect(readEventTime(' ')).toEqual({ kind: 'missing' });
    expect(readEventTime(null)).toEqual({ kind: 'missing' });
  });
});
