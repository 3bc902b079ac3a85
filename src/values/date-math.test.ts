import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDateMath, resolveDateMath } from './date-math.ts';

const now = Date.parse('2024-05-31T13:45:30.500Z'); // A Friday.

function resolved(text: string, roundUp: boolean): string | undefined {
  const math = parseDateMath(text);
  return math && new Date(resolveDateMath(math, now, roundUp)).toISOString();
}

test.each([
  ['2024', '2024-01-01T00:00:00.000Z', '2024-12-31T23:59:59.999Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
  ['2024-02-03', '2024-02-03T00:00:00.000Z', '2024-02-03T23:59:59.999Z'],
  ['2024-02-03T04', '2024-02-03T04:00:00.000Z', '2024-02-03T04:59:59.999Z'],
  ['2024-02-03T04:05', '2024-02-03T04:05:00.000Z', '2024-02-03T04:05:59.999Z'],
  ['2024-02-03T04:05:06', '2024-02-03T04:05:06.000Z', '2024-02-03T04:05:06.999Z'],
  ['2024-02-03T04:05:06.7Z', '2024-02-03T04:05:06.700Z', '2024-02-03T04:05:06.700Z'],
  ['2024-02-03T04:05+02:00', '2024-02-03T02:05:00.000Z', '2024-02-03T02:05:59.999Z'],
  ['1700000000000', '2023-11-14T22:13:20.000Z', '2023-11-14T22:13:20.000Z'],
  ['now', '2024-05-31T13:45:30.500Z', '2024-05-31T13:45:30.500Z'],
  ['now-1d', '2024-05-30T13:45:30.500Z', '2024-05-30T13:45:30.500Z'],
  ['now/d', '2024-05-31T00:00:00.000Z', '2024-05-31T23:59:59.999Z'],
  ['now/w', '2024-05-27T00:00:00.000Z', '2024-06-02T23:59:59.999Z'],
  ['now-1M/M', '2024-04-01T00:00:00.000Z', '2024-04-30T23:59:59.999Z'],
  ['now+1M', '2024-06-30T13:45:30.500Z', '2024-06-30T13:45:30.500Z'],
  ['now-1y+2h', '2023-05-31T15:45:30.500Z', '2023-05-31T15:45:30.500Z'],
  ['2024-01-31||+1M', '2024-02-29T00:00:00.000Z', '2024-02-29T00:00:00.000Z'],
])('%s is %s to %s', (text, first, last) => {
  expect(resolved(text, false)).toBe(first);
  expect(resolved(text, true)).toBe(last);
});

test.each([
  '',
  'yesterday',
  'now-',
  'now-1x',
  'nowhere',
  '2024-13',
  '2024-02-30',
  '24-01-01',
  '2024-01-01||*2',
  '2024-1-1',
])('%j is no date math', (text) => {
  expect(parseDateMath(text)).toBeUndefined();
});

test('never throws on any text', () => {
  const written = fc
    .array(fc.constantFrom('now', '||', '+', '-', '/', '1', '99', 'd', 'M', 'y', '2024', 'T', ':', 'Z'))
    .map((all) => all.join(''));
  fc.assert(
    fc.property(fc.oneof(fc.string(), written), fc.boolean(), (text, up) => {
      const math = parseDateMath(text);
      if (math !== undefined) expect(resolveDateMath(math, now, up)).toBeTypeOf('number');
    }),
    { numRuns: 10_000 },
  );
});
