import type { Expression } from '../ast.ts';
import { parseName } from './atom.ts';
import type { Cursor, Grammar } from './cursor.ts';
import { parseBinary, parseDisjunction } from './operators.ts';
import { parseParameters } from './parameters.ts';
import { startsExpression } from './starts.ts';

/** The expressions that brackets, calls and strings hold. */
export const GRAMMAR: Grammar = {
  expression: parseExpression,
  expressions: parseExpressions,
  named: parseNamed,
  starred: parseStarred,
  disjunction: parseDisjunction,
  operand: (cursor) => parseBinary(cursor, 1),
  targets: parseTargets,
  yielded: parseYield,
};

/** `expressions: star_expression (',' star_expression)* [',']`, a tuple where there is a comma. */
export function parseExpressions(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const first = parseStarred(cursor);
  if (!cursor.sees(',')) return first;
  const elts = [first];
  while (cursor.eat(',') && startsExpression(cursor)) elts.push(parseStarred(cursor));
  return { kind: 'Tuple', elts, start, end: cursor.taken };
}

/** `star_expression: '*' bitwise_or | named_expression`. */
function parseStarred(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  if (!cursor.eat('*')) return parseNamed(cursor);
  const value = parseBinary(cursor, 1);
  return { kind: 'Starred', value, start, end: cursor.taken };
}

/** `named_expression: NAME ':=' expression | expression`. */
export function parseNamed(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  if (cursor.atIdentifier && cursor.sees(':=', 1)) {
    const target = parseName(cursor);
    cursor.take();
    const value = parseExpression(cursor);
    return { kind: 'NamedExpr', target, value, start, end: cursor.taken };
  }
  return parseExpression(cursor);
}

/** `expression: disjunction ['if' disjunction 'else' expression] | lambdef`. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nest(
    () => {
      const { start } = cursor.peek();
      if (cursor.sees('lambda')) return parseLambda(cursor);
      if (cursor.sees('yield')) return parseYield(cursor);
      const body = parseDisjunction(cursor);
      if (!cursor.eat('if')) return body;
      const test = parseDisjunction(cursor);
      cursor.expect('else');
      const orelse = parseExpression(cursor);
      return { kind: 'IfExp', test, body, orelse, start, end: cursor.taken };
    },
    () => {
      cursor.fail('the nesting is too deep');
      return cursor.nothing();
    },
  );
}

export function parseYield(cursor: Cursor): Expression {
  const { start } = cursor.take();
  if (cursor.eat('from')) {
    const value = parseExpression(cursor);
    return { kind: 'YieldFrom', value, start, end: cursor.taken };
  }
  const value = startsExpression(cursor) ? parseExpressions(cursor) : null;
  return { kind: 'Yield', value, start, end: cursor.taken };
}

/** `lambdef: 'lambda' [parameters] ':' expression`. */
function parseLambda(cursor: Cursor): Expression {
  const { start } = cursor.take();
  const args = parseParameters(cursor, ':', false);
  cursor.expect(':');
  const body = parseExpression(cursor);
  return { kind: 'Lambda', args, body, start, end: cursor.taken };
}

/** What `for` assigns to: `star_targets`. */
export function parseTargets(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const one = (): Expression => {
    const at = cursor.peek().start;
    if (!cursor.eat('*')) return parseBinary(cursor, 1);
    const value = parseBinary(cursor, 1);
    return { kind: 'Starred', value, start: at, end: cursor.taken };
  };
  const first = one();
  if (!cursor.sees(',')) return first;
  const elts = [first];
  while (cursor.eat(',') && startsExpression(cursor)) elts.push(one());
  return { kind: 'Tuple', elts, start, end: cursor.taken };
}
