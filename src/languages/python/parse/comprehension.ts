import type { Comprehension, Expression, Generator } from '../ast.ts';
import type { Cursor } from './cursor.ts';

export function atComprehension(cursor: Cursor): boolean {
  return cursor.sees('for') || (cursor.sees('async') && cursor.sees('for', 1));
}

export function comprehension(
  cursor: Cursor,
  kind: Comprehension['kind'],
  elt: Expression,
  value: Expression | null,
  start: number,
): Expression {
  const generators: Generator[] = [];
  while (atComprehension(cursor)) {
    const isAsync = cursor.eat('async');
    cursor.expect('for');
    const target = cursor.grammar.targets(cursor);
    cursor.expect('in');
    const iter = cursor.grammar.disjunction(cursor);
    const ifs: Expression[] = [];
    while (cursor.eat('if'))
      ifs.push(cursor.sees('lambda') ? cursor.grammar.expression(cursor) : parseNamedDisjunction(cursor));
    generators.push({ target, iter, ifs, is_async: isAsync });
  }
  return { kind, elt, value, generators, start, end: cursor.taken };
}

function parseNamedDisjunction(cursor: Cursor): Expression {
  return cursor.atIdentifier && cursor.sees(':=', 1)
    ? cursor.grammar.named(cursor)
    : cursor.grammar.disjunction(cursor);
}
