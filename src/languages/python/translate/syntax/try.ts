import { FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Expression, Try } from '../../ast.ts';
import type { Ending, Translator } from '../context.ts';
import { type Env, sure, UNKNOWN } from '../values/value.ts';
import { either, set, unfollowed } from './ending.ts';

/** `try`: what raises goes to the handler that takes every exception. */
export function runTry(node: Try, env: Env, of: Translator): Ending {
  const tried = of.run(node.body, env);
  const ended = of.any([
    of.defined(tried.returns),
    tried.falls,
    ...tried.breaks.map((each) => each.cond),
    ...tried.continues.map((each) => each.cond),
  ]);
  // What is only necessary says nothing when it is negated.
  const exact = of.notes.length === 0;
  const raised = exact ? of.negate(ended) : TRUE;
  const ways: { readonly cond: Expr; readonly ending: Ending }[] = [{ cond: TRUE, ending: tried }];
  if (node.finalbody.length > 0) {
    return unfollowed('`finally`', env, of);
  }
  if (node.orelse.length > 0) {
    const rest = of.under(tried.falls, () => of.run(node.orelse, tried.env));
    ways[0] = {
      cond: TRUE,
      ending: {
        ...rest,
        returns: of.merged([...tried.returns, ...of.guard(tried.falls, rest.returns)]),
        falls: of.all([tried.falls, rest.falls]),
      },
    };
  }
  if (raised !== FALSE) {
    const [handler] = node.handlers;
    if (node.handlers.length !== 1 || handler === undefined || !takesAll(handler.type)) {
      of.note('which exceptions are handled');
    }
    // The state is that of before, but for what the body set before it raised.
    const touched = [...tried.env.vars].filter(([name, held]) => env.vars.get(name) !== held).map(([name]) => name);
    const start = touched.reduce((held, name) => set(held, name, sure(UNKNOWN)), env);
    for (const each of node.handlers) {
      const named = each.name === null ? start : set(start, each.name, sure(UNKNOWN));
      ways.push({ cond: raised, ending: of.under(raised, () => of.run(each.body, named)) });
    }
  }
  return either(ways, env, of);
}

function takesAll(type: Expression | null): boolean {
  return type === null || (type.kind === 'Name' && (type.id === 'Exception' || type.id === 'BaseException'));
}
