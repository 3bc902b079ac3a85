import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { DateTime, TimeSpan, type Value } from '../values/value.ts';
import { CHECKPOINT_VERSION, type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { KeyedMap } from './keyed-map.ts';
import { NotStored, readRow, readValue, storeRow, storeValue } from './plain.ts';
import { RecordTable } from './record-table.ts';
import { StoredState } from './stored-state.ts';
import { delayed, earlier, isAhead, isPast, later } from './watermark.ts';

describe('keyed state', () => {
  test('lets go of what is over, earliest first, and forever at the end', () => {
    const state = new KeyedMap<string>();
    state.set('a', 'A', 5n);
    state.set('b', 'B', 3n);
    state.set('c', 'C', 'forever');
    state.set('d', 'D', 3n);
    expect(state.expire(3n)).toEqual([]);
    expect(state.expire(4n).map(({ key }) => key)).toEqual(['b', 'd']);
    expect(state.get('b')).toBeUndefined();
    expect(state.expire('end').map(({ key }) => key)).toEqual(['a', 'c']);
    expect(state.size).toBe(0);
  });

  test('what is set again is kept for as long as that says, longer or shorter', () => {
    const state = new KeyedMap<number>();
    state.set('a', 1, 5n);
    state.set('a', 2, 9n);
    state.set('b', 1, 9n);
    state.set('b', 2, 4n);
    expect(state.expire(6n)).toEqual([{ key: 'b', state: 2, until: 4n }]);
    state.set('a', 3, 'forever');
    expect(state.expire(100n)).toEqual([]);
    expect([...state.entries()]).toEqual([{ key: 'a', state: 3, until: 'forever' }]);
  });

  test('the oldest is the one that was not set for the longest time', () => {
    const state = new KeyedMap<number>();
    for (const key of ['a', 'b', 'c']) state.set(key, 0, 1n);
    state.set('a', 1, 1n);
    expect(state.oldest()?.key).toBe('b');
    state.delete('b');
    expect(state.oldest()?.key).toBe('c');
  });

  test('property: as a plain map that is searched', () => {
    const change = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      until: fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.constant('forever' as const), fc.constant(undefined)),
      watermark: fc.option(fc.bigInt({ min: 0n, max: 22n }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const state = new KeyedMap<number>();
        const plain = new Map<string, bigint | 'forever'>();
        for (const [at, { key, until, watermark }] of changes.entries()) {
          if (until === undefined) {
            state.delete(key);
            plain.delete(key);
          } else {
            state.set(key, at, until);
            plain.set(key, until);
          }
          if (watermark === undefined) continue;
          const over = [...plain].filter(([, one]) => one !== 'forever' && one < watermark).map(([name]) => name);
          expect(
            state
              .expire(watermark)
              .map((entry) => entry.key)
              .sort(),
          ).toEqual(over.sort());
          for (const name of over) plain.delete(name);
        }
        expect([...state.entries()].map(({ key, until }) => [key, until]).sort()).toEqual([...plain].sort());
      }),
    );
  });
});

describe('what is stored', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.double().filter((one) => !Object.is(one, -0)),
    fc.bigInt(),
    fc.constant(null),
  );
  const value: fc.Arbitrary<Value> = fc.oneof(
    scalar,
    fc.constant(undefined),
    fc.bigInt({ min: 0n, max: 10n ** 18n }).map((ticks) => new DateTime(ticks)),
    fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }).map((ticks) => new TimeSpan(ticks)),
    fc.array(fc.oneof(scalar, fc.array(scalar))),
    fc.dictionary(fc.string(), fc.oneof(scalar, fc.dictionary(fc.string(), scalar), fc.array(scalar))),
  );

  test('comes back as it was, through JSON text', () => {
    fc.assert(
      fc.property(value, value, fc.bigInt({ min: 0n, max: 10n ** 18n }), (one, other, at) => {
        expect(readValue(JSON.parse(JSON.stringify(storeValue(one))))).toEqual(one);
        const row = {
          id: { order: 3, place: { file: 'f', line: 7, record: 0 } },
          at,
          columns: new Map([
            ['a', one],
            ['__proto__', other],
          ]),
        };
        expect(readRow(JSON.parse(JSON.stringify(storeRow(row))))).toEqual(row);
      }),
    );
  });

  test('anything else is refused', () => {
    expect(() => readValue({ is: 'nothing' })).toThrow(NotStored);
    expect(() => readRow([null, 'x', []])).toThrow(NotStored);
    expect(() => readRow({})).toThrow(NotStored);
  });

  test('a number that JSON would change', () => {
    for (const value of [-0, Number.NaN, Number.POSITIVE_INFINITY, 2n ** 70n]) {
      const stored: Json = JSON.parse(JSON.stringify(storeValue([value, { a: value }])));
      expect(readValue(stored)).toEqual([value, { a: value }]);
    }
  });
});

describe('a checkpoint', () => {
  const rule = { format: 'sigma', id: 'r', name: 'R' };
  const checkpoint: Checkpoint = {
    version: CHECKPOINT_VERSION,
    positions: { 'a.log': 12 },
    watermark: '7',
    session: { rules: { taken: 12 } },
    records: [[1]],
    operators: [
      { part: 'plan', rule, fingerprint: 'f', state: { a: [1] } },
      { part: 'plan', rule, fingerprint: 'g', state: 2 },
      { part: 'alerts', rule, fingerprint: 'f', state: 3 },
    ],
  };

  test('is read as it was written', () => {
    const read = readCheckpoint(JSON.parse(JSON.stringify(checkpoint)));
    expect(read.ok && read.value).toEqual(checkpoint);
    for (const watermark of [null, 'end']) {
      const other = readCheckpoint({ ...checkpoint, watermark });
      expect(other.ok && other.value.watermark).toBe(watermark);
    }
  });

  test.each([
    ['of another version', { ...checkpoint, version: CHECKPOINT_VERSION + 1 }, 'checkpoint/version'],
    ['without a version', { ...checkpoint, version: undefined }, 'checkpoint/unreadable'],
    ['that lacks a part', { ...checkpoint, records: undefined }, 'checkpoint/unreadable'],
    ['with a watermark that is none', { ...checkpoint, watermark: 'soon' }, 'checkpoint/unreadable'],
    ['with an operator that is none', { ...checkpoint, operators: [{ part: 'plan' }] }, 'checkpoint/unreadable'],
    ['that is a text', 'checkpoint', 'checkpoint/unreadable'],
    ['that is nothing', null, 'checkpoint/unreadable'],
  ])('%s is refused', (_name, stored, code) => {
    const read = readCheckpoint(stored);
    expect(read.ok).toBe(false);
    expect(read.diagnostics.map((found) => [found.code, found.severity])).toEqual([[code, 'error']]);
  });

  test('gives each rule the state of what means the same, once, and tells what is left by the names of rules', () => {
    const state = new StoredState(checkpoint);
    const rules = [
      { ...rule, name: 'one' },
      { ...rule, name: 'other' },
    ];
    const taken = [...state.of('plan', rules, () => 'f')].map(([{ name }, stored]) => [name, stored]);
    expect(taken).toEqual([['one', { a: [1] }]]);
    expect([...state.of('plan', [{ ...rule, id: 'q' }], () => 'g')]).toEqual([]);
    expect(state.diagnostics().map(({ code, params }) => [code, params['rule']])).toEqual([
      ['checkpoint/dropped', 'R'],
    ]);
    expect([...state.of('plan', rules, () => 'g')].length).toBe(1);
    expect([...state.of('alerts', rules, () => 'f')].length).toBe(1);
    expect(state.diagnostics()).toEqual([]);
  });
});

test('records that nobody refers to are let go of', () => {
  const place = { file: 'f', line: 1 };
  const needed = [{ order: 5, place }];
  const records = new RecordTable<string>(() => needed, { of: () => 1, most: 1e9 });
  for (let order = 0; order < 3_000; order += 1) {
    records.add({ order, place }, `record ${order}`);
    records.sweep();
  }
  expect(records.size).toBeLessThan(1_100);
  expect(records.get({ order: 5, place })).toBe('record 5');
  expect(records.get({ order: 6, place })).toBeUndefined();
});

test('records that weigh much are looked through before they are many, and it is known when they are too much', () => {
  const place = { file: 'f', line: 1 };
  let needed: readonly { order: number; place: typeof place }[] = [];
  const records = new RecordTable<string>(() => needed, { of: (record) => record.length, most: 1_000 });
  for (let order = 0; order < 100; order += 1) {
    records.add({ order, place }, 'x'.repeat(100));
    records.sweep();
  }
  expect(records.size).toBeLessThan(12);
  expect(records.isTooHeavy).toBe(false);
  needed = Array.from({ length: 20 }, (_, order) => ({ order: 200 + order, place }));
  for (const id of needed) {
    records.add(id, 'x'.repeat(100));
    records.sweep();
  }
  expect(records.isTooHeavy).toBe(true);
  expect(records.weightOf({ order: 219, place })).toBe(100);
  needed = needed.slice(10);
  records.sweepNow();
  expect([records.isTooHeavy, records.size]).toEqual([false, 10]);
});

test('watermarks', () => {
  expect([earlier(1n, 2n), earlier('end', 2n), earlier('end', 'end')]).toEqual([1n, 2n, 'end']);
  expect([later(undefined, 2n), later(3n, 2n), later(1n, 'end'), later('end', 1n)]).toEqual([2n, 3n, 'end', 'end']);
  expect([delayed(5n, 2n), delayed('end', 'forever'), delayed(5n, 'forever')]).toEqual([3n, 'end', undefined]);
  expect([isAhead(5n, undefined), isAhead(5n, 4n), isAhead(5n, 5n), isAhead('end', 5n), isAhead(9n, 'end')]).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  expect([isPast(4n, 5n), isPast(5n, 5n), isPast(5n, 'end')]).toEqual([true, false, true]);
});
