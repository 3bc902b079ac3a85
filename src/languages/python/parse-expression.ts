import type {
  BinaryOperator,
  CompareOperator,
  Comprehension,
  Constant,
  Expression,
  Generator,
  Keyword,
  Name,
  Parameter,
  Parameters,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseStrings } from './parse-string.ts';

/** How many operators of one kind may stand in a row: each makes the tree one level deeper. */
const MAX_CHAIN = 400;

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

function parseName(cursor: Cursor): Name {
  const { start } = cursor.peek();
  const id = cursor.identifier();
  return { kind: 'Name', id, start, end: cursor.taken };
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

/** Parameters up to a closing token that is left standing. */
export function parseParameters(cursor: Cursor, close: string, annotated: boolean): Parameters {
  const one = (): Parameter => {
    const arg = cursor.identifier();
    return { arg, annotation: annotated && cursor.eat(':') ? parseStarred(cursor) : null };
  };
  let posonlyargs: Parameter[] = [];
  let args: Parameter[] = [];
  const defaults: Expression[] = [];
  const kwonlyargs: Parameter[] = [];
  const kwDefaults: (Expression | null)[] = [];
  let vararg: Parameter | null = null;
  let kwarg: Parameter | null = null;
  let named = false;
  while (!cursor.sees(close) && !cursor.ended) {
    if (cursor.eat('**')) kwarg = one();
    else if (cursor.eat('*')) {
      named = true;
      if (!cursor.sees(',')) vararg = one();
    } else if (cursor.eat('/')) {
      posonlyargs = args;
      args = [];
    } else {
      const parameter = one();
      const value = cursor.eat('=') ? parseExpression(cursor) : null;
      if (named) {
        kwonlyargs.push(parameter);
        kwDefaults.push(value);
      } else {
        args.push(parameter);
        if (value !== null) defaults.push(value);
        else if (defaults.length > 0) cursor.fail('a parameter without a default follows one with');
      }
    }
    if (!cursor.eat(',')) break;
  }
  return { posonlyargs, args, vararg, kwonlyargs, kw_defaults: kwDefaults, kwarg, defaults };
}

/** `disjunction: conjunction ('or' conjunction)*`. */
function parseDisjunction(cursor: Cursor): Expression {
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

/** `primary: atom ('.' NAME | '(' [arguments] ')' | '[' slices ']')*`. */
function parsePrimary(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  let found = parseAtom(cursor);
  for (let chain = 0; !cursor.ended; chain += 1) {
    if (chain > MAX_CHAIN) cursor.fail('too many operators in a row');
    if (cursor.eat('.')) {
      const attr = cursor.identifier();
      found = { kind: 'Attribute', value: found, attr, start, end: cursor.taken };
    } else if (cursor.eat('(')) {
      const { args, keywords } = parseArguments(cursor);
      cursor.expect(')');
      found = { kind: 'Call', func: found, args, keywords, start, end: cursor.taken };
    } else if (cursor.eat('[')) {
      const slice = parseSlices(cursor);
      cursor.expect(']');
      found = { kind: 'Subscript', value: found, slice, start, end: cursor.taken };
    } else break;
  }
  return found;
}

/** `arguments`, up to the closing bracket. */
export function parseArguments(cursor: Cursor): { readonly args: Expression[]; readonly keywords: Keyword[] } {
  const args: Expression[] = [];
  const keywords: Keyword[] = [];
  while (!cursor.sees(')') && !cursor.ended) {
    const { start } = cursor.peek();
    if (cursor.eat('**')) keywords.push({ arg: null, value: parseExpression(cursor) });
    else if (cursor.eat('*')) {
      const value = parseExpression(cursor);
      args.push({ kind: 'Starred', value, start, end: cursor.taken });
    } else if (cursor.atIdentifier && cursor.sees('=', 1)) {
      const arg = cursor.identifier();
      cursor.take();
      keywords.push({ arg, value: parseExpression(cursor) });
    } else {
      const value = parseNamed(cursor);
      args.push(atComprehension(cursor) ? comprehension(cursor, 'GeneratorExp', value, null, start) : value);
    }
    if (!cursor.eat(',')) break;
  }
  return { args, keywords };
}

/** `slices: slice !',' | ','.slice+ [',']`. */
function parseSlices(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const first = parseSlice(cursor);
  if (!cursor.sees(',')) return first;
  const elts = [first];
  while (cursor.eat(',') && !cursor.sees(']')) elts.push(parseSlice(cursor));
  return { kind: 'Tuple', elts, start, end: cursor.taken };
}

function parseSlice(cursor: Cursor): Expression {
  const { start } = cursor.peek();
  const bound = (): Expression | null =>
    cursor.sees(':') || cursor.sees(']') || cursor.sees(',') ? null : parseExpression(cursor);
  if (!cursor.sees(':')) {
    const first = parseStarred(cursor);
    if (!cursor.sees(':')) return first;
    return rest(first);
  }
  return rest(null);
  function rest(lower: Expression | null): Expression {
    cursor.expect(':');
    const upper = bound();
    const step = cursor.eat(':') ? bound() : null;
    return { kind: 'Slice', lower, upper, step, start, end: cursor.taken };
  }
}

function atComprehension(cursor: Cursor): boolean {
  return cursor.sees('for') || (cursor.sees('async') && cursor.sees('for', 1));
}

function comprehension(
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
    const target = parseTargets(cursor);
    cursor.expect('in');
    const iter = parseDisjunction(cursor);
    const ifs: Expression[] = [];
    while (cursor.eat('if')) ifs.push(cursor.sees('lambda') ? parseExpression(cursor) : parseNamedDisjunction(cursor));
    generators.push({ target, iter, ifs, is_async: isAsync });
  }
  return { kind, elt, value, generators, start, end: cursor.taken };
}

function parseNamedDisjunction(cursor: Cursor): Expression {
  return cursor.atIdentifier && cursor.sees(':=', 1) ? parseNamed(cursor) : parseDisjunction(cursor);
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

const STARTS: ReadonlySet<string> = new Set(['(', '[', '{', '-', '+', '~', '...', '*']);
const STARTING_WORDS: ReadonlySet<string> = new Set(['None', 'True', 'False', 'not', 'lambda', 'await', 'yield']);

export function startsExpression(cursor: Cursor): boolean {
  const token = cursor.peek();
  if (token.kind === 'number' || token.kind === 'string') return true;
  if (token.kind === 'op') return STARTS.has(token.text);
  return cursor.atIdentifier || (token.kind === 'name' && STARTING_WORDS.has(token.text));
}

function parseAtom(cursor: Cursor): Expression {
  const token = cursor.peek();
  const { start } = token;
  switch (token.kind) {
    case 'string':
      return parseStrings(cursor, (inner) => (inner.sees('yield') ? parseYield(inner) : parseExpressions(inner)));
    case 'number':
      cursor.take();
      return number(token.text, start, token.end);
    case 'name': {
      const word = WORDS.get(token.text);
      if (word === undefined) return parseName(cursor);
      cursor.take();
      return { kind: 'Constant', ...word, start, end: token.end };
    }
    case 'op':
      if (token.text === '(') return parseParenthesised(cursor);
      if (token.text === '[') return parseList(cursor);
      if (token.text === '{') return parseBraces(cursor);
      if (token.text === '...') {
        cursor.take();
        return { kind: 'Constant', type: 'ellipsis', value: null, start, end: token.end };
      }
      break;
    case 'newline':
    case 'indent':
    case 'dedent':
    case 'end':
      break;
  }
  cursor.fail('an expression is missing');
  return cursor.nothing();
}

const WORDS = new Map<string, Pick<Constant, 'type' | 'value'>>([
  ['None', { type: 'none', value: null }],
  ['True', { type: 'bool', value: true }],
  ['False', { type: 'bool', value: false }],
]);

function number(text: string, start: number, end: number): Constant {
  const plain = text.replaceAll('_', '');
  const node = { kind: 'Constant' as const, start, end };
  if (/^0[xob]/i.test(plain)) return { ...node, type: 'int', value: BigInt(plain).toString() };
  if (/j$/i.test(plain)) return { ...node, type: 'complex', value: Number(plain.slice(0, -1)) };
  if (/[.e]/i.test(plain)) return { ...node, type: 'float', value: Number(plain) };
  return { ...node, type: 'int', value: BigInt(plain).toString() };
}

function parseParenthesised(cursor: Cursor): Expression {
  const { start } = cursor.take();
  if (cursor.eat(')')) return { kind: 'Tuple', elts: [], start, end: cursor.taken };
  if (cursor.sees('yield')) {
    const value = parseYield(cursor);
    cursor.expect(')');
    return value;
  }
  const first = parseStarred(cursor);
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
  while (cursor.eat(',') && !cursor.sees(')')) elts.push(parseStarred(cursor));
  cursor.expect(')');
  return { kind: 'Tuple', elts, start, end: cursor.taken };
}

function parseList(cursor: Cursor): Expression {
  const { start } = cursor.take();
  if (cursor.eat(']')) return { kind: 'List', elts: [], start, end: cursor.taken };
  const first = parseStarred(cursor);
  if (atComprehension(cursor)) {
    const found = comprehension(cursor, 'ListComp', first, null, start);
    cursor.expect(']');
    return { ...found, end: cursor.taken };
  }
  const elts = [first];
  while (cursor.eat(',') && !cursor.sees(']')) elts.push(parseStarred(cursor));
  cursor.expect(']');
  return { kind: 'List', elts, start, end: cursor.taken };
}

function parseBraces(cursor: Cursor): Expression {
  const { start } = cursor.take();
  if (cursor.eat('}')) return { kind: 'Dict', keys: [], values: [], start, end: cursor.taken };
  if (!cursor.sees('**')) {
    const first = parseStarred(cursor);
    if (!cursor.sees(':')) return parseSet(cursor, first, start);
    cursor.take();
    const value = parseExpression(cursor);
    if (atComprehension(cursor)) {
      const found = comprehension(cursor, 'DictComp', first, value, start);
      cursor.expect('}');
      return { ...found, end: cursor.taken };
    }
    return parseDict(cursor, [first], [value], start);
  }
  cursor.take();
  return parseDict(cursor, [null], [parseBinary(cursor, 1)], start);
}

function parseSet(cursor: Cursor, first: Expression, start: number): Expression {
  if (atComprehension(cursor)) {
    const found = comprehension(cursor, 'SetComp', first, null, start);
    cursor.expect('}');
    return { ...found, end: cursor.taken };
  }
  const elts = [first];
  while (cursor.eat(',') && !cursor.sees('}')) elts.push(parseStarred(cursor));
  cursor.expect('}');
  return { kind: 'Set', elts, start, end: cursor.taken };
}

function parseDict(cursor: Cursor, keys: (Expression | null)[], values: Expression[], start: number): Expression {
  while (cursor.eat(',') && !cursor.sees('}')) {
    if (cursor.eat('**')) {
      keys.push(null);
      values.push(parseBinary(cursor, 1));
      continue;
    }
    keys.push(parseExpression(cursor));
    cursor.expect(':');
    values.push(parseExpression(cursor));
  }
  cursor.expect('}');
  return { kind: 'Dict', keys, values, start, end: cursor.taken };
}
