import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { cover, type Span } from '../../base/span.ts';
import { MAX_DEPTH, TokenStream } from '../../base/syntax/token-stream.ts';
import type { EqlError, EqlExpr, EqlField } from './ast.ts';
import type { EqlToken, EqlTokenKind } from './lexer.ts';

/** What all parts of the parser stand on: the tokens, and how a mistake is reported once. */
export class EqlTokens extends TokenStream<EqlTokenKind, EqlToken> {
  /** One complaint a place, and none after too deep nesting: every open bracket would be one. */
  private complainedAt = -1;
  private gaveUp = false;

  override report(found: Diagnostic): void {
    if (!this.gaveUp) super.report(found);
  }

  /** Complains of the next token. */
  expected(expected: string): void {
    const token = this.peek();
    if (token.start === this.complainedAt) return;
    this.complainedAt = token.start;
    const found = token.kind === 'end' ? 'the end' : `\`${token.text}\``;
    this.report(diagnostic('eql/expected', { expected, found }, this.spanOf(token)));
  }

  /** Takes a token of this kind, or complains. */
  take(kind: EqlTokenKind): EqlToken | undefined {
    const token = this.accept(kind);
    if (token === undefined) this.expected(`\`${kind}\``);
    return token;
  }

  error(span: Span = this.spanOf(this.peek())): EqlError {
    return { kind: 'error', span };
  }

  /** Runs `inner` one level deeper. */
  deeper(inner: () => EqlExpr): EqlExpr {
    return this.nest(inner, () => this.giveUp());
  }

  /** Whether so many operators, each inside the other, are too many; then nothing more is read. */
  isTooDeep(levels: number): boolean {
    if (levels > MAX_DEPTH) this.giveUp();
    return levels > MAX_DEPTH;
  }

  private giveUp(): EqlError {
    const error = this.error();
    this.report(diagnostic('eql/too-deep', { limit: MAX_DEPTH }, error.span));
    this.gaveUp = true;
    while (!this.at('end')) this.next();
    return error;
  }
}

/** qualified-name: `?`? identifier ( `.` identifier )*; undefined, without a complaint, where none begins. */
export function parseField(tokens: EqlTokens): EqlField | undefined {
  const mark = tokens.mark();
  const optional = tokens.accept('?');
  const first = parseIdentifier(tokens);
  if (first === undefined) {
    tokens.rewind(mark);
    return undefined;
  }
  const steps = [first.value];
  let last = first;
  while (tokens.at('.') || (tokens.at('[') && tokens.peek(1).kind === 'integer')) {
    const sign = tokens.next();
    if (sign.kind === '[') {
      // field-index: `[` integer `]`
      tokens.next();
      last = tokens.take(']') ?? last;
      const span = cover(tokens.spanOf(sign), tokens.spanOf(last));
      tokens.report(diagnostic('eql/refused', { what: 'the place of a value in a field' }, span));
      continue;
    }
    const next = parseIdentifier(tokens);
    if (next === undefined) {
      tokens.expected('a name');
      break;
    }
    steps.push(next.value);
    last = next;
  }
  const span = cover(tokens.spanOf(optional ?? first), tokens.spanOf(last));
  return { kind: 'field', name: steps.join('.'), optional: optional !== undefined, span };
}

/** identifier: name | quoted-name */
function parseIdentifier(tokens: EqlTokens): EqlToken | undefined {
  return tokens.accept('name') ?? tokens.accept('quoted-name');
}
