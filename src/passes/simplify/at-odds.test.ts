import { expect, it } from 'vitest';
import { call, match, or, raw, text as string } from '../../ir/construct.ts';
import type { Compare, Expr, Literal, Match } from '../../ir/expr.ts';
import { areAtOdds } from './at-odds.ts';

const text = call('convert.string', [raw('a')]);
const whole = (value: string, others: Partial<Match> = {}): Expr => ({
  ...match(text, { kind: 'equals', value }),
  quantifier: 'whole',
  ...others,
});
const equated = (value: string): Expr => call('python.equals', [raw('a'), string(value)]);
const compared = (
  op: Compare['op'],
  value: Literal['value'],
  others: Partial<Compare> = {},
  type: Literal['type'] = 'long',
): Expr => ({
  kind: 'compare',
  op,
  left: call('convert.long', [raw('a')]),
  right: { kind: 'literal', type, value },
  nulls: 'total',
  many: 'whole',
  ...others,
});
const turned = (expr: Expr): Expr => (expr.kind === 'compare' ? { ...expr, left: expr.right, right: expr.left } : expr);

it.each<[string, readonly Expr[], boolean]>([
  ['two texts', [whole('x'), raw('b'), whole('y')], true],
  ['one text in two cases', [whole('x'), whole('X')], true],
  ['one text in two cases, of which one is any', [whole('x'), whole('X', { collation: 'ignore-case' })], false],
  ['sets without a common text', [whole('x'), whole('', { pattern: { kind: 'one-of', values: ['y', 'z'] } })], true],
  ['sets with one', [whole('x'), whole('', { pattern: { kind: 'one-of', values: ['y', 'x'] } })], false],
  ['each of several values', [whole('x', { quantifier: 'all' }), whole('y')], true],
  ['one of several values', [whole('x', { quantifier: 'any' }), whole('y')], false],
  ['two places', [whole('x'), whole('y', { subject: raw('b') })], false],
  ['as Python compares', [equated('x'), or([equated('y'), equated('z')])], true],
  ['one of several, as Python compares', [equated('x'), or([equated('y'), equated('x')])], false],
  ['another condition beside it', [equated('x'), or([equated('y'), raw('b')])], false],
  ['two numbers', [compared('==', 4624), compared('==', 4625)], true],
  ['a number and a range', [compared('==', 4), turned(compared('<=', 5))], true],
  ['a number in a range', [compared('==', 5), turned(compared('<=', 5))], false],
  ['ranges apart', [compared('>', 10), compared('<', 5)], true],
  ['ranges that touch', [compared('>=', 5), compared('<=', 5)], false],
  ['ranges that touch with an open end', [compared('>', 5), compared('<=', 5)], true],
  ['no range at all', [compared('<', 5), compared('<', 6), compared('!=', 3)], false],
  ['one of several numbers', [compared('==', 1, { many: 'any' }), compared('==', 2, { many: 'any' })], false],
  ['a number and a time', [compared('==', 1), compared('==', '2', {}, 'datetime')], false],
  ['times', [compared('>', '30', {}, 'datetime'), compared('<', '20', {}, 'datetime')], true],
  [
    'numbers that are one double',
    [compared('==', '9007199254740993'), compared('==', 9007199254740992, {}, 'real')],
    false,
  ],
])('%s', (_, items, expected) => {
  expect(areAtOdds(items)).toBe(expected);
  expect(areAtOdds(items.toReversed())).toBe(expected);
});
