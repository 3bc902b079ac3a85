import type { Expression } from '../ast.ts';
import { atComprehension, comprehension } from './comprehension.ts';
import type { Cursor } from './cursor.ts';

export function parseParenthesised(cursor: Cursor): Expression {
  const { start } = cursor.take();
  if (cursor.eat(')')) return { kind: 'Tuple', elts: [], start, end: cursor.taken };
  if (cursor.sees('yield')) {
    const value = cursor.grammar.yielded(cursor);
    cursor.expect(')');
    return value;
  }
  const first = cursor.grammar.starred(cursor);
  if (atComprehension(cursor)) {
    const found = comprehension(cursor, 'GeneratorExp', first, null, start);
    cursor.expect(')');
    return { ...found, end: cursor.taken };
  }
  if (!cursor.sees(',')) {
    cursor.expect(')');
    return first;
  }
  const elts = [first];
  while (cursor.eat(',') && !cursor.sees(')')) elts.push(cursor.grammar.starred(cursor));
  cursor.expect(')');
  return { kind: 'Tuple', elts, start, end: cursor.taken };
}

export function parseList(cursor: Cursor): Expression {
  const { start } = cursor.take();
  if (cursor.eat(']')) return { kind: 'List', elts: [], start, end: cursor.taken };
  const first = cursor.grammar.starred(cursor);
  if (atComprehension(cursor)) {
    const found = comprehension(cursor, 'ListComp', first, null, start);
    cursor.expect(']');
    return { ...found, end: cursor.taken };
  }
  const elts = [first];
  while (cursor.eat(',') && !cursor.sees(']')) elts.push(cursor.grammar.starred(cursor));
  cursor.expect(']');
  return { kind: 'List', elts, start, end: cursor.taken };
}

export function parseBraces(cursor: Cursor): Expression {
  const { start } = cursor.take();
  if (cursor.eat('}')) return { kind: 'Dict', keys: [], values: [], start, end: cursor.taken };
  if (!cursor.sees('**')) {
    const first = cursor.grammar.starred(cursor);
    if (!cursor.sees(':')) return parseSet(cursor, first, start);
    cursor.take();
    const value = cursor.grammar.expression(cursor);
    if (atComprehension(cursor)) {
      const found = comprehension(cursor, 'DictComp', first, value, start);
      cursor.expect('}');
      return { ...found, end: cursor.taken };
    }
    return parseDict(cursor, [first], [value], start);
  }
  cursor.take();
  return parseDict(cursor, [null], [cursor.grammar.operand(cursor)], start);
}

function parseSet(cursor: Cursor, first: Expression, start: number): Expression {
  if (atComprehension(cursor)) {
    const found = comprehension(cursor, 'SetComp', first, null, start);
    cursor.expect('}');
    return { ...found, end: cursor.taken };
  }
  const elts = [first];
  while (cursor.eat(',') && !cursor.sees('}')) elts.push(cursor.grammar.starred(cursor));
  cursor.expect('}');
  return { kind: 'Set', elts, start, end: cursor.taken };
}

function parseDict(cursor: Cursor, keys: (Expression | null)[], values: Expression[], start: number): Expression {
  while (cursor.eat(',') && !cursor.sees('}')) {
    if (cursor.eat('**')) {
      keys.push(null);
      values.push(cursor.grammar.operand(cursor));
      continue;
    }
    keys.push(cursor.grammar.expression(cursor));
    cursor.expect(':');
    values.push(cursor.grammar.expression(cursor));
  }
  cursor.expect('}');
  return { kind: 'Dict', keys, values, start, end: cursor.taken };
}
