import { cover } from '../../../base/span.ts';
import type { EsqlIndex, EsqlName, EsqlPart } from '../ast.ts';
import type { EsqlToken } from '../lexer.ts';
import type { EsqlTokens } from './tokens.ts';

/** Words that are keywords where expressions are read: a column of that name needs backticks. */
const RESERVED: ReadonlySet<string> = new Set(
  'and asc by desc false first in is last like not null nulls on or rlike true where with'.split(' '),
);

function isReserved(word: string): boolean {
  return RESERVED.has(word.toLowerCase());
}

/** qualified-name: part ( `.` part )*; undefined, without a complaint, where none begins. */
export function parseName(tokens: EsqlTokens): EsqlName | undefined {
  return dotted(tokens, (token) => {
    if (token.kind === 'word' && isReserved(token.text)) return undefined;
    return partOf(tokens, token);
  });
}

/** qualified-name-pattern: pattern-part ( `.` pattern-part )*, where no word is reserved but `as`, `on` and `with`. */
export function parsePattern(tokens: EsqlTokens): EsqlName | undefined {
  return dotted(tokens, (token) => {
    return token.kind === 'pattern' ? { ...partOf(tokens, { ...token, kind: 'word' }) } : partOf(tokens, token);
  });
}

function dotted(tokens: EsqlTokens, read: (token: EsqlToken) => Partial<EsqlPart> | undefined): EsqlName | undefined {
  const parts: EsqlPart[] = [];
  do {
    const token = tokens.peek();
    // Behind a point every word is a name.
    const part = parts.length > 0 && token.kind === 'word' ? partOf(tokens, token) : read(token);
    if (!isPart(part)) {
      if (parts.length > 0) tokens.expected('a name behind `.`');
      break;
    }
    tokens.next();
    parts.push(part);
  } while (tokens.accept('.') !== undefined);
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { kind: 'name', parts, span: cover(first.span, last.span) };
}

function isPart(part: Partial<EsqlPart> | undefined): part is EsqlPart {
  return part?.text !== undefined;
}

function partOf(tokens: EsqlTokens, token: EsqlToken): EsqlPart | undefined {
  const span = tokens.spanOf(token);
  if (token.kind === 'word') return { text: token.value, written: 'plain', span };
  if (token.kind === 'quoted') return { text: token.value, written: 'quoted', span };
  if (token.kind !== 'parameter') return undefined;
  return { text: token.value, written: parameterKind(token), span };
}

export function parameterKind({ text }: EsqlToken): 'name-parameter' | 'parameter' {
  return text.startsWith('??') ? 'name-parameter' : 'parameter';
}

/** index-pattern: source-part ( ( `:` | `::` ) source-part )?; a source-part may be in quotes. */
export function parseIndex(tokens: EsqlTokens): EsqlIndex | undefined {
  const start = tokens.peek();
  let text = '';
  let last = start;
  while (tokens.at('source', 'string', 'word', '::', ':')) {
    const joins = last.kind === ':' || last.kind === '::';
    const token = tokens.peek();
    if (text !== '' && !joins && token.kind !== ':' && token.kind !== '::') break;
    tokens.next();
    text += token.kind === ':' || token.kind === '::' ? token.text : token.value;
    last = token;
  }
  if (text === '') {
    tokens.expected('an index pattern');
    return undefined;
  }
  return { kind: 'index', text, span: cover(tokens.spanOf(start), tokens.spanOf(last)) };
}
