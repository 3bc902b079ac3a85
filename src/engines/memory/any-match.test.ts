import { expect, test } from 'vitest';
import type { Json } from '../../base/json.ts';
import { match, or, raw } from '../../ir/construct.ts';
import type { Match, Pattern } from '../../ir/expr.ts';
import { DateTime } from '../../values/value.ts';
import { AnyPattern, manyMatches } from './any-match.ts';
import { compileExpr } from './compile.ts';
import type { Clock } from './row.ts';

const clock: Clock = { now: new DateTime(0n) };

function matchesOf(patterns: readonly Pattern[], more: Partial<Match> = {}): Match[] {
  return patterns.map((pattern) => ({ ...match(raw('a'), pattern), ...more }) as Match);
}

const KINDS: readonly ((text: string) => Pattern)[] = [
  (text) => ({ kind: 'contains', text }),
  (text) => ({ kind: 'prefix', text }),
  (text) => ({ kind: 'suffix', text }),
  (text) => ({ kind: 'equals', value: text }),
  (text) => ({ kind: 'term', text, ends: 'both' }),
  (text) => ({ kind: 'wildcard', parts: [{ any: 'many' }, { text }, { any: 'one' }] }),
  (text) => ({ kind: 'one-of', values: [text, 7] }),
];

const TEXTS = Array.from(
  { length: 60 },
  (_, at) => ['needle', 'k', 'ab', 'Straße ', ''][at % 5] + String((at * 7919) % 100),
);
const VALUES: readonly Json[] = [
  null,
  true,
  7,
  'needle7',
  'NEEDLE14x',
  'x needle70',
  'needle70',
  'k',
  'K5',
  'ab9',
  'straße 42',
  'STRASSE 42',
  '',
  [],
  ['x', 'needle0'],
  [['needle0']],
  { b: 'needle0' },
  'zz ab21 zz',
  'ab21z',
];

test('many matches of one subject mean what each by itself means', () => {
  for (const collation of ['exact', 'ignore-case'] as const) {
    for (const onMissing of ['false', 'null'] as const) {
      for (const quantifier of ['any', 'whole', 'all'] as const) {
        for (const kind of KINDS) {
          const items = matchesOf(TEXTS.map(kind), { collation, onMissing, quantifier });
          const together = compileExpr(or(items), clock);
          const apart = items.map((item) => compileExpr(item, clock));
          for (const value of [...VALUES, undefined]) {
            const row = { event: value === undefined ? {} : { a: value }, columns: new Map() };
            const truths = apart.map((one) => one(row));
            const wanted = truths.includes(true) ? true : truths.includes(null) ? null : false;
            expect([kind('').kind, collation, quantifier, value, together(row)]).toEqual([
              kind('').kind,
              collation,
              quantifier,
              value,
              wanted,
            ]);
          }
        }
      }
    }
  }
});

test('of many patterns few are asked about a value', () => {
  const count = 50_000;
  const patterns = Array.from(
    { length: count },
    (_, at): Pattern => ({ kind: 'term', text: `val${at}x`, ends: 'both' }),
  );
  const any = new AnyPattern(matchesOf(patterns, { collation: 'ignore-case' }));
  for (let at = 0; at < 1_000; at += 1) {
    expect(any.fits(`run val${at * 3}x now`)).toBe(true);
    expect(any.fits(`run val${at * 3}y now`)).toBe(false);
  }
  expect(any.asked).toBeLessThan(10_000);
});

test('what cannot be put together stays as it is', () => {
  const range = matchesOf(
    Array.from({ length: 40 }, (_, at): Pattern => ({ kind: 'range', low: { value: at, inclusive: true } }) as Pattern),
  );
  expect(manyMatches(range)).toEqual({ many: [], others: range });
  const few = matchesOf([
    { kind: 'contains', text: 'a' },
    { kind: 'contains', text: 'b' },
  ]);
  expect(manyMatches(few)).toEqual({ many: [], others: few });
});
