import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import type { JsonPath } from '../../ir/json-path.ts';
import { parseJsonPath } from './index.ts';

const read = (path: string): JsonPath | string => {
  const found = parseJsonPath(sourceText('path', path));
  return 'reason' in found ? `${found.reason} at ${found.at}` : found;
};

const fields = (...names: readonly string[]): JsonPath => ({ kind: 'fields', names });
const child = (left: JsonPath, right: JsonPath): JsonPath => ({ kind: 'child', left, right });

test('names, quoted names, places and slices', () => {
  expect(read('a.b')).toEqual(child(fields('a'), fields('b')));
  expect(read('$.a')).toEqual(child({ kind: 'root' }, fields('a')));
  expect(read(`a."b c".'d.e'`)).toEqual(child(child(fields('a'), fields('b c')), fields('d.e')));
  expect(read(`a['b','c']`)).toEqual(child(fields('a'), fields('b', 'c')));
  expect(read('a[-1]')).toEqual(child(fields('a'), { kind: 'index', at: [-1] }));
  expect(read('a[1:3]')).toEqual(child(fields('a'), { kind: 'slice', from: 1, to: 3, step: null }));
  expect(read('a[*]')).toEqual(child(fields('a'), { kind: 'wildcard' }));
});

test('filters', () => {
  const test = (path: string): unknown => read(path);
  expect(test(`a[?(@.k == 'x')].v`)).toMatchObject({
    kind: 'child',
    left: { kind: 'child', right: { kind: 'filter', tests: [{ kind: 'compare', op: '==' }] } },
  });
  expect(test('a[?(@.k)]')).toMatchObject({ right: { kind: 'filter', tests: [{ kind: 'has' }] } });
  expect(test('a[?(!@.k)]')).toMatchObject({ right: { kind: 'filter', tests: [{ kind: 'lacks' }] } });
});

test('what is no path says why, and where', () => {
  for (const path of ['', 'a.', 'a[', 'a[?(@.k in [1])]', 'a..', "a['b", 'a b', '`nothing`', 'a[?(@.k =)]', ')']) {
    expect(typeof read(path), path).toBe('string');
  }
});

test('never throws, on any text', () => {
  const pieces = fc.constantFrom(
    ...'$.@[]()?*|&,:\'"`/\\! a1-+=<>~'.split(''),
    'where',
    'len',
    '..',
    '=~',
    'sub(/a/, b)',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      read(parts.join(''));
    }),
    { numRuns: 3_000 },
  );
  expect(() => read('('.repeat(50_000))).not.toThrow();
  expect(() => read('a.'.repeat(50_000))).not.toThrow();
});
