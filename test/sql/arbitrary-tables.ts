import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/base/json.ts';
import type { ValueType } from '../../src/ir/types.ts';

/** The columns of random tables, by their types; `m` is there without a type that SQL has. */
export const COLUMNS: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ['s', 'string'],
  ['S', 'string'],
  ['n', 'long'],
  ['k', 'long'],
  ['r', 'real'],
  ['b', 'bool'],
  ['t', 'datetime'],
  ['u', 'datetime'],
  ['d', 'timespan'],
  ['m', 'dynamic'],
]);

const texts = fc.constantFrom(
  '',
  'a',
  'A',
  'abc',
  'ABC',
  'aBc def',
  'x-abc_def',
  'abcd',
  'İ',
  'abİc',
  'İabc',
  'ſK',
  'ΑΣ',
  'é abc',
  'éabc',
  '😀abc',
  '\u{10400}abc\u{10428}',
  'a\0b',
  '\uFEFFabc',
  '100%_!',
  'it\'s "x"',
  'true',
  '5',
  'abc\ndef',
  '\uE000',
);
const wholes = fc.constantFrom(
  0,
  1,
  -1,
  2,
  5,
  7,
  -5,
  1000,
  9_007_199_254_740_991,
  9_007_199_254_740_993n,
  -(2n ** 63n),
  2n ** 63n - 1n,
);
const reals = fc.constantFrom(0, 0.5, -0.5, 1, 2.25, -7.75, 1e300, 5, Number.NaN, Number.POSITIVE_INFINITY);
const times = fc.constantFrom(
  '2024-01-01T00:00:00Z',
  '2024-01-01T00:00:00.0000001Z',
  '2024-01-01T00:07:30.1234567Z',
  '2024-01-01T01:00:00+01:00',
  '1969-12-31T23:59:59.9999999Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.9999999Z',
  'yesterday',
);
const spans = fc.constantFrom('00:05:00', '-00:05:00', '1.00:00:00.0000001', '00:00:00', 'x');
const nested = fc.constantFrom<Json>([], [1, 'a'], { a: 1 }, 'text', 3);

const VALUES: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  s: texts,
  S: texts,
  n: wholes,
  k: fc.constantFrom(1, 2, 3),
  r: reals,
  b: fc.boolean(),
  t: times,
  u: times,
  d: spans,
  m: nested,
};

/** Records whose values are of their columns' types, null, or not there. */
export const rows: fc.Arbitrary<readonly JsonObject[]> = fc.array(
  fc
    .record(
      Object.fromEntries(
        Object.entries(VALUES).map(([name, values]) => [
          name,
          fc.oneof({ weight: 6, arbitrary: values }, { weight: 1, arbitrary: fc.constant(null) }),
        ]),
      ),
      { requiredKeys: [] },
    )
    .map((record) => record as JsonObject),
  { maxLength: 12 },
);
