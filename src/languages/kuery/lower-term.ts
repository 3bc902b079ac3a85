import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { call, FALSE, match, not, or, text } from '../../ir/construct.ts';
import type { Expr, Pattern, WildcardPart } from '../../ir/expr.ts';
import { oneOf } from '../../ir/one-of.ts';
import { isNetwork, networkOf, networksBeyond } from '../../patterns/address.ts';
import { parseDateMath } from '../../values/date-math.ts';
import { isNumberText } from '../../values/number-text.ts';
import { isLoneStar, type KueryRangeOp, type KueryTerm } from './ast.ts';
import type { Target } from './target.ts';

type Report = (found: Diagnostic) => void;

/** `field: term`. */
export function lowerTerm(term: KueryTerm, target: Target, span: Span, report: Report): Expr {
  switch (term.kind) {
    case 'wildcard':
      return isLoneStar(term.parts) ? exists(target, span) : lowerWildcard(term.parts, target, span, report);
    case 'constant':
      if (term.value === null) {
        report(diagnostic('kuery/null-value', { field: target.name }, term.span));
        return not(exists(target, span), span);
      }
      return lowerText(String(term.value), false, target, span, report);
    case 'text':
      return lowerText(term.text, term.quoted, target, span, report);
  }
}

function lowerText(value: string, quoted: boolean, target: Target, span: Span, report: Report): Expr {
  switch (target.family) {
    case 'keyword':
    case 'whole':
    case 'version':
      return fits(target, { kind: 'equals', value }, span);
    case 'unknown': {
      // Whether the field is an ip field nobody says: a network means its addresses, and its own text.
      const network = isNetwork(value) ? networkOf(value) : undefined;
      const same = fits(target, { kind: 'equals', value }, span);
      return network === undefined ? same : or([same, fits(target, { kind: 'cidr', network }, span)], span);
    }
    case 'text':
      return fits(target, { kind: 'analysed', text: value, mode: quoted ? 'phrase' : 'any', ...target.analyzer }, span);
    case 'number': {
      const pattern = equalNumber(value, target);
      return pattern === undefined ? badValue(value, target, span, report) : fits(target, pattern, span);
    }
    case 'boolean':
      if (value !== 'true' && value !== 'false') return badValue(value, target, span, report);
      return fits(target, { kind: 'equals', value: value === 'true' }, span);
    case 'ip': {
      const network = networkOf(value);
      return network === undefined
        ? badValue(value, target, span, report)
        : fits(target, { kind: 'cidr', network }, span);
    }
    case 'date':
      // A value is the whole time that it names: `2024-01` is January.
      if (parseDateMath(value) === undefined) return badValue(value, target, span, report);
      return call('elastic.date-range', [target.subject, text('>='), text(value), text('<='), text(value)], span);
    case 'point':
      return badValue(value, target, span, report);
  }
}

/**
 * On plain keyword fields the value is one pattern. Elsewhere Kibana hands it to a query_string, which cuts it at spaces and
 * is content with any piece; words in a row that have no wildcard stay one piece.
 */
function lowerWildcard(parts: readonly WildcardPart[], target: Target, span: Span, report: Report): Expr {
  switch (target.family) {
    case 'keyword':
    case 'unknown':
      return fits(target, { kind: 'wildcard', parts }, span);
    case 'whole':
    case 'version':
      return oneOf(
        splitAtSpaces(parts).map((piece) => wholePiece(piece, target, span)),
        span,
      );
    case 'text':
      return or(
        splitAtSpaces(parts).map((piece) => textPiece(piece, target, span)),
        span,
      );
    case 'number':
    case 'boolean':
    case 'date':
    case 'ip':
    case 'point':
      report(diagnostic('kuery/wildcard-on-type', { field: target.name, type: target.type }, span));
      return FALSE;
  }
}

function wholePiece(piece: readonly WildcardPart[], target: Target, span: Span): Expr {
  if (isLoneStar(piece)) return exists(target, span);
  const plain = plainText(piece);
  return fits(
    target,
    plain === undefined ? { kind: 'wildcard', parts: piece } : { kind: 'equals', value: plain },
    span,
  );
}

function textPiece(piece: readonly WildcardPart[], target: Target, span: Span): Expr {
  if (isLoneStar(piece)) return exists(target, span);
  const plain = plainText(piece);
  if (plain === undefined) return fits(target, { kind: 'token-wildcard', parts: piece, ...target.analyzer }, span);
  return fits(target, { kind: 'analysed', text: plain, mode: 'any', ...target.analyzer }, span);
}

/** `field < term` and its like. */
export function lowerRange(op: KueryRangeOp, term: KueryTerm, target: Target, span: Span, report: Report): Expr {
  const value = termText(term);
  switch (target.family) {
    case 'keyword':
    case 'whole':
    case 'text':
      return fits(target, range(op, value), span);
    case 'unknown': {
      if (isNumberText(value)) return fits(target, range(op, Number(value)), span);
      if (!looksLikeDate(value)) return fits(target, range(op, value), span);
      return call('elastic.date-range', [target.subject, text(op), text(value)], span);
    }
    case 'number':
      if (!isNumberText(value)) return badValue(value, target, span, report);
      return fits(target, range(op, Number(value)), span);
    case 'date':
      if (parseDateMath(value) === undefined) return badValue(value, target, span, report);
      return call('elastic.date-range', [target.subject, text(op), text(value)], span);
    case 'ip': {
      const networks = networksBeyond(op, value);
      if (networks === undefined) return badValue(value, target, span, report);
      return or(
        networks.map((network) => fits(target, { kind: 'cidr', network }, span)),
        span,
      );
    }
    case 'version':
      return call('elastic.version-range', [target.subject, text(op), text(value)], span);
    case 'boolean':
    case 'point':
      return badValue(value, target, span, report);
  }
}

function fits(target: Target, pattern: Pattern, span: Span): Expr {
  return match(target.subject, pattern, { collation: target.collation, span });
}

function exists(target: Target, span: Span): Expr {
  return { kind: 'exists', subject: target.subject, counts: 'value', span };
}

function badValue(value: string, target: Target, span: Span, report: Report): Expr {
  report(diagnostic('kuery/bad-value', { field: target.name, type: target.type, value }, span));
  return FALSE;
}

function range(op: KueryRangeOp, value: string | number): Pattern {
  const bound = { value, inclusive: op === '<=' || op === '>=' };
  return op === '<' || op === '<=' ? { kind: 'range', high: bound } : { kind: 'range', low: bound };
}

/** Whole numbers beyond 2^53 are compared by their digits, which records keep; fractions as numbers. */
function equalNumber(value: string, target: Target): Pattern | undefined {
  if (!isNumberText(value)) return undefined;
  if (/^[+-]?\d+$/.test(value) && !Number.isSafeInteger(Number(value))) {
    return { kind: 'equals', value: BigInt(value.replace('+', '')).toString() };
  }
  const number = Number(value);
  if (target.type === 'long' && Number.isInteger(number)) return { kind: 'equals', value: number };
  return { kind: 'range', low: { value: number, inclusive: true }, high: { value: number, inclusive: true } };
}

function looksLikeDate(value: string): boolean {
  return /^(?:now|\d{4}-\d{2})/.test(value) && parseDateMath(value) !== undefined;
}

function termText(term: KueryTerm): string {
  switch (term.kind) {
    case 'text':
      return term.text;
    case 'constant':
      return String(term.value);
    case 'wildcard':
      return term.parts.map((part) => ('text' in part ? part.text : '*')).join('');
  }
}

function plainText(parts: readonly WildcardPart[]): string | undefined {
  return parts.every((part) => 'text' in part)
    ? parts.map((part) => ('text' in part ? part.text : '')).join('')
    : undefined;
}

/** The pieces between spaces; neighbours without a wildcard are joined again, by one space. */
export function splitAtSpaces(parts: readonly WildcardPart[]): readonly (readonly WildcardPart[])[] {
  const pieces: WildcardPart[][] = [[]];
  for (const part of parts) {
    if (!('text' in part)) {
      pieces.at(-1)?.push(part);
      continue;
    }
    for (const [index, word] of part.text.split(/[ \t\r\n\u3000]+/).entries()) {
      if (index > 0) pieces.push([]);
      if (word !== '') pieces.at(-1)?.push({ text: word });
    }
  }
  const joined: (readonly WildcardPart[])[] = [];
  for (const piece of pieces) {
    if (piece.length === 0) continue;
    const last = joined.at(-1);
    const before = last && plainText(last);
    const plain = plainText(piece);
    if (before !== undefined && plain !== undefined) joined[joined.length - 1] = [{ text: `${before} ${plain}` }];
    else joined.push(piece);
  }
  return joined;
}
