import { FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Stmt } from '../../ast.ts';
import type { Ending, Leaving, Translator } from '../context.ts';
import type { Env, Outcomes } from '../values/value.ts';
import { unfollowed } from './ending.ts';
import { runStatement } from './statements.ts';

/** Runs the statements of a block, as far as the event lets them be known. */
export function runBlock(body: readonly Stmt[], start: Env, of: Translator): Ending {
  let env = start;
  let falls: Expr = TRUE;
  const returns: Outcomes[number][] = [];
  const breaks: Leaving[] = [];
  const continues: Leaving[] = [];
  for (const statement of body) {
    if (falls === FALSE) break;
    const reached = falls;
    const inner = env;
    const ending = of.under(reached, () =>
      of.attempt(
        () => runStatement(statement, inner, of),
        () => unfollowed('a statement too large to be followed', inner, of),
      ),
    );
    returns.push(...of.guard(reached, ending.returns));
    for (const leaving of ending.breaks) breaks.push({ cond: of.all([reached, leaving.cond]), env: leaving.env });
    for (const leaving of ending.continues) continues.push({ cond: of.all([reached, leaving.cond]), env: leaving.env });
    env = ending.env;
    falls = of.all([reached, ending.falls]);
  }
  return { returns: of.merged(returns), falls, env, breaks, continues };
}
