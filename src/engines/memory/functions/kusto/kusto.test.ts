import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kustoFunctions } from '../../../../ir/functions/kusto/index.ts';
import type { Value } from '../../../../values/value.ts';
import { DateTime, TimeSpan } from '../../../../values/value.ts';
import { kustoImplementations } from './index.ts';

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    undefined,
    null,
    '',
    '(',
    '$.a[',
    'day',
    'month',
    '1.2.3.4/33',
    'yyyy-MM-dd',
    '%zz',
    '(a+)+$',
    'both',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.boolean(),
  fc.double(),
  fc.bigInt(INT64),
  fc.bigInt({ min: -5n, max: 70n }),
  fc.bigInt({ min: 0n, max: 3_155_378_975_999_999_999n }).map((ticks) => new DateTime(ticks)),
  fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map((ticks) => new TimeSpan(ticks)),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', ''), fc.string({ maxLength: 5 })) },
);
const clock = { now: new DateTime(638_000_000_000_000_000n) };

test('no function throws, whatever it is given', () => {
  const names = Object.keys(kustoFunctions) as (keyof typeof kustoFunctions)[];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(value, { maxLength: 6 }), (name, args) => {
      // As the engine calls: a function that passes nulls on is not called with one.
      const { nulls, parameters } = kustoFunctions[name];
      const given = [...args, ...Array.from({ length: Math.max(0, parameters.length - args.length) }, () => 'x')];
      if (nulls === 'propagate' && given.some((arg) => arg === null || arg === undefined)) return;
      kustoImplementations[name](given, clock);
    }),
    { numRuns: 10_000 },
  );
});

test('every row of the registry has its implementation', () => {
  expect(Object.keys(kustoImplementations).sort()).toEqual(Object.keys(kustoFunctions).sort());
});
