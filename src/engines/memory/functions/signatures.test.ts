import { isDeepStrictEqual as equals } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJsonObject, stringifyJson } from '../../../base/json.ts';
import { call } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { at } from '../../../ir/functions/example-values.ts';
import { type FunctionName, functions } from '../../../ir/functions/registry.ts';
import type { Example, Parameter, Signature } from '../../../ir/functions/signature.ts';
import type { TypeSet } from '../../../ir/static-type.ts';
import { types } from '../../../ir/static-type.ts';
import type { ValueType } from '../../../ir/types.ts';
import { textOf, toJson } from '../../../values/text-of.ts';
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

function inspect(value: Value): string {
  return textOf(value) !== undefined && typeof value !== 'string'
    ? String(textOf(value))
    : stringifyJson(toJson(value));
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

/** What a row of the registry says and the engine does not do. */
function faultsOf(name: FunctionName, signature: Signature): readonly string[] {
  return [
    ...signature.examples.flatMap((example) => exampleFaults(name, signature, example)),
    ...semanticFaults(name, signature),
  ];
}

function exampleFaults(name: FunctionName, signature: Signature, [args, wanted]: Example): readonly string[] {
  const faults: string[] = [];
  const found = give(name, args, clockOf(signature));
  if (!equals(found, wanted)) faults.push(`gives ${inspect(found)} for ${inspect(args)}`);
  for (const [place, arg] of args.entries()) {
    const parameter = parameterOf(signature, place);
    // Where one value is meant, several may come, and the signature says what they do.
    const values = signature.many !== 'whole' && Array.isArray(arg) ? arg : [arg];
    for (const value of values) {
      const fits =
        parameter !== undefined && isOf(value, parameter.types) && (parameter.words?.includes(value) ?? true);
      if (!fits) faults.push(`does not take ${inspect(value)} as argument ${place + 1}`);
    }
  }
  const declared = resultOf(signature, args);
  for (const value of signature.many === 'each' && Array.isArray(found) ? found : [found]) {
    if (declared === undefined || !isOf(value, declared))
      faults.push(`gives ${inspect(value)}, which is of another type`);
  }
  return faults;
}

/** Nulls and lists, in place of what the first example has. */
function semanticFaults(name: FunctionName, signature: Signature): readonly string[] {
  const faults: string[] = [];
  const [[args]] = signature.examples;
  const clock = clockOf(signature);
  for (const place of signature.nulls === 'propagate' ? args.keys() : []) {
    const withNull = args.map((arg, index) => (index === place ? null : arg));
    if (give(name, withNull, clock) !== null) faults.push(`gives something for null as argument ${place + 1}`);
  }
  const [first, ...others] = args;
  const one = give(name, args, clock);
  const ofSeveral = (): Value => give(name, [[first, first], ...others], clock);
  if (signature.many === 'each' && !equals(ofSeveral(), [one, one])) faults.push('does not give each of several');
  if (signature.many === 'any' && ofSeveral() !== one) faults.push('does not hold for one of several');
  if (signature.many === 'null' && (ofSeveral() ?? null) !== null) faults.push('gives something for several');
  return faults;
}

test.each(NAMES)('%s does what its signature and its examples say', (name) => {
  expect(faultsOf(name, functions[name])).toEqual([]);
});

describe('a wrong row is found', () => {
  const lower = functions['text.lower'];
  const add = functions['kusto.add'];
  const startOf = functions['kusto.start-of'];
  const now = functions['kusto.now'];
  test.each<[string, FunctionName, Signature, string]>([
    ['its result', 'text.lower', { ...lower, result: types('bool') }, 'gives "cmd.exe", which is of another type'],
    ['what it takes', 'text.lower', { ...lower, parameters: [] }, 'does not take "cmd.EXE" as argument 1'],
    [
      'the type of what it takes',
      'kusto.add',
      { ...add, parameters: add.parameters.map((each) => ({ ...each, types: types('real') })) },
      'does not take 1.00:00:00 as argument 2',
    ],
    [
      'its words',
      'kusto.start-of',
      {
        ...startOf,
        parameters: startOf.parameters.map((each) => ({ ...each, ...(each.words && { words: ['day'] }) })),
      },
      'does not take "week" as argument 1',
    ],
    [
      'what it does with nulls',
      'kusto.text-equals',
      { ...functions['kusto.text-equals'], nulls: 'propagate' },
      'gives something for null as argument 1',
    ],
    [
      'what it does with lists',
      'kusto.strlen',
      { ...functions['kusto.strlen'], many: 'each' },
      'does not give each of several',
    ],
    ['an example', 'text.lower', { ...lower, examples: [[['A'], 'A']] }, 'gives "a" for ["A"]'],
  ])('%s', (_, name, signature, fault) => {
    expect(faultsOf(name, signature)).toContain(fault);
  });

  test('that it reads the clock, where it does not say so', () => {
    const { reads, ...silent } = now;
    expect(reads).toBe('clock');
    expect(() => faultsOf('kusto.now', silent)).toThrow('read the clock');
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

/** Those whose texts are the project's own, and wrong ones a fault: a path that is no JSON, a pattern that is none, a file that is not there. */
const OWN_TEXTS: ReadonlySet<FunctionName> = new Set(['panther.at', 'view.capture', 'kusto.geo-info']);

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
