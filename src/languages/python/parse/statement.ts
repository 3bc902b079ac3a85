import type { Expression, Handler, Keyword, Stmt, With } from '../ast.ts';
import { parseArguments } from './arguments.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression, parseExpressions, parseNamed, parseTargets } from './expression.ts';
import { atMatch, parseMatch } from './match.ts';
import { parseParameters } from './parameters.ts';
import { parseSimpleStatements } from './simple-statement.ts';

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
    items.push({ context_expr: value, optional_vars: cursor.eat('as') ? parseExpression(cursor) : null });
  } while (cursor.eat(','));
  return { kind, items, body: parseBlock(cursor), start, end: cursor.taken };
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
