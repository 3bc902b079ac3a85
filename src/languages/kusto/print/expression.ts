import type { Argument, CallExpression, Expression } from '../ast/index.ts';
import { LITERAL_TYPES } from '../lexer.ts';
import { printLiteral } from './literal.ts';
import { printName } from './name.ts';
import { LEVEL, type Printing } from './printing.ts';

/** An expression without the parentheses that its surroundings may ask for. */
export function printExpression(node: Expression, print: Printing): string {
  const { expression } = print;
  switch (node.kind) {
    case 'literal':
      return printLiteral(node);
    case 'name':
      return printName(node.name);
    case 'star':
      return node.pattern;
    case 'member':
      return `${target(node.target, print)}.${node.name.text}`;
    case 'method':
      return `${target(node.target, print)}.${printCall(node.call, print)}`;
    case 'index':
      return `${target(node.target, print)}[${expression(node.index, LEVEL.or)}]`;
    case 'call':
      return printCall(node, print);
    case 'unary':
      return `${node.operator}${expression(node.operand, LEVEL.sign)}`;
    case 'binary': {
      const own = levelOf(node);
      const isChain = own === LEVEL.sum || own === LEVEL.product;
      const left = node.left.kind === 'star' ? node.left.pattern : expression(node.left, isChain ? own : own + 1);
      const operator = node.operator === ':' ? ':' : ` ${node.operator} `;
      return `${left}${operator}${expression(node.right, own + 1)}`;
    }
    case 'logic': {
      const own = levelOf(node);
      return node.items.map((item) => expression(item, own + 1)).join(` ${node.operator} `);
    }
    case 'between': {
      const [low, high] = [node.low, node.high].map((end) => expression(end, LEVEL.or));
      const operator = node.negated ? '!between' : 'between';
      return `${expression(node.subject, LEVEL.relation)} ${operator} (${low} .. ${high})`;
    }
    case 'list':
      return `${expression(node.subject, LEVEL.relation)} ${node.operator} (${printItems(node.items, print)})`;
    case 'typeof':
      return `typeof(${node.type.text})`;
    case 'pipe':
      return `${printSource(node.source, print)} | ${print.operators(node.operators)}`;
    case 'source':
      return print.operators([node.operator]);
    case 'bad':
      return '';
  }
}

/** What a pipe begins with: an operator needs no parentheses there, another pipe does. */
export function printSource(node: Expression, print: Printing): string {
  return print.expression(node, node.kind === 'source' ? LEVEL.pipe : LEVEL.or);
}

/** A number is no target without parentheses: `5.a` is none. */
function target(node: Expression, print: Printing): string {
  const isNumber = node.kind === 'literal' && node.type !== 'dynamic' && node.type !== 'string';
  return isNumber ? `(${print.expression(node)})` : print.expression(node, LEVEL.path);
}

/** A pipe that stands alone needs no parentheses; among others its own commas would take them in. */
function printItems(items: readonly Expression[], print: Printing): string {
  return items.map((item) => print.expression(item, items.length === 1 ? LEVEL.pipe : LEVEL.or)).join(', ');
}

export function printCall({ name, args }: CallExpression, print: Printing): string {
  const level = args.length === 1 ? LEVEL.pipe : LEVEL.or;
  const printed = args.map((argument) => printArgument(argument, level, print)).join(', ');
  // `date(x)` is read as a literal, `date((x))` as a call.
  const isLiteral = LITERAL_TYPES.has(name.text) && !/[()|;\n]/.test(printed) && printed !== '';
  return `${name.text}(${isLiteral && args.length === 1 ? `(${printed})` : printed})`;
}

function printArgument({ name, value }: Argument, level: number, print: Printing): string {
  const printed = value.kind === 'star' ? value.pattern : print.expression(value, level);
  return name === undefined ? printed : `${name.text}=${printed}`;
}

/** How tightly an expression binds. */
export function levelOf(node: Expression): number {
  switch (node.kind) {
    case 'pipe':
    case 'source':
      return LEVEL.pipe;
    case 'logic':
      return LEVEL[node.operator];
    case 'between':
    case 'list':
      return LEVEL.equality;
    case 'binary':
      return levelOfOperator(node.operator);
    case 'unary':
      return LEVEL.sign;
    case 'literal':
    case 'name':
    case 'star':
    case 'member':
    case 'method':
    case 'index':
    case 'call':
    case 'typeof':
    case 'bad':
      return LEVEL.path;
  }
}

function levelOfOperator(operator: string): number {
  switch (operator) {
    case '==':
    case '!=':
      return LEVEL.equality;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return LEVEL.relation;
    case '+':
    case '-':
      return LEVEL.sum;
    case '*':
    case '/':
    case '%':
      return LEVEL.product;
    default:
      return LEVEL.text;
  }
}
