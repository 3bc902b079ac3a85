import type { Expression, Parameter, Parameters } from '../ast.ts';
import type { Cursor } from './cursor.ts';

/** Parameters up to a closing token that is left standing. */
export function parseParameters(cursor: Cursor, close: string, annotated: boolean): Parameters {
  const one = (): Parameter => {
    const arg = cursor.identifier();
    return { arg, annotation: annotated && cursor.eat(':') ? cursor.grammar.starred(cursor) : null };
  };
  let posonlyargs: Parameter[] = [];
  let args: Parameter[] = [];
  const defaults: Expression[] = [];
  const kwonlyargs: Parameter[] = [];
  const kwDefaults: (Expression | null)[] = [];
  let vararg: Parameter | null = null;
  let kwarg: Parameter | null = null;
  let named = false;
  while (!cursor.sees(close) && !cursor.ended) {
    if (cursor.eat('**')) kwarg = one();
    else if (cursor.eat('*')) {
      named = true;
      if (!cursor.sees(',')) vararg = one();
    } else if (cursor.eat('/')) {
      posonlyargs = args;
      args = [];
    } else {
      const parameter = one();
      const value = cursor.eat('=') ? cursor.grammar.expression(cursor) : null;
      if (named) {
        kwonlyargs.push(parameter);
        kwDefaults.push(value);
      } else {
        args.push(parameter);
        if (value !== null) defaults.push(value);
        else if (defaults.length > 0) cursor.fail('a parameter without a default follows one with');
      }
    }
    if (!cursor.eat(',')) break;
  }
  return { posonlyargs, args, vararg, kwonlyargs, kw_defaults: kwDefaults, kwarg, defaults };
}
