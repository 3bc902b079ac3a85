import type { EvaluateOperator, OperatorForm, RenderProperty } from '../../ast/index.ts';
import { options } from '../assignment.ts';
import type { Cursor } from '../cursor.ts';
import { columnDeclaration, nameOrReport } from '../name.ts';
import { call } from '../primary.ts';
import type { Readers } from './reader.ts';

/** Operators that name, show or check their input, or hand it to a function. */
export const otherReaders: Readers = {
  as,
  /** `invoke := 'invoke' expression` */
  invoke: (cursor, start) => ({ kind: 'invoke', call: cursor.grammar.expression(cursor), span: cursor.since(start) }),
  evaluate,
  /** `getschema := 'getschema'` */
  getschema: (cursor, start) => ({ kind: 'getschema', span: cursor.since(start) }),
  'assert-schema': assertSchema,
  render,
  /** `consume := 'consume' options` */
  consume: (cursor, start) => ({ kind: 'consume', options: options(cursor), span: cursor.since(start) }),
};

/** `as := 'as' hints name` */
function as(cursor: Cursor, start: number): OperatorForm {
  const hints = options(cursor, []);
  return { kind: 'as', options: hints, name: nameOrReport(cursor, 'a name'), span: cursor.since(start) };
}

/** `evaluate := 'evaluate' hints call [':' '(' ['*' ','] [declaration (',' declaration)*] ')']` */
function evaluate(cursor: Cursor, start: number): OperatorForm {
  const hints = options(cursor, []);
  const plugin = call(cursor, nameOrReport(cursor, 'the name of a plugin'));
  let schema: EvaluateOperator['schema'];
  if (cursor.take(':')) {
    let open = false;
    const columns = cursor.bracketed('(', () => {
      if (!cursor.take('*')) return columnDeclaration(cursor);
      open = true;
      return undefined;
    });
    schema = { open, columns: columns.filter((column) => column !== undefined) };
  }
  return { kind: 'evaluate', options: hints, call: plugin, schema, span: cursor.since(start) };
}

/** `assert-schema := 'assert-schema' '(' declaration (',' declaration)* ')'` */
function assertSchema(cursor: Cursor, start: number): OperatorForm {
  const columns = cursor.bracketed('(', () => columnDeclaration(cursor));
  return { kind: 'assert-schema', columns, span: cursor.since(start) };
}

/** `render := 'render' name (['with' '(' property (',' property)* ')'] | property*)` */
function render(cursor: Cursor, start: number): OperatorForm {
  const visualization = nameOrReport(cursor, 'a kind of chart');
  const found: RenderProperty[] = [];
  if (cursor.takeWord('with')) {
    cursor.expect('(');
    while (cursor.at('name')) {
      found.push(property(cursor));
      cursor.take(',');
    }
    cursor.closing(')');
  } else while (cursor.at('name') && cursor.peek(1).text === '=') found.push(property(cursor));
  return { kind: 'render', visualization, with: found, span: cursor.since(start) };
}

/** `property := name '=' (expression | name (',' name)*)`: a list of columns is written without brackets. */
function property(cursor: Cursor): RenderProperty {
  const { start } = cursor.peek();
  const name = nameOrReport(cursor, 'a property');
  cursor.expect('=');
  const values = [cursor.grammar.operand(cursor)];
  while (cursor.sees(',') && cursor.peek(1).kind === 'name' && cursor.peek(2).text !== '=') {
    cursor.next();
    values.push(cursor.grammar.operand(cursor));
  }
  return { name, values, span: cursor.since(start) };
}
