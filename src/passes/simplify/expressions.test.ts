import { expect, it } from 'vitest';
import { evaluateConstant } from '../../engines/memory/constant.ts';
import { FALSE, MISSING, match, NULL, PLAIN, raw, TRUE, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import { printExpr } from '../../ir/print/print.ts';
import { simplifyExpr } from './expressions.ts';

const [a, b, c] = ['a', 'b', 'c'].map((name): Expr => ({ kind: 'exists', subject: raw(name), counts: 'value' }));
const atLeast = (count: number, most: number | undefined, ...of: (Expr | undefined)[]): Expr => ({
  kind: 'at-least',
  count,
  of: of.flatMap((item) => item ?? []),
  ...(most !== undefined && { most }),
});
const v = { kind: 'raw', paths: [[]], of: 'v', ...PLAIN } as const;
const isX = match(v, { kind: 'equals', value: 'x' });

it.each<[Expr, string]>([
  [atLeast(2, undefined, a, b, c), '(at-least 2 (exists $a) (exists $b) (exists $c))'],
  [atLeast(2, undefined, TRUE, a, FALSE, b), '(or (exists $a) (exists $b))'],
  [atLeast(3, undefined, TRUE, a, b), '(and (exists $a) (exists $b))'],
  [atLeast(3, undefined, a, FALSE, b), 'false'],
  [atLeast(1, undefined, TRUE, a), 'true'],
  [atLeast(1, 1, TRUE, a, b), '(at-least 0 most 0 (exists $a) (exists $b))'],
  [atLeast(1, 1, TRUE, TRUE, a), 'false'],
  [{ kind: 'quantified', how: 'any', over: MISSING, variable: 'v', body: isX }, 'false'],
  [{ kind: 'quantified', how: 'all', over: NULL, variable: 'v', body: isX }, 'true'],
  [{ kind: 'quantified', how: 'none', over: raw('a'), variable: 'v', body: NULL }, 'true'],
  [{ kind: 'let', variable: 'v', value: text('x'), body: isX }, 'true'],
  [
    { kind: 'let', variable: 'v', value: raw('a'), body: match(raw('b'), { kind: 'equals', value: 'x' }) },
    '(match $b exact equals "x")',
  ],
  [{ kind: 'let', variable: 'v', value: raw('a'), body: isX }, '(let v $a (match v$ exact equals "x"))'],
  [
    {
      kind: 'let',
      variable: 'v',
      value: text('x'),
      body: { kind: 'quantified', how: 'any', over: raw('a'), variable: 'v', body: isX },
    },
    '(let v "x" (any v $a (match v$ exact equals "x")))',
  ],
])('%#', (expr, wanted) => expect(printExpr(simplifyExpr(expr, evaluateConstant))).toBe(wanted));
