import { diagnostic } from '../../../base/diagnostic.ts';
import { cover } from '../../../base/span.ts';
import type { Argument, CallExpression, Expression, Name } from '../ast/index.ts';
import { readDynamic, readTimespan, readTyped } from '../literals.ts';
import { TEXT_OPERATORS } from '../text-operators.ts';
import { type Cursor, LONGEST_CHAIN, shorten } from './cursor.ts';
import { atName, nameOrReport, typeName } from './name.ts';

/** Operators that begin a pipe instead of following one. */
export const SOURCE_WORDS: ReadonlySet<string> = new Set([
  'union',
  'print',
  'range',
  'datatable',
  'externaldata',
  'external_data',
  'search',
  'find',
  'evaluate',
]);

/** `path := primary ('.' (name | call) | '[' expression ']')*` */
export function path(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  let target = primary(cursor);
  for (let length = 0; cursor.sees('.', '['); length += 1) {
    if (length > LONGEST_CHAIN) return cursor.tooDeep();
    // A dot before a bracket means nothing: `TargetResources.[0]`.
    if (cursor.take('.') && !cursor.sees('[')) {
      const [word, bracket] = [cursor.peek(), cursor.peek(1)];
      const member = nameOrReport(cursor, 'a member name');
      if (member.text === '') return { kind: 'bad', span: cursor.since(start) };
      target =
        word.kind === 'name' && bracket.text === '(' && bracket.start === word.end
          ? { kind: 'method', target, call: call(cursor, member), span: cursor.since(start) }
          : { kind: 'member', target, name: member, span: cursor.since(start) };
      continue;
    }
    cursor.next();
    const index = cursor.grammar.expression(cursor);
    cursor.closing(']');
    target = { kind: 'index', target, index, span: cursor.since(start) };
  }
  return target;
}

/** `primary := literal | name | call | '(' pipe ')' | source` */
function primary(cursor: Cursor): Expression {
  const token = cursor.peek();
  const { start } = token;
  switch (token.kind) {
    case 'long':
    case 'real': {
      cursor.next();
      const value = token.kind === 'long' ? token.value : Number(token.value);
      return { kind: 'literal', type: token.kind, value, span: cursor.since(start) };
    }
    case 'timespan':
      cursor.next();
      return { kind: 'literal', type: 'timespan', value: readTimespan(token.value) ?? null, span: cursor.since(start) };
    case 'string':
      return text(cursor);
    case 'typed':
      return typed(cursor);
    case 'name':
      return word(cursor);
    case 'symbol':
      if (token.text === '(') return parenthesis(cursor);
      if (atName(cursor)) {
        const name = nameOrReport(cursor, 'a name');
        return { kind: 'name', name: name.text, span: name.span };
      }
      break;
    case 'bad':
    case 'end':
      break;
  }
  cursor.expected('an expression');
  return skipped(cursor);
}

/** `text := string+`: strings in a row are one string. */
function text(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  let value = '';
  while (cursor.at('string')) value += cursor.next().value;
  return { kind: 'literal', type: 'string', value, span: cursor.since(start) };
}

/** `typed := type '(' text ')'` */
function typed(cursor: Cursor): Expression {
  const token = cursor.next();
  const span = cursor.since(token.start);
  const type = token.type ?? '';
  const literal = readTyped(type, token.value);
  if (literal !== undefined) return { kind: 'literal', ...literal, span };
  if (type === 'datetime' || type === 'date') {
    cursor.report(diagnostic('kusto/bad-datetime', { text: shorten(token.value) }, span));
    return { kind: 'literal', type: 'datetime', value: null, span };
  }
  cursor.report(diagnostic('kusto/bad-literal', { type, text: shorten(token.value) }, span));
  return { kind: 'bad', span };
}

/** A bad expression that takes at most one token: never one that closes or separates something. */
function skipped(cursor: Cursor): Expression {
  const span = cursor.here();
  if (!cursor.at('end') && !cursor.sees(')', ']', '}', ',', ';', '|')) cursor.next();
  return { kind: 'bad', span };
}

function parenthesis(cursor: Cursor): Expression {
  cursor.next();
  const inner = cursor.grammar.pipe(cursor);
  cursor.closing(')');
  return inner;
}

/** A name, a call, a word literal, or an operator that begins a pipe. */
function word(cursor: Cursor): Expression {
  const token = cursor.peek();
  const following = cursor.peek(1);
  const calls = following.kind === 'symbol' && following.text === '(';
  if (SOURCE_WORDS.has(token.value) && beginsPipe(cursor, token.value)) return cursor.grammar.source(cursor);
  if (token.value === 'dynamic' && calls) return dynamic(cursor);
  if (token.value === 'typeof' && calls) return typeOf(cursor);
  if (!calls && /^(?:true|false)$/i.test(token.value)) {
    cursor.next();
    return { kind: 'literal', type: 'bool', value: /^t/i.test(token.value), span: cursor.spanOf(token) };
  }
  const name = nameOrReport(cursor, 'a name');
  if (calls) return call(cursor, name);
  return { kind: 'name', name: name.text, span: name.span };
}

/** Whether the word begins an operator here; as a column or function name it stands before other things. */
function beginsPipe(cursor: Cursor, operator: string): boolean {
  const following = cursor.peek(1);
  if (following.kind === 'end') return operator === 'print';
  if (operator === 'datatable' || operator === 'externaldata' || operator === 'external_data')
    return following.text === '(';
  if (operator === 'range') return following.kind === 'name' && cursor.peek(2).text === 'from';
  if ((operator === 'search' || operator === 'find') && following.text === 'in') return true;
  if (operator === 'evaluate') return following.kind === 'name';
  if (following.kind === 'symbol')
    return ['(', '*', '['].includes(following.text) || (operator === 'print' && following.text === '-');
  return (
    following.kind !== 'bad' &&
    !TEXT_OPERATORS.has(following.text) &&
    !['and', 'or', 'in', 'between'].includes(following.text)
  );
}

/** `call := name '(' [argument (',' argument)*] ')'` */
export function call(cursor: Cursor, name: Name): CallExpression {
  const args = cursor.bracketed('(', () => argument(cursor), 'in an item');
  return { kind: 'call', name, args, span: cover(name.span, cursor.since(cursor.peek().start)) };
}

/** `argument := [name '='] ('*' | pipe)` */
function argument(cursor: Cursor): Argument {
  const { start } = cursor.peek();
  let name: Name | undefined;
  if (cursor.at('name') && cursor.peek(1).text === '=') {
    name = nameOrReport(cursor, 'a name');
    cursor.next();
  }
  const alone = cursor.sees('*') && [',', ')'].includes(cursor.peek(1).text);
  const value = alone ? star(cursor) : cursor.grammar.pipe(cursor);
  return { name, value, span: cursor.since(start) };
}

export function star(cursor: Cursor): Expression {
  const token = cursor.next();
  return { kind: 'star', pattern: '*', span: cursor.spanOf(token) };
}

/** `typeof := 'typeof' '(' type ')'` */
function typeOf(cursor: Cursor): Expression {
  const { start } = cursor.next();
  cursor.next();
  const type = typeName(cursor);
  cursor.closing(')');
  return { kind: 'typeof', type, span: cursor.since(start) };
}

/** `dynamic := 'dynamic' '(' json ')'` */
function dynamic(cursor: Cursor): Expression {
  const { start } = cursor.next();
  cursor.next();
  const json = readDynamic(cursor, (what) => cursor.expected(what));
  cursor.closing(')');
  const span = cursor.since(start);
  return json === undefined ? { kind: 'bad', span } : { kind: 'literal', type: 'dynamic', value: json, span };
}
