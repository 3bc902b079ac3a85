import type { Expression, Operator } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { expression } from './expression.ts';
import { operator } from './operators/index.ts';

/** A pipe longer than this is refused: the plan of each operator holds that of the one before it. */
const MOST_OPERATORS = 250;

/** `pipe := expression ('|' operator)*` */
export function pipe(cursor: Cursor): Expression {
  return cursor.nest(
    () => {
      const { start } = cursor.peek();
      const source = expression(cursor);
      if (!cursor.sees('|')) return source;
      const operators: Operator[] = [];
      while (cursor.take('|')) {
        if (operators.length >= MOST_OPERATORS) return cursor.tooDeep();
        operators.push(ended(cursor));
      }
      return { kind: 'pipe', source, operators, span: cursor.since(start) };
    },
    () => cursor.tooDeep(),
  );
}

/** `operators := operator ('|' operator)*` */
export function operators(cursor: Cursor): readonly Operator[] {
  return cursor.nest<readonly Operator[]>(
    () => {
      const found = [ended(cursor)];
      while (cursor.take('|')) {
        if (found.length >= MOST_OPERATORS) {
          cursor.tooDeep();
          return found;
        }
        found.push(ended(cursor));
      }
      return found;
    },
    () => {
      cursor.tooDeep();
      return [];
    },
  );
}

/** `source := operator` */
export function source(cursor: Cursor): Expression {
  const found = operator(cursor);
  return { kind: 'source', operator: found, span: found.span };
}

/** After an operator comes `|` or whatever ends the pipe; anything else is reported and skipped. */
function ended(cursor: Cursor): Operator {
  const found = operator(cursor);
  if (cursor.atEndOfOperator() || cursor.seesWord('let')) return found;
  cursor.expected('`|` or the end of the operator');
  cursor.skipOperator();
  return found;
}
