import type { FunctionDeclaration, Parameter, Statement } from '../ast/index.ts';
import { printDeclarations } from './columns.ts';
import { printName } from './name.ts';
import { LEVEL, type Printing } from './printing.ts';

/** A statement without the `;` behind it. */
export function printStatement(node: Statement, print: Printing): string {
  switch (node.kind) {
    case 'let': {
      const value = node.value.kind === 'function' ? printFunction(node.value, print) : print.expression(node.value);
      return `let ${printName(node.name.text)} = ${value}`;
    }
    case 'set':
      return `set ${node.name.text}${node.value === undefined ? '' : ` = ${print.expression(node.value, LEVEL.or)}`}`;
    case 'parameters':
      return `declare query_parameters(${node.parameters.map((one) => printParameter(one, print)).join(', ')})`;
    case 'alias':
      return `alias database ${printName(node.name.text)} = ${print.expression(node.value, LEVEL.or)}`;
    case 'restrict':
      return `restrict access to (${node.to.map((table) => print.expression(table, LEVEL.or)).join(', ')})`;
    case 'other-statement':
      return `${node.word} ${node.text}`;
    case 'expression':
      return print.expression(node.value);
    case 'bad-statement':
      return '';
  }
}

function printFunction({ view, parameters, body }: FunctionDeclaration, print: Printing): string {
  const head = `${view ? 'view ' : ''}(${parameters.map((parameter) => printParameter(parameter, print)).join(', ')})`;
  return `${head} ${print.block(body)}`;
}

function printParameter({ name, type, value }: Parameter, print: Printing): string {
  const printed = printName(name.text);
  if (type === null) return `${printed}: (*)`;
  if ('length' in type) return `${printed}: (${printDeclarations(type)})`;
  return `${printed}: ${type.text}${value === undefined ? '' : ` = ${print.expression(value, LEVEL.or)}`}`;
}
