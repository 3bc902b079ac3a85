import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { call, FALSE, match, NULL, not, or, text } from '../../ir/construct.ts';
import type { Expr, Pattern, WildcardPart } from '../../ir/expr.ts';
import { networkOf, networksBeyond } from '../../patterns/address.ts';
import { parseDateMath } from '../../values/date-math.ts';
import { isNumberText } from '../../values/number-text.ts';
import type { EqlBoolean, EqlCompareOp, EqlNumber, EqlString } from './ast.ts';
import type { EqlTarget } from './target.ts';
import type { EqlType } from './types.ts';

/** What a missing value gives: a filter is false of it, and inside a value it is not known. */
export type OnMissing = 'false' | 'null';

export type Report = (found: Diagnostic) => void;

/** A constant as it is compared with a field; a number may have a sign. */
export type Compared = EqlString | EqlBoolean | (EqlNumber & { readonly negative: boolean });

/** What a test of a field is made under. */
interface Test {
  readonly target: EqlTarget;
  readonly missing: OnMissing;
  readonly span: Span;
  readonly report: Report;
}

/**
 * `field == constant` and its like, as Elasticsearch searches: any of several values is enough, and `!=` is the contrary of `==`,
 * so that it holds where the field is missing.
 */
export function compareField(op: EqlCompareOp, constant: Compared, test: Test): Expr {
  if (op === '!=') return not(compareField('==', constant, test), test.span);
  const { target, report } = test;
  const written = writtenAs(constant);
  const bad = (): Expr => {
    report(diagnostic('eql/bad-value', { value: written, field: target.name, type: target.type }, constant.span));
    return FALSE;
  };
  switch (target.type) {
    case 'string':
      if (constant.kind === 'boolean' && op !== '==') return bad();
      return fits(test, textPattern(op, written));
    case 'long':
    case 'double': {
      const number = numberOf(constant);
      return number === undefined ? bad() : fits(test, numberPattern(op, number));
    }
    case 'boolean':
      if (op !== '==' || (written !== 'true' && written !== 'false')) return bad();
      return fits(test, { kind: 'equals', value: written === 'true' });
    case 'ip':
      return compareAddress(op, written, test) ?? bad();
    case 'date':
      return constant.kind === 'boolean' || parseDateMath(written) === undefined
        ? bad()
        : compareDate(op, written, test);
    case 'version':
      return constant.kind === 'string'
        ? unlessMissing(test, call('elastic.version-range', [target.subject, ...boundsOf(op, written)], test.span))
        : bad();
    case 'unknown': {
      const number = constant.kind === 'number' ? numberOf(constant) : undefined;
      if (number !== undefined) return fits(test, numberPattern(op, number));
      return fits(
        test,
        constant.kind === 'boolean' && op === '=='
          ? { kind: 'equals', value: constant.value }
          : textPattern(op, written),
      );
    }
    // A field that no index has is the constant null, and what is made of that is not known, nor is its contrary.
    case 'null':
    case 'object':
      return NULL;
  }
}

/** A text with `*` for any characters and `?` for one; nothing else in it means anything. */
export function eqlPattern(value: string): Pattern {
  const parts = value.split(/(\*+|\?)/).filter((piece) => piece !== '');
  if (!parts.some((piece) => piece === '?' || piece.startsWith('*'))) return { kind: 'equals', value };
  return {
    kind: 'wildcard',
    parts: parts.map((piece): WildcardPart => {
      if (piece === '?') return { any: 'one' };
      return piece.startsWith('*') ? { any: 'many' } : { text: piece };
    }),
  };
}

/** Whether one of the field's values fits. */
export function fits({ target, missing, span }: Test, pattern: Pattern, ignoreCase = false): Expr {
  const collation = ignoreCase ? 'ignore-case' : target.collation;
  return match(target.subject, pattern, { collation, onMissing: missing, span });
}

function compareAddress(op: Exclude<EqlCompareOp, '!='>, written: string, test: Test): Expr | undefined {
  const network = networkOf(written);
  const networks = op === '==' ? (network === undefined ? undefined : [network]) : networksBeyond(op, written);
  if (networks === undefined) return undefined;
  return or(
    networks.map((one) => fits(test, { kind: 'cidr', network: one })),
    test.span,
  );
}

/** A value is the whole time that it names: `2024-01` is January. */
function compareDate(op: Exclude<EqlCompareOp, '!='>, written: string, test: Test): Expr {
  const { subject } = test.target;
  return unlessMissing(test, call('elastic.date-range', [subject, ...boundsOf(op, written)], test.span));
}

function boundsOf(op: Exclude<EqlCompareOp, '!='>, written: string): readonly Expr[] {
  return op === '==' ? [text('>='), text(written), text('<='), text(written)] : [text(op), text(written)];
}

function unlessMissing({ target, missing, span }: Test, test: Expr): Expr {
  if (missing === 'false') return test;
  const when: Expr = { kind: 'is-null', subject: target.subject };
  return { kind: 'cond', branches: [{ when, then: NULL }], otherwise: test, span };
}

function textPattern(op: Exclude<EqlCompareOp, '!='>, value: string): Pattern {
  return op === '==' ? { kind: 'equals', value } : range(op, value);
}

/** A whole number beyond 2^53 is the same as its digits, which records keep. */
function numberPattern(op: Exclude<EqlCompareOp, '!='>, number: number | string): Pattern {
  if (typeof number === 'string') return op === '==' ? { kind: 'equals', value: number } : range(op, Number(number));
  if (op !== '==') return range(op, number);
  if (Number.isInteger(number)) return { kind: 'equals', value: number };
  const bound = { value: number, inclusive: true };
  return { kind: 'range', low: bound, high: bound };
}

function range(op: '<' | '<=' | '>' | '>=', value: string | number): Pattern {
  const bound = { value, inclusive: op === '<=' || op === '>=' };
  return op === '<' || op === '<=' ? { kind: 'range', high: bound } : { kind: 'range', low: bound };
}

function numberOf(constant: Compared): number | string | undefined {
  const written = writtenAs(constant);
  if (constant.kind === 'boolean' || !isNumberText(written)) return undefined;
  const number = Number(written);
  return /^[+-]?\d+$/.test(written) && !Number.isSafeInteger(number) ? BigInt(written).toString() : number;
}

function writtenAs(constant: Compared): string {
  if (constant.kind === 'number') return `${constant.negative ? '-' : ''}${constant.text}`;
  return String(constant.value);
}

/** Whether the values of two join keys can be the same. */
export function mayJoin(left: EqlType, right: EqlType): boolean {
  const family = (type: EqlType): EqlType => (type === 'double' ? 'long' : type);
  const any = (type: EqlType): boolean => type === 'unknown' || type === 'null';
  return any(left) || any(right) || family(left) === family(right);
}
