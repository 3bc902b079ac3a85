import { diagnostic } from '../../../../base/diagnostic.ts';
import type { EsqlCall, EsqlExpr } from '../../ast.ts';
import { parameterOf } from '../../functions.ts';
import { type Family, familyText, isOf } from '../../types.ts';
import type { Inner } from './inner.ts';
import { type Typed, textOfConstant } from './typed.ts';

/** The arguments, where there are as many as there may be. */
export function argumentsOf(
  { name, args, span }: EsqlCall,
  parameters: readonly string[],
  inner: Inner,
): readonly EsqlExpr[] | undefined {
  const times = parameters.map((written) => parameterOf(written).times);
  const least = times.filter((one) => one === 'once').length;
  const most = times.at(-1) === 'any' ? Number.POSITIVE_INFINITY : times.length;
  if (args.length >= least && args.length <= most) return args;
  const expected =
    most === least
      ? count(least)
      : most === Number.POSITIVE_INFINITY
        ? `at least ${count(least)}`
        : `${least} to ${count(most)}`;
  inner.report(diagnostic('esql/argument-count', { name: name.text, expected, found: args.length }, span));
  return undefined;
}

function count(number: number): string {
  return number === 1 ? '1 argument' : `${number} arguments`;
}

/** Whether an argument may be what is asked for. */
export function fits(arg: Typed, family: Family, name: string, inner: Inner): boolean {
  const { type } = arg;
  if (type === 'null' || type === 'unknown' || isOf(type, family)) return true;
  // A document as a whole is taken by the function that reads it.
  if (type === 'source' && name === 'json_extract') return true;
  const isText = textOfConstant(arg) !== undefined;
  if (isText && (family === 'moment' || family === 'ip' || family === 'version' || family === 'boolean')) return true;
  const what = `an argument of \`${name.toUpperCase()}\``;
  const params = { what, expected: familyText(family), found: `of type ${type}` };
  inner.report(diagnostic('esql/wrong-type', params, arg.span));
  return false;
}
