import type { Operator, OperatorForm } from '../../ast/index.ts';
import { options } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import { name, nameOrReport } from '../name.ts';
import type { Readers } from './reader.ts';

/** Operators that hold pipes: over each part of the input, or over all of it several times. */
export const bodyReaders: Readers = { partition, fork, facet };

/** `body := '(' operators ')'` */
function body(cursor: Cursor): readonly Operator[] {
  if (!cursor.expect('(')) return [];
  const operators = cursor.grammar.operators(cursor);
  cursor.closing(')');
  return operators;
}

/** `partition := 'partition' hints 'by' name (body | block)` */
function partition(cursor: Cursor, start: number): OperatorForm {
  const hints = options(cursor, []);
  cursor.expectWord('by');
  const column = nameOrReport(cursor, 'a column name');
  const by = { kind: 'name', name: column.text, span: column.span } as const;
  if (cursor.sees('{')) {
    const statements = cursor.grammar.block(cursor);
    return {
      kind: 'partition',
      options: hints,
      by,
      body: { kind: 'query', statements },
      span: cursor.since(start),
    };
  }
  const operators = body(cursor);
  return {
    kind: 'partition',
    options: hints,
    by,
    body: { kind: 'operators', operators },
    span: cursor.since(start),
  };
}

/** `fork := 'fork' ([name '='] body)+` */
function fork(cursor: Cursor, start: number): OperatorForm {
  const branches: { name: ReturnType<typeof name>; operators: readonly Operator[] }[] = [];
  do {
    const branch = cursor.sees('(') ? undefined : name(cursor);
    if (branch !== undefined) cursor.expect('=');
    branches.push({ name: branch, operators: body(cursor) });
  } while (!cursor.atEndOfOperator() && (cursor.sees('(') || cursor.at('name')));
  return { kind: 'fork', branches, span: cursor.since(start) };
}

/** `facet := 'facet' 'by' name (',' name)* ['with' body]` */
function facet(cursor: Cursor, start: number): OperatorForm {
  cursor.expectWord('by');
  const by = cursor.list(() => nameOrReport(cursor, 'a column name'));
  const operators = cursor.takeWord('with') ? body(cursor) : [];
  return { kind: 'facet', by, with: operators, span: cursor.since(start) };
}
