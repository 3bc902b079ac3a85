import { expect, it } from 'vitest';
import { FOLDED, field, match, PLAIN, raw, STRICT } from '../construct.ts';
import type { Expr } from '../expr.ts';
import { describeValue, describe as inWords } from './describe.ts';
import { printExpr } from './print.ts';

const isX = match({ kind: 'raw', paths: [[]], of: 'e', ...PLAIN }, { kind: 'equals', value: 'x' });
const five: Expr = { kind: 'literal', type: 'long', value: '5' };
const plan = { name: 'watchlist', column: 'ip' };

/** Each kind of expression that no language is bound to have: how it is printed, and how a person reads it. */
it.each<[Expr, string, string]>([
  [
    { kind: 'at-least', count: 2, of: [isX, isX, isX] },
    `(at-least 2 ${Array(3).fill(printExpr(isX)).join(' ')})`,
    'at least 2 of',
  ],
  [{ kind: 'at-least', count: 1, most: 2, of: [isX] }, `(at-least 1 most 2 ${printExpr(isX)})`, '1 to 2 of'],
  [
    { kind: 'quantified', how: 'one', over: field('a'), variable: 'e', index: 'i', body: isX, until: isX },
    `(one e#i a ${printExpr(isX)} until ${printExpr(isX)})`,
    'exactly one element of a has',
  ],
  [
    { kind: 'quantified', how: 'count', over: field('a'), variable: 'e', body: isX },
    `(count e a ${printExpr(isX)})`,
    'the number of elements of a that have',
  ],
  [
    { kind: 'quantified', how: 'collect', over: field('a'), variable: 'e', body: isX },
    `(collect e a ${printExpr(isX)})`,
    'what is made of each element of a',
  ],
  [
    { kind: 'let', variable: 'v', value: field('a'), body: { kind: 'is-null', subject: field('b') } },
    '(let v a (is-null b))',
    'b is null or missing',
  ],
  [
    { kind: 'in-plan', subject: field('a'), plan, collation: 'ignore-case', nulls: 'total' },
    '(in-plan a ignore-case total watchlist.ip)',
    'a is in ip of watchlist (any case)',
  ],
  [
    { kind: 'compare', op: '>', left: field('a'), right: { kind: 'scalar-of', plan }, nulls: 'unknown', many: 'whole' },
    '(> a (scalar-of watchlist.ip))',
    'a > ip of watchlist',
  ],
  [
    { kind: 'compare', op: '==', left: field('a'), right: five, nulls: 'total', many: 'any' },
    '(== total many-any a (long 5))',
    'one of a = 5',
  ],
])('%#', (expr, printed, words) => {
  expect([printExpr(expr), inWords(expr)]).toEqual([printed, words]);
});

it('shows how a path is followed', () => {
  const both: Expr[] = [
    raw('a', 'b'),
    { ...raw('a'), ...STRICT },
    { ...raw('a'), ...FOLDED },
    { ...field('a'), ...FOLDED },
  ];
  const each: Expr = { ...raw('a'), keys: 'ignore-case', arrays: 'each' };
  expect([...both, each].map(printExpr)).toEqual(['$a.b', '$a!', '$a~', 'a~', '$a~*']);
  expect([...both, each].map(describeValue)).toEqual(['a.b', 'a', 'a', 'a', 'a']);
});
