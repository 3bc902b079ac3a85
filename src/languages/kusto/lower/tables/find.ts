import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, text } from '../../../../ir/construct.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { Expression, FindOperator, Operator } from '../../ast/index.ts';
import { optionWord } from '../option.ts';
import { broken, type Column, Columns, type Environment, type Table } from '../scope.ts';
import { convert } from '../values/convert.ts';
import { lowerCondition } from '../values/expression.ts';
import { overColumns } from './search.ts';

type FindNode = Operator & FindOperator;

/** The column that says of which table a row is. */
export function sourceColumn(node: FindNode): string {
  return optionWord(node.options, 'withsource') ?? 'source_';
}

/** Everything else of a row, as one bag. */
const PACK = 'pack_';

/**
 * `find`: rows of several tables for which a condition holds; a text that stands alone is looked for in all columns. `input`: the tables
 * as one. Shown are, unless the query chooses, the columns that the condition names, and the rest as a bag.
 */
export function lowerFind(node: FindNode, input: Table, environment: Environment): Table {
  const { columns } = input;
  if (columns.open) {
    const name = 'find in a table whose columns are not known';
    if (!columns.failed) environment.context.report(diagnostic('unsupported/kusto-operator', { name }, node.keyword));
    return broken(input);
  }
  const source = sourceColumn(node);
  const known = columns.all();
  const own = known.filter(({ name }) => name !== source);
  const predicate = lowerCondition(overColumns(node.predicate, own, false), { ...environment, columns });
  const rows: Plan = { kind: 'where', input: input.plan, predicate };
  const shown = shownColumns(node, own, environment);
  const list: Column[] = [{ name: source, type: 'string' }, ...shown.columns.map(({ name, type }) => ({ name, type }))];
  const made: NamedExpr[] = [
    { name: source, expr: field(source) },
    ...shown.columns.map(({ name, expr }) => ({ name, expr })),
  ];
  if (shown.packed.length > 0) {
    const members = shown.packed.flatMap(({ name }) => [text(name), field(name)]);
    made.push({ name: PACK, expr: call('kusto.without-empty', [call('kusto.pack-bag', members)]) });
    list.push({ name: PACK, type: 'dynamic' });
  }
  return {
    plan: { kind: 'project', input: rows, columns: made },
    columns: new Columns(list),
    shaped: true,
    made: [],
  };
}

function shownColumns(
  { output, predicate }: FindNode,
  own: readonly Column[],
  environment: Environment,
): { readonly columns: readonly (Column & NamedExpr)[]; readonly packed: readonly Column[] } {
  const shown = (column: Column): Column & NamedExpr => ({ ...column, expr: field(column.name) });
  switch (output?.kind) {
    case 'project': {
      const columns = output.columns.flatMap(({ name, type }): (Column & NamedExpr)[] => {
        const column = own.find((one) => one.name === name.text);
        if (column === undefined) {
          environment.context.report(diagnostic('kusto/unknown-column', { name: name.text, near: [] }, name.span));
          return [];
        }
        const wanted = type?.type;
        if (wanted === undefined || wanted === column.type) return [shown(column)];
        return [
          { name: column.name, type: wanted, expr: convert({ expr: field(column.name), type: column.type }, wanted) },
        ];
      });
      return { columns, packed: [] };
    }
    case 'project-away': {
      const away = new Set(output.patterns.map((pattern) => pattern.text));
      return { columns: own.filter(({ name }) => !away.has(name) && !away.has('*')).map(shown), packed: [] };
    }
    case 'project-smart':
    case undefined: {
      const named = new Set(namesIn(predicate));
      return {
        columns: own.filter(({ name }) => named.has(name)).map(shown),
        packed: own.filter(({ name }) => !named.has(name)),
      };
    }
  }
}

/** The names that a condition mentions. */
function namesIn(node: Expression): readonly string[] {
  switch (node.kind) {
    case 'name':
      return [node.name];
    case 'member':
      return namesIn(node.target);
    case 'index':
      return [...namesIn(node.target), ...namesIn(node.index)];
    case 'unary':
      return namesIn(node.operand);
    case 'binary':
      return [...namesIn(node.left), ...namesIn(node.right)];
    case 'logic':
      return node.items.flatMap(namesIn);
    case 'between':
      return [node.subject, node.low, node.high].flatMap(namesIn);
    case 'list':
      return [...namesIn(node.subject), ...node.items.flatMap(namesIn)];
    case 'call':
      return node.args.flatMap(({ value }) => namesIn(value));
    case 'literal':
    case 'method':
    case 'star':
    case 'typeof':
    case 'pipe':
    case 'source':
    case 'bad':
      return [];
  }
}
