import { call, field, fieldAt, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Key, Step } from './ast.ts';

/** Where expressions look: in the event, or in the element of a list that a variable stands for. */
export interface Scope {
  /** The variable of the element; undefined: the event. */
  readonly variable: string | undefined;
  readonly depth: number;
}

export const EVENT: Scope = { variable: undefined, depth: 0 };

/** What there is at a key. `several`: a list of what `[*]` found, not one value. */
export interface KeyValue {
  readonly expr: Expr;
  readonly several: boolean;
}

/** Reads as Panther's events are read: keys in any case, nothing found inside a list unless a step says so. */
export function lowerKey({ steps, span }: Key, scope: Scope): KeyValue {
  // The view gives the log type; raw records do not have it.
  if (scope.variable === undefined && steps.length === 1 && steps[0] === 'p_log_type') {
    return { expr: field('p_log_type', span), several: false };
  }
  const special = steps.findIndex((step) => !isName(step));
  const names = steps.slice(0, special === -1 ? steps.length : special).filter(isName);
  const base = fieldAt(names, span, scope.variable);
  if (special === -1) return { expr: base, several: false };
  const rest = steps.slice(special);
  return { expr: call('panther.at', [base, text(JSON.stringify(rest))], span), several: rest.includes(null) };
}

function isName(step: Step): step is string {
  return typeof step === 'string';
}

/** The element itself. */
export function elementOf(scope: Scope): Expr {
  return fieldAt([], undefined, scope.variable);
}

/** Where the elements of a list in a scope are looked at. */
export function elementScope(scope: Scope): Scope & { readonly variable: string } {
  return { variable: `element${scope.depth + 1}`, depth: scope.depth + 1 };
}
