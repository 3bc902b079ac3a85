import type { EsqlExpr, EsqlName, EsqlPart, EsqlPipeline, EsqlSubquery } from '../ast.ts';

/** How tightly an expression holds together: what stands in a place that wants more is put in brackets. */
const STRENGTHS = ['or', 'and', 'not', 'test', 'sum', 'product', 'sign', 'primary'] as const;
type Strength = (typeof STRENGTHS)[number];

function strengthOf(expr: EsqlExpr): Strength {
  switch (expr.kind) {
    case 'or':
    case 'and':
    case 'not':
    case 'sign':
      return expr.kind;
    case 'is-null':
    case 'in':
    case 'like':
    case 'rlike':
    case 'match':
    case 'comparison':
      return 'test';
    case 'arithmetic':
      return expr.op === '+' || expr.op === '-' ? 'sum' : 'product';
    case 'name':
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'array':
    case 'timespan':
    case 'parameter':
    case 'map':
    case 'star':
    case 'call':
    case 'cast':
    case 'error':
      return 'primary';
  }
}

function inPlace(expr: EsqlExpr, least: Strength, query: PrintQuery): string {
  const printed = printExpression(expr, query);
  return STRENGTHS.indexOf(strengthOf(expr)) >= STRENGTHS.indexOf(least) ? printed : `(${printed})`;
}

/** Prints a query that stands in brackets. */
export type PrintQuery = (pipeline: EsqlPipeline) => string;

export function printExpression(expr: EsqlExpr, query: PrintQuery): string {
  const at = (item: EsqlExpr, least: Strength): string => inPlace(item, least, query);
  switch (expr.kind) {
    case 'or':
      return expr.items.map((item) => at(item, 'and')).join(' OR ');
    case 'and':
      return expr.items.map((item) => at(item, 'not')).join(' AND ');
    case 'not':
      return `NOT ${at(expr.item, 'not')}`;
    case 'comparison':
      return `${at(expr.left, 'sum')} ${expr.op} ${at(expr.right, 'sum')}`;
    case 'is-null':
      return `${at(expr.subject, 'test')} IS ${expr.negated ? 'NOT ' : ''}NULL`;
    case 'match':
      return `${at(expr.subject, 'sum')} : ${at(expr.query, 'primary')}`;
    case 'in': {
      const { among: of } = expr;
      const among = isSubquery(of) ? query(of.pipeline) : of.map((item) => at(item, 'sum')).join(', ');
      return `${at(expr.subject, 'test')} ${expr.negated ? 'NOT ' : ''}IN (${among})`;
    }
    case 'like':
    case 'rlike': {
      const word = `${expr.negated ? 'NOT ' : ''}${expr.kind.toUpperCase()}`;
      const patterns = expr.patterns.map((pattern) => at(pattern, 'sum')).join(', ');
      return `${at(expr.subject, 'test')} ${word} ${expr.listed ? `(${patterns})` : patterns}`;
    }
    case 'arithmetic': {
      const isSum = expr.op === '+' || expr.op === '-';
      // `a - (b - c)` is not `a - b - c`.
      const [left, right]: readonly [Strength, Strength] = isSum ? ['sum', 'product'] : ['product', 'sign'];
      return `${at(expr.left, left)} ${expr.op} ${at(expr.right, right)}`;
    }
    case 'sign':
      return `${expr.op}${at(expr.item, 'sign')}`;
    case 'cast':
      return `${at(expr.item, 'primary')}::${printPart(expr.type)}`;
    case 'call':
      return `${printPart(expr.name)}(${expr.args.map((arg) => printExpression(arg, query)).join(', ')})`;
    case 'name':
      return printName(expr);
    case 'array':
      return `[${expr.items.map((item) => at(item, 'sum')).join(', ')}]`;
    case 'map':
      return `{${expr.entries.map(({ key, value }) => `${printString(key.value)}: ${at(value, 'sum')}`).join(', ')}}`;
    case 'string':
      return printString(expr.value);
    case 'number':
      return expr.text;
    case 'boolean':
      return String(expr.value);
    case 'null':
      return 'null';
    case 'timespan':
      return `${expr.count.text} ${expr.unit}`;
    case 'parameter':
      return `?${expr.name}`;
    case 'star':
      return '*';
    case 'error':
      return '';
  }
}

function isSubquery(among: readonly EsqlExpr[] | EsqlSubquery): among is EsqlSubquery {
  return 'pipeline' in among;
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

export function printString(value: string): string {
  return `"${value.replace(/["\\\n\r\t]/g, (character) => ESCAPED.get(character) ?? character)}"`;
}

/** A name of a column, or a pattern of names. */
export function printName({ parts }: EsqlName): string {
  return parts.map(printPart).join('.');
}

function printPart({ text, written }: EsqlPart): string {
  switch (written) {
    case 'plain':
      return text;
    case 'quoted':
      return `\`${text.replaceAll('`', '``')}\``;
    case 'parameter':
      return `?${text}`;
    case 'name-parameter':
      return `??${text}`;
  }
}
