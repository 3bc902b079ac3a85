import type { Alias, Expression, FunctionDef, Handler, If, Module, Stmt } from '../ast.ts';
import { operatorText, printArguments, printExpression, printParameters } from './expression.ts';
import { printPattern } from './pattern.ts';

/** A module as Python: what is read of it is the same tree again, but for where things stand. */
export function printModule({ body }: Module): string {
  return body
    .flatMap(statement)
    .map((line) => `${line}\n`)
    .join('');
}

/** The lines of a block, indented. */
function block(body: readonly Stmt[]): string[] {
  const lines = body.flatMap(statement);
  return (lines.length === 0 ? ['pass'] : lines).map((line) => `    ${line}`);
}

/** `head:` and a block, where there is one. */
function clause(head: string, body: readonly Stmt[]): string[] {
  return body.length === 0 ? [] : [`${head}:`, ...block(body)];
}

/** The lines of a statement. No text has more than one: what ends lines is escaped. */
function statement(node: Stmt): string[] {
  const print = printExpression;
  const optional = (before: string, each: Expression | null): string => (each === null ? '' : before + print(each));
  switch (node.kind) {
    case 'FunctionDef':
    case 'AsyncFunctionDef':
      return functionLines(node);
    case 'ClassDef': {
      const given = printArguments(node.bases, node.keywords);
      return [
        ...decorators(node.decorator_list),
        `class ${node.name}${given === '' ? '' : `(${given})`}:`,
        ...block(node.body),
      ];
    }
    case 'Return':
      return [`return${optional(' ', node.value)}`];
    case 'Delete':
      return [`del ${node.targets.map(print).join(', ')}`];
    case 'Assign':
      return [[...node.targets, node.value].map(print).join(' = ')];
    case 'AugAssign':
      return [`${print(node.target)} ${operatorText(node.op)}= ${print(node.value)}`];
    case 'AnnAssign':
      return [`${print(node.target)}: ${print(node.annotation)}${optional(' = ', node.value)}`];
    case 'For':
    case 'AsyncFor':
      return [
        `${node.kind === 'For' ? '' : 'async '}for ${print(node.target)} in ${print(node.iter)}:`,
        ...block(node.body),
        ...clause('else', node.orelse),
      ];
    case 'While':
      return [`while ${print(node.test)}:`, ...block(node.body), ...clause('else', node.orelse)];
    case 'If':
      return ifLines(node, 'if');
    case 'With':
    case 'AsyncWith': {
      const items = node.items.map((item) => print(item.context_expr) + optional(' as ', item.optional_vars));
      return [`${node.kind === 'With' ? '' : 'async '}with ${items.join(', ')}:`, ...block(node.body)];
    }
    case 'Raise':
      return [`raise${optional(' ', node.exc)}${optional(' from ', node.cause)}`];
    case 'Try':
      return [
        'try:',
        ...block(node.body),
        ...node.handlers.flatMap(handlerLines),
        ...clause('else', node.orelse),
        ...clause('finally', node.finalbody),
      ];
    case 'Match': {
      const cases = node.cases.flatMap(({ pattern, guard, body }) => [
        `case ${printPattern(pattern)}${optional(' if ', guard)}:`,
        ...block(body),
      ]);
      return [`match ${print(node.subject)}:`, ...cases.map((line) => `    ${line}`)];
    }
    case 'Assert':
      return [`assert ${print(node.test)}${optional(', ', node.msg)}`];
    case 'Import':
      return [`import ${aliases(node.names)}`];
    case 'ImportFrom':
      return [`from ${'.'.repeat(node.level)}${node.module ?? ''} import ${aliases(node.names)}`];
    case 'Global':
      return [`global ${node.names.join(', ')}`];
    case 'Nonlocal':
      return [`nonlocal ${node.names.join(', ')}`];
    case 'Expr':
      return [print(node.value)];
    case 'Pass':
      return ['pass'];
    case 'Break':
      return ['break'];
    case 'Continue':
      return ['continue'];
  }
}

function decorators(list: readonly Expression[]): string[] {
  return list.map((each) => `@${printExpression(each)}`);
}

function functionLines({ kind, name, args, body, decorator_list, returns }: FunctionDef): string[] {
  const before = kind === 'FunctionDef' ? 'def' : 'async def';
  const gives = returns === null ? '' : ` -> ${printExpression(returns)}`;
  return [...decorators(decorator_list), `${before} ${name}(${printParameters(args)})${gives}:`, ...block(body)];
}

/** One `if` alone in an `else` is an `elif`. */
function ifLines({ test, body, orelse }: If, word: string): string[] {
  const head = [`${word} ${printExpression(test)}:`, ...block(body)];
  const [only] = orelse;
  if (orelse.length === 1 && only?.kind === 'If') return [...head, ...ifLines(only, 'elif')];
  return [...head, ...clause('else', orelse)];
}

function handlerLines({ type, name, body }: Handler): string[] {
  const caught = type === null ? '' : ` ${printExpression(type)}`;
  return [`except${caught}${name === null ? '' : ` as ${name}`}:`, ...block(body)];
}

function aliases(names: readonly Alias[]): string {
  return names.map(({ name, asname }) => (asname === null ? name : `${name} as ${asname}`)).join(', ');
}
