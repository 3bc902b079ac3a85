import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../base/json.ts';
import { mayHoldBigNumber, parseExactJson } from './json/exact-json.ts';
import { parseStrictly } from './json/strict-json.ts';

/** The value with its bigints made doubles: what JSON.parse would have given. */
function rounded(value: Json): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

describe.each([
  ['parseExactJson', parseExactJson],
  ['parseStrictly', parseStrictly],
])('%s', (_, parse) => {
  it('keeps the digits of whole numbers that a double cannot hold', () => {
    expect(parse('[9007199254740991,9007199254740993,-9223372036854775808,1e20,0.12345678901234567890]')).toEqual([
      9007199254740991,
      9007199254740993n,
      -9223372036854775808n,
      1e20,
      0.12345678901234568,
    ]);
  });

  it('keeps them where they stand, whatever stands beside them', () => {
    const big = '9007199254740993';
    const near = '9007199254740992.0';
    expect(parse(`{"a":${big},"b":${near}}`)).toEqual({ a: 9007199254740993n, b: 9007199254740992 });
    expect(parse(`{"x":{"a":${big}},"a":${near}}`)).toEqual({ x: { a: 9007199254740993n }, a: 9007199254740992 });
    expect(parse(`{"a":${big},"a":${near}}`)).toEqual({ a: 9007199254740992 });
    expect(parse(`{"x":{"a":${big}},"\\u0061":${near}}`)).toEqual({ x: { a: 9007199254740993n }, a: 9007199254740992 });
    expect(parse(`{"x":"\\"a\\":${big},","a":${near}}`)).toEqual({ x: `"a":${big},`, a: 9007199254740992 });
    expect(parse(`{"x":{"a/b":${big}},"a\\/b":${near}}`)).toEqual({
      x: { 'a/b': 9007199254740993n },
      'a/b': 9007199254740992,
    });
    expect(parse(`{"x":[{"a":${big}}],"x":${near},"b":[[{"c":${big}}]]}`)).toEqual({
      x: 9007199254740992,
      b: [[{ c: 9007199254740993n }]],
    });
    expect(parse(`{"x":"a","a":${big}}`)).toEqual({ x: 'a', a: 9007199254740993n });
    expect(Object.entries(parse(`{"__proto__":${big}}`) as object)).toEqual([['__proto__', 9007199254740993n]]);
  });

  it('treats `__proto__` as a key, and takes the last of equal keys', () => {
    const text = '{"__proto__":{"polluted":1},"a":1,"a":2}';
    const value = parse(text);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.entries(value as object)).toEqual(Object.entries(JSON.parse(text)));
  });

  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const expected: unknown = JSON.parse(text);
        expect(rounded(parse(text))).toEqual(expected);
      }),
      { numRuns: 10_000 },
    );
  });

  it('accepts and refuses what JSON.parse does', () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"\\ \n\t\r-+.eE0123456789'.split(''),
      'true',
      'false',
      'null',
      '\\u00',
      '\\n',
      '"a"',
      '"__proto__"',
      '{"a":',
      '\u0000',
      '\ud800',
      '\ufeff',
      '1.',
      '.5',
      '01',
    );
    const near = fc.tuple(fc.json({ maxDepth: 3 }), fc.nat(), piece).map(([text, at, put]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + (at % 2));
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
          near,
        ),
        (text) => {
          let expected: unknown;
          try {
            expected = JSON.parse(text);
          } catch {
            expect(() => parse(text)).toThrow(SyntaxError);
            return;
          }
          expect(rounded(parse(text))).toEqual(expected);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe('parseStrictly', () => {
  it('refuses nesting over the limit instead of running out of stack', () => {
    expect(() => parseStrictly('['.repeat(100_000))).toThrow(/nested deeper/);
  });

  it('agrees with parseExactJson on texts full of big numbers', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      ' ',
      '\n',
      '-',
      '.',
      'e',
      '0',
      '\\',
      '\\"',
      '\\u0000',
      '\0',
      '"k":',
      '"k" :',
      '"__proto__":',
      '12345678901234567890',
      '9007199254740991',
      '9007199254740993',
      '-9223372036854775808',
      '012345678901234567',
    );
    const near = fc
      .tuple(
        fc.array(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), { maxLength: 4 }),
        fc.string({ unit: 'binary' }),
        fc.nat(),
        piece,
      )
      .map(([numbers, key, at, put]) => {
        const text = `{${JSON.stringify(key)}:[${numbers.join(' ,')}],"n":{"m":${numbers[0] ?? 1}}}`;
        const place = at % (text.length + 1);
        return at % 3 === 0 ? text : text.slice(0, place) + put + text.slice(place + (at % 2));
      });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
          near,
        ),
        (text) => {
          let expected: Json;
          try {
            expected = parseStrictly(text);
          } catch {
            expect(() => parseExactJson(text)).toThrow(SyntaxError);
            return;
          }
          expect(parseExactJson(text)).toEqual(expected);
        },
      ),
      { numRuns: 20_000 },
    );
  });
});

describe('mayHoldBigNumber', () => {
  it('finds every whole number of 16 digits or more, wherever it stands', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.bigInt({ min: 10n ** 15n, max: 10n ** 30n }), fc.boolean(), (pad, number, minus) => {
        const text = `{"${'p'.repeat(pad)}":${minus ? '-' : ''}${number},"z":1}`;
        expect(mayHoldBigNumber(text)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not mind digits in words', () => {
    expect(mayHoldBigNumber('{"a":"x1234567890123456789","b":123456789012345}')).toBe(false);
  });
});
