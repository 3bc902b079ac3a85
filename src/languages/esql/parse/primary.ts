import { cover } from '../../../base/span.ts';
import type { EsqlExpr, EsqlMap, EsqlNumber, EsqlPart, EsqlString } from '../ast.ts';
import type { EsqlToken } from '../lexer.ts';
import { isTimeUnit } from '../timespan.ts';
import { parameterKind, parseName } from './names.ts';
import type { EsqlTokens } from './tokens.ts';

/** What is read inside of brackets. */
export interface Expressions {
  expression(): EsqlExpr;
  sum(): EsqlExpr;
}

/** primary: atom ( `::` name )* */
export function parsePrimary(tokens: EsqlTokens, expressions: Expressions): EsqlExpr {
  let item = atom(tokens, expressions);
  for (let levels = 0; tokens.accept('::') !== undefined && !tokens.isTooDeep(levels); levels += 1) {
    const word = tokens.accept('word') ?? tokens.accept('quoted');
    if (word === undefined) {
      tokens.expected('a type');
      return item;
    }
    const type: EsqlPart = { text: word.value, written: 'plain', span: tokens.spanOf(word) };
    item = { kind: 'cast', item, type, span: cover(item.span, type.span) };
  }
  return item;
}

/** atom: constant | `(` boolean-expression `)` | function-call | qualified-name | parameter */
function atom(tokens: EsqlTokens, expressions: Expressions): EsqlExpr {
  const token = tokens.peek();
  const span = tokens.spanOf(token);
  switch (token.kind) {
    case 'string':
      tokens.next();
      return { kind: 'string', value: token.value, span };
    case 'integer':
    case 'decimal':
      return number(tokens);
    case '[':
      return array(tokens, expressions);
    case '{':
      return parseMap(tokens, expressions);
    case '(': {
      tokens.next();
      const inner = expressions.expression();
      const close = tokens.take(')');
      // What stands in brackets is wider than its span says otherwise: messages show them.
      return { ...inner, span: close === undefined ? inner.span : cover(span, tokens.spanOf(close)) };
    }
    case 'parameter':
      return parameter(tokens, token, expressions);
    default:
      return word(tokens, expressions);
  }
}

/** number: digits and a unit of time, or a number */
function number(tokens: EsqlTokens): EsqlExpr {
  const token = tokens.next();
  const span = tokens.spanOf(token);
  const count: EsqlNumber = { kind: 'number', text: token.text, whole: token.kind === 'integer', span };
  const unit = tokens.peek();
  if (token.kind !== 'integer' || unit.kind !== 'word' || !isTimeUnit(unit.text)) return count;
  tokens.next();
  return { kind: 'timespan', count, unit: unit.text.toLowerCase(), span: cover(span, tokens.spanOf(unit)) };
}

/** array: `[` constant ( `,` constant )* `]` */
function array(tokens: EsqlTokens, expressions: Expressions): EsqlExpr {
  const start = tokens.spanOf(tokens.next());
  const items = [expressions.sum()];
  while (tokens.accept(',') !== undefined) items.push(expressions.sum());
  const close = tokens.take(']');
  return { kind: 'array', items, span: close === undefined ? start : cover(start, tokens.spanOf(close)) };
}

/** map: `{` ( string `:` constant ( `,` string `:` constant )* )? `}` */
export function parseMap(tokens: EsqlTokens, expressions: Expressions): EsqlMap {
  const start = tokens.spanOf(tokens.peek());
  tokens.take('{');
  const entries: { key: EsqlString; value: EsqlExpr }[] = [];
  while (tokens.at('string')) {
    const key = tokens.next();
    tokens.take(':');
    const value = tokens.deeper(() => expressions.sum());
    entries.push({ key: { kind: 'string', value: key.value, span: tokens.spanOf(key) }, value });
    if (tokens.accept(',') === undefined) break;
  }
  const close = tokens.take('}');
  return { kind: 'map', entries, span: close === undefined ? start : cover(start, tokens.spanOf(close)) };
}

/** parameter: `?` name, or where a name may stand `??` name */
function parameter(tokens: EsqlTokens, token: EsqlToken, expressions: Expressions): EsqlExpr {
  const next = tokens.peek(1).kind;
  if (next === '(') return call(tokens, expressions);
  if (token.text.startsWith('??') || next === '.') {
    const name = parseName(tokens);
    if (name !== undefined) return name;
  }
  tokens.next();
  return { kind: 'parameter', name: token.value, span: tokens.spanOf(token) };
}

/** A constant's word, a function or a column. `FIRST` and `LAST` are functions where a bracket follows. */
function word(tokens: EsqlTokens, expressions: Expressions): EsqlExpr {
  const token = tokens.peek();
  const span = tokens.spanOf(token);
  if (token.kind === 'word') {
    const text = token.text.toLowerCase();
    if (text === 'true' || text === 'false') {
      tokens.next();
      return { kind: 'boolean', value: text === 'true', span };
    }
    if (text === 'null') {
      tokens.next();
      return { kind: 'null', span };
    }
  }
  const isCall = (token.kind === 'word' || token.kind === 'quoted') && tokens.peek(1).kind === '(';
  if (isCall && !['and', 'or', 'not', 'in', 'like', 'rlike', 'by', 'where'].includes(token.text.toLowerCase())) {
    return call(tokens, expressions);
  }
  const name = parseName(tokens);
  if (name !== undefined) return name;
  tokens.expected('an expression');
  return tokens.error();
}

/** function-call: name `(` ( `*` | expression ( `,` expression )* )? ( `,` map )? `)` */
function call(tokens: EsqlTokens, expressions: Expressions): EsqlExpr {
  const token = tokens.next();
  const written = token.kind === 'quoted' ? 'quoted' : token.kind === 'parameter' ? parameterKind(token) : 'plain';
  const name: EsqlPart = { text: token.value, written, span: tokens.spanOf(token) };
  tokens.take('(');
  const args: EsqlExpr[] = [];
  if (tokens.at('*') && tokens.peek(1).kind === ')') args.push({ kind: 'star', span: tokens.spanOf(tokens.next()) });
  else if (!tokens.at(')')) {
    do args.push(tokens.at('{') ? parseMap(tokens, expressions) : expressions.expression());
    while (tokens.accept(',') !== undefined);
  }
  const close = tokens.take(')');
  return { kind: 'call', name, args, span: close === undefined ? name.span : cover(name.span, tokens.spanOf(close)) };
}
