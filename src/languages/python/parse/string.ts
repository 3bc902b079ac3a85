import type { Constant, Expression, FormattedValue } from '../ast.ts';
import { Cursor } from './cursor.ts';
import { lex } from './lexer.ts';
import { literalValue } from './literal.ts';

/** `strings: STRING+`: neighbours are one string; an f-string among them makes a `JoinedStr`. */
export function parseStrings(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const parts: Expression[] = [];
  let format = false;
  let bytes = false;
  while (cursor.at('string')) {
    const token = cursor.take();
    const [, prefix = '', quote = ''] = /^([A-Za-z]*)('''|"""|'|")/.exec(token.text) ?? [];
    const from = token.start + prefix.length + quote.length;
    const to = token.end - quote.length;
    const raw = /r/i.test(prefix);
    const isBytes = /b/i.test(prefix);
    if (parts.length > 0 && isBytes !== bytes) cursor.fail('cannot mix bytes and nonbytes literals', token.start);
    bytes = isBytes;
    if (/f/i.test(prefix)) {
      format = true;
      parts.push(...formatParts(cursor, from, to, raw, 0));
    } else {
      parts.push(text(cursor, from, to, raw, bytes));
    }
  }
  const values = joined(parts);
  if (format) return { kind: 'JoinedStr', values, start, end: cursor.taken };
  const value = values.map((part) => (part.kind === 'Constant' ? String(part.value) : '')).join('');
  return { kind: 'Constant', type: bytes ? 'bytes' : 'str', value, start, end: cursor.taken };
}

function text(cursor: Cursor, from: number, to: number, raw: boolean, bytes: boolean): Constant {
  const body = cursor.source.text.slice(from, to);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant.
  if (bytes && /[^\x00-\x7f]/.test(body)) cursor.fail('bytes can only contain ASCII literal characters', from);
  const found = raw ? { value: body.replace(/\r\n?/g, '\n') } : literalValue(body, bytes);
  if ('reason' in found) cursor.fail(found.reason, from);
  return { kind: 'Constant', type: 'str', value: 'value' in found ? found.value : '', start: from, end: to };
}

/** Neighbouring texts as one, empty ones gone. */
function joined(parts: readonly Expression[]): Expression[] {
  const found: Expression[] = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (part.kind !== 'Constant') found.push(part);
    else if (part.value === '') continue;
    else if (last?.kind === 'Constant') {
      found[found.length - 1] = { ...last, value: `${last.value}${part.value}`, end: part.end };
    } else found.push(part);
  }
  return found;
}

/** The content of an f-string, or (`level` above 0) of a format specification. */
function formatParts(cursor: Cursor, from: number, to: number, raw: boolean, level: number): Expression[] {
  const source = cursor.source.text;
  const parts: Expression[] = [];
  let at = from;
  let plain = from;
  const flush = (end: number): void => {
    if (end > plain) parts.push(text(cursor, plain, end, raw, false));
  };
  while (at < to && cursor.problem === undefined) {
    const char = source[at];
    if (char === '\\' && !raw) {
      // `\N{…}` is the only escape with braces; it is not read anyway.
      at += 2;
    } else if ((char === '{' || char === '}') && source[at + 1] === char && at + 1 < to && level === 0) {
      flush(at + 1);
      at += 2;
      plain = at;
    } else if (char === '{') {
      flush(at);
      const { value, end } = replacement(cursor, at, to, raw, level);
      parts.push(...value);
      at = end;
      plain = end;
    } else if (char === '}') {
      cursor.fail('a brace of an f-string is not opened', at);
    } else {
      at += 1;
    }
  }
  flush(to);
  return parts;
}

/** `'{' expressions ['='] ['!' NAME] [':' format_spec] '}'`. */
function replacement(
  cursor: Cursor,
  open: number,
  limit: number,
  raw: boolean,
  level: number,
): { readonly value: Expression[]; readonly end: number } {
  const source = cursor.source.text;
  const end = expressionEnd(source, open + 1, limit);
  if (end === undefined || level > 2) {
    cursor.fail('a brace of an f-string is not closed', open);
    return { value: [], end: limit };
  }
  const body = source.slice(open + 1, end);
  const shown = /(?<![=!<>])=\s*$/.exec(body);
  const inner = shown === null ? end : open + 1 + shown.index;
  const value = expressionBetween(cursor, open + 1, inner);
  let at = end;
  let conversion: FormattedValue['conversion'] = '';
  if (source[at] === '!') {
    const letter = source[at + 1];
    if (letter === 's' || letter === 'r' || letter === 'a') conversion = letter;
    else cursor.fail('a conversion of an f-string is `s`, `r` or `a`', at);
    at += 2;
  }
  let spec: Expression | null = null;
  if (source[at] === ':') {
    const close = specEnd(source, at + 1, limit);
    const values = joined(formatParts(cursor, at + 1, close, raw, level + 1));
    spec = { kind: 'JoinedStr', values, start: at + 1, end: close };
    at = close;
  }
  if (source[at] !== '}' || at >= limit) cursor.fail('a brace of an f-string is not closed', open);
  if (shown !== null && conversion === '' && spec === null) conversion = 'r';
  const found: FormattedValue = {
    kind: 'FormattedValue',
    value,
    conversion,
    format_spec: spec,
    start: open,
    end: at + 1,
  };
  const name: Expression[] =
    shown === null ? [] : [{ kind: 'Constant', type: 'str', value: body, start: open + 1, end }];
  return { value: [...name, found], end: at + 1 };
}

/** Where the expression of a replacement field ends: before `}`, `!` or `:` outside of brackets and strings. */
function expressionEnd(source: string, from: number, limit: number): number | undefined {
  let depth = 0;
  for (let at = from; at < limit; at += 1) {
    const char = source[at] ?? '';
    if (char === '"' || char === "'") {
      const quote = source.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
      let close = at + quote.length;
      while (close < limit && !source.startsWith(quote, close)) close += source[close] === '\\' ? 2 : 1;
      at = close + quote.length - 1;
    } else if ('([{'.includes(char)) depth += 1;
    else if (depth > 0 && ')]}'.includes(char)) depth -= 1;
    else if (depth === 0 && (char === '}' || char === ':' || (char === '!' && source[at + 1] !== '='))) return at;
  }
  return undefined;
}

function specEnd(source: string, from: number, limit: number): number {
  let depth = 0;
  for (let at = from; at < limit; at += 1) {
    if (source[at] === '{') depth += 1;
    else if (source[at] === '}') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return limit;
}

function expressionBetween(cursor: Cursor, from: number, to: number): Expression {
  const { tokens, problem } = lex(cursor.source.text, from, to, true);
  if (problem !== undefined) cursor.fail(problem.reason, problem.at);
  if (cursor.problem !== undefined) return cursor.nothing();
  const { grammar } = cursor;
  const inner = new Cursor(cursor.source, tokens, grammar);
  return cursor.nest(
    () => {
      const found = inner.sees('yield') ? grammar.yielded(inner) : grammar.expressions(inner);
      if (!inner.ended) inner.fail('an f-string holds more than an expression');
      if (inner.problem !== undefined) cursor.fail(inner.problem.reason, inner.problem.at);
      return found;
    },
    () => {
      cursor.fail('the nesting is too deep');
      return cursor.nothing();
    },
  );
}
