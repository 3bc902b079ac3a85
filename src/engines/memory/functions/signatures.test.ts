import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject } from '../../../base/json.ts';
import { call } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { at } from '../../../ir/functions/example-values.ts';
import { type FunctionName, functions } from '../../../ir/functions/registry.ts';
import type { Parameter, Signature } from '../../../ir/functions/signature.ts';
import type { TypeSet } from '../../../ir/static-type.ts';
import { printTypes, types } from '../../../ir/static-type.ts';
import type { ValueType } from '../../../ir/types.ts';
import { DateTime, TimeSpan, type Value } from '../../../values/value.ts';
import { compileExpr } from '../compile.ts';
import type { Clock } from '../row.ts';

/** What the registry says of each function, held against what the memory engine does. */

const NAMES = Object.keys(functions) as FunctionName[];

/** The time that examples run at. */
const NOON: Clock = { now: at('2024-01-03T12:00:00Z') };
const NO_CLOCK: Clock = {
  get now(): never {
    throw new Error('a function that says nothing of it read the clock');
  },
};

/** As the engine calls it: nulls are passed on where the signature says so. */
function give(name: FunctionName, args: readonly Value[], clock: Clock): Value {
  const exprs = args.map((_, place): Expr => ({ kind: 'column', name: String(place) }));
  const columns = new Map(args.map((arg, place) => [String(place), arg]));
  return compileExpr(call(name, exprs), clock)({ event: undefined, columns });
}

function clockOf({ reads }: Signature): Clock {
  return reads === 'clock' ? NOON : NO_CLOCK;
}

/** The parameter that takes the argument in some place. */
function parameterOf({ parameters }: Signature, place: number): Parameter | undefined {
  const last = parameters.at(-1);
  return parameters[place] ?? (last?.times === 'any' ? last : undefined);
}

/** Whether a value is of one of the types; whole numbers inside JSON are numbers. */
function isOf(value: Value, wanted: TypeSet): boolean {
  if (value === null || value === undefined) return true;
  const named = (...names: readonly ValueType[]): boolean => names.some((name) => wanted.has(name));
  if (value instanceof DateTime) return named('datetime', 'dynamic');
  if (value instanceof TimeSpan) return named('timespan', 'dynamic');
  if (Array.isArray(value) || isJsonObject(value)) return named('dynamic');
  if (typeof value === 'string') return named('string', 'guid', 'dynamic');
  if (typeof value === 'boolean') return named('bool', 'dynamic');
  if (typeof value === 'bigint' || Number.isInteger(value)) return named('int', 'long', 'real', 'decimal', 'dynamic');
  return named('real', 'decimal', 'dynamic');
}

function typesOf(value: Value): TypeSet {
  if (value === null || value === undefined) return types('any');
  if (value instanceof DateTime) return types('datetime');
  if (value instanceof TimeSpan) return types('timespan');
  if (typeof value === 'bigint') return types('long');
  if (typeof value === 'number') return types('real');
  if (typeof value === 'boolean') return types('bool');
  return types(typeof value === 'string' ? 'string' : 'dynamic');
}

function resultOf({ result }: Signature, args: readonly Value[]): TypeSet | undefined {
  return 'of' in result ? result.of(args.map(typesOf)) : result;
}

describe.each(NAMES)('%s', (name) => {
  const signature = functions[name];

  test.each(signature.examples.map(([args, result]) => ({ args, result })))('$args', ({ args, result }) => {
    expect(give(name, args, clockOf(signature))).toEqual(result);
  });

  test('its examples are of the types that it declares', () => {
    for (const [args, result] of signature.examples) {
      for (const [place, arg] of args.entries()) {
        const parameter = parameterOf(signature, place);
        expect(parameter, `argument ${place + 1}`).toBeDefined();
        // Where one value is meant, several may come, and the signature says what they do.
        const values = signature.many !== 'whole' && Array.isArray(arg) ? arg : [arg];
        for (const value of values) {
          expect(parameter !== undefined && isOf(value, parameter.types), `${parameter?.name}: ${value}`).toBe(true);
          if (parameter?.words !== undefined) expect(parameter.words).toContain(value);
        }
      }
      const declared = resultOf(signature, args);
      const results = signature.many === 'each' && Array.isArray(result) ? result : [result];
      for (const value of results) {
        expect(declared !== undefined && isOf(value, declared), `${printTypes(declared ?? new Set())}: ${value}`).toBe(
          true,
        );
      }
    }
  });

  test('nulls and lists do what it says', () => {
    const [args] = signature.examples[0];
    const clock = clockOf(signature);
    for (const place of args.keys()) {
      const withNull = args.map((arg, index) => (index === place ? null : arg));
      if (signature.nulls === 'propagate') expect(give(name, withNull, clock)).toBeNull();
    }
    const [first, ...others] = args;
    const one = give(name, args, clock);
    const several = [[first, first], ...others];
    if (signature.many === 'each') expect(give(name, several, clock)).toEqual([one, one]);
    if (signature.many === 'any') expect(give(name, several, clock)).toBe(one);
    if (signature.many === 'null') expect(give(name, several, clock) ?? null).toBeNull();
  });
});

const TICKS = { min: 0n, max: 3_155_378_975_999_999_999n };

const VALUES: Readonly<Record<ValueType, fc.Arbitrary<Value>>> = {
  bool: fc.boolean(),
  int: fc.bigInt({ min: -5n, max: 70n }),
  long: fc.oneof(
    { weight: 9, arbitrary: fc.bigInt({ min: -5n, max: 70n }) },
    { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  ),
  real: fc.double(),
  decimal: fc.double(),
  string: fc.oneof(
    fc.constantFrom('', '(', '$.a[', '[]', 'day', '1.2.3.4/33', 'yyyy-MM-dd', '%zz', '(a+)+$', 'normal', '2024-01-31'),
    fc.string({ unit: 'binary', maxLength: 20 }),
  ),
  datetime: fc.bigInt(TICKS).map((ticks) => new DateTime(ticks)),
  timespan: fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map((ticks) => new TimeSpan(ticks)),
  guid: fc.constant('70fc66f7-8279-44fc-9092-d364d70fce44'),
  dynamic: fc.oneof(
    fc.array(fc.oneof(fc.string({ maxLength: 5 }), fc.double(), fc.boolean(), fc.constant(null)), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', ''), fc.string({ maxLength: 5 })),
  ),
};

function argument({ types: wanted, words, times }: Parameter): fc.Arbitrary<readonly Value[]> {
  const value = words === undefined ? fc.oneof(...[...wanted].map((type) => VALUES[type])) : fc.constantFrom(...words);
  const orNull = fc.option<Value>(value, { freq: 10 });
  if (times === 'any') return fc.array(orNull, { maxLength: 3 });
  return times === 'optional' ? fc.array(orNull, { maxLength: 1 }) : orNull.map((one) => [one]);
}

/** Optional arguments are left out from the end only. */
function withoutGaps(parts: readonly (readonly Value[])[]): readonly Value[] {
  const gap = parts.findIndex((part) => part.length === 0);
  return (gap === -1 ? parts : parts.slice(0, gap)).flat();
}

/** Those whose texts are the project's own, and wrong ones a fault: a path that is no JSON, a pattern that is none. */
const OWN_TEXTS: ReadonlySet<FunctionName> = new Set(['panther.at', 'view.capture']);

test('whatever a function is given of the types it takes, it gives a value of the type it declares', () => {
  const called = fc
    .constantFrom(...NAMES.filter((name) => !OWN_TEXTS.has(name)))
    .chain((name) =>
      fc.tuple(...functions[name].parameters.map(argument)).map((parts) => ({ name, args: withoutGaps(parts) })),
    );
  fc.assert(
    fc.property(called, ({ name, args }) => {
      const signature = functions[name];
      const found = give(name, args, clockOf(signature));
      const declared = resultOf(signature, args);
      if (declared === undefined) return;
      const results = signature.many === 'each' && Array.isArray(found) ? found : [found];
      for (const result of results) expect(isOf(result, declared), name).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});
