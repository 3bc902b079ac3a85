import type { ExpandedColumn, Expression, OperatorForm, ParsePart } from '../../ast/index.ts';
import { assignment, options, properties } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import { columnDeclaration, nameOrReport, typeName } from '../name.ts';
import type { Reader, Readers } from './reader.ts';

/** Operators that take values apart: arrays into rows, texts into columns. */
export const valueReaders: Readers = {
  'mv-expand': expand,
  mvexpand: expand,
  'mv-apply': apply,
  mvapply: apply,
  parse: parse('parse'),
  'parse-where': parse('parse-where'),
  'parse-kv': parsePairs,
};

const EXPAND_OPTIONS = ['kind', 'bagexpansion', 'with_itemindex'];

/** `mv-expand := 'mv-expand' options expanded (',' expanded)* ['limit' expression]` */
function expand(cursor: Cursor, start: number): OperatorForm {
  const found = options(cursor, EXPAND_OPTIONS);
  const columns = cursor.list(() => expanded(cursor));
  return { kind: 'mv-expand', options: found, columns, limit: limit(cursor), span: cursor.since(start) };
}

/** `expanded := assignment ['to' 'typeof' '(' type ')']` */
function expanded(cursor: Cursor): ExpandedColumn {
  const { start } = cursor.peek();
  const column = assignment(cursor);
  if (!cursor.takeWord('to')) return { column, type: undefined, span: cursor.since(start) };
  cursor.expectWord('typeof');
  cursor.expect('(');
  const type = typeName(cursor);
  cursor.closing(')');
  return { column, type, span: cursor.since(start) };
}

function limit(cursor: Cursor): Expression | undefined {
  return cursor.takeWord('limit') ? cursor.grammar.expression(cursor) : undefined;
}

/** `mv-apply := 'mv-apply' options expanded (',' expanded)* ['limit' expression] 'on' '(' operators ')'` */
function apply(cursor: Cursor, start: number): OperatorForm {
  const found = options(cursor, EXPAND_OPTIONS);
  const columns = cursor.list(() => expanded(cursor));
  const most = limit(cursor);
  cursor.expectWord('on');
  cursor.expect('(');
  const body = cursor.grammar.operators(cursor);
  cursor.closing(')');
  return { kind: 'mv-apply', options: found, columns, limit: most, body, span: cursor.since(start) };
}

/** `parse := ('parse' | 'parse-where') ['kind' '=' name] ['flags' '=' name] expression 'with' part+` */
function parse(kind: 'parse' | 'parse-where'): Reader {
  return (cursor, start) => {
    const found = options(cursor, ['kind', 'flags']);
    const subject = cursor.grammar.expression(cursor);
    cursor.expectWord('with');
    const pattern: ParsePart[] = [];
    while (!cursor.atEndOfOperator()) {
      const next = part(cursor);
      if (next === undefined) break;
      pattern.push(next);
    }
    if (pattern.length === 0) cursor.expected('`*`, a text or a column name');
    return { kind, options: found, subject, pattern, span: cursor.since(start) };
  };
}

/** `part := '*' | string | name [':' type]` */
function part(cursor: Cursor): ParsePart | undefined {
  const { start, kind, value } = cursor.peek();
  if (cursor.take('*')) return { kind: 'star', span: cursor.since(start) };
  if (kind === 'string') {
    cursor.next();
    return { kind: 'text', text: value, span: cursor.since(start) };
  }
  const name = nameOrReport(cursor, '`*`, a text or a column name');
  if (name.text === '') return undefined;
  const type = cursor.take(':') ? typeName(cursor) : undefined;
  return { kind: 'column', name, type, span: cursor.since(start) };
}

/** `parse-kv := 'parse-kv' expression 'as' '(' declaration (',' declaration)* ')' properties` */
function parsePairs(cursor: Cursor, start: number): OperatorForm {
  const subject = cursor.grammar.expression(cursor);
  cursor.expectWord('as');
  const columns = cursor.bracketed('(', () => columnDeclaration(cursor));
  return { kind: 'parse-kv', subject, columns, with: properties(cursor), span: cursor.since(start) };
}
