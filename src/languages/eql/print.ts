import type {
  EqlConstant,
  EqlExpr,
  EqlField,
  EqlFilter,
  EqlMatching,
  EqlPipe,
  EqlQuery,
  EqlStatement,
  EqlTerm,
} from './ast.ts';

/** The query as text that parses to the same tree, with no bracket more than that needs. */
export function printEql({ query, pipes }: EqlStatement): string {
  return [printQuery(query), ...pipes.map(printPipe)].join(' | ');
}

function printQuery(query: EqlQuery): string {
  switch (query.kind) {
    case 'event':
      return printFilter(query.filter);
    case 'sequence': {
      const { by, maxspan, terms, until } = query;
      const span = maxspan === null ? '' : ` with maxspan=${maxspan.count}${maxspan.unit}`;
      const end = until === null ? '' : `\n  until ${printTerm(until)}`;
      return `sequence${printKeys(by)}${span}${terms.map((term) => `\n  ${printTerm(term)}`).join('')}${end}`;
    }
    case 'sample':
      return `sample${printKeys(query.by)}${query.terms.map((term) => `\n  ${printTerm(term)}`).join('')}`;
  }
}

function printPipe({ kind, count }: EqlPipe): string {
  return `${kind} ${count}`;
}

function printTerm({ missing, filter, by, runs }: EqlTerm): string {
  const repeated = runs === null ? '' : ` with runs=${runs.count}`;
  return `${missing ? '![' : '['}${printFilter(filter)}]${printKeys(by)}${repeated}`;
}

function printKeys(keys: readonly EqlField[]): string {
  return keys.length === 0 ? '' : ` by ${keys.map(printField).join(', ')}`;
}

function printFilter({ category, condition }: EqlFilter): string {
  const name = category === null ? 'any' : isPlainName(category.name) ? category.name : printString(category.name);
  return `${name} where ${printEqlExpression(condition)}`;
}

/** How tightly an expression holds together: what stands in a place that wants more is put in brackets. */
type Strength = 'or' | 'and' | 'not' | 'compare' | 'sum' | 'product' | 'sign' | 'tested' | 'primary';
const STRENGTHS: readonly Strength[] = ['or', 'and', 'not', 'compare', 'sum', 'product', 'sign', 'tested', 'primary'];

function strengthOf(expr: EqlExpr): Strength {
  switch (expr.kind) {
    case 'or':
    case 'and':
    case 'not':
    case 'compare':
    case 'sign':
      return expr.kind;
    case 'in':
    case 'matching':
      return 'tested';
    case 'arithmetic':
      return expr.op === '+' || expr.op === '-' ? 'sum' : 'product';
    case 'call':
    case 'field':
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'error':
      return 'primary';
  }
}

function inPlace(expr: EqlExpr, least: Strength): string {
  const printed = printEqlExpression(expr);
  return STRENGTHS.indexOf(strengthOf(expr)) >= STRENGTHS.indexOf(least) ? printed : `(${printed})`;
}

export function printEqlExpression(expr: EqlExpr): string {
  switch (expr.kind) {
    case 'or':
      return expr.items.map((item) => inPlace(item, 'and')).join(' or ');
    case 'and':
      return expr.items.map((item) => inPlace(item, 'not')).join(' and ');
    case 'not':
      return `not ${inPlace(expr.item, 'not')}`;
    case 'compare':
      return `${inPlace(expr.left, 'sum')} ${expr.op} ${inPlace(expr.right, 'sum')}`;
    case 'in': {
      const { negated, ignoreCase, subject, items } = expr;
      const op = `${negated ? 'not ' : ''}in${ignoreCase ? '~' : ''}`;
      return `${inPlace(subject, 'primary')} ${op} (${items.map(printEqlExpression).join(', ')})`;
    }
    case 'matching':
      return printMatching(expr);
    case 'arithmetic': {
      const isSum = expr.op === '+' || expr.op === '-';
      // `a - (b - c)` is not `a - b - c`.
      return `${inPlace(expr.left, isSum ? 'sum' : 'product')} ${expr.op} ${inPlace(expr.right, isSum ? 'product' : 'sign')}`;
    }
    case 'sign':
      return `${expr.op}${inPlace(expr.item, 'sign')}`;
    case 'call':
      return `${expr.name.text}${expr.ignoreCase ? '~' : ''}(${expr.args.map(printEqlExpression).join(', ')})`;
    case 'field':
      return printField(expr);
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return printConstant(expr);
    case 'error':
      return '';
  }
}

function printMatching({ op, subject, patterns }: EqlMatching): string {
  const printed = patterns.map(printConstant).join(', ');
  return `${inPlace(subject, 'primary')} ${op} ${patterns.length === 1 ? printed : `(${printed})`}`;
}

function printConstant(constant: EqlConstant): string {
  switch (constant.kind) {
    case 'string':
      return printString(constant.value);
    case 'number':
      return constant.text;
    case 'boolean':
      return String(constant.value);
    case 'null':
      return 'null';
  }
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
]);

function printString(value: string): string {
  return `"${value.replace(/["\\\n\r]/g, (character) => ESCAPED.get(character) ?? character)}"`;
}

function printField({ name, optional }: EqlField): string {
  const steps = name.split('.').map((step) => (isPlainName(step) ? step : `\`${step.replaceAll('`', '``')}\``));
  return `${optional ? '?' : ''}${steps.join('.')}`;
}

/** Words that stand for themselves only in quotes. */
const RESERVED: ReadonlySet<string> = new Set(
  'and any by false fork in join like maxspan not null of or regex sample sequence true until where with'.split(' '),
);

function isPlainName(name: string): boolean {
  return /^[A-Za-z_@][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name);
}
