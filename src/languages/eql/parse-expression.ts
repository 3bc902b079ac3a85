import { diagnostic } from '../../base/diagnostic.ts';
import { cover } from '../../base/span.ts';
import type { EqlArithmeticOp, EqlCompareOp, EqlConstant, EqlExpr, EqlMatchOp, EqlNumber } from './ast.ts';
import type { EqlToken, EqlTokenKind } from './lexer.ts';
import { type EqlTokens, parseField } from './parse-parts.ts';

const COMPARISONS: readonly EqlCompareOp[] = ['==', '!=', '<', '<=', '>', '>='];
const MATCHES: readonly EqlMatchOp[] = [':', 'like', 'like~', 'regex', 'regex~'];
const PRODUCTS: readonly EqlArithmeticOp[] = ['*', '/', '%'];
const SUMS: readonly EqlArithmeticOp[] = ['+', '-'];

const LARGEST_LONG = 2n ** 63n - 1n;

/** expression: and-expression ( `or` and-expression )* */
export function parseExpression(tokens: EqlTokens): EqlExpr {
  return tokens.deeper(() => joined(tokens, 'or', () => joined(tokens, 'and', () => notExpression(tokens))));
}

/** and-expression: not-expression ( `and` not-expression )* */
function joined(tokens: EqlTokens, kind: 'and' | 'or', operand: () => EqlExpr): EqlExpr {
  const first = operand();
  if (!tokens.at(kind)) return first;
  const items = [first];
  while (tokens.accept(kind) !== undefined) items.push(operand());
  return { kind, items, span: cover(first.span, items.at(-1)?.span ?? first.span) };
}

/** not-expression: `not`* ( relation `of` sub-query | comparison ); Elasticsearch refuses relations between processes. */
function notExpression(tokens: EqlTokens): EqlExpr {
  const nots: EqlToken[] = [];
  for (let token = tokens.accept('not'); token !== undefined; token = tokens.accept('not')) nots.push(token);
  if (tokens.isTooDeep(nots.length)) return tokens.error();
  let item = comparison(tokens);
  for (const token of nots.reverse()) item = { kind: 'not', item, span: cover(tokens.spanOf(token), item.span) };
  return item;
}

/** comparison: sum ( ( `==` | `!=` | `<` | `<=` | `>` | `>=` ) sum )? */
function comparison(tokens: EqlTokens): EqlExpr {
  if (tokens.at('name') && tokens.peek(1).kind === 'of') return relation(tokens);
  const left = sum(tokens);
  const op = operatorIn(tokens, COMPARISONS);
  if (op === undefined) return left;
  const right = sum(tokens);
  if (operatorAt(tokens, COMPARISONS) !== undefined) tokens.expected('`and`, `or` or the end of the condition');
  return { kind: 'compare', op, left, right, span: cover(left.span, right.span) };
}

/** relation: name `of` `[` … `]` */
function relation(tokens: EqlTokens): EqlExpr {
  const name = tokens.next();
  const of = tokens.next();
  const span = cover(tokens.spanOf(name), tokens.spanOf(of));
  tokens.report(diagnostic('eql/refused', { what: `\`${name.value} of\`` }, span));
  for (let depth = 0; !tokens.at('end'); tokens.next()) {
    if (tokens.at('[', '![')) depth += 1;
    else if (tokens.at(']')) depth -= 1;
    if (depth === 0) break;
  }
  tokens.accept(']');
  return tokens.error(span);
}

/** sum: product ( ( `+` | `-` ) product )* */
function sum(tokens: EqlTokens): EqlExpr {
  return chain(tokens, SUMS, () => chain(tokens, PRODUCTS, () => signed(tokens)));
}

/** product: signed ( ( `*` | `/` | `%` ) signed )* */
function chain(tokens: EqlTokens, operators: readonly EqlArithmeticOp[], operand: () => EqlExpr): EqlExpr {
  let left = operand();
  let levels = 0;
  for (let op = operatorIn(tokens, operators); op !== undefined; op = operatorIn(tokens, operators)) {
    levels += 1;
    if (tokens.isTooDeep(levels)) return tokens.error();
    const right = operand();
    left = { kind: 'arithmetic', op, left, right, span: cover(left.span, right.span) };
  }
  return left;
}

/** signed: ( `-` | `+` )* tested */
function signed(tokens: EqlTokens): EqlExpr {
  const signs: { readonly op: '+' | '-'; readonly token: EqlToken }[] = [];
  for (;;) {
    const token = tokens.peek();
    const op = operatorIn(tokens, ['+', '-'] as const);
    if (op === undefined) break;
    signs.push({ op, token });
  }
  if (tokens.isTooDeep(signs.length)) return tokens.error();
  let item = tested(tokens);
  for (const { op, token } of signs.reverse()) {
    item = { kind: 'sign', op, item, span: cover(tokens.spanOf(token), item.span) };
  }
  return item;
}

/** tested: primary ( `not`? ( `in` | `in~` ) list-of-expressions | match-operator ( constant | list-of-constants ) )? */
function tested(tokens: EqlTokens): EqlExpr {
  const subject = primary(tokens);
  const negated = tokens.at('not') && ['in', 'in~'].includes(tokens.peek(1).kind);
  if (negated) tokens.next();
  const membership = tokens.accept('in') ?? tokens.accept('in~');
  if (membership !== undefined) {
    const { items, last } = inBrackets(tokens, () => parseExpression(tokens));
    const ignoreCase = membership.kind === 'in~';
    return { kind: 'in', ignoreCase, negated, subject, items, span: cover(subject.span, tokens.spanOf(last)) };
  }
  const op = operatorIn(tokens, MATCHES);
  if (op === undefined) return subject;
  if (tokens.at('(')) {
    const { items, last } = inBrackets(tokens, () => expectedConstant(tokens));
    const patterns = items.flatMap((item) => item ?? []);
    return { kind: 'matching', op, subject, patterns, span: cover(subject.span, tokens.spanOf(last)) };
  }
  const pattern = expectedConstant(tokens);
  if (pattern === undefined) return tokens.error(subject.span);
  return { kind: 'matching', op, subject, patterns: [pattern], span: cover(subject.span, pattern.span) };
}

/** list: `(` item ( `,` item )* `)` */
function inBrackets<T>(tokens: EqlTokens, item: () => T): { readonly items: readonly T[]; readonly last: EqlToken } {
  const open = tokens.take('(');
  if (open === undefined) return { items: [], last: tokens.peek() };
  const items = [item()];
  while (tokens.accept(',') !== undefined) items.push(item());
  return { items, last: tokens.take(')') ?? tokens.peek() };
}

function expectedConstant(tokens: EqlTokens): EqlConstant | undefined {
  const found = constant(tokens);
  if (found === undefined) tokens.expected('a constant');
  return found;
}

/** primary: constant | function-call | qualified-name | `(` expression `)` */
function primary(tokens: EqlTokens): EqlExpr {
  const found = constant(tokens) ?? functionCall(tokens) ?? parseField(tokens);
  if (found !== undefined) return found;
  if (tokens.accept('(') === undefined) {
    tokens.expected('a condition or a value');
    return tokens.error();
  }
  const inner = parseExpression(tokens);
  tokens.take(')');
  return inner;
}

/** function-call: ( name | name`~` ) `(` ( expression ( `,` expression )* )? `)` */
function functionCall(tokens: EqlTokens): EqlExpr | undefined {
  if (!tokens.at('name~') && !(tokens.at('name') && tokens.peek(1).kind === '(')) return undefined;
  const name = tokens.next();
  const args: EqlExpr[] = [];
  let last = name;
  if (tokens.take('(') !== undefined) {
    if (!tokens.at(')')) {
      args.push(parseExpression(tokens));
      while (tokens.accept(',') !== undefined) args.push(parseExpression(tokens));
    }
    last = tokens.take(')') ?? last;
  }
  const nameSpan = tokens.spanOf(name);
  const span = cover(nameSpan, args.at(-1)?.span ?? nameSpan);
  return {
    kind: 'call',
    name: { text: name.value, span: nameSpan },
    ignoreCase: name.kind === 'name~',
    args,
    span: cover(span, tokens.spanOf(last)),
  };
}

/** constant: string | integer | decimal | `true` | `false` | `null` */
function constant(tokens: EqlTokens): EqlConstant | undefined {
  const token = tokens.peek();
  const span = tokens.spanOf(token);
  switch (token.kind) {
    case 'string':
      tokens.next();
      return { kind: 'string', value: token.value, span };
    case 'integer':
    case 'decimal':
      tokens.next();
      return numberOf(token, span);
    case 'true':
    case 'false':
      tokens.next();
      return { kind: 'boolean', value: token.kind === 'true', span };
    case 'null':
      tokens.next();
      return { kind: 'null', span };
    default:
      return undefined;
  }
}

/** A whole number that no long can hold is a double, as in Elasticsearch. */
function numberOf({ kind, text }: EqlToken, span: EqlNumber['span']): EqlNumber {
  const isLong = kind === 'integer' && BigInt(text) <= LARGEST_LONG;
  return { kind: 'number', text, type: isLong ? 'long' : 'double', span };
}

function operatorAt<K extends EqlTokenKind>(tokens: EqlTokens, operators: readonly K[]): K | undefined {
  return operators.find((one) => tokens.peek().kind === one);
}

function operatorIn<K extends EqlTokenKind>(tokens: EqlTokens, operators: readonly K[]): K | undefined {
  const found = operatorAt(tokens, operators);
  if (found !== undefined) tokens.next();
  return found;
}
