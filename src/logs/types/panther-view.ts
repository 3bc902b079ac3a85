import { text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { View } from '../../ir/view.ts';
import { possibleValues } from '../claims.ts';
import { choose, constant, fieldOf, isOneOf, own } from './view-terms.ts';

/**
 * Panther's rules are given whole events: the record as it is, or what `event` makes of it. The view also says what
 * `p_log_type` its events have.
 */
export function pantherView(logType: string, name: string | Expr, event?: View['event']): View {
  return {
    schema: 'panther',
    logType,
    when: null,
    fields: new Map([['p_log_type', typeof name === 'string' ? constant(name) : fieldOf(ownNameOf(name))]]),
    families: [],
    otherwise: 'raw',
    ...(event !== undefined && { event }),
  };
}

/** Of names of which events have one, the one that a record says itself, else what it is by its content. */
function ownNameOf(name: Expr): Expr {
  if (name.kind !== 'cond') return name;
  const names = [...new Set(possibleValues(name) ?? [])];
  return choose(
    names.map((one) => [isOneOf(own('p_log_type'), [one]), text(one)]),
    name,
  );
}
