import { diagnostic } from '../../../../base/diagnostic.ts';
import { text } from '../../../../ir/construct.ts';
import type { EsqlPipeline, ForkCommand } from '../../ast.ts';
import type { Context } from '../context.ts';
import { extended, type State } from '../state.ts';
import { united } from './from.ts';

const MOST_BRANCHES = 8;
/** What a branch without a limit of its own gives at the most. */
const BRANCH_ROWS = 1000;

/** `FORK`: the rows of several branches over the same rows, with the name of the branch. */
export function lowerFork(
  { branches, span }: ForkCommand,
  state: State,
  context: Context,
  lower: (branch: EsqlPipeline, from: State) => State,
): State {
  if (branches.length < 2 || branches.length > MOST_BRANCHES) {
    const reason = `it has ${branches.length} branches, and 2 to ${MOST_BRANCHES} are allowed`;
    context.report(diagnostic('esql/misplaced-command', { name: 'FORK', reason }, span));
  }
  const made = branches.map((branch, at): State => {
    const one = lower(branch, { ...state, limited: false });
    const plan = one.limited ? one.plan : ({ kind: 'limit', input: one.plan, count: BRANCH_ROWS } as const);
    const name = '_fork';
    return {
      ...one,
      plan: extended(plan, { name, expr: text(`fork${at + 1}`) }),
      scope: one.scope.with([{ name, type: 'keyword' }]),
    };
  });
  return united(made, context);
}
