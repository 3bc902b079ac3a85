import type { Expr } from '../../../ir/expr.ts';
import type { NamedExpr, Plan } from '../../../ir/plan/plan.ts';
import { anywhere } from '../../../ir/traverse.ts';
import type { Scope } from './scope.ts';

/** What a query is at some point: its plan so far, and what names mean there. */
export interface State {
  readonly plan: Plan;
  readonly scope: Scope;
  /** Whether rows still stand for documents, each for its own. */
  readonly ofDocuments: boolean;
  /** Whether a command has limited the rows. */
  readonly limited: boolean;
}

/** A plan with more columns. Those that read none that was made just before are made together. */
export function extended(input: Plan, column: NamedExpr): Plan {
  if (input.kind !== 'extend') return { kind: 'extend', input, columns: [column] };
  const made = new Set(input.columns.map(({ name }) => name));
  if (made.has(column.name) || readsAny(column.expr, made)) return { kind: 'extend', input, columns: [column] };
  return { ...input, columns: [...input.columns, column] };
}

function readsAny(expr: Expr, names: ReadonlySet<string>): boolean {
  return anywhere(expr, (node) => node.kind === 'field' && names.has(node.name));
}
