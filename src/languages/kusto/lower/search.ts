import { diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/span.ts';
import { text } from '../../../ir/construct.ts';
import type { Expression, LiteralExpression, Operator, SearchOperator } from '../ast/index.ts';
import { lowerCondition } from './expression.ts';
import { optionWord } from './option.ts';
import { broken, type Column, Columns, type Environment, type Table } from './scope.ts';

type SearchNode = Operator & SearchOperator;

/** The column that says which table a row is of. */
export const SOURCE_COLUMN = '$table';

/**
 * `search`: rows in which the texts are found as terms, in any column; a star at an end of a text leaves that end open. `tables`:
 * what is searched, with the names of the tables.
 */
export function lowerSearch(node: SearchNode, input: Table, environment: Environment): Table {
  const { context } = environment;
  const { columns } = input;
  if (columns.open) {
    if (!columns.failed) {
      const name = 'search of a table whose columns are not known';
      context.report(diagnostic('unsupported/kusto-operator', { name }, node.keyword));
    }
    return broken(input);
  }
  const isExact = optionWord(node.options, 'kind') === 'case_sensitive';
  const searched = columns.all().filter(({ name }) => name !== SOURCE_COLUMN);
  const predicate = lowerCondition(overColumns(node.predicate, searched, isExact), { ...environment, columns });
  const found: Table = { ...input, plan: { kind: 'where', input: input.plan, predicate } };
  if (columns.has(SOURCE_COLUMN)) return found;
  return {
    ...found,
    plan: {
      kind: 'extend',
      input: found.plan,
      columns: [{ name: SOURCE_COLUMN, expr: text(input.name ?? 'search_arg0') }],
    },
    columns: new Columns([{ name: SOURCE_COLUMN, type: 'string' }, ...columns.list], false, columns.wanted),
    made: [SOURCE_COLUMN, ...input.made],
  };
}

/** `* has "x"` in a filter: in any column. */
export function overStars(node: Expression, columns: readonly Column[]): Expression {
  const inner = (one: Expression): Expression => overStars(one, columns);
  switch (node.kind) {
    case 'binary':
      return node.left.kind === 'star' ? overColumns(node, columns, false) : node;
    case 'logic':
      return { ...node, items: node.items.map(inner) };
    case 'call':
      if (node.name.text !== 'not') return node;
      return { ...node, args: node.args.map((argument) => ({ ...argument, value: inner(argument.value) })) };
    case 'literal':
    case 'star':
    case 'name':
    case 'member':
    case 'method':
    case 'index':
    case 'unary':
    case 'between':
    case 'list':
    case 'typeof':
    case 'pipe':
    case 'source':
    case 'bad':
      return node;
  }
}

/** The condition with each text that stands alone looked for in all columns. */
function overColumns(node: Expression, columns: readonly Column[], isExact: boolean): Expression {
  const inner = (one: Expression): Expression => overColumns(one, columns, isExact);
  switch (node.kind) {
    case 'literal':
      return node.type === 'string'
        ? anyOf(
            columns.map((column) => found(column, node, isExact)),
            node.span,
          )
        : node;
    case 'star':
      return { kind: 'literal', type: 'bool', value: true, span: node.span };
    case 'logic':
      return { ...node, items: node.items.map(inner) };
    case 'call':
      if (node.name.text !== 'not') return node;
      return { ...node, args: node.args.map((argument) => ({ ...argument, value: inner(argument.value) })) };
    case 'binary': {
      const { left, right } = node;
      if (left.kind === 'star' && right.kind === 'literal') {
        const each = columns.map((column): Expression => ({ ...node, left: textOf(column, left.span) }));
        return anyOf(each, node.span);
      }
      if (node.operator !== ':' || right.kind !== 'literal' || right.type !== 'string') return node;
      return tested(left, right, isExact);
    }
    case 'name':
    case 'member':
    case 'method':
    case 'index':
    case 'unary':
    case 'between':
    case 'list':
    case 'typeof':
    case 'pipe':
    case 'source':
    case 'bad':
      return node;
  }
}

function anyOf(items: readonly Expression[], span: Span): Expression {
  return items.length === 0
    ? { kind: 'literal', type: 'bool', value: false, span }
    : { kind: 'logic', operator: 'or', items, span };
}

function found(column: Column, wanted: LiteralExpression, isExact: boolean): Expression {
  return tested(textOf(column, wanted.span), wanted, isExact);
}

function textOf({ name, type }: Column, span: Span): Expression {
  const column: Expression = { kind: 'name', name, span };
  if (type === 'string') return column;
  return { kind: 'call', name: { text: 'tostring', span }, args: [{ name: undefined, value: column, span }], span };
}

/** `a` by `has`, `a*` by `hasprefix`, `*a` by `hassuffix`, `*a*` by `contains`. */
function tested(subject: Expression, wanted: LiteralExpression, isExact: boolean): Expression {
  const whole = String(wanted.value ?? '');
  const starts = whole.startsWith('*');
  const ends = whole.length > 1 && whole.endsWith('*');
  const needle = whole.slice(starts ? 1 : 0, ends ? -1 : undefined);
  const test = starts && ends ? 'contains' : ends ? 'hasprefix' : starts ? 'hassuffix' : 'has';
  const operator = isExact ? `${test}_cs` : test;
  const right: Expression = { ...wanted, value: needle };
  return { kind: 'binary', operator, operatorSpan: wanted.span, left: subject, right, span: wanted.span };
}
