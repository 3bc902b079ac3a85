import { expect, test } from 'vitest';
import { durationInWords, parseDuration, ticks } from './duration.ts';

test.each([
  ['5m', 300],
  ['14d', 1_209_600],
  ['24H', 86_400],
  ['2w', 1_209_600],
  [' 30 s ', 30],
  ['PT1H', 3600],
  ['P1DT2H3M4S', 93_784],
  ['P1W', 604_800],
])('%s', (text, seconds) => {
  expect(parseDuration(text)).toBe(ticks(seconds));
});

test.each(['', '5', 'soon', 'P', 'PT', '5mm', '-5m', '1y'])('%j is not a duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, '0s'],
  [90, '1m 30s'],
  [3600, '1h'],
  [1_209_600, '14d'],
  [540, '9m'],
])('%i seconds in words', (seconds, expected) => {
  expect(durationInWords(ticks(seconds))).toBe(expected);
});
