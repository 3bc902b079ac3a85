import type { BinaryOperator, CompareOperator, Expression } from '../ast.ts';
import { type Cursor, MAX_CHAIN } from './cursor.ts';
import { parsePrimary } from './primary.ts';

/** `disjunction: conjunction ('or' conjunction)*`. */
export function parseDisjunction(cursor: Cursor): Expression {
  return parseBoolean(cursor, 'or', 'Or', () => parseBoolean(cursor, 'and', 'And', () => parseInversion(cursor)));
}

function parseBoolean(cursor: Cursor, word: string, op: 'And' | 'Or', operand: () => Expression): Expression {
  const { start } = cursor.peek();
  const first = operand();
  if (!cursor.sees(word)) return first;
  const values = [first];
  while (cursor.eat(word)) values.push(operand());
  return { kind: 'BoolOp', op, values, start, end: cursor.taken };
}

/** `inversion: 'not' inversion | comparison`. */
function parseInversion(cursor: Cursor): Expression {
  const starts: number[] = [];
  while (cursor.sees('not')) starts.push(cursor.take().start);
  if (starts.length > MAX_CHAIN) cursor.fail('too many operators in a row');
  let found = parseComparison(cursor);
  for (const start of starts.reverse())
    found = { kind: 'UnaryOp', op: 'Not', operand: found, start, end: cursor.taken };
  return found;
}

const COMPARISONS: ReadonlyMap<string, CompareOperator> = new Map([
  ['==', 'Eq'],
  ['!=', 'NotEq'],
  ['<', 'Lt'],
  ['<=', 'LtE'],
  ['>', 'Gt'],
  ['>=', 'GtE'],
  ['in', 'In'],
  ['is', 'Is'],
  ['not', 'NotIn'],
]);

/** `comparison: bitwise_or (operator bitwise_or)*`. */
function parseComparison(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const left = parseBinary(cursor, 1);
  const ops: CompareOperator[] = [];
  const comparators: Expression[] = [];
  for (;;) {
    const token = cursor.peek();
    let op = token.kind === 'op' || token.kind === 'name' ? COMPARISONS.get(token.text) : undefined;
    if (op === undefined || (op === 'NotIn' && !cursor.sees('in', 1))) break;
    cursor.take();
    if (op === 'NotIn') cursor.take();
    if (op === 'Is' && cursor.eat('not')) op = 'IsNot';
    ops.push(op);
    comparators.push(parseBinary(cursor, 1));
  }
  return ops.length === 0 ? left : { kind: 'Compare', left, ops, comparators, start, end: cursor.taken };
}

const BINARY: ReadonlyMap<string, readonly [number, BinaryOperator]> = new Map([
  ['|', [1, 'BitOr']],
  ['^', [2, 'BitXor']],
  ['&', [3, 'BitAnd']],
  ['<<', [4, 'LShift']],
  ['>>', [4, 'RShift']],
  ['+', [5, 'Add']],
  ['-', [5, 'Sub']],
  ['*', [6, 'Mult']],
  ['/', [6, 'Div']],
  ['//', [6, 'FloorDiv']],
  ['%', [6, 'Mod']],
  ['@', [6, 'MatMult']],
]);

/** `bitwise_or` and what binds tighter, by precedence climbing. */
export function parseBinary(cursor: Cursor, level: number): Expression {
  const { start } = cursor.peek();
  let left = parseFactor(cursor);
  for (let chain = 0; ; chain += 1) {
    const token = cursor.peek();
    const found = token.kind === 'op' ? BINARY.get(token.text) : undefined;
    if (found === undefined || found[0] < level) return left;
    if (chain > MAX_CHAIN) cursor.fail('too many operators in a row');
    cursor.take();
    const right = parseBinary(cursor, found[0] + 1);
    left = { kind: 'BinOp', op: found[1], left, right, start, end: cursor.taken };
  }
}

const UNARY = new Map([
  ['-', 'USub'],
  ['+', 'UAdd'],
  ['~', 'Invert'],
] as const);

/** `factor: ('+' | '-' | '~') factor | power`; `power: await_primary ['**' factor]`. */
function parseFactor(cursor: Cursor): Expression {
  return cursor.nest(
    () => {
      const { start, text, kind } = cursor.peek();
      const op = kind === 'op' && (text === '-' || text === '+' || text === '~') ? UNARY.get(text) : undefined;
      if (op !== undefined) {
        cursor.take();
        const operand = parseFactor(cursor);
        return { kind: 'UnaryOp', op, operand, start, end: cursor.taken };
      }
      const waits = cursor.eat('await');
      const primary = parsePrimary(cursor);
      const left: Expression = waits ? { kind: 'Await', value: primary, start, end: cursor.taken } : primary;
      if (!cursor.eat('**')) return left;
      const right = parseFactor(cursor);
      return { kind: 'BinOp', op: 'Pow', left, right, start, end: cursor.taken };
    },
    () => {
      cursor.fail('the nesting is too deep');
      return cursor.nothing();
    },
  );
}
