import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, NULL, not, or, text } from '../../../../ir/construct.ts';
import type { Expr, Pattern } from '../../../../ir/expr.ts';
import { wildcardParts } from '../../../../ir/wildcard-parts.ts';
import { compileRegex } from '../../../../patterns/regex/index.ts';
import type { EsqlLike } from '../../ast.ts';
import { familyText, isOf } from '../../types.ts';
import { coerced } from './coerce.ts';
import { checked } from './compare.ts';
import { isFoldable } from './foldable.ts';
import type { Inner } from './inner.ts';
import { noted } from './noted.ts';
import { type Typed, textOfConstant } from './typed.ts';

/** `LIKE` and `RLIKE`: the whole value fits the pattern, or one of several. */
export function lowerLike(expr: EsqlLike, inner: Inner): Typed {
  const { kind, negated, patterns, listed, span } = expr;
  const subject = inner.typed(expr.subject);
  if (!isOf(subject.type, 'string') && subject.type !== 'unknown' && subject.type !== 'null') {
    const what = `what \`${kind.toUpperCase()}\` looks at`;
    const params = { what, expected: familyText('string'), found: `of type ${subject.type}` };
    inner.report(diagnostic('esql/wrong-type', params, subject.span));
    return { expr: NULL, type: 'boolean', span };
  }
  const given = patterns.map((pattern) => inner.typed(pattern));
  const [first] = given;
  if (!listed && first !== undefined && textOfConstant(first) === undefined && isFoldable(first.expr)) {
    const value = coerced(subject, 'keyword', inner.context).expr;
    const args = [value, coerced(first, 'keyword', inner.context).expr, text(kind)];
    const found = noted(call('esql.like', args, span), span, 'null', inner.context);
    return { expr: negated ? not(found, span) : found, type: 'boolean', span };
  }
  const texts = given.map((pattern) => textOfPattern(pattern, kind, inner));
  const value = coerced(subject, 'keyword', inner.context).expr;
  const single = call('esql.one-value', [value]);
  const isAnything = kind === 'like' ? /^\*+$/ : /^\.\*$/;
  // What anything fits is a test for null in Elasticsearch: of several values too.
  if (texts.length === 1 && isAnything.test(texts[0] ?? '')) {
    const isNull: Expr = { kind: 'is-null', subject: value, span };
    return { expr: negated ? isNull : not(isNull, span), type: 'boolean', span };
  }
  const matches = texts.flatMap((written, at): readonly Expr[] => {
    const pattern = written === undefined ? undefined : patternOf(written, kind, patterns[at]?.span ?? span, inner);
    if (pattern === undefined) return [];
    return [
      { kind: 'match', subject: single, pattern, collation: 'exact', quantifier: 'any', onMissing: 'null', span },
    ];
  });
  const found = or(matches, span);
  const made = checked(found, [value], span, inner);
  return { expr: negated ? not(made, span) : made, type: 'boolean', span };
}

function textOfPattern(pattern: Typed, kind: 'like' | 'rlike', inner: Inner): string | undefined {
  const written = textOfConstant(pattern);
  if (written === undefined) {
    inner.report(diagnostic('esql/not-constant', { what: `the pattern of \`${kind.toUpperCase()}\`` }, pattern.span));
  }
  return written;
}

/** Undefined, with a diagnostic, where the regular expression is none. */
export function patternOf(
  written: string,
  kind: 'like' | 'rlike',
  span: Typed['span'],
  inner: Inner,
): Pattern | undefined {
  if (kind === 'like') {
    const parts = wildcardParts(written, 'texts');
    const [first] = parts;
    if (parts.length === 0) return { kind: 'equals', value: '' };
    if (parts.length === 1 && first !== undefined && 'text' in first) return { kind: 'equals', value: first.text };
    return { kind: 'wildcard', parts };
  }
  const compiled = compileRegex(written, { flavour: 'lucene', ignoreCase: false, flags: '', anchored: true });
  if (!compiled.ok) {
    inner.report(diagnostic('esql/bad-regex', { reason: compiled.reason }, span));
    return undefined;
  }
  return { kind: 'regex', source: written, flavour: 'lucene', flags: '', anchored: true };
}
