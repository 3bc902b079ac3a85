import { diagnostic } from '../../base/diagnostic.ts';
import { cover } from '../../base/span.ts';
import { GuardedTokens } from '../../base/syntax/guarded-tokens.ts';
import type { EqlExpr, EqlField } from './ast.ts';
import type { EqlToken, EqlTokenKind } from './lexer.ts';

/** What all parts of the parser stand on. */
export class EqlTokens extends GuardedTokens<EqlTokenKind, EqlToken, EqlExpr> {
  protected readonly language = 'eql';
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
