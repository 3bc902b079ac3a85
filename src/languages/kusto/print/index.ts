import type { Expression, KustoQuery, Statement } from '../ast/index.ts';
import { levelOf, printExpression, printSource } from './expression.ts';
import { printName } from './name.ts';
import { printOperator } from './operator.ts';
import { LEVEL, type Printing } from './printing.ts';
import { printStatement } from './statement.ts';

/**
 * The query as text that is read as the same tree: a statement on each line, and of the pipes that are statements an operator on
 * each line. Comments, and the way in which constants are written, are not part of the tree.
 */
export function printKusto({ statements }: KustoQuery): string {
  return statements.map(printWhole).join(';\n');
}

const PRINTING: Printing = {
  expression: (node, level = LEVEL.pipe) => {
    const printed = printExpression(node, PRINTING);
    return levelOf(node) < level ? `(${printed})` : printed;
  },
  operators: (operators) => operators.map((operator) => printOperator(operator, PRINTING)).join(' | '),
  block: (statements) => {
    if (statements.length === 0) return '{ }';
    return `{ ${statements.map((statement) => printStatement(statement, PRINTING)).join('; ')} }`;
  },
};

function printWhole(statement: Statement): string {
  if (statement.kind === 'expression') return printPipe(statement.value);
  if (statement.kind === 'let' && statement.value.kind === 'pipe') {
    return [
      `let ${printName(statement.name.text)} = ${printSource(statement.value.source, PRINTING)}`,
      ...lines(statement.value),
    ].join('\n');
  }
  return printStatement(statement, PRINTING);
}

function printPipe(node: Expression): string {
  if (node.kind !== 'pipe') return PRINTING.expression(node);
  return [printSource(node.source, PRINTING), ...lines(node)].join('\n');
}

function lines({ operators }: Expression & { kind: 'pipe' }): readonly string[] {
  return operators.map((operator) => `| ${printOperator(operator, PRINTING)}`);
}
