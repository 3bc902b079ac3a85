import { call, TRUE, text } from '../../../../ir/construct.ts';
import type { Expr, Way } from '../../../../ir/expr.ts';
import { pathOf, placeAt } from '../conditions/place.ts';
import { ANY } from '../conditions/types.ts';
import type { Context } from '../context.ts';
import { type Dynamic, dynamic, literal, type Made, type Outcomes, sure } from './value.ts';

/** What lies under a key of a map; missing where there is none. */
export function childOf(value: Dynamic, key: string): Dynamic {
  const { expr, made } = value;
  const path = sameWay(expr, made) ? pathOf(expr) : undefined;
  if (path !== undefined) return dynamic(placeAt(expr, [...path, key]), ANY, made);
  return dynamic(call('python.get', [expr, text(key), literal(made === 'event')]), ANY, made);
}

export function presence(value: Dynamic): Expr {
  return { kind: 'exists', subject: value.expr, counts: 'present' };
}

/** What `get` gives: the default only where there is no such key. */
export function withDefault(child: Dynamic, otherwise: Outcomes, of: Context): Outcomes {
  if (isNone(otherwise)) return sure(child);
  const { t, f } = of.pairOf(presence(child));
  return [{ cond: t, value: child }, ...of.guard(f, otherwise)];
}

export function isNone(outcomes: Outcomes): boolean {
  const [only] = outcomes;
  return outcomes.length === 1 && only?.cond === TRUE && only.value.kind === 'const' && only.value.value === null;
}

/** Whether further steps of a place find keys as what holds it does: the event's maps in any case, plain ones exactly. */
function sameWay(expr: Expr, made: Made): boolean {
  return (expr.kind === 'field' || expr.kind === 'raw') && expr.keys === WAYS[made];
}

const WAYS: Readonly<Record<Made, Way['keys']>> = {
  event: 'ignore-case',
  plain: 'exact',
  list: 'exact',
  tuple: 'exact',
};
