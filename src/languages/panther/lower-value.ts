import type { Span } from '../../base/span.ts';
import { and, bool, field, match, or, text } from '../../ir/construct.ts';
import type { Expr, Literal } from '../../ir/expr.ts';
import type { Scalar } from './ast.ts';
import type { Context } from './context.ts';

/** That a value equals a constant. */
export type Equality = (value: Expr, wanted: Scalar, span?: Span) => Expr;

/**
 * Equal and of one kind: the text `7` is not the number 7. But on log types whose numbers are numbers in one form of their
 * records and text in another, which is what the schema calls keywords, the two are equal.
 */
export function equalityFor({ logTypes, schema }: Context): Equality {
  // It is so of all fields of a log type or of none.
  const either = logTypes.filter((logType) => schema.typeOf('', logType) === 'keyword');
  return (value, wanted, span) => {
    const spanned = span === undefined ? {} : { span };
    const ofOneKind: Expr = {
      kind: 'compare',
      op: '==',
      left: value,
      right: literalOf(wanted),
      nulls: 'total',
      many: 'whole',
      ...spanned,
    };
    if (either.length === 0 || !spellsNumber(wanted)) return ofOneKind;
    const spelled = match(value, { kind: 'equals', value: String(wanted.value) }, { quantifier: 'whole', ...spanned });
    if (either.length === logTypes.length) return spelled;
    const isEither = match(field('p_log_type'), { kind: 'one-of', values: either });
    return or([ofOneKind, and([isEither, spelled])], span);
  };
}

function spellsNumber({ value }: Scalar): boolean {
  if (typeof value === 'string') return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value);
  return typeof value !== 'boolean';
}

function literalOf({ value, span }: Scalar): Literal {
  if (typeof value === 'string') return text(value, span);
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) {
    return { kind: 'literal', type: 'long', value: String(value), span };
  }
  return { kind: 'literal', type: 'real', value, span };
}
