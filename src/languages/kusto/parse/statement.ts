import type { FunctionDeclaration, LetStatement, Parameter, Statement } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { columnDeclaration, nameOrReport, typeName, wildcard } from './name.ts';
import { pipe } from './pipe.ts';

/** `query := statement (';' statement)* [';']` */
export function query(cursor: Cursor): readonly Statement[] {
  return statements(cursor, () => cursor.at('end'));
}

/** `block := '{' [statement (';' statement)* [';']] '}'` */
export function block(cursor: Cursor): readonly Statement[] {
  if (!cursor.expect('{')) return [];
  const found = statements(cursor, () => cursor.at('end') || cursor.sees('}'));
  cursor.expect('}');
  return found;
}

function statements(cursor: Cursor, atEnd: () => boolean): readonly Statement[] {
  const found: Statement[] = [];
  while (!atEnd()) {
    const before = cursor.mark();
    // Nothing between two semicolons is no statement.
    if (cursor.sees(';')) cursor.expected('a statement');
    else found.push(statement(cursor));
    endStatement(cursor);
    cursor.take(';');
    if (cursor.mark() === before) cursor.next();
  }
  return found;
}

/** `statement := let | set | declare | alias | restrict | pipe` */
function statement(cursor: Cursor): Statement {
  if (atLet(cursor)) return letStatement(cursor);
  if (cursor.peek(1).kind === 'name') {
    if (cursor.seesWord('set')) return set(cursor);
    if (cursor.seesWord('alias')) return alias(cursor);
    if (cursor.seesWord('restrict')) return restrict(cursor);
    if (cursor.seesWord('declare')) return declare(cursor);
  }
  const value = pipe(cursor);
  if (value.kind === 'bad') return { kind: 'bad-statement', span: value.span };
  return { kind: 'expression', value, span: value.span };
}

/** After a statement comes `;` or the end; without it, what is left of the statement is skipped. */
function endStatement(cursor: Cursor): void {
  if (cursor.atEnd() || cursor.sees('}')) return;
  cursor.expected('`;` or `|`');
  let depth = 0;
  while (!cursor.atEnd()) {
    if (depth === 0 && (cursor.sees('}') || atLet(cursor))) return;
    if (cursor.sees('{', '(', '[')) depth += 1;
    if (cursor.sees('}', ')', ']') && depth > 0) depth -= 1;
    cursor.next();
  }
}

function atLet(cursor: Cursor): boolean {
  return cursor.seesWord('let') && (cursor.peek(1).kind === 'name' || cursor.peek(1).text === '[');
}

/** `let := 'let' name '=' (function | pipe)` */
function letStatement(cursor: Cursor): LetStatement {
  const { start } = cursor.next();
  const name = nameOrReport(cursor, 'a name');
  cursor.expect('=');
  const value = atFunction(cursor) ? declaredFunction(cursor) : pipe(cursor);
  return { kind: 'let', name, value, span: cursor.since(start) };
}

function atFunction(cursor: Cursor): boolean {
  const open = cursor.seesWord('view') ? 1 : 0;
  if (cursor.peek(open).text !== '(') return false;
  const inside = cursor.peek(open + 1);
  const after = cursor.peek(open + 2);
  if (inside.text === ')') return after.text === '{';
  return inside.kind === 'name' && after.kind === 'symbol' && after.text === ':';
}

/** `function := ['view'] '(' [parameter (',' parameter)*] ')' block` */
function declaredFunction(cursor: Cursor): FunctionDeclaration {
  const { start } = cursor.peek();
  const view = cursor.takeWord('view');
  const parameters = cursor.bracketed('(', () => parameter(cursor));
  const body = cursor.nest<readonly Statement[]>(
    () => block(cursor),
    () => {
      cursor.tooDeep();
      return [];
    },
  );
  return { kind: 'function', view, parameters, body, span: cursor.since(start) };
}

/** `parameter := name ':' (type ['=' expression] | '(' '*' ')' | '(' declarations ')')` */
function parameter(cursor: Cursor): Parameter {
  const { start } = cursor.peek();
  const name = nameOrReport(cursor, 'a parameter name');
  cursor.expect(':');
  if (!cursor.sees('(')) {
    const type = typeName(cursor);
    const value = cursor.take('=') ? cursor.grammar.expression(cursor) : undefined;
    return { name, type, value, span: cursor.since(start) };
  }
  if (cursor.peek(1).text === '*') {
    cursor.next();
    cursor.next();
    cursor.closing(')');
    return { name, type: null, value: undefined, span: cursor.since(start) };
  }
  const columns = cursor.bracketed('(', () => columnDeclaration(cursor));
  return { name, type: columns, value: undefined, span: cursor.since(start) };
}

/** `set := 'set' name ['=' expression]` */
function set(cursor: Cursor): Statement {
  const { start } = cursor.next();
  const name = nameOrReport(cursor, 'a request property');
  const value = cursor.take('=') ? cursor.grammar.expression(cursor) : undefined;
  return { kind: 'set', name, value, span: cursor.since(start) };
}

/** `alias := 'alias' 'database' name '=' expression` */
function alias(cursor: Cursor): Statement {
  const { start } = cursor.next();
  cursor.expectWord('database');
  const name = nameOrReport(cursor, 'a name');
  cursor.expect('=');
  return { kind: 'alias', name, value: cursor.grammar.expression(cursor), span: cursor.since(start) };
}

/** `restrict := 'restrict' 'access' 'to' '(' (name | word with '*') (',' …)* ')'` */
function restrict(cursor: Cursor): Statement {
  const { start } = cursor.next();
  cursor.expectWord('access');
  cursor.expectWord('to');
  const to = cursor.bracketed('(', () => {
    const pattern = wildcard(cursor);
    if (pattern === undefined) return cursor.grammar.expression(cursor);
    return { kind: 'star', pattern: pattern.text, span: pattern.span } as const;
  });
  return { kind: 'restrict', to, span: cursor.since(start) };
}

/** `declare := 'declare' 'query_parameters' '(' parameter (',' parameter)* ')' | 'declare' 'pattern' …` */
function declare(cursor: Cursor): Statement {
  const { start } = cursor.next();
  if (cursor.takeWord('query_parameters')) {
    const parameters = cursor.bracketed('(', () => parameter(cursor));
    return { kind: 'parameters', parameters, span: cursor.since(start) };
  }
  const from = cursor.peek().start;
  let depth = 0;
  while (!cursor.at('end') && !(depth === 0 && cursor.sees(';', '}'))) {
    if (cursor.sees('{', '(')) depth += 1;
    if (cursor.sees('}', ')')) depth -= 1;
    cursor.next();
  }
  return { kind: 'other-statement', word: 'declare', text: cursor.textSince(from), span: cursor.since(start) };
}
