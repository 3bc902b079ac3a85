import type { Alias, BinaryOperator, Expression, Handler, Keyword, Stmt, With } from './ast.ts';
import type { Cursor } from './cursor.ts';
import {
  parseArguments,
  parseExpression,
  parseExpressions,
  parseNamed,
  parseParameters,
  parseTargets,
  parseYield,
  startsExpression,
} from './parse-expression.ts';
import { atMatch, parseMatch } from './parse-match.ts';

/** `statements`, up to the end of the block. */
export function parseStatements(cursor: Cursor): Stmt[] {
  const found: Stmt[] = [];
  while (!cursor.ended && !cursor.at('dedent')) {
    if (cursor.accept('newline') === undefined) parseStatement(cursor, found);
  }
  return found;
}

/** `block: NEWLINE INDENT statements DEDENT | simple_stmts`. */
function parseBlock(cursor: Cursor): Stmt[] {
  cursor.expect(':');
  if (cursor.accept('newline') === undefined) {
    const found: Stmt[] = [];
    parseSimpleStatements(cursor, found);
    return found;
  }
  if (cursor.accept('indent') === undefined) cursor.fail('an indented block is missing');
  const found = cursor.nest(
    () => parseStatements(cursor),
    () => {
      cursor.fail('the nesting is too deep');
      return [];
    },
  );
  if (cursor.accept('dedent') === undefined && !cursor.ended) cursor.fail('the block does not end');
  return found;
}

function parseStatement(cursor: Cursor, found: Stmt[]): void {
  const { start, text, kind } = cursor.peek();
  const word = kind === 'name' ? text : kind === 'op' && text === '@' ? '@' : '';
  if (atMatch(cursor)) {
    found.push(parseMatch(cursor, parseBlock));
    return;
  }
  switch (word) {
    case 'if':
      found.push(parseIf(cursor));
      return;
    case 'while': {
      cursor.take();
      const test = parseNamed(cursor);
      const body = parseBlock(cursor);
      found.push({ kind: 'While', test, body, orelse: parseElse(cursor), start, end: cursor.taken });
      return;
    }
    case 'for':
      found.push(parseFor(cursor, 'For', start));
      return;
    case 'try':
      found.push(parseTry(cursor));
      return;
    case 'with':
      found.push(parseWith(cursor, 'With', start));
      return;
    case 'def':
    case 'class':
    case '@':
      found.push(parseDefinition(cursor));
      return;
    case 'async':
      if (cursor.sees('def', 1)) found.push(parseDefinition(cursor));
      else {
        cursor.take();
        if (cursor.sees('for')) found.push(parseFor(cursor, 'AsyncFor', start));
        else if (cursor.sees('with')) found.push(parseWith(cursor, 'AsyncWith', start));
        else cursor.fail('a statement is missing');
      }
      return;
    default:
      parseSimpleStatements(cursor, found);
  }
}

function parseElse(cursor: Cursor): Stmt[] {
  return cursor.eat('else') ? parseBlock(cursor) : [];
}

/** `if_stmt: 'if' named_expression block (elif_stmt | [else_block])`. */
function parseIf(cursor: Cursor): Stmt {
  return cursor.nest(
    (): Stmt => {
      const { start } = cursor.take();
      const test = parseNamed(cursor);
      const body = parseBlock(cursor);
      const orelse = cursor.sees('elif') ? [parseIf(cursor)] : parseElse(cursor);
      return { kind: 'If', test, body, orelse, start, end: cursor.taken };
    },
    (): Stmt => {
      cursor.fail('the nesting is too deep');
      return { kind: 'Pass', start: 0, end: 0 };
    },
  );
}

function parseFor(cursor: Cursor, kind: 'For' | 'AsyncFor', start: number): Stmt {
  cursor.take();
  const target = parseTargets(cursor);
  cursor.expect('in');
  const iter = parseExpressions(cursor);
  const body = parseBlock(cursor);
  return { kind, target, iter, body, orelse: parseElse(cursor), start, end: cursor.taken };
}

function parseTry(cursor: Cursor): Stmt {
  const { start } = cursor.take();
  const body = parseBlock(cursor);
  const handlers: Handler[] = [];
  while (cursor.eat('except')) {
    if (cursor.sees('*')) cursor.fail('`except*` is not read');
    const type = cursor.sees(':') ? null : parseExpressions(cursor);
    const name = cursor.eat('as') ? cursor.identifier() : null;
    handlers.push({ type, name, body: parseBlock(cursor) });
  }
  const orelse = parseElse(cursor);
  const finalbody = cursor.eat('finally') ? parseBlock(cursor) : [];
  if (handlers.length === 0 && finalbody.length === 0) cursor.fail('`except` is missing');
  return { kind: 'Try', body, handlers, orelse, finalbody, start, end: cursor.taken };
}

function parseWith(cursor: Cursor, kind: With['kind'], start: number): Stmt {
  cursor.take();
  const items: With['items'][number][] = [];
  do {
    const value = parseExpression(cursor);
    items.push({ context_expr: value, optional_vars: cursor.eat('as') ? parseTarget(cursor) : null });
  } while (cursor.eat(','));
  return { kind, items, body: parseBlock(cursor), start, end: cursor.taken };
}

function parseTarget(cursor: Cursor): Expression {
  return parseExpression(cursor);
}

function parseDefinition(cursor: Cursor): Stmt {
  const decorators: Expression[] = [];
  const first = cursor.peek().start;
  while (cursor.eat('@')) {
    decorators.push(parseNamed(cursor));
    if (cursor.accept('newline') === undefined) cursor.fail('a line end is missing');
  }
  const { start } = cursor.peek();
  const isAsync = cursor.eat('async');
  if (cursor.eat('def')) {
    const name = cursor.identifier();
    cursor.expect('(');
    const args = parseParameters(cursor, ')', true);
    cursor.expect(')');
    const returns = cursor.eat('->') ? parseExpressions(cursor) : null;
    const body = parseBlock(cursor);
    const kind = isAsync ? 'AsyncFunctionDef' : 'FunctionDef';
    return { kind, name, args, body, decorator_list: decorators, returns, start, end: cursor.taken };
  }
  if (!cursor.eat('class')) cursor.fail('a definition is missing', first);
  const name = cursor.identifier();
  let bases: Expression[] = [];
  let keywords: Keyword[] = [];
  if (cursor.eat('(')) {
    const given = parseArguments(cursor);
    bases = given.args;
    keywords = given.keywords;
    cursor.expect(')');
  }
  const body = parseBlock(cursor);
  return { kind: 'ClassDef', name, bases, keywords, body, decorator_list: decorators, start, end: cursor.taken };
}

/** `simple_stmts: ';'.simple_stmt+ [';'] NEWLINE`. */
function parseSimpleStatements(cursor: Cursor, found: Stmt[]): void {
  do {
    if (cursor.at('newline')) break;
    found.push(parseSimple(cursor));
  } while (cursor.eat(';'));
  if (cursor.accept('newline') === undefined && !cursor.ended) cursor.fail('a line end is missing');
}

const AUGMENTED: ReadonlyMap<string, BinaryOperator> = new Map([
  ['+=', 'Add'],
  ['-=', 'Sub'],
  ['*=', 'Mult'],
  ['/=', 'Div'],
  ['//=', 'FloorDiv'],
  ['%=', 'Mod'],
  ['@=', 'MatMult'],
  ['&=', 'BitAnd'],
  ['|=', 'BitOr'],
  ['^=', 'BitXor'],
  ['<<=', 'LShift'],
  ['>>=', 'RShift'],
  ['**=', 'Pow'],
]);

function parseSimple(cursor: Cursor): Stmt {
  const { start, text, kind } = cursor.peek();
  switch (kind === 'name' ? text : '') {
    case 'pass':
    case 'break':
    case 'continue':
      cursor.take();
      return {
        kind: text === 'pass' ? 'Pass' : text === 'break' ? 'Break' : 'Continue',
        start,
        end: cursor.taken,
      };
    case 'return': {
      cursor.take();
      const value = startsExpression(cursor) ? parseExpressions(cursor) : null;
      return { kind: 'Return', value, start, end: cursor.taken };
    }
    case 'raise': {
      cursor.take();
      const exc = startsExpression(cursor) ? parseExpression(cursor) : null;
      const cause = exc !== null && cursor.eat('from') ? parseExpression(cursor) : null;
      return { kind: 'Raise', exc, cause, start, end: cursor.taken };
    }
    case 'del': {
      cursor.take();
      const target = parseExpressions(cursor);
      const targets = target.kind === 'Tuple' ? target.elts : [target];
      return { kind: 'Delete', targets, start, end: cursor.taken };
    }
    case 'assert': {
      cursor.take();
      const test = parseExpression(cursor);
      const msg = cursor.eat(',') ? parseExpression(cursor) : null;
      return { kind: 'Assert', test, msg, start, end: cursor.taken };
    }
    case 'global':
    case 'nonlocal': {
      cursor.take();
      const names = [cursor.identifier()];
      while (cursor.eat(',')) names.push(cursor.identifier());
      return { kind: text === 'global' ? 'Global' : 'Nonlocal', names, start, end: cursor.taken };
    }
    case 'import': {
      cursor.take();
      const names = [dottedAlias(cursor)];
      while (cursor.eat(',')) names.push(dottedAlias(cursor));
      return { kind: 'Import', names, start, end: cursor.taken };
    }
    case 'from':
      return parseFrom(cursor);
    default:
      return parseExpressionStatement(cursor);
  }
}

function dotted(cursor: Cursor): string {
  let name = cursor.identifier();
  while (cursor.eat('.')) name += `.${cursor.identifier()}`;
  return name;
}

function dottedAlias(cursor: Cursor): Alias {
  const name = dotted(cursor);
  return { name, asname: cursor.eat('as') ? cursor.identifier() : null };
}

function parseFrom(cursor: Cursor): Stmt {
  const { start } = cursor.take();
  let level = 0;
  for (;;) {
    if (cursor.eat('...')) level += 3;
    else if (cursor.eat('.')) level += 1;
    else break;
  }
  const module = cursor.sees('import') ? null : dotted(cursor);
  cursor.expect('import');
  if (cursor.eat('*')) {
    return { kind: 'ImportFrom', module, names: [{ name: '*', asname: null }], level, start, end: cursor.taken };
  }
  const inBrackets = cursor.eat('(');
  const names: Alias[] = [];
  do {
    if (inBrackets && cursor.sees(')')) break;
    const name = cursor.identifier();
    names.push({ name, asname: cursor.eat('as') ? cursor.identifier() : null });
  } while (cursor.eat(','));
  if (inBrackets) cursor.expect(')');
  return { kind: 'ImportFrom', module, names, level, start, end: cursor.taken };
}

/** An expression, or what is assigned to one: `assignment | star_expressions`. */
function parseExpressionStatement(cursor: Cursor): Stmt {
  const { start, text, kind } = cursor.peek();
  if (kind === 'name' && (text === 'match' || text === 'type') && startsSoftStatement(cursor)) {
    cursor.fail(`\`${text}\` statements are not read`);
    return { kind: 'Pass', start, end: start };
  }
  const value = (): Expression => (cursor.sees('yield') ? parseYield(cursor) : parseExpressions(cursor));
  const first = value();
  if (cursor.eat(':')) {
    const annotation = parseExpression(cursor);
    const assigned = cursor.eat('=') ? value() : null;
    if (!isTarget(first)) cursor.fail('this cannot be assigned to', start);
    return { kind: 'AnnAssign', target: first, annotation, value: assigned, start, end: cursor.taken };
  }
  const operator = cursor.peek();
  const op = operator.kind === 'op' ? AUGMENTED.get(operator.text) : undefined;
  if (op !== undefined) {
    cursor.take();
    if (!isTarget(first) || first.kind === 'Tuple') cursor.fail('this cannot be assigned to', start);
    const assigned = value();
    return { kind: 'AugAssign', target: first, op, value: assigned, start, end: cursor.taken };
  }
  if (!cursor.sees('=')) return { kind: 'Expr', value: first, start, end: cursor.taken };
  const targets: Expression[] = [];
  let last = first;
  while (cursor.eat('=')) {
    if (!isTarget(last)) cursor.fail('this cannot be assigned to', last.start);
    targets.push(last);
    last = value();
  }
  return { kind: 'Assign', targets, value: last, start, end: cursor.taken };
}

function isTarget(expr: Expression): boolean {
  switch (expr.kind) {
    case 'Name':
    case 'Attribute':
    case 'Subscript':
      return true;
    case 'Starred':
      return isTarget(expr.value);
    case 'Tuple':
    case 'List':
      return expr.elts.every(isTarget);
    default:
      return false;
  }
}

/** Whether `match` or `type` begins a statement of that name: then another word, a string or a number follows it. */
function startsSoftStatement(cursor: Cursor): boolean {
  const after = cursor.peek(1);
  if (after.kind === 'string' || after.kind === 'number') return true;
  return after.kind === 'name' && !['in', 'is', 'and', 'or', 'not', 'if', 'else', 'for'].includes(after.text);
}
