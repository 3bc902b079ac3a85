import { expect, it } from 'vitest';
import { and, field, match, or } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import { printExpr } from '../ir/print/print.ts';
import { overParts } from './parts.ts';

const parts = { over: field('unused'), fields: new Set(['name', 'kind']) };
const places = { over: field('parts'), locate: (path: readonly string[]) => [['in', ...path]] };
const is = (name: string, value: string): Expr => match(field(name), { kind: 'equals', value });
const printed = (predicate: Expr): string => printExpr(overParts(predicate, parts, places));
const unchanged = (predicate: Expr): boolean => overParts(predicate, parts, places) === predicate;

it('a field that is asked about once means a part already', () => {
  expect(unchanged(is('name', 'a'))).toBe(true);
  expect(unchanged(is('other', 'a'))).toBe(true);
  expect(printed(and([is('other', 'o'), is('name', 'a')]))).not.toContain('(any part');
  expect(printed(or([is('name', 'a'), is('kind', 'b')]))).not.toContain('(any part');
});

it('two conditions, and a negation, are about one part; what is not about parts stays outside', () => {
  const both = printed(and([is('other', 'o'), is('name', 'a'), { kind: 'not', item: is('name', 'b') }]));
  expect(both).toMatch(/^\(and \(match other .*\) \(any part .*\(not /);
  expect(both).toContain('part$name|in.name');
  expect(printed({ kind: 'not', item: is('name', 'a') })).toMatch(/^\(any part /);
});
