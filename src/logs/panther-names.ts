import type { Expr } from '../ir/expr.ts';
import { possibleValues } from './claims.ts';
import type { LogType } from './log-type.ts';

/** What Panther calls a log type's events: every name that one of them may have, where they do not have it from the record itself. */
export function pantherNames(type: LogType): readonly string[] {
  return [...new Set(namesOf(type).flatMap((expr) => possibleValues(expr) ?? []))];
}

/** The names that all of its events have. */
export function constantPantherNames(type: LogType): readonly string[] {
  return namesOf(type)
    .flatMap((expr) => (expr.kind === 'list' ? expr.items : [expr]))
    .flatMap((expr) => (expr.kind === 'literal' && typeof expr.value === 'string' ? [expr.value] : []));
}

function namesOf(type: LogType): readonly Expr[] {
  return type.views.flatMap((view) => {
    const expr = view.schema === 'panther' ? view.fields.get('p_log_type')?.expr : undefined;
    return expr === undefined ? [] : [expr];
  });
}
