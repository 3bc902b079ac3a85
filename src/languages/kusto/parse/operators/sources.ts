import type { OperatorForm } from '../../ast/index.ts';
import { assignments, properties } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import { columnDeclaration, nameOrReport } from '../name.ts';
import type { Readers } from './reader.ts';

/** Operators that make rows of their own. */
export const sourceReaders: Readers = {
  print,
  datatable,
  externaldata: externalData,
  external_data: externalData,
  range,
};

/** `print := 'print' assignments` */
function print(cursor: Cursor, start: number): OperatorForm {
  return { kind: 'print', columns: assignments(cursor), span: cursor.since(start) };
}

/** `datatable := 'datatable' '(' [declaration (',' declaration)*] ')' '[' [expression (',' expression)*] ']'` */
function datatable(cursor: Cursor, start: number): OperatorForm {
  const columns = cursor.bracketed('(', () => columnDeclaration(cursor));
  const values = cursor.bracketed('[', () => cursor.grammar.expression(cursor));
  return { kind: 'datatable', columns, values, span: cursor.since(start) };
}

/** `externaldata := 'externaldata' '(' declarations ')' '[' expression (',' expression)* ']' properties` */
function externalData(cursor: Cursor, start: number): OperatorForm {
  const columns = cursor.bracketed('(', () => columnDeclaration(cursor));
  const from = cursor.bracketed('[', () => cursor.grammar.expression(cursor));
  return { kind: 'externaldata', columns, from, with: properties(cursor), span: cursor.since(start) };
}

/** `range := 'range' name 'from' expression 'to' expression 'step' expression` */
function range(cursor: Cursor, start: number): OperatorForm {
  const column = nameOrReport(cursor, 'a column name');
  cursor.expectWord('from');
  const from = cursor.grammar.expression(cursor);
  cursor.expectWord('to');
  const to = cursor.grammar.expression(cursor);
  cursor.expectWord('step');
  const step = cursor.grammar.expression(cursor);
  return { kind: 'range', column, from, to, step, span: cursor.since(start) };
}
