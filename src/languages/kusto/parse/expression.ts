import { cover, type Span } from '../../../base/span.ts';
import type { Expression } from '../ast/index.ts';
import { TEXT_OPERATORS } from '../text-operators.ts';
import { type Cursor, LONGEST_CHAIN } from './cursor.ts';
import { path, star } from './primary.ts';

const LIST_OPERATORS = new Set(['in', '!in', 'in~', '!in~', 'has_any', 'has_all', '!has_any', '!has_all']);
const COMPARISONS = new Set(['<', '<=', '>', '>=']);

/** `expression := conjunction ('or' conjunction)*` */
export function expression(cursor: Cursor): Expression {
  return cursor.nest(
    () => logic(cursor, 'or', () => logic(cursor, 'and', () => equality(cursor))),
    () => cursor.tooDeep(),
  );
}

/** `conjunction := equality ('and' equality)*` */
function logic(cursor: Cursor, operator: 'and' | 'or', item: () => Expression): Expression {
  const first = item();
  if (!cursor.seesWord(operator)) return first;
  const items = [first];
  while (cursor.takeWord(operator)) items.push(item());
  return { kind: 'logic', operator, items, span: around(items) };
}

/** `equality := relation [('==' | '!=' | '<>') relation | list-operator '(' list ')' | ['!']'between' '(' a '..' b ')']` */
function equality(cursor: Cursor): Expression {
  const left = relation(cursor);
  const token = cursor.peek();
  if (cursor.sees('==', '!=', '<>')) {
    const operatorSpan = cursor.spanOf(cursor.next());
    const right = relation(cursor);
    const operator = token.text === '<>' ? '!=' : token.text;
    return { kind: 'binary', operator, operatorSpan, left, right, span: cover(left.span, right.span) };
  }
  if (LIST_OPERATORS.has(token.text)) {
    const operatorSpan = cursor.spanOf(cursor.next());
    const items = list(cursor);
    const span = cover(left.span, cursor.since(token.start));
    return { kind: 'list', operator: token.value, operatorSpan, subject: left, items, span };
  }
  if (token.text === 'between' || token.text === '!between') return between(cursor, left);
  return left;
}

/** `list := [pipe (',' pipe)*]` */
function list(cursor: Cursor): readonly Expression[] {
  if (cursor.sees('(')) return cursor.bracketed('(', () => cursor.grammar.pipe(cursor), 'in an item');
  cursor.expected('`(` and a list of values');
  return [sign(cursor)];
}

function between(cursor: Cursor, subject: Expression): Expression {
  const token = cursor.next();
  const negated = token.text.startsWith('!');
  cursor.expect('(');
  const low = expression(cursor);
  cursor.expect('..');
  const high = expression(cursor);
  cursor.closing(')');
  return { kind: 'between', subject, negated, low, high, span: cover(subject.span, cursor.since(token.start)) };
}

/** `relation := sum [('<' | '<=' | '>' | '>=') sum]` */
function relation(cursor: Cursor): Expression {
  const left = sum(cursor);
  const token = cursor.peek();
  if (token.kind !== 'symbol' || !COMPARISONS.has(token.text)) return left;
  const operatorSpan = cursor.spanOf(cursor.next());
  const right = sum(cursor);
  return { kind: 'binary', operator: token.text, operatorSpan, left, right, span: cover(left.span, right.span) };
}

/** `sum := product (('+' | '-') product)*` */
export function sum(cursor: Cursor): Expression {
  return chain(cursor, ['+', '-'], product);
}

/** `product := text-test (('*' | '/' | '%') text-test)*` */
function product(cursor: Cursor): Expression {
  return chain(cursor, ['*', '/', '%'], textTest);
}

function chain(cursor: Cursor, operators: readonly string[], operand: (cursor: Cursor) => Expression): Expression {
  let left = operand(cursor);
  for (let length = 0; cursor.sees(...operators); length += 1) {
    if (length > LONGEST_CHAIN) return cursor.tooDeep();
    const token = cursor.next();
    const right = operand(cursor);
    const operatorSpan = cursor.spanOf(token);
    left = { kind: 'binary', operator: token.text, operatorSpan, left, right, span: cover(left.span, right.span) };
  }
  return left;
}

/** `text-test := ('*' | sign) [text-operator sign]`; `matches regex` is one operator, and `:` is that of `search`. */
function textTest(cursor: Cursor): Expression {
  const left = cursor.sees('*') ? star(cursor) : sign(cursor);
  const token = cursor.peek();
  let operator = token.text;
  if (token.kind === 'name' && token.value === 'matches' && cursor.peek(1).text === 'regex') operator = 'matches regex';
  if (token.kind !== 'symbol' && token.kind !== 'name') return left;
  if (!TEXT_OPERATORS.has(operator) && operator !== ':') return left;
  cursor.next();
  if (operator === 'matches regex') cursor.next();
  const operatorSpan = cursor.since(token.start);
  const right = sign(cursor);
  return { kind: 'binary', operator, operatorSpan, left, right, span: cover(left.span, right.span) };
}

/** `sign := ('+' | '-') sign | path` */
function sign(cursor: Cursor): Expression {
  if (!cursor.sees('+', '-')) return path(cursor);
  return cursor.nest<Expression>(
    () => {
      const token = cursor.next();
      const operand = sign(cursor);
      const operator = token.text === '-' ? '-' : '+';
      return { kind: 'unary', operator, operand, span: cover(cursor.spanOf(token), operand.span) };
    },
    () => cursor.tooDeep(),
  );
}

function around(items: readonly Expression[]): Span {
  return items.map((item) => item.span).reduce(cover);
}
