import { call, TRUE } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Expression } from '../../ast.ts';
import { STR } from '../conditions/types.ts';
import { MOST_OUTCOMES, type Translator } from '../context.ts';
import { textOf } from '../values/text.ts';
import { constant, dynamic, type Env, expressionOf, type Outcomes, type PyValue, sure } from '../values/value.ts';

/** A formatted text, `f"…{x}…"`. */
export function format(values: readonly Expression[], env: Env, node: Expression, of: Translator): Outcomes {
  let alternatives: { readonly cond: Expr; readonly parts: readonly PyValue[] }[] = [{ cond: TRUE, parts: [] }];
  for (const value of values) {
    if (value.kind === 'FormattedValue' && (value.format_spec !== null || value.conversion !== '')) {
      return of.note('a formatted value', node);
    }
    const found = of.evaluate(value.kind === 'FormattedValue' ? value.value : value, env);
    alternatives = alternatives.flatMap(({ cond, parts }) =>
      of.guard(cond, found).map((outcome) => ({ cond: outcome.cond, parts: [...parts, outcome.value] })),
    );
    if (alternatives.length > MOST_OUTCOMES) return of.note('a formatted value', node);
  }
  return alternatives.flatMap(({ cond, parts }) => of.guard(cond, joined(parts, node, of)));
}

function joined(parts: readonly PyValue[], node: Expression, of: Translator): Outcomes {
  if (parts.every((part) => part.kind === 'const' && typeof part.value === 'string')) {
    return sure(constant(parts.map((part) => (part.kind === 'const' ? part.value : '')).join('')));
  }
  const texts: Expr[] = [];
  for (const part of parts) {
    const [text] = textOf(part) ?? [];
    const expr = text === undefined ? undefined : expressionOf(text.value);
    if (expr === undefined) return of.note('a formatted value', node);
    texts.push(expr);
  }
  return sure(dynamic(call('text.concat', texts), STR, 'plain'));
}
