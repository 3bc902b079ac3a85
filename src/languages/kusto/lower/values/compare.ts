import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { and, call, FALSE, match, not, or, text as textLiteral } from '../../../../ir/construct.ts';
import type { CompareOp, Expr, Pattern } from '../../../../ir/expr.ts';
import type { FunctionName } from '../../../../ir/functions/registry.ts';
import type { ListExpression } from '../../ast/index.ts';
import { TEXT_OPERATORS, type TextOperator } from '../../text-operators.ts';
import { isLoose, isNumber, isWhole, type KustoType, widest } from '../../types.ts';
import type { Context, Typed } from '../scope.ts';
import { asText, asType, constantJson, constantText, convert, literalOf } from './convert.ts';

const bool = (expr: Expr): Typed => ({ expr, type: 'bool' });

/** `==` and `!=`: total. A null equals nothing and differs from everything; two nulls give null. Strings have no null. */
export function lowerEquality(op: '==' | '!=', left: Typed, right: Typed, span: Span): Typed {
  const onRight = textBeside(right, left);
  const constant = onRight ?? textBeside(left, right);
  const subject = onRight === undefined ? right : left;
  if (constant !== undefined && (subject.type === 'string' || isLoose(subject.type))) {
    const equal = matches(subject.expr, { kind: 'equals', value: constant }, 'exact', span);
    // An empty string and a missing one are the same thing.
    const total = constant === '' ? or([{ kind: 'is-null', subject: subject.expr }, equal], span) : equal;
    return bool(op === '==' ? total : not(total, span));
  }
  const [a, b] = commonOperands(left, right);
  return bool({ kind: 'compare', op, left: a, right: b, nulls: 'total', many: 'whole', span });
}

/**
 * The text that a constant is compared by: a string itself, and beside a text column also a number (`ResultType == 0`).
 * Beside a column of another type text is read as that type (`EventID == "4625"`).
 */
function textBeside(value: Typed, other: Typed): string | undefined {
  const text = constantText(value);
  if (text !== undefined || other.type !== 'string') return text;
  const { expr } = value;
  if (expr.kind !== 'literal' || expr.value === null) return undefined;
  return isWhole(value.type) || value.type === 'guid' || value.type === 'bool' ? String(expr.value) : undefined;
}

/** Two values made comparable: one of unknown type becomes one of the other's, and text is read as the other's type. */
function commonOperands(left: Typed, right: Typed): readonly [Expr, Expr] {
  const one = (value: Typed, other: Typed): Expr => {
    if (value.type === 'string' && other.type !== 'string' && other.type !== 'unknown' && other.type !== 'dynamic') {
      return convert(value, other.type);
    }
    if (value.type === 'unknown' && other.type !== 'unknown') return asType(value, other.type);
    if ((value.type === 'bool' && isNumber(other.type)) || (isNumber(value.type) && other.type === 'bool')) {
      return call('convert.long', [value.expr]);
    }
    return value.expr;
  };
  return [one(left, right), one(right, left)];
}

/** `<`, `<=`, `>`, `>=`: null when a side is. */
export function lowerOrder(context: Context, op: CompareOp, left: Typed, right: Typed, span: Span, at: Span): Typed {
  const fits =
    left.type === 'unknown' ||
    right.type === 'unknown' ||
    (isNumber(left.type) && isNumber(right.type)) ||
    (left.type === right.type && ['datetime', 'timespan', 'bool'].includes(left.type)) ||
    (left.type === 'dynamic' && (isNumber(right.type) || right.type === 'dynamic')) ||
    (right.type === 'dynamic' && isNumber(left.type));
  if (!fits) reportOperands(context, op, left, right, at);
  return bool({
    kind: 'compare',
    op,
    left: asType(left, right.type),
    right: asType(right, left.type),
    nulls: 'unknown',
    many: 'whole',
    span,
  });
}

function reportOperands(context: Context, operator: string, left: Typed, right: Typed, at: Span): void {
  context.report(diagnostic('kusto/operand-type', { operator, left: left.type, right: right.type }, at));
}

const ARITHMETIC: Readonly<Record<string, FunctionName>> = {
  '+': 'kusto.add',
  '-': 'kusto.subtract',
  '*': 'kusto.multiply',
  '/': 'kusto.divide',
  '%': 'kusto.modulo',
};

export function lowerArithmetic(context: Context, op: string, left: Typed, right: Typed, span: Span, at: Span): Typed {
  const type = arithmeticType(op, left.type, right.type);
  if (type === undefined) reportOperands(context, op, left, right, at);
  // The binder takes a moment divided by a number; there is no value for it.
  if (op === '/' && left.type === 'datetime' && isNumber(right.type))
    return { expr: { kind: 'literal', type: 'datetime', value: null, span }, type: 'datetime' };
  const fn = ARITHMETIC[op] ?? 'kusto.add';
  const operand = (value: Typed, other: Typed): Expr => {
    if (!isLoose(value.type)) return value.expr;
    // A date or a duration inside JSON is text.
    if (other.type === 'datetime') return call(op === '+' ? 'convert.timespan' : 'convert.datetime', [value.expr]);
    if (other.type === 'timespan') return call('kusto.moment', [value.expr]);
    return call('kusto.number', [value.expr]);
  };
  return { expr: call(fn, [operand(left, right), operand(right, left)], span), type: type ?? 'unknown' };
}

function arithmeticType(op: string, left: KustoType, right: KustoType): KustoType | undefined {
  if (isNumber(left) && isNumber(right)) return widest('long', widest(left, right));
  if (left === 'unknown' || right === 'unknown') return 'unknown';
  if (left === 'dynamic' && right === 'dynamic') return 'dynamic';
  if (isLoose(left) && isNumber(right)) return widest('long', right);
  if (isLoose(right) && isNumber(left)) return widest('long', left);
  switch (op) {
    case '+':
      if (left === 'timespan' && right === 'timespan') return 'timespan';
      if (left === 'datetime' && (right === 'timespan' || isLoose(right))) return 'datetime';
      if (right === 'datetime' && (left === 'timespan' || isLoose(left))) return 'datetime';
      return left === 'timespan' || right === 'timespan' ? loosely(left, right, 'timespan') : undefined;
    case '-':
      if (left === 'timespan' && right === 'timespan') return 'timespan';
      if (left === 'datetime' && right === 'timespan') return 'datetime';
      if ((left === 'datetime' || isLoose(left)) && (right === 'datetime' || isLoose(right))) return 'timespan';
      return left === 'timespan' || right === 'timespan' ? loosely(left, right, 'timespan') : undefined;
    case '*':
      return (left === 'timespan' && isNumber(right)) || (right === 'timespan' && isNumber(left))
        ? 'timespan'
        : undefined;
    case '/':
      if (right === 'timespan' && (left === 'timespan' || left === 'datetime')) return 'real';
      if (left === 'datetime' && isNumber(right)) return 'datetime';
      return left === 'timespan' && isNumber(right) ? 'timespan' : undefined;
    case '%':
      return left === 'timespan' && right === 'timespan' ? 'timespan' : undefined;
    default:
      return undefined;
  }
}

function loosely(left: KustoType, right: KustoType, type: KustoType): KustoType | undefined {
  return isLoose(left) || isLoose(right) ? type : undefined;
}

/** `has`, `contains`, `startswith`, `=~`, `matches regex`, … and their negations, which are true on a missing value. */
export function lowerTextTest(context: Context, op: string, left: Typed, right: Typed, span: Span, at: Span): Typed {
  const operator = TEXT_OPERATORS.get(op);
  if (operator === undefined) throw new Error(`no text operator ${op}`);
  const texts = (type: KustoType): boolean => type === 'string' || isLoose(type);
  if (!texts(left.type) || !texts(right.type)) {
    reportOperands(context, op, left, right, at);
    return bool(FALSE);
  }
  const test = textTest(operator, left, right, span);
  return bool(operator.negated ? not(test, span) : test);
}

const DYNAMIC_TESTS: Readonly<Record<TextOperator['test'], FunctionName>> = {
  equals: 'kusto.text-equals',
  term: 'kusto.text-has',
  contains: 'kusto.text-contains',
  prefix: 'kusto.text-starts',
  suffix: 'kusto.text-ends',
  regex: 'kusto.text-regex',
};

function textTest(operator: TextOperator, left: Typed, right: Typed, span: Span): Expr {
  const needle = constantText(right);
  const collation = operator.ignoreCase ? 'ignore-case' : 'exact';
  if (needle === undefined) {
    const args = [asText(left), asText(right), textLiteral(collation)];
    if (operator.test === 'term') args.push(textLiteral(operator.ends));
    return call(DYNAMIC_TESTS[operator.test], args, span);
  }
  const subject = asText(left);
  const found = matches(subject, patternOf(operator, needle), collation, span);
  // A missing text is an empty one, and an empty needle is in every text.
  if (needle === '' && operator.test !== 'regex') return or([{ kind: 'is-null', subject }, found], span);
  return found;
}

function patternOf(operator: TextOperator, needle: string): Pattern {
  switch (operator.test) {
    case 'equals':
      return { kind: 'equals', value: needle };
    case 'term':
      return needle === '' ? { kind: 'contains', text: '' } : { kind: 'term', text: needle, ends: operator.ends };
    case 'contains':
      return { kind: 'contains', text: needle };
    case 'prefix':
      return { kind: 'prefix', text: needle };
    case 'suffix':
      return { kind: 'suffix', text: needle };
    case 'regex':
      return { kind: 'regex', source: needle, flavour: 're2', flags: '', anchored: false };
  }
}

function matches(subject: Expr, pattern: Pattern, collation: 'exact' | 'ignore-case', span: Span): Expr {
  return match(subject, pattern, { collation, quantifier: 'whole', onMissing: 'false', span });
}

const LIST_FUNCTIONS: Readonly<Record<string, FunctionName>> = {
  in: 'kusto.in',
  'in~': 'kusto.in-ignore-case',
  has_any: 'kusto.has-any',
  has_all: 'kusto.has-all',
};

/** `in`, `in~`, `has_any`, `has_all` and their negations. An item that is an array stands for its elements. */
export function lowerList(context: Context, node: ListExpression, subject: Typed, items: readonly Typed[]): Typed {
  const negated = node.operator.startsWith('!');
  const operator = negated ? node.operator.slice(1) : node.operator;
  const textual = operator !== 'in';
  if (textual && subject.type !== 'string' && !isLoose(subject.type)) {
    const [first] = items;
    if (first !== undefined) reportOperands(context, node.operator, subject, first, node.operatorSpan);
    return bool(FALSE);
  }
  const constants = constantItems(items);
  const test =
    constants === undefined
      ? call(
          LIST_FUNCTIONS[operator] ?? 'kusto.in',
          [textual ? asText(subject) : subject.expr, ...items.map((item) => item.expr)],
          node.span,
        )
      : constantList(operator, subject, constants, node.span);
  return bool(negated ? not(test, node.span) : test);
}

function constantList(operator: string, subject: Typed, constants: readonly Typed[], span: Span): Expr {
  const texts = constants.map(({ expr }) => (expr.kind === 'literal' ? String(expr.value ?? '') : ''));
  switch (operator) {
    case 'has_any':
      return or(
        texts.map((needle) => hasTerm(subject, needle, span)),
        span,
      );
    case 'has_all':
      return and(
        texts.map((needle) => hasTerm(subject, needle, span)),
        span,
      );
    case 'in~':
      return oneOf(asText(subject), texts, 'ignore-case', span);
    default: {
      const plain = (type: KustoType): boolean =>
        type === 'string' || isWhole(type) || type === 'guid' || type === 'bool';
      if (
        constants.every((constant) => plain(constant.type)) &&
        (subject.type === 'string' ||
          (isLoose(subject.type) && constants.every((constant) => constant.type === 'string')))
      ) {
        return oneOf(subject.expr, texts, 'exact', span);
      }
      return or(
        constants.map((constant) => lowerEquality('==', subject, constant, span).expr),
        span,
      );
    }
  }
}

function hasTerm(subject: Typed, needle: string, span: Span): Expr {
  const operator: TextOperator = { test: 'term', ends: 'both', ignoreCase: true, negated: false };
  return textTest(operator, subject, { expr: textLiteral(needle, span), type: 'string' }, span);
}

function oneOf(subject: Expr, values: readonly string[], collation: 'exact' | 'ignore-case', span: Span): Expr {
  if (values.length === 0) return FALSE;
  const found = matches(subject, { kind: 'one-of', values }, collation, span);
  return values.includes('') ? or([{ kind: 'is-null', subject }, found], span) : found;
}

/** The items when all are constants, arrays taken apart; undefined when one is not. */
function constantItems(items: readonly Typed[]): readonly Typed[] | undefined {
  const found: Typed[] = [];
  for (const item of items) {
    const { expr } = item;
    if (expr.kind !== 'literal') return undefined;
    if (expr.type !== 'dynamic') {
      found.push(item);
      continue;
    }
    const json = constantJson(expr);
    if (Array.isArray(json)) for (const element of json.flat(20)) found.push(literalOf(element));
    else if (json !== undefined && json !== null && typeof json !== 'object') found.push(literalOf(json));
    else if (json !== null && expr.value !== null) return undefined;
  }
  return found;
}

/** Whether a value may stand where a condition is wanted. */
export function isCondition(type: KustoType): boolean {
  return type === 'bool' || type === 'unknown';
}
