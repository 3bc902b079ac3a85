import { diagnostic } from '../../../base/diagnostic.ts';
import type { ColumnDeclaration, Name, TypeName } from '../ast/index.ts';
import { typeNamed } from '../types.ts';
import type { Cursor } from './cursor.ts';

/** Whether the next tokens can be a name: a word, or `['any text']`. */
export function atName(cursor: Cursor): boolean {
  if (cursor.at('name')) return true;
  return cursor.sees('[') && cursor.peek(1).kind === 'string' && cursor.peek(2).text === ']';
}

/** `name := word | '[' string ']'` */
export function name(cursor: Cursor): Name | undefined {
  const { start } = cursor.peek();
  if (cursor.at('name')) {
    const text = cursor.next().value;
    return { text, span: cursor.since(start) };
  }
  if (!atName(cursor)) return undefined;
  cursor.next();
  const text = cursor.next().value;
  cursor.next();
  return { text, span: cursor.since(start) };
}

export function nameOrReport(cursor: Cursor, what: string): Name {
  const found = name(cursor);
  if (found !== undefined) return found;
  cursor.expected(what);
  return { text: '', span: cursor.here() };
}

/** `dashed := word ('-' word)*`, without white space around the dashes. */
export function dashedName(cursor: Cursor): Name | undefined {
  if (!cursor.at('name')) return undefined;
  const { start } = cursor.peek();
  let last = cursor.next();
  let text = last.value;
  for (;;) {
    const dash = cursor.peek();
    const word = cursor.peek(1);
    if (dash.text !== '-' || dash.start !== last.end || word.kind !== 'name' || word.start !== dash.end) break;
    cursor.next();
    last = cursor.next();
    text += `-${last.value}`;
  }
  return { text, span: cursor.since(start) };
}

export function typeName(cursor: Cursor): TypeName {
  const { start } = cursor.peek();
  if (!cursor.at('name')) {
    cursor.expected('a type');
    return { text: '', type: undefined, span: cursor.here() };
  }
  const text = cursor.next().value;
  const type = typeNamed(text);
  const span = cursor.since(start);
  if (type === undefined) cursor.report(diagnostic('kusto/unknown-type', { name: text }, span));
  return { text, type, span };
}

/** `declaration := name ':' type` */
export function columnDeclaration(cursor: Cursor): ColumnDeclaration {
  const { start } = cursor.peek();
  const column = nameOrReport(cursor, 'a column name');
  cursor.expect(':');
  return { name: column, type: typeName(cursor), span: cursor.since(start) };
}

/** Words and stars without white space between them; undefined when there is no star. */
export function wildcard(cursor: Cursor): Name | undefined {
  let ahead = 0;
  let end = cursor.peek().start;
  let stars = 0;
  for (;;) {
    const token = cursor.peek(ahead);
    if (token.start !== end) break;
    if (token.text === '*') stars += 1;
    else if (token.kind !== 'name' && token.kind !== 'long') break;
    end = token.end;
    ahead += 1;
  }
  if (stars === 0) return undefined;
  const { start } = cursor.peek();
  let text = '';
  for (let index = 0; index < ahead; index += 1) text += cursor.next().text;
  return { text, span: cursor.since(start) };
}

/** `pattern := name | word with '*'` */
export function columnPattern(cursor: Cursor): Name {
  return wildcard(cursor) ?? nameOrReport(cursor, 'a column name');
}
