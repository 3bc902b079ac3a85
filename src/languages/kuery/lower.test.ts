import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainly } from '../../../test/plain-records.ts';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { compilePredicate, rowOf } from '../../engines/memory/index.ts';
import { printExpr } from '../../ir/print/print.ts';
import type { FieldType } from '../../ir/types.ts';
import type { Schema } from '../../ir/view.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { lintKuery } from './lint.ts';
import { lowerKuery } from './lower.ts';
import { parseKuery } from './parser.ts';

const types: Readonly<Record<string, FieldType>> = {
  k: 'keyword',
  w: 'wildcard',
  t: 'text',
  script: 'text',
  'k.text': 'match_only_text',
  ip: 'ip',
  n: 'long',
  d: 'double',
  b: 'boolean',
  time: 'date',
  flat: 'flattened',
  'flat.x': 'flattened',
  nest: 'nested',
  'nest.k': 'keyword',
  'nest.n': 'long',
  'nest.in': 'nested',
  'nest.in.ip': 'ip',
  point: 'geo_point',
};

const schema: Schema = {
  name: 'ecs',
  analyzerOf: (name) => (name === 'script' ? 'script' : undefined),
  typeOf: (name) => types[name],
  fieldNames: () => Object.keys(types),
  multiFieldOf: (name) =>
    name === 'k.text'
      ? { field: 'k', ignoreCase: false }
      : name === 'k.caseless'
        ? { field: 'k', ignoreCase: true }
        : undefined,
};

function lower(text: string) {
  const { ast, diagnostics } = parseKuery(sourceText('<query>', text));
  expect(diagnostics).toEqual([]);
  return lowerKuery(ast, schema);
}

function printed(text: string): string {
  const lowered = lower(text);
  if (!lowered.ok) throw new Error(lowered.diagnostics.map((found) => found.message).join('\n'));
  return printExpr(lowered.value);
}

function matches(text: string, event: Record<string, never> | object, now = '2024-06-15T12:00:00Z'): boolean {
  const lowered = lower(text);
  if (!lowered.ok) throw new Error('does not load');
  const decide = compilePredicate(plainly(lowered.value), { now: fromEpochMs(Date.parse(now)) });
  return decide(rowOf(JSON.parse(JSON.stringify(event)))) === true;
}

describe('lowerKuery by field type', () => {
  test.each([
    // Keywords: exact, with case.
    ['k:Foo', '(match k exact equals "Foo")'],
    ['k:"Foo*"', '(match k exact equals "Foo*")'],
    ['k:Foo*bar', '(match k exact wildcard "Foo*bar")'],
    ['k:a? b*', '(match k exact wildcard "a\\\\? b*")'],
    ['k:*', '(exists k)'],
    ['k:true', '(match k exact equals "true")'],
    ['k:(a or b or c* or a)', '(or (match k exact one-of ["a" "b"]) (match k exact wildcard "c*"))'],
    ['k:(a and b)', '(and (match k exact equals "a") (match k exact equals "b"))'],
    ['k:(a or not b)', '(or (match k exact equals "a") (not (match k exact equals "b")))'],
    ['not k:a', '(not (match k exact equals "a"))'],
    ['k >= a', '(match k exact range >= "a")'],
    ['k.caseless:A*', '(match k ignore-case wildcard "A*")'],
    // What is not plain keyword goes through query_string, which splits at spaces.
    ['w:a b*', '(or (match w exact equals "a") (match w exact wildcard "b*"))'],
    ['w:a b', '(match w exact equals "a b")'],
    ['w:* a b c*', '(or (exists w) (match w exact equals "a b") (match w exact wildcard "c*"))'],
    ['flat.x:a', '(match flat.x exact equals "a")'],
    ['flat:a', '(match (elastic.leaves flat) exact equals "a")'],
    // Analysed text.
    ['t:a b', '(match t exact analysed any "a b")'],
    ['t:"a b"', '(match t exact analysed phrase "a b")'],
    ['t:(a or "b")', '(or (match t exact analysed any "a") (match t exact analysed phrase "b"))'],
    ['script:"Get-Item"', '(match script exact analysed script phrase "Get-Item")'],
    ['t:FO*', '(match t exact token-wildcard "FO*")'],
    ['k.text:"a b"', '(match k exact analysed phrase "a b")'],
    // Addresses.
    ['ip:10.0.0.1', '(match ip exact cidr 10.0.0.1/32)'],
    ['ip:"10.1.2.3/8"', '(match ip exact cidr 10.0.0.0/8)'],
    ['ip:fe80\\:\\:/10', '(match ip exact cidr fe80::/10)'],
    ['ip:"::ffff:1.2.3.4"', '(match ip exact cidr 1.2.3.4/32)'],
    ['ip:*', '(exists ip)'],
    // Numbers, lenient about quotes.
    ['n:80', '(match n exact equals 80)'],
    ['n:"80"', '(match n exact equals 80)'],
    ['n:(80 or 443)', '(match n exact one-of [80 443])'],
    ['n:9007199254740993', '(match n exact equals "9007199254740993")'],
    ['n > 5', '(match n exact range > 5)'],
    ['d:1.50', '(match d exact range >= 1.5 <= 1.5)'],
    // The others.
    ['b:true', '(match b exact equals true)'],
    ['b:"false"', '(match b exact equals false)'],
    ['time:2024-01', '(elastic.date-range time ">=" "2024-01" "<=" "2024-01")'],
    ['time < now-1d/d', '(elastic.date-range time "<" "now-1d/d")'],
    ['x:a', '(match x exact equals "a")'],
    ['x:10.0.0.0/8', '(or (match x exact equals "10.0.0.0/8") (match x exact cidr 10.0.0.0/8))'],
    ['x > 5', '(match x exact range > 5)'],
    ['x >= now-1d', '(elastic.date-range x ">=" "now-1d")'],
    // Nested fields.
    ['nest:{ k:a and n:1 }', '(any e1 nest (and (match e1/k exact equals "a") (match e1/n exact equals 1)))'],
    ['nest:{ in:{ ip:10.0.0.1 } }', '(any e1 nest (any e2 e1/in (match e2/ip exact cidr 10.0.0.1/32)))'],
    // Several fields at once.
    ['*:*', 'true'],
    ['*', 'true'],
    ['', 'true'],
    ['n*t:*', '(exists (leaves "n*t"))'],
    ['k*:a', '(or (match (leaves "k*") exact equals "a") (match k exact analysed any "a"))'],
    ['a*:"x"', '(match (leaves "a*") exact equals "x")'],
    [
      'hello',
      '(or (match (leaves) exact equals "hello") (match t exact analysed any "hello") (match script exact analysed script any "hello") (match k exact analysed any "hello"))',
    ],
  ])('%s', (text, expected) => {
    expect(printed(text)).toBe(expected);
  });

  test.each([
    ['n:abc', 'kuery/bad-value'],
    ['ip:abc', 'kuery/bad-value'],
    ['ip:10.0.0.0/33', 'kuery/bad-value'],
    ['b:yes', 'kuery/bad-value'],
    ['time:yesterday', 'kuery/bad-value'],
    ['n > abc', 'kuery/bad-value'],
    ['point:x', 'kuery/bad-value'],
    ['n:8*', 'kuery/wildcard-on-type'],
    ['ip:10.*', 'kuery/wildcard-on-type'],
    ['k:{ a:1 }', 'kuery/not-nested'],
    ['nest:{ hello }', 'unsupported/kuery-in-nested'],
    ['nest:{ k*:a }', 'unsupported/kuery-in-nested'],
  ])('%s fails: %s', (text, code) => {
    const lowered = lower(text);
    expect(lowered.ok).toBe(false);
    expect(lowered.diagnostics.map((found) => found.code)).toEqual([code]);
  });

  test('warns of what Elasticsearch reads otherwise than one would think', () => {
    expect(lower('nest.k:a').diagnostics.map((found) => found.code)).toEqual(['kuery/outside-nested']);
    expect(printed('nest.k:a')).toBe('false');
    expect(lower('k:null').diagnostics.map((found) => found.code)).toEqual(['kuery/null-value']);
    expect(printed('k:null')).toBe('(not (exists k))');
  });

  test('nodes keep the place that they were written at', () => {
    const text = 'k:a and n:(1 or abc)';
    const lowered = lower(text);
    const span = lowered.diagnostics[0] && primarySpan(lowered.diagnostics[0]);
    expect(text.slice(span?.start, span?.end)).toBe('abc');
  });
});

describe('what queries match', () => {
  test.each([
    ['not k:a', {}, true],
    ['not k:a', { k: 'b' }, true],
    ['k:(a and b)', { k: ['b', 'a'] }, true],
    ['k:(a and b)', { k: ['a'] }, false],
    ['k:a*z', { k: 'a\nz' }, true],
    ['k:*', { k: '' }, true],
    ['k:*', { k: null }, false],
    ['k:*', { k: [] }, false],
    ['n:"80"', { n: 80 }, true],
    ['n:80', { n: '80' }, true],
    ['n:9007199254740993', { n: '9007199254740993' }, true],
    ['d:1.5', { d: 1.5 }, true],
    ['n >= 5 and n < 7', { n: 6 }, true],
    ['t:FOO*', { t: 'a foobar b' }, true],
    ['t:foo bar*', { t: 'x foo' }, true],
    ['script:"Reflection.Assembly"', { script: '[System.Reflection.Assembly]::Load' }, true],
    ['script:Item', { script: 'Get-Item' }, false],
    ['script:get-*', { script: 'x;Get-Item' }, true],
    ['t:"foo bar"', { t: 'Foo, bar!' }, true],
    ['t:"foo bar"', { t: 'bar foo' }, false],
    ['ip:10.0.0.0/8', { ip: ['192.168.0.1', '10.9.9.9'] }, true],
    ['ip:"2001:db8::1"', { ip: '2001:0DB8:0:0:0:0:0:1' }, true],
    ['ip > 10.0.0.0 and ip <= 10.0.0.5', { ip: '10.0.0.5' }, true],
    ['ip > 10.0.0.5', { ip: '10.0.0.5' }, false],
    ['ip > 10.0.0.5', { ip: '2001:db8::1' }, true],
    ['ip < 10.0.0.5', { ip: '::1' }, true],
    ['time:2024-01', { time: '2024-01-31T23:59:59.999Z' }, true],
    ['time:2024-01', { time: '2024-02-01T00:00:00Z' }, false],
    ['time >= now-1d/d and time < now', { time: '2024-06-14T00:00:00Z' }, true],
    ['time >= now-1d/d', { time: '2024-06-13T23:59:59Z' }, false],
    ['time > 2024-06-14', { time: '2024-06-14T23:00:00Z' }, false],
    ['time <= 2024-06-14', { time: '2024-06-14T23:00:00Z' }, true],
    [
      'nest:{ k:a and n:1 }',
      {
        nest: [
          { k: 'a', n: 2 },
          { k: 'b', n: 1 },
        ],
      },
      false,
    ],
    ['nest:{ k:a and n:1 }', { nest: [{ k: 'a', n: 1 }] }, true],
    ['flat:x', { flat: { a: { b: 'x' } } }, true],
    ['k*:x', { k1: { z: 'y' }, k2: 'x' }, true],
    ['hello', { deep: { er: ['hello'] } }, true],
    ['"hello world"', { t: 'say hello world' }, true],
  ])('%s on %j: %s', (text, event, expected) => {
    expect(matches(text, event)).toBe(expected);
  });
});

test('lowering and lint never throw on any query, and what is lowered can be evaluated', () => {
  const name = fc.constantFrom(...Object.keys(types), 'x', 'k*', '*', '"k"', 'nest.*');
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '1',
      '-1.5e3',
      '99999999999999999999',
      '10.0.0.0/8',
      '::/0',
      '"::1"',
      'true',
      'null',
      '*',
      'a* b',
      '"a*"',
      'now-1d/d',
      '2024',
      '""',
      '(a or not (b and 1*))',
    ),
  );
  const clause = fc
    .tuple(name, fc.constantFrom(':', ' > ', '<=', ':{ k:1 and ', ':not '), value)
    .map((all) => all.join(''));
  const query = fc.array(fc.oneof(clause, value), { minLength: 1, maxLength: 4 }).map((all) => all.join(' and '));
  fc.assert(
    fc.property(query, (text) => {
      const parsed = parseKuery(sourceText('<query>', text));
      const { ast } = parsed;
      lintKuery(parsed, schema);
      const lowered = lowerKuery(ast, schema);
      if (!lowered.ok) return;
      const decide = compilePredicate(plainly(lowered.value), { now: fromEpochMs(0) });
      const truth = decide(
        rowOf({ k: 'a', n: 1, ip: ['10.0.0.1', 'x'], time: 0, nest: [{ k: 1 }, null], flat: { x: [1] }, t: {} }),
      );
      // Everything in kuery is true or false.
      expect(truth).toBeTypeOf('boolean');
    }),
    { numRuns: 10_000 },
  );
});

test('values that are searched in all fields make no more conditions than so many', { tags: 'large' }, () => {
  const fields = Array.from({ length: 1_000 }, (_, at) => `f${at}.text`);
  const wide: Schema = { ...schema, fieldNames: () => fields, typeOf: () => 'text' };
  const words = (count: number): string => Array.from({ length: count }, (_, at) => `word${at}`).join(' or ');
  const codes = (text: string): readonly string[] => {
    return lowerKuery(parseKuery(sourceText('<query>', text)).ast, wide).diagnostics.map(({ code }) => code);
  };
  expect(codes(words(200))).toEqual([]);
  expect(codes(words(400))).toEqual(['kuery/too-large']);
  expect(codes(`f*:(${words(400)})`)).toEqual(['kuery/too-large']);
  expect(codes(`f1:(${words(400)})`)).toEqual([]);
});
