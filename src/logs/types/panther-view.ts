import type { Expr } from '../../ir/expr.ts';
import type { View } from '../../ir/view.ts';
import { constant, fieldOf } from './view-terms.ts';

/**
 * Panther's rules are given whole events: the record as it is, or what `event` makes of it. The view also says what
 * `p_log_type` its events have.
 */
export function pantherView(logType: string, name: string | Expr, event?: View['event']): View {
  return {
    schema: 'panther',
    logType,
    when: null,
    fields: new Map([['p_log_type', typeof name === 'string' ? constant(name) : fieldOf(name)]]),
    families: [],
    otherwise: 'raw',
    ...(event !== undefined && { event }),
  };
}
