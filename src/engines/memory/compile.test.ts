import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../base/json.ts';
import {
  and,
  call,
  FOLDED,
  field,
  list,
  MISSING,
  match,
  NULL,
  not,
  or,
  PLAIN,
  raw,
  STRICT,
  text,
} from '../../ir/construct.ts';
import type { CompareOp, Expr, Literal, Many, Pattern, Quantified, Way } from '../../ir/expr.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import type { Value } from '../../values/value.ts';
import { type Clock, compileExpr, compilePredicate, type Row, rowOf } from './index.ts';

const clock: Clock = { now: fromEpochMs(0) };
const number = (value: number): Literal => ({ kind: 'literal', type: 'long', value });
const decide = (expr: Expr, event: JsonObject) => compilePredicate(expr, clock)(rowOf(event));

describe('three-valued logic', () => {
  const T: Expr = { kind: 'literal', type: 'bool', value: true };
  const F: Expr = { kind: 'literal', type: 'bool', value: false };
  it.each([
    [and([T, NULL]), null],
    [and([F, NULL]), false],
    [or([T, NULL]), true],
    [or([F, NULL]), null],
    [not(NULL), null],
    [not(T), false],
  ])('%j is %j', (expr, want) => expect(decide(expr, {})).toBe(want));
});

describe('match', () => {
  const on = (pattern: Pattern, value: unknown, options: Parameters<typeof match>[2] = {}) =>
    decide(match(raw('f'), pattern, options), value === undefined ? {} : ({ f: value } as JsonObject));

  it('sees the canonical text of scalars', () => {
    expect(on({ kind: 'equals', value: 4625 }, '4625')).toBe(true);
    expect(on({ kind: 'equals', value: '4625' }, 4625)).toBe(true);
    expect(on({ kind: 'equals', value: true }, 'true')).toBe(true);
    expect(on({ kind: 'equals', value: true }, 'True')).toBe(false);
    expect(on({ kind: 'equals', value: true }, 'True', { collation: 'ignore-case' })).toBe(true);
  });
  it('gives what the dialect says on a missing or null field', () => {
    for (const value of [undefined, null, [], [null]]) {
      expect(on({ kind: 'equals', value: 'a' }, value)).toBe(false);
      expect(on({ kind: 'equals', value: 'a' }, value, { onMissing: 'null' })).toBe(null);
    }
  });
  it('quantifies over several values', () => {
    expect(on({ kind: 'prefix', text: 'a' }, ['b', 'ab'])).toBe(true);
    expect(on({ kind: 'prefix', text: 'a' }, ['b', 'ab'], { quantifier: 'all' })).toBe(false);
    expect(on({ kind: 'prefix', text: 'a' }, ['a', ['ab']], { quantifier: 'all' })).toBe(true);
    expect(on({ kind: 'prefix', text: 'a' }, ['a'], { quantifier: 'whole' })).toBe(false);
  });
  it('compares numbers as numbers in ranges', () => {
    const range: Pattern = {
      kind: 'range',
      low: { value: 9, inclusive: false },
      high: { value: 100, inclusive: true },
    };
    expect([9, '10', 100, 100.5, 'x', '', true].map((value) => on(range, value))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(on({ kind: 'range', low: { value: 'b', inclusive: true } }, 'a')).toBe(false);
  });
  it('knows networks', () => {
    const inside = (network: string, value: string) => on({ kind: 'cidr', network }, value);
    expect(inside('10.0.0.0/8', '10.200.3.4')).toBe(true);
    expect(inside('10.0.0.1/8', '10.200.3.4')).toBe(true);
    expect(inside('10.0.0.0/9', '10.200.3.4')).toBe(false);
    expect(inside('fe80::/10', 'FE80::1')).toBe(true);
    expect(inside('10.0.0.0/8', '::ffff:10.1.2.3')).toBe(true);
    expect(inside('10.0.0.0/8', '10.1')).toBe(false);
    expect(inside('nonsense', '10.1.1.1')).toBe(false);
  });
  it('matches wildcards over the whole value', () => {
    const like: Pattern = { kind: 'wildcard', parts: [{ text: 'a' }, { any: 'many' }, { text: 'b' }, { any: 'one' }] };
    expect(['ab1', 'axxb1', 'abb', 'ab', 'xab1', 'ab12', 'aXb😀'].map((value) => on(like, value))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
    expect(on({ kind: 'wildcard', parts: [] }, '')).toBe(true);
    expect(on({ kind: 'wildcard', parts: [{ any: 'many' }] }, '')).toBe(true);
  });
  it('finds terms only at boundaries', () => {
    const has = (value: string, needle: string) =>
      on({ kind: 'term', text: needle, ends: 'both' }, value, { collation: 'ignore-case' });
    expect(has('sftp host', 'ftp')).toBe(false);
    expect(has('FTP host', 'ftp')).toBe(true);
    expect(has('pcap_dump x', 'pcap')).toBe(true);
    expect(has('pcapdumper', 'pcapdump')).toBe(false);
    expect(has('tcpdump -i any -w /tmp/x', '-w ')).toBe(true);
    expect(has('tcpdump --promiscuous', '--promiscuous')).toBe(true);
    expect(has('C:\\Windows\\npcap\\x.dll', '\\npcap\\')).toBe(true);
    expect(has('…0/resourcegroups/test.rg000001?api', '/resourcegroups/test.rg000001?')).toBe(true);
    expect(has('anything', '')).toBe(true);
  });
  it('analyses text', () => {
    const phrase = (value: string, query: string) => on({ kind: 'analysed', text: query, mode: 'phrase' }, value);
    expect(phrase('The Quick, brown fox', 'quick brown')).toBe(true);
    expect(phrase('The brown quick fox', 'quick brown')).toBe(false);
    expect(on({ kind: 'analysed', text: 'slow brown', mode: 'any' }, 'quick brown fox')).toBe(true);
  });
});

describe('reading records', () => {
  const read = (expr: Expr, event: JsonObject) => compileExpr(expr, clock)(rowOf(event));
  it('takes the flat key before the path, and goes into arrays', () => {
    const flatFirst: Expr = { ...raw('a.b'), paths: [['a.b'], ['a', 'b']] };
    expect(read(flatFirst, { 'a.b': 1, a: { b: 2 } })).toBe(1);
    expect(read(flatFirst, { a: [{ b: 1 }, { c: 2 }, { b: [3] }] })).toEqual([1, 3]);
    expect(
      read({ kind: 'raw', paths: [['a', 'b']], keys: 'exact', arrays: 'strict' }, { a: [{ b: 1 }] }),
    ).toBeUndefined();
    expect(read(raw('__proto__'), {})).toBeUndefined();
    expect(read(raw('constructor', 'name'), {})).toBeUndefined();
  });
  it('knows no place of a field that was not bound', () => {
    expect(() => read(field('a.b'), { 'a.b': 1 })).toThrow('the field a.b reached an engine unbound');
  });
  it('gives every leaf', () => {
    expect(read({ kind: 'leaves', name: null }, { a: 1, b: { c: ['x', null, { d: true }] } })).toEqual([1, 'x', true]);
    expect(read({ kind: 'leaves', name: [{ text: 'b.' }, { any: 'many' }] }, { a: 1, b: { c: 'x' } })).toEqual(['x']);
  });
  it('survives very deep records', () => {
    let event: JsonObject = { leaf: 'found' };
    for (let depth = 0; depth < 50_000; depth += 1) event = { deeper: event };
    expect(decide(match({ kind: 'leaves', name: null }, { kind: 'contains', text: 'oun' }), event)).toBe(true);
  });
  it('keeps nulls out of functions that propagate them', () => {
    expect(read(call('text.lower', [MISSING]), {})).toBeNull();
    expect(read(call('view.coalesce', [MISSING, raw('a'), text('b')]), { a: null })).toBe('b');
    expect(read(list([raw('a'), text('b')]), { a: ['x', 'y'] })).toEqual(['x', 'y', 'b']);
  });
});

describe('keys and arrays on the way', () => {
  const read = (way: Way, ...path: string[]) =>
    compileExpr({ kind: 'raw', paths: [path], ...way }, clock)(rowOf({ Ab: { c: 1 }, aB: { c: 2 }, list: [{ c: 3 }] }));

  it('takes a key as it is written, else the first in lower case', () => {
    expect(read(FOLDED, 'aB', 'C')).toBe(2);
    expect(read(FOLDED, 'ab', 'c')).toBe(1);
    expect(read(STRICT, 'ab', 'c')).toBeUndefined();
    expect(read(FOLDED, 'LIST', 'c')).toBeUndefined();
    expect(read({ keys: 'ignore-case', arrays: 'each' }, 'LIST', 'C')).toEqual([3]);
  });
});

describe('comparing several values', () => {
  const left: JsonObject = { several: [1, [5]], one: [5], none: [], nulls: [null] };
  const compare = (name: string, op: CompareOp, many: Many, nulls: 'total' | 'unknown' = 'unknown') =>
    decide({ kind: 'compare', op, left: raw(name), right: number(5), nulls, many }, left);

  it('any and all', () => {
    expect([compare('several', '==', 'any'), compare('several', '==', 'all')]).toEqual([true, false]);
    expect([compare('several', '<=', 'all'), compare('several', '>', 'any')]).toEqual([true, false]);
  });
  it('no answer, or the array as one value', () => {
    expect([compare('several', '==', 'null'), compare('several', '==', 'whole')]).toEqual([null, false]);
    expect([compare('several', '<', 'whole'), compare('several', '!=', 'whole')]).toEqual([null, true]);
  });
  it('a single value is that value, and none is a null', () => {
    expect(compare('one', '==', 'null')).toBe(true);
    for (const name of ['none', 'nulls', 'missing']) {
      expect([compare(name, '==', 'any'), compare(name, '==', 'any', 'total')]).toEqual([null, false]);
    }
  });
});

describe('at least', () => {
  const T: Expr = { kind: 'literal', type: 'bool', value: true };
  const F: Expr = { kind: 'literal', type: 'bool', value: false };
  const of = (count: number, most: number | undefined, ...items: Expr[]) =>
    decide({ kind: 'at-least', count, of: items, ...(most !== undefined && { most }) }, {});

  it.each([
    [of(2, undefined, T, F, T), true],
    [of(2, undefined, T, F, F), false],
    [of(2, undefined, T, NULL, F), null],
    [of(2, undefined, T, T, NULL), true],
    [of(2, undefined, NULL, F, F), false],
    [of(1, 1, T, F), true],
    [of(1, 1, T, T), false],
    [of(1, 1, T, NULL), null],
    [of(0, undefined), true],
    [of(2, 1, NULL, NULL), false],
  ])('%j is %j', (found, wanted) => expect(found).toBe(wanted));
});

describe('quantified', () => {
  const isX = match(
    { kind: 'raw', paths: [[]], of: 'e', ...PLAIN },
    { kind: 'equals', value: 'x' },
    { onMissing: 'null' },
  );
  const ask = (how: Quantified['how'], list: Json | undefined, rest: Partial<Quantified> = {}) =>
    compileExpr(
      { kind: 'quantified', how, over: raw('list'), variable: 'e', body: isX, ...rest },
      clock,
    )(rowOf(list === undefined ? {} : { list }));
  const HOWS = ['any', 'all', 'none', 'one', 'count'] as const;

  it.each<[Json | undefined, readonly (boolean | bigint)[]]>([
    [
      ['x', 'y'],
      [true, false, false, true, 1n],
    ],
    [
      ['x', 'x'],
      [true, true, false, false, 2n],
    ],
    [
      ['y', null],
      [false, false, true, false, 0n],
    ],
    ['x', [true, true, false, true, 1n]],
    [[], [false, true, true, false, 0n]],
    [null, [false, true, true, false, 0n]],
    [undefined, [false, true, true, false, 0n]],
  ])('%j: any, all, none, one, count', (list, wanted) => {
    expect(HOWS.map((how) => ask(how, list))).toEqual(wanted);
  });
  it('collects what the body gives, and knows the place of an element', () => {
    const place: Expr = { kind: 'raw', paths: [[]], of: 'at', ...PLAIN };
    expect(ask('collect', ['x', 'y'], { index: 'at', body: place })).toEqual([0n, 1n]);
    expect(ask('collect', ['x', null])).toEqual([true, null]);
  });
  it('looks no further than the element that ends it', () => {
    const isEnd = match({ kind: 'raw', paths: [[]], of: 'e', ...PLAIN }, { kind: 'equals', value: 'end' });
    expect(HOWS.map((how) => ask(how, ['y', 'end', 'x'], { until: isEnd }))).toEqual([false, false, true, false, 0n]);
    expect(ask('count', ['x', 'end', 'x'], { until: isEnd })).toBe(1n);
  });
});

it('lets a variable stand for a value', () => {
  const v = (...path: string[]): Expr => ({ kind: 'raw', paths: [path], of: 'v', ...PLAIN });
  const both: Expr = { kind: 'let', variable: 'v', value: raw('a'), body: list([v('b'), v('c')]) };
  expect(compileExpr(both, clock)(rowOf({ a: { b: 1, c: 2 } }))).toEqual([1, 2]);
});

describe('shared plans', () => {
  const values = (...found: Value[]) => ({
    ...clock,
    shared: () => found.map((x): Row => ({ event: undefined, columns: new Map([['x', x]]) })),
  });
  const plan = { name: 'p', column: 'x' };
  const isIn = (subject: Json, nulls: 'total' | 'unknown', of: Clock, collation: 'exact' | 'ignore-case' = 'exact') =>
    compilePredicate({ kind: 'in-plan', subject: raw('s'), plan, nulls, collation }, of)(rowOf({ s: subject }));

  it('have a value in a column or not', () => {
    expect([isIn('a', 'total', values('a', 1n)), isIn('A', 'total', values('a'))]).toEqual([true, false]);
    expect([isIn('A', 'total', values('a'), 'ignore-case'), isIn(1, 'total', values(1n))]).toEqual([true, true]);
  });
  it('have nulls as the dialect says', () => {
    expect([isIn(null, 'total', values('a')), isIn(null, 'total', values(null))]).toEqual([false, true]);
    expect([isIn('b', 'total', values('a', null)), isIn('b', 'unknown', values('a', null))]).toEqual([false, null]);
    expect([isIn(null, 'unknown', values('a')), isIn(null, 'unknown', values())]).toEqual([null, false]);
    expect(isIn('a', 'unknown', values('a', null))).toBe(true);
  });
  it('give the value of their first row', () => {
    const scalar = (of: Clock) => compileExpr({ kind: 'scalar-of', plan }, of)(rowOf({}));
    expect([scalar(values(7n, 8n)), scalar(values())]).toEqual([7n, null]);
  });
  it('are read once', () => {
    let reads = 0;
    const counted: Clock = { ...clock, shared: () => [{ event: undefined, columns: new Map([['x', reads++]]) }] };
    const both = compileExpr({ kind: 'scalar-of', plan }, counted);
    expect([both(rowOf({})), both(rowOf({})), reads]).toEqual([0, 0, 1]);
  });
});

it('asks whether one element has it all', () => {
  const some: Expr = {
    kind: 'quantified',
    how: 'any',
    over: raw('user'),
    variable: 'u',
    body: and([
      match({ kind: 'raw', paths: [['first']], ...PLAIN, of: 'u' }, { kind: 'equals', value: 'Alice' }),
      match({ kind: 'raw', paths: [['last']], ...PLAIN, of: 'u' }, { kind: 'equals', value: 'Smith' }),
    ]),
  };
  expect(
    decide(some, {
      user: [
        { first: 'Alice', last: 'Jones' },
        { first: 'Bob', last: 'Smith' },
      ],
    }),
  ).toBe(false);
  expect(
    decide(some, {
      user: [
        { first: 'Bob', last: 'Smith' },
        { first: 'Alice', last: 'Smith' },
      ],
    }),
  ).toBe(true);
});
