import type { Expression, FindOutput, OperatorForm } from '../../ast/index.ts';
import { options } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import { columnPattern, name, nameOrReport, typeName, wildcard } from '../name.ts';
import type { Reader, Readers } from './reader.ts';

/** Operators that bring tables together, or look through several of them. */
export const tableReaders: Readers = { union, join: join('join'), lookup: join('lookup'), search, find };

/** `union := 'union' options input (',' input)*` */
function union(cursor: Cursor, start: number): OperatorForm {
  const found = options(cursor);
  const inputs = cursor.list(() => tableOrPattern(cursor));
  return { kind: 'union', options: found, inputs, span: cursor.since(start) };
}

/** `input := expression | word with '*'` */
function tableOrPattern(cursor: Cursor): Expression {
  const pattern = wildcard(cursor);
  if (pattern !== undefined) return { kind: 'star', pattern: pattern.text, span: pattern.span };
  return cursor.grammar.expression(cursor);
}

/** `join := ('join' | 'lookup') options expression 'on' expression (',' expression)*` */
function join(kind: 'join' | 'lookup'): Reader {
  return (cursor, start) => {
    const found = options(cursor);
    const right = cursor.grammar.expression(cursor);
    const on = cursor.expectWord('on') ? cursor.list(() => cursor.grammar.expression(cursor)) : [];
    return { kind, options: found, right, on, span: cursor.since(start) };
  };
}

/** `search := 'search' ['kind' '=' name] ['in' '(' input (',' input)* ')'] expression` */
function search(cursor: Cursor, start: number): OperatorForm {
  const found = options(cursor, ['kind']);
  const among = cursor.takeWord('in') ? cursor.bracketed('(', () => tableOrPattern(cursor)) : [];
  const predicate = cursor.grammar.expression(cursor);
  return { kind: 'search', options: found, in: among, predicate, span: cursor.since(start) };
}

/**
 * `find := 'find' options ['in' '(' input (',' input)* ')'] ['where'] expression
 * ['project' column (',' column)* | 'project-smart' | 'project-away' pattern (',' pattern)*]`
 */
function find(cursor: Cursor, start: number): OperatorForm {
  const found = options(cursor, ['withsource', 'datascope']);
  const among = cursor.takeWord('in') ? cursor.bracketed('(', () => tableOrPattern(cursor)) : [];
  cursor.takeWord('where');
  const predicate = cursor.grammar.expression(cursor);
  const output = findOutput(cursor);
  return { kind: 'find', options: found, in: among, predicate, output, span: cursor.since(start) };
}

function findOutput(cursor: Cursor): FindOutput | undefined {
  if (!cursor.takeWord('project')) return undefined;
  if (!cursor.take('-')) {
    const columns = cursor.list(() => {
      const column = name(cursor) ?? nameOrReport(cursor, 'a column name');
      return { name: column, type: cursor.take(':') ? typeName(cursor) : undefined };
    });
    return { kind: 'project', columns };
  }
  if (cursor.takeWord('smart')) return { kind: 'project-smart' };
  cursor.expectWord('away');
  return { kind: 'project-away', patterns: cursor.list(() => columnPattern(cursor)) };
}
