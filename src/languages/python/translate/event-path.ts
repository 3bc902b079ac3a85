import type { Expr, Way } from '../../../ir/expr.ts';
import type { Made } from './value.ts';

/** The steps to a place in the event, or in the element that a variable stands for; undefined for what is worked out. */
export function pathOf(expr: Expr): readonly string[] | undefined {
  if (expr.kind === 'field') return expr.path;
  return expr.kind === 'raw' && expr.paths.length === 1 ? expr.paths[0] : undefined;
}

/** Another place that begins where one does. */
export function placeAt(expr: Expr, path: readonly string[]): Expr {
  if (expr.kind === 'field') return { ...expr, name: path.join('.'), path };
  return expr.kind === 'raw' ? { ...expr, paths: [path] } : expr;
}

/** Whether further steps of a place find keys as what holds it does: the event's maps in any case, plain ones exactly. */
export function goesOn(expr: Expr, made: Made): boolean {
  return (expr.kind === 'field' || expr.kind === 'raw') && expr.keys === WAYS[made];
}

const WAYS: Readonly<Record<Made, Way['keys']>> = {
  event: 'ignore-case',
  plain: 'exact',
  list: 'exact',
  tuple: 'exact',
};
