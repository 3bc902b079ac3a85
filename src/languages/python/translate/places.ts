import { call, TRUE, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import { goesOn, pathOf, placeAt } from './event-path.ts';
import { ANY } from './types.ts';
import { type Dynamic, dynamic, guard, literal, type Outcomes, pairOf, sure } from './value.ts';

/** What lies under a key of a map; missing where there is none. */
export function childOf(value: Dynamic, key: string): Dynamic {
  const { expr, made } = value;
  const path = goesOn(expr, made) ? pathOf(expr) : undefined;
  if (path !== undefined) return dynamic(placeAt(expr, [...path, key]), ANY, made);
  return dynamic(call('python.get', [expr, text(key), literal(made === 'event')]), ANY, made);
}

export function presence(value: Dynamic): Expr {
  return { kind: 'exists', subject: value.expr, counts: 'present' };
}

/** What `get` gives: the default only where there is no such key. */
export function withDefault(child: Dynamic, otherwise: Outcomes): Outcomes {
  if (isNone(otherwise)) return sure(child);
  const { t, f } = pairOf(presence(child));
  return [{ cond: t, value: child }, ...guard(f, otherwise)];
}

export function isNone(outcomes: Outcomes): boolean {
  const [only] = outcomes;
  return outcomes.length === 1 && only?.cond === TRUE && only.value.kind === 'const' && only.value.value === null;
}
