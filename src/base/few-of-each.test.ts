import { expect, test } from 'vitest';
import { diagnostic } from './diagnostic.ts';
import { fewOfEach } from './few-of-each.ts';

test('of each code the first are kept, and the others counted', () => {
  const of = (line: number) => diagnostic('logs/not-json', { file: 'x', line, reason: 'r' });
  const other = diagnostic('logs/binary', { file: 'x', format: 'f' });
  const found = [of(1), of(2), of(3), other, of(4)];
  expect(fewOfEach(found, 5)).toBe(found);
  expect(fewOfEach(found, 2)).toMatchObject([
    { params: { line: 1 } },
    { params: { line: 2 } },
    { code: 'logs/binary' },
    { code: 'run/more', params: { code: 'logs/not-json', count: 2 } },
  ]);
});
