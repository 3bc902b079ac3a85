import { expect, test } from 'vitest';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { loadGivenRows } from './given-rows.ts';

function rows(path: string, text: string): { readonly rows: unknown; readonly told: readonly string[] } {
  const diagnostics: Diagnostic[] = [];
  const found = loadGivenRows(path, text, diagnostics);
  return { rows: [found.columns, ...found.rows], told: diagnostics.map(({ message }) => message) };
}

test('quoted cells may hold delimiters, quotes and line ends', () => {
  expect(rows('a.csv', 'a,b\r\n"x, ""y""","1\n2"\r\n\r\n3,"x"y"\n').rows).toEqual([
    ['a', 'b'],
    ['x, "y"', '1\n2'],
  ]);
  expect(rows('a.csv', 'a,b\n1,"x"y"\n2,a"b\n')).toEqual({
    rows: [
      ['a', 'b'],
      ['2', 'a"b'],
    ],
    told: ['cannot read a.csv: line 2 is not CSV'],
  });
  expect(rows('a.tsv', 'a\tb\n1,2\t\n').rows).toEqual([
    ['a', 'b'],
    ['1,2', ''],
  ]);
});

test('a quote that is never closed is told, costs what is behind it, and takes no longer than any text', () => {
  const text = `a,b\n1,2\n"x","${'y\n'.repeat(300_000)}`;
  const started = performance.now();
  const found = rows('a.csv', text);
  expect(performance.now() - started).toBeLessThan(5000);
  expect(found.told).toEqual(['cannot read a.csv: a quoted cell has no end']);
});

test('whole numbers of JSON keep their digits', () => {
  expect(rows('a.json', '[{"a": 9007199254740993}, {"b": "x"}]').rows).toEqual([
    ['a', 'b'],
    [9007199254740993n, null],
    [null, 'x'],
  ]);
  expect(rows('a.ndjson', '{"a": 9007199254740993}\n{"a": 2}\n').rows).toEqual([['a'], [9007199254740993n], [2]]);
});
