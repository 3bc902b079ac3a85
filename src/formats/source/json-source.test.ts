import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import { readJsonValues } from './json-source.ts';
import type { Located } from './located.ts';

function plain(value: Located): unknown {
  switch (value.kind) {
    case 'list':
      return value.items.map(plain);
    case 'table':
      return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry.value)]));
    case 'null':
      return null;
    case 'string':
    case 'number':
    case 'boolean':
    case 'date':
      return value.value;
  }
}

describe('readJsonValues', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const [item, ...more] = readJsonValues(sourceText('x', text));
        if (item?.ok !== true) throw new Error(text);
        const expected: unknown = JSON.parse(text);
        // Beyond 2^53 digits are kept that JSON.parse loses, and `__proto__` is a key like others.
        fc.pre(!/\d{16}|__proto__/.test(text));
        expect(plain(item.value)).toEqual(expected);
        expect(more).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('every line is a value; a broken one does not stop the others', () => {
    const text = '{"a":1}\n{"a":\n{"b":"x\n[1,]\n{"c": [1, 2,\n 3]}\n9007199254740993\n';
    const items = readJsonValues(sourceText('x.ndjson', text));
    expect(items.map((item) => (item.ok ? plain(item.value) : item.diagnostic.labels[0]?.span.start))).toEqual([
      { a: 1 },
      21,
      21,
      25,
      { c: [1, 2, 3] },
      9007199254740993n,
    ]);
  });

  test('strings know the place of each character', () => {
    const text = '{"q": "a:\\"b\\u0041\\\\*\\" c"}';
    const [item] = readJsonValues(sourceText('x', text));
    if (item?.ok !== true || item.value.kind !== 'table') throw new Error('not read');
    const value = item.value.entries.get('q')?.value;
    if (value?.kind !== 'string') throw new Error('no string');
    const source = value.source();
    expect(value.value).toBe('a:"bA\\*" c');
    const span = source.span(2, 8);
    expect(text.slice(span.start, span.end)).toBe('\\"b\\u0041\\\\*\\"');
    expect(value.escape('a"b\\')).toBe('a\\"b\\\\');
  });

  test.each(['{', '[1', '{"a"', '{"a":1,}', '"x', '"\\x"', 'tru', '01', '{a:1}', '['.repeat(100_000), '"a\nb"'])(
    '%# is no JSON',
    (text) => {
      const [item] = readJsonValues(sourceText('x', text));
      expect(item?.ok).toBe(false);
    },
  );

  test('never throws on any text', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '\\', '\n', 'a', '1', '-', 'null', ' ');
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (written) => {
        for (const item of readJsonValues(sourceText('x', written))) expect(typeof item.ok).toBe('boolean');
      }),
      { numRuns: 10_000 },
    );
  });
});
