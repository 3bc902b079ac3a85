import { call, FALSE, TRUE, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';

/** Python's types of what JSON holds, as bits. `MISS`: there is nothing at all, which reads as None. */
export const STR = 1;
export const INT = 2;
export const FLOAT = 4;
export const BOOL = 8;
export const NONE = 16;
export const LIST = 32;
export const DICT = 64;
export const MISS = 128;
export const NUMBER: number = INT | FLOAT | BOOL;
/** What a JSON value can be. */
export const ANY: number = STR | NUMBER | NONE | LIST | DICT;
export const ALL: number = ANY | MISS;

const NAMES: readonly (readonly [number, string])[] = [
  [STR, 'str'],
  [INT, 'int'],
  [FLOAT, 'float'],
  [BOOL, 'bool'],
  [LIST, 'list'],
  [DICT, 'dict'],
];

/** Whether what an expression gives is of one of the types. */
export function typeTest(subject: Expr, mask: number): Expr {
  const wanted = mask & ALL;
  if (wanted === ALL) return TRUE;
  if (wanted === 0) return FALSE;
  if (wanted === (NONE | MISS)) return { kind: 'is-null', subject };
  if (wanted === (ALL & ~(NONE | MISS))) return { kind: 'not', item: { kind: 'is-null', subject } };
  const present: Expr = { kind: 'exists', subject, counts: 'present' };
  if (wanted === (ALL & ~MISS)) return present;
  if (wanted === MISS) return { kind: 'not', item: present };
  const inverted = (wanted & (NONE | MISS)) !== 0;
  const listed = inverted ? ALL & ~wanted : wanted;
  const names = NAMES.filter(([bit]) => (listed & bit) !== 0).map(([, name]) => text(name));
  const nothing = listed & (NONE | MISS);
  if (nothing !== 0) names.push(text(nothing === NONE ? 'null' : nothing === MISS ? 'missing' : 'none'));
  const test = call('python.is-type', [subject, ...names]);
  return inverted ? { kind: 'not', item: test } : test;
}

/** A test of types, read back. */
export function typeAtom(expr: Expr): { readonly subject: Expr; readonly mask: number } | undefined {
  if (expr.kind === 'is-null') return { subject: expr.subject, mask: NONE | MISS };
  if (expr.kind === 'exists' && expr.counts === 'present') return { subject: expr.subject, mask: ALL & ~MISS };
  if (expr.kind === 'not') {
    const inner = expr.item.kind === 'not' ? undefined : typeAtom(expr.item);
    return inner === undefined ? undefined : { subject: inner.subject, mask: ALL & ~inner.mask };
  }
  if (expr.kind !== 'call' || expr.fn !== 'python.is-type') return undefined;
  const [subject, ...names] = expr.args;
  if (subject === undefined) return undefined;
  const given = new Set(names.map((name) => (name.kind === 'literal' ? name.value : '')));
  let mask = 0;
  for (const [bit, name] of NAMES) if (given.has(name)) mask |= bit;
  if (given.has('missing')) mask |= MISS;
  if (given.has('null')) mask |= NONE;
  if (given.has('none')) mask |= MISS | NONE;
  return { subject, mask };
}
