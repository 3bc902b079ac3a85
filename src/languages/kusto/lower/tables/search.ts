import { diagnostic } from '../../../../base/diagnostic.ts';
import type { Span } from '../../../../base/span.ts';
import { text } from '../../../../ir/construct.ts';
import type { Expression, LiteralExpression, Operator, SearchOperator } from '../../ast/index.ts';
import { optionWord } from '../option.ts';
import { broken, type Column, Columns, type Environment, type Table } from '../scope.ts';
import { lowerCondition } from '../values/expression.ts';

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
  return overTests(node, (test) =>
    test.kind === 'binary' && test.left.kind === 'star' ? overColumns(test, columns, false) : test,
  );
}

/** The condition with each text that stands alone looked for in all columns. */
export function overColumns(node: Expression, columns: readonly Column[], isExact: boolean): Expression {
  return overTests(node, (test) => {
    if (test.kind === 'star') return { kind: 'literal', type: 'bool', value: true, span: test.span };
    if (test.kind === 'literal' && test.type === 'string') {
      const each = columns.map((column) => found(column, test, isExact));
      return anyOf(each, test.span);
    }
    if (test.kind !== 'binary' || test.right.kind !== 'literal') return test;
    const { left, right } = test;
    if (left.kind === 'star') {
      const each = columns.map((column): Expression => ({ ...test, left: textOf(column, left.span) }));
      return anyOf(each, test.span);
    }
    return test.operator === ':' && right.type === 'string' ? tested(left, right, isExact) : test;
  });
}

/** A condition with something else in place of each of the tests that `and`, `or` and `not()` bring together. */
function overTests(node: Expression, test: (one: Expression) => Expression): Expression {
  if (node.kind === 'logic') return { ...node, items: node.items.map((item) => overTests(item, test)) };
  if (node.kind !== 'call' || node.name.text !== 'not') return test(node);
  return { ...node, args: node.args.map((argument) => ({ ...argument, value: overTests(argument.value, test) })) };
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
