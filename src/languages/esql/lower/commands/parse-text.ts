import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import { readDissect } from '../../../../patterns/dissect.ts';
import { columnsOfGrok, compileGrok } from '../../../../patterns/grok/grok.ts';
import type { DissectCommand, GrokCommand } from '../../ast.ts';
import { nameText } from '../../ast.ts';
import { type EsqlType, familyText, isOf } from '../../types.ts';
import type { Context } from '../context.ts';
import { coerced } from '../expressions/coerce.ts';
import { Expressions } from '../expressions/expression.ts';
import type { Typed } from '../expressions/typed.ts';
import { extended, type State } from '../state.ts';

/** `GROK`: columns for what a pattern captures. */
export function lowerGrok({ subject, patterns, span }: GrokCommand, state: State, context: Context): State {
  const groks = patterns.flatMap((pattern) => {
    const compiled = compileGrok(pattern.value);
    if ('regex' in compiled) return [compiled];
    context.report(diagnostic('esql/bad-pattern', { command: 'GROK', reason: compiled.reason }, pattern.span));
    return [];
  });
  const value = textOf(new Expressions(state.scope, context, { what: 'GROK' }).typed(subject), 'GROK', context);
  const made = call('esql.grok', [value, ...patterns.map((pattern) => text(pattern.value))], span);
  const columns = columnsOfGrok(groks).map(({ name, type }) => ({
    name,
    type: type === 'float' ? ('double' as const) : type,
  }));
  return withMembers(made, columns, state, context);
}

/** `DISSECT`: columns for the parts of a text. */
export function lowerDissect(
  { subject, pattern, options, span }: DissectCommand,
  state: State,
  context: Context,
): State {
  const read = readDissect(pattern.value);
  if ('reason' in read) {
    context.report(diagnostic('esql/bad-pattern', { command: 'DISSECT', reason: read.reason }, pattern.span));
    return state;
  }
  let separator = '';
  for (const { name, value, span: at } of options) {
    const isSeparator = name !== null && nameText(name).toLowerCase() === 'append_separator';
    if (isSeparator && value.kind === 'string') separator = value.value;
    else
      context.report(
        diagnostic('esql/expected', { expected: '`APPEND_SEPARATOR = "…"`', found: context.written(at) }, at),
      );
  }
  const typed = new Expressions(state.scope, context, { what: 'DISSECT' }).typed(subject);
  const value = textOf(typed, 'DISSECT', context);
  const made = call('esql.dissect', [value, text(pattern.value), text(separator)], span);
  return withMembers(
    made,
    read.names.map((name) => ({ name, type: 'keyword' as const })),
    state,
    context,
  );
}

function textOf(value: Typed, command: string, context: Context): Expr {
  if (!isOf(value.type, 'string') && value.type !== 'unknown' && value.type !== 'null') {
    const params = { what: `what ${command} reads`, expected: familyText('string'), found: `of type ${value.type}` };
    context.report(diagnostic('esql/wrong-type', params, value.span));
  }
  return coerced(value, 'keyword', context).expr;
}

function withMembers(
  map: Expr,
  columns: readonly { readonly name: string; readonly type: EsqlType }[],
  state: State,
  context: Context,
): State {
  const holder = context.fresh('parts');
  let plan: Plan = extended(state.plan, { name: holder, expr: map });
  for (const { name } of columns) {
    plan = extended(plan, { name, expr: call('esql.member', [field(holder), text(name)]) });
  }
  return { ...state, plan, scope: state.scope.with(columns) };
}
