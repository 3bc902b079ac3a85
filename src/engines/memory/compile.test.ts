import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../base/json.ts';
import { and, call, field, list, MISSING, match, NULL, not, or, raw, text } from '../../ir/construct.ts';
import type { Expr, Pattern } from '../../ir/expr.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { compileExpr, compilePredicate, rowOf } from './index.ts';

const clock = { now: fromEpochMs(0) };
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
    expect(read(field('a.b'), { 'a.b': 1, a: { b: 2 } })).toBe(1);
    expect(read(field('a.b'), { a: [{ b: 1 }, { c: 2 }, { b: [3] }] })).toEqual([1, 3]);
    expect(read({ kind: 'raw', paths: [['a', 'b']], walk: 'strict' }, { a: [{ b: 1 }] })).toBeUndefined();
    expect(read(raw('__proto__'), {})).toBeUndefined();
    expect(read(raw('constructor', 'name'), {})).toBeUndefined();
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

it('asks whether one element has it all', () => {
  const some: Expr = {
    kind: 'some',
    over: raw('user'),
    variable: 'u',
    body: and([
      match({ kind: 'raw', paths: [['first']], walk: 'each', of: 'u' }, { kind: 'equals', value: 'Alice' }),
      match({ kind: 'raw', paths: [['last']], walk: 'each', of: 'u' }, { kind: 'equals', value: 'Smith' }),
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
