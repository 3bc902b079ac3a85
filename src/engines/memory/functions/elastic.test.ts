import { expect, test } from 'vitest';
import { parseDateTime } from '../../../values/date-time.ts';
import type { DateTime, Value } from '../../../values/value.ts';
import { elasticImplementations } from './elastic.ts';

const inRange = elasticImplementations['elastic.date-range'];

/** The clock of a run whose time is not known before its last event. */
const unknown = {
  get now(): DateTime {
    throw new Error('the clock was read');
  },
};

test.each<[readonly Value[], boolean]>([
  [['2024-01-02T05:00:00Z', '>=', '2024-01-01'], true],
  [['2024-01-02T05:00:00Z', '>=', '2024-01-02', '<=', '2024-01-02'], true],
  [['2024-01-03T00:00:00Z', '>=', '2024-01-02', '<=', '2024-01-02'], false],
  [['2024-01-02T05:00:00Z', '<', '2024-01-02||+1d/d'], true],
])('%j with written bounds needs no clock', (args, want) => {
  expect(inRange(args, unknown)).toBe(want);
});

test('a bound that counts from now reads the clock', () => {
  const now = parseDateTime('2024-01-03T12:00:00Z');
  if (now === undefined || now === null) throw new Error('no time');
  expect(inRange(['2024-01-03T00:00:00Z', '>=', 'now-1d'], { now })).toBe(true);
  expect(inRange(['2024-01-01T00:00:00Z', '>=', 'now-1d'], { now })).toBe(false);
  expect(() => inRange(['2024-01-01T00:00:00Z', '>=', 'now-1d'], unknown)).toThrow('the clock was read');
});
