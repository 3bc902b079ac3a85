import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromEpochMs } from '../../../values/date-time.ts';
import { viewImplementations, windowsArguments } from './view.ts';

const clock = { now: fromEpochMs(0) };

describe('windowsArguments', () => {
  test.each([
    ['', []],
    ['   ', []],
    ['a.exe', ['a.exe']],
    ['"C:\\a b\\c.exe" -x', ['C:\\a b\\c.exe', '-x']],
    ['c:\\x\\y.exe "a b" c', ['c:\\x\\y.exe', 'a b', 'c']],
    ['x a\\\\b', ['x', 'a\\\\b']],
    ['x "a\\\\" b', ['x', 'a\\', 'b']],
    ['x a\\"b', ['x', 'a"b']],
    ['x a\\\\\\"b', ['x', 'a\\"b']],
    ['x "a""b"', ['x', 'a"b']],
    ['x ""', ['x', '']],
    ['x "open end', ['x', 'open end']],
    ['x  \t y  ', ['x', 'y']],
    ['x a\\ b', ['x', 'a\\', 'b']],
  ])('%j', (line, wanted) => {
    expect(windowsArguments(line)).toEqual(wanted);
  });

  test('ends on any text, and plain words come back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\', ' ', '\t', '-') }), (line) => {
        expect(windowsArguments(line).join('').length).toBeLessThanOrEqual(line.length);
      }),
      { numRuns: 10_000 },
    );
    const words = fc.array(fc.stringMatching(/^[a-z\\:.-]{1,8}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, (list) => {
        expect(windowsArguments(list.join(' '))).toEqual(list);
      }),
    );
  });
});

describe('view functions', () => {
  test('pair', () => {
    const pair = (text: string, key: string) => viewImplementations['view.pair']([text, key], clock);
    expect(pair('SHA1=AA,MD5=BB', 'md5')).toBe('BB');
    expect(pair('MD5=a=b', 'MD5')).toBe('a=b');
    expect(pair('SHA1=AA', 'MD5')).toBeUndefined();
    expect(pair('no pairs', 'MD5')).toBeUndefined();
  });

  test('integer', () => {
    const integer = (value: string | number) => viewImplementations['view.integer']([value], clock);
    expect(integer('0x1d20')).toBe(7456n);
    expect(integer(' 42 ')).toBe(42n);
    expect(integer('-1')).toBe(-1n);
    expect(integer(7)).toBe(7n);
    expect(integer('0x')).toBeUndefined();
    expect(integer('1.5')).toBeUndefined();
    expect(integer('')).toBeUndefined();
  });

  test('ip takes addresses only', () => {
    const ip = (value: string) => viewImplementations['view.ip']([value], clock);
    expect(ip('192.0.2.1')).toBe('192.0.2.1');
    expect(ip('2001:db8::1')).toBe('2001:db8::1');
    for (const none of ['1', '192.0.2', '0x7f.1', 'AWS Internal', '192.0.2.1:443', ''])
      expect(ip(none)).toBeUndefined();
  });

  test("Java's text has Java's order", () => {
    const text = viewImplementations['view.java-text'];
    expect(text([{ userName: 'Bob', groupName: 'admin', n: null, l: [1, true] }], clock)).toBe(
      '{groupName=admin, userName=Bob, l=[1, true], n=null}',
    );
  });

  test('json-path reads a map and its text', () => {
    const at = viewImplementations['view.json-path'];
    expect(at([{ a: { b: 1 } }, 'a.b'], clock)).toBe(1);
    expect(at(['{"a":{"b":[{"c":1},{"c":2}]}}', 'a.b.c'], clock)).toEqual([1, 2]);
    expect(at(['not json', 'a'], clock)).toBeUndefined();
  });
});
