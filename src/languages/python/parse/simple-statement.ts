import type { Alias, BinaryOperator, Expression, Stmt } from '../ast.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression, parseExpressions, parseYield } from './expression.ts';
import { startsExpression } from './starts.ts';

/** `simple_stmts: ';'.simple_stmt+ [';'] NEWLINE`. */
export function parseSimpleStatements(cursor: Cursor, found: Stmt[]): void {
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
