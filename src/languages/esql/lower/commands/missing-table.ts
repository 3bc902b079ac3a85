import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import type { Schema } from '../../../../ir/view.ts';
import type { EsqlIndex } from '../../ast.ts';
import type { Context } from '../context.ts';
import { Scope } from '../scope.ts';
import { extended, type State } from '../state.ts';

/** Nobody knows what its columns are. */
const NOTHING_KNOWN: Schema = { name: 'ecs', typeOf: () => undefined, fieldNames: () => undefined };

/**
 * Rows with those of a table that was not given: the query is read to its end, and cannot run. `named`: the columns that it takes of the
 * table; undefined where it takes all, so that any name may be one.
 */
export function withMissingTable(
  { text: name, span }: EsqlIndex,
  named: readonly string[] | undefined,
  state: State,
  context: Context,
): State {
  const { tables } = context.indices;
  if (tables === undefined) {
    context.report(diagnostic('unsupported/esql', { what: 'a table that the rows of a rule are looked up in' }, span));
    return state;
  }
  const option = `${tables} ${name}=FILE`;
  context.report(diagnostic('esql/not-given', { name, option }, span));
  const into = context.fresh('rows');
  const plan: Plan = {
    kind: 'join',
    left: state.plan,
    right: { kind: 'table', name, columns: [], missing: `give its rows with ${option}` },
    on: [],
    flavour: 'left-nest',
    into,
    nulls: 'differ',
    columns: [],
  };
  const place = (column: string): Expr => call('esql.members', [field(into), text(column)]);
  if (named !== undefined) {
    const made = named.map((column) => ({ name: column, expr: place(column) }));
    const scope = state.scope.with(named.map((column) => ({ name: column, type: 'unknown' })));
    return { ...state, plan: made.reduce<Plan>(extended, plan), scope: scope.unsearchable() };
  }
  const open = state.scope.open ?? { schema: NOTHING_KNOWN, keeps: [], place };
  return { ...state, plan, scope: new Scope(state.scope.columns, open, false) };
}
