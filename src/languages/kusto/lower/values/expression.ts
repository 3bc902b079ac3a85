import { diagnostic } from '../../../../base/diagnostic.ts';
import { didYouMean } from '../../../../base/did-you-mean.ts';
import type { Span } from '../../../../base/span.ts';
import { and, call, field, NULL, not, or, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { BetweenExpression, BinaryExpression, CallExpression, Expression } from '../../ast/index.ts';
import { TEXT_OPERATORS } from '../../text-operators.ts';
import { isLoose, isWhole, typeNamed } from '../../types.ts';
import { isAggregate } from '../functions/aggregates.ts';
import { checkRegex, lowerScalarCall } from '../functions/call.ts';
import { isKnownFunction, KNOWN_FUNCTIONS } from '../functions/known.ts';
import { scalarFunction, scalarFunctionNames } from '../functions/table.ts';
import { isWindowFunction } from '../functions/window-names.ts';
import type { Context, Environment, Typed } from '../scope.ts';
import { isTabular, lowerInTable, scalarOf } from '../tables/subquery.ts';
import { isCondition, lowerArithmetic, lowerEquality, lowerList, lowerOrder, lowerTextTest } from './compare.ts';
import { asType } from './convert.ts';

const UNKNOWN: Typed = { expr: NULL, type: 'unknown' };

/** Lowers an expression that gives one value. Errors are reported; the result then has the type `unknown`. */
export function lowerExpression(node: Expression, environment: Environment): Typed {
  const { context } = environment;
  switch (node.kind) {
    case 'literal':
      return { expr: { kind: 'literal', type: node.type, value: node.value, span: node.span }, type: node.type };
    case 'name':
      return lowerName(node.name, node.span, environment);
    case 'member':
      return lowerMember(
        lowerExpression(node.target, environment),
        text(node.name.text, node.name.span),
        node.span,
        context,
      );
    case 'index': {
      const target = lowerExpression(node.target, environment);
      const index = lowerExpression(node.index, environment);
      if (index.type !== 'string' && !isWhole(index.type) && !isLoose(index.type))
        return wrongType('a whole number or a string', index, node.index.span, context);
      return lowerMember(target, index.expr, node.span, context);
    }
    case 'call':
      return lowerCall(node, environment);
    case 'unary': {
      const operand = lowerExpression(node.operand, environment);
      if (node.operator === '+') return operand;
      return negate(operand, node.span);
    }
    case 'binary':
      return lowerBinary(node, environment);
    case 'logic': {
      const items = node.items.map((item) => {
        const value = lowerExpression(item, environment);
        if (value.type === 'bool') return value.expr;
        if (value.type === 'dynamic' || value.type === 'unknown') return asType(value, 'bool');
        return wrongType('a condition', value, item.span, context).expr;
      });
      return { expr: node.operator === 'and' ? and(items, node.span) : or(items, node.span), type: 'bool' };
    }
    case 'between':
      return lowerBetween(node, environment);
    case 'list':
      return lowerListNode(node, environment);
    case 'method':
      context.report(diagnostic('unsupported/kusto-operator', { name: 'a function of another database' }, node.span));
      return UNKNOWN;
    case 'star':
      context.report(diagnostic('unsupported/kusto-operator', { name: 'a test of all columns (*)' }, node.span));
      return UNKNOWN;
    case 'typeof':
      context.report(diagnostic('kusto/expected', { expected: 'a value', found: '`typeof`' }, node.span));
      return UNKNOWN;
    case 'pipe':
    case 'source':
      context.report(diagnostic('kusto/not-a-scalar', { what: 'this expression' }, node.span));
      return UNKNOWN;
    case 'bad':
      return UNKNOWN;
  }
}

/** An expression that decides something: it must be bool. */
export function lowerCondition(node: Expression, environment: Environment): Expr {
  const value = lowerExpression(node, environment);
  if (!isCondition(value.type)) return wrongType('bool', value, node.span, environment.context).expr;
  return asType(value, 'bool');
}

function wrongType(expected: string, value: Typed, span: Span, context: Context): Typed {
  context.report(diagnostic('kusto/expected-type', { expected, found: value.type }, span));
  return UNKNOWN;
}

function lowerName(name: string, span: Span, environment: Environment): Typed {
  const { columns, scope, context } = environment;
  const type = columns?.typeOf(name);
  if (type !== undefined) return { expr: field(name, span), type };
  const binding = scope.lookup(name);
  if (binding?.kind === 'scalar') return binding.value;
  if (columns?.open === true && name !== '') {
    columns.want(name);
    return { expr: field(name, span), type: 'unknown' };
  }
  if (binding?.kind === 'table') {
    context.report(diagnostic('kusto/not-a-scalar', { what: `\`${name}\`` }, span));
    return UNKNOWN;
  }
  if (name === '') return UNKNOWN;
  if (scalarFunction(name) !== undefined || binding?.kind === 'function') {
    const expected = 'arguments in parentheses';
    context.report(diagnostic('kusto/argument-count', { name, expected, found: 'none' }, span));
    return UNKNOWN;
  }
  if (typeNamed(name) !== undefined) {
    context.report(diagnostic('kusto/expected', { expected: 'a value', found: `the type \`${name}\`` }, span));
    return UNKNOWN;
  }
  const lets = [...scope.all()].filter(([, bound]) => bound.kind === 'scalar').map(([bound]) => bound);
  const near = didYouMean(name, new Set([...(columns?.names() ?? []), ...lets]));
  const code = columns === undefined ? 'kusto/unknown-name' : 'kusto/unknown-column';
  context.report(diagnostic(code, { name, near }, span));
  // A record may have what the schema of its table does not know; what an operator has made is known.
  return columns?.ofRecords === true ? { expr: field(name, span), type: 'unknown' } : UNKNOWN;
}

/** `a.b`, `a["b"]`, `a[0]`: null where there is nothing. */
function lowerMember(target: Typed, key: Expr, span: Span, context: Context): Typed {
  if (target.type !== 'dynamic' && target.type !== 'unknown') {
    const name = key.kind === 'literal' ? String(key.value) : 'this';
    context.report(diagnostic('kusto/no-such-member', { name, type: target.type }, span));
    return UNKNOWN;
  }
  return { expr: call('kusto.member', [target.expr, key], span), type: 'dynamic' };
}

function negate(operand: Typed, span: Span): Typed {
  const { expr, type } = operand;
  if (
    expr.kind === 'literal' &&
    (type === 'long' || type === 'int' || type === 'timespan') &&
    typeof expr.value === 'string'
  ) {
    return { expr: { ...expr, value: (-BigInt(expr.value)).toString(), span }, type };
  }
  if (expr.kind === 'literal' && typeof expr.value === 'number')
    return { expr: { ...expr, value: -expr.value, span }, type };
  return { expr: call('kusto.negate', [expr], span), type: type === 'int' ? 'long' : type };
}

function lowerBinary(node: BinaryExpression, environment: Environment): Typed {
  const { operator, operatorSpan, span } = node;
  const { context } = environment;
  const left = lowerExpression(node.left, environment);
  const right = lowerExpression(node.right, environment);
  switch (operator) {
    case '==':
    case '!=':
      return lowerEquality(operator, left, right, span);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return lowerOrder(context, operator, left, right, span, operatorSpan);
  }
  if (operator === ':') {
    context.report(diagnostic('kusto/expected', { expected: '`has` or `==`', found: '`:`' }, operatorSpan));
    return UNKNOWN;
  }
  if (TEXT_OPERATORS.has(operator)) {
    if (operator === 'matches regex') checkRegex(right, context);
    return lowerTextTest(context, operator, left, right, span, operatorSpan);
  }
  return lowerArithmetic(context, operator, left, right, span, operatorSpan);
}

function lowerBetween(node: BetweenExpression, environment: Environment): Typed {
  const { context } = environment;
  const subject = lowerExpression(node.subject, environment);
  const low = lowerExpression(node.low, environment);
  let high = lowerExpression(node.high, environment);
  // `between (start .. 1d)` gives a length instead of an end.
  if (low.type === 'datetime' && high.type === 'timespan') {
    high = { expr: call('kusto.add', [low.expr, high.expr], node.high.span), type: 'datetime' };
  }
  const items = [
    lowerOrder(context, '>=', subject, low, node.span, node.low.span).expr,
    lowerOrder(context, '<=', subject, high, node.span, node.high.span).expr,
  ];
  const inside = and(items, node.span);
  return { expr: node.negated ? not(inside, node.span) : inside, type: 'bool' };
}

function lowerListNode(node: Expression & { kind: 'list' }, environment: Environment): Typed {
  const { context } = environment;
  const subject = lowerExpression(node.subject, environment);
  const items: Typed[] = [];
  for (const item of node.items) {
    if (isTabular(item, environment)) return lowerInTable(node, item, subject, environment);
    items.push(lowerExpression(item, environment));
  }
  return lowerList(context, node, subject, items);
}

function lowerCall(node: CallExpression, environment: Environment): Typed {
  const { context, scope } = environment;
  const name = node.name.text;
  const bound = scope.lookup(name);
  if (bound?.kind === 'function') return environment.callFunction(node, environment) ?? UNKNOWN;
  if (environment.aggregate !== undefined && isAggregate(name)) return environment.aggregate(node);
  if (environment.window !== undefined && isWindowFunction(name)) return environment.window(node);
  const [only] = node.args;
  if (name === 'toscalar' && only !== undefined) {
    return isTabular(only.value, environment)
      ? scalarOf(only.value, environment)
      : lowerExpression(only.value, environment);
  }
  if (name === 'column_names_of' && only !== undefined) return columnNames(only.value, node.span, environment);
  const row = scalarFunction(name);
  if (row !== undefined) return lowerScalarCall(row, node, environment);
  if (isAggregate(name)) {
    context.report(diagnostic('kusto/aggregate-outside-summarize', { name }, node.name.span));
  } else if (isKnownFunction(name) || name === 'toscalar' || name === 'materialize' || /^_|\W/.test(name)) {
    context.report(diagnostic('unsupported/kusto-function', { name }, node.name.span));
  } else {
    const lets = [...scope.all()].filter(([, binding]) => binding.kind === 'function').map(([known]) => known);
    const near = didYouMean(name, new Set([...scalarFunctionNames(), ...KNOWN_FUNCTIONS, ...lets]));
    context.report(diagnostic('kusto/unknown-function', { name, near }, node.name.span));
  }
  return UNKNOWN;
}

/** `column_names_of(T)`: the names of a table's columns, as an array. */
function columnNames(node: Expression, span: Span, environment: Environment): Typed {
  const { columns } = environment.table(node);
  if (columns.open && !columns.failed) {
    const name = 'column_names_of() a table whose columns are not known';
    environment.context.report(diagnostic('unsupported/kusto-function', { name }, span));
  }
  const names = JSON.stringify(columns.names());
  return { expr: { kind: 'literal', type: 'dynamic', value: names, span }, type: 'dynamic' };
}
