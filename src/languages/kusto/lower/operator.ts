import { diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { field, text } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Order, Plan } from '../../../ir/plan/plan.ts';
import type { Assignment, Expression, Name, Operator, SortKey } from '../ast/index.ts';
import { Assigned } from './columns/assigned.ts';
import { lowerEvaluate } from './columns/evaluate.ts';
import { lowerApply, lowerExpand } from './columns/expand.ts';
import { lowerPairs } from './columns/pairs.ts';
import { lowerParse } from './columns/parse-text.ts';
import { lowerPartition } from './groups/partition.ts';
import { lowerMakeSeries } from './groups/series.ts';
import { lowerSummarize } from './groups/summarize.ts';
import { lowerTopHitters, lowerTopNested } from './groups/top.ts';
import { sortKeys } from './order/order.ts';
import { lowerScan } from './order/scan.ts';
import { Windows } from './order/window.ts';
import { broken, type Column, Columns, type Context, type Environment, type Table } from './scope.ts';
import { lowerJoin } from './tables/join.ts';
import { lowerSearch, overStars } from './tables/search.ts';
import { constantJson, constantText, constantWhole } from './values/convert.ts';
import { lowerCondition, lowerExpression } from './values/expression.ts';

/** Operators that only need their input: the others (sources, `union`, `invoke`) are with the pipes. */
export type RowOperator = Exclude<
  Operator,
  { kind: 'union' | 'find' | 'print' | 'datatable' | 'externaldata' | 'range' | 'invoke' | 'as' }
>;

/** Lowers an operator of a pipe. `environment` knows the input's columns. */
export function lowerOperator(node: RowOperator, input: Table, environment: Environment): Table {
  const { context } = environment;
  if (isUnsupported(node)) {
    reportUnsupported(node, context);
    return broken(input);
  }
  switch (node.kind) {
    case 'join':
    case 'lookup':
      return lowerJoin(node, input, environment);
    case 'mv-expand':
      return lowerExpand(node, input, environment);
    case 'mv-apply':
      return lowerApply(node, input, environment);
    case 'make-series':
      return lowerMakeSeries(node, input, environment);
    case 'parse':
    case 'parse-where':
      return lowerParse(node, input, environment);
    case 'search':
      return lowerSearch(node, input, environment);
    case 'partition':
      return lowerPartition(node, input, environment);
    case 'parse-kv':
      return lowerPairs(node, input, environment);
    case 'scan':
      return lowerScan(node, input, environment);
    case 'top-hitters':
      return lowerTopHitters(node, input, environment);
    case 'top-nested':
      return lowerTopNested(node, input, environment);
    case 'evaluate':
      return lowerEvaluate(node, input, environment);
    case 'where': {
      if (node.name !== undefined) {
        context.report(diagnostic('kusto/assignment-in-where', { name: node.name.text }, node.name.span));
      }
      const windows = new Windows();
      const predicate = lowerCondition(withStars(node.predicate, input), windows.within(environment));
      return { ...input, plan: { kind: 'where', input: windows.over(input.plan), predicate } };
    }
    case 'extend':
      return extend(node.columns, input, environment);
    case 'project':
      return project(node.columns, input, environment);
    case 'project-away': {
      const away = new Set(node.patterns.flatMap((pattern) => matching(pattern, input, environment)));
      return keep(
        input.columns.all().filter((column) => !away.has(column.name)),
        input,
        environment,
        node,
      );
    }
    case 'project-keep': {
      const kept = new Set(node.patterns.flatMap((pattern) => matching(pattern, input, environment)));
      return keep(
        input.columns.all().filter((column) => kept.has(column.name)),
        input,
        environment,
        node,
      );
    }
    case 'project-by-names': {
      const named = new Set(node.names.flatMap((name) => constantNames(name, input, environment)));
      const all = new Map(input.columns.all().map((column) => [column.name, column]));
      return keep(
        [...named].flatMap((name) => all.get(name) ?? []),
        input,
        environment,
        node,
      );
    }
    case 'project-rename': {
      const renamed = new Map(node.columns.map(({ from, to }) => [from.text, to.text]));
      for (const { from } of node.columns) matching(from, input, environment);
      const columns = input.columns
        .all()
        .map(({ name, type }) => ({ name: renamed.get(name) ?? name, type, from: name }));
      if (input.columns.open) {
        const known = new Set(input.columns.names());
        for (const { from, to } of node.columns) {
          if (!known.has(from.text)) columns.push({ name: to.text, type: 'unknown', from: from.text });
        }
      }
      return shape(columns, input, environment, node);
    }
    case 'project-reorder':
      return reorder(node, input, environment);
    case 'sort':
      return { ...input, plan: order(node.keys, input.plan, environment) };
    case 'sample-distinct': {
      const once = distinctOf(node, input, environment);
      return { ...once, plan: { kind: 'limit', input: once.plan, count: count(node.count, environment) } };
    }
    // Which rows are taken is not defined: the first ones are as good as any.
    case 'sample':
    case 'take':
      return { ...input, plan: { kind: 'limit', input: input.plan, count: count(node.count, environment) } };
    case 'top': {
      const sorted = order(node.keys, input.plan, environment);
      return { ...input, plan: { kind: 'limit', input: sorted, count: count(node.count, environment) } };
    }
    case 'count': {
      const name = node.as?.text ?? 'Count';
      const plan: Plan = {
        kind: 'summarize',
        input: input.plan,
        by: [],
        aggregates: [{ names: [name], fn: 'count', args: [] }],
      };
      return { plan, columns: new Columns([{ name, type: 'long' }]), shaped: true, made: [] };
    }
    case 'distinct':
      return distinct(node, input, environment);
    case 'summarize':
      return lowerSummarize(node, input, environment);
    case 'getschema':
      return getSchema(input, environment, node);
    case 'serialize':
      return node.columns.length === 0 ? input : extend(node.columns, input, environment);
    case 'render':
      checkTitles(node, context);
      context.report(diagnostic('kusto/presentation-ignored', { name: node.kind }, node.keyword));
      return input;
    case 'consume':
      context.report(diagnostic('kusto/presentation-ignored', { name: node.kind }, node.keyword));
      return input;
    case 'bad-operator':
      return broken(input);
  }
}

/** Operators that are read and not lowered yet. */
export const UNSUPPORTED = ['fork', 'facet', 'reduce', 'externaldata', 'assert-schema', 'other'] as const;

type Unsupported = Operator & { readonly kind: (typeof UNSUPPORTED)[number] };

export function isUnsupported(node: Operator): node is Unsupported {
  return UNSUPPORTED.some((kind) => kind === node.kind);
}

export function reportUnsupported(node: Unsupported, context: Context): void {
  const name = node.kind === 'other' ? node.name.text : node.kind;
  context.report(diagnostic('unsupported/kusto-operator', { name }, node.keyword));
}

/** A chart changes no rows; its titles are texts all the same. */
function checkTitles(node: Operator & { kind: 'render' }, context: Context): void {
  for (const { name, values } of node.with) {
    const [value] = values;
    if (!/^[xy]?title$/.test(name.text) || value?.kind !== 'literal') continue;
    if (value.type === 'string' || value.type === 'dynamic') continue;
    context.report(diagnostic('kusto/expected-type', { expected: 'a string', found: value.type }, value.span));
  }
}

/** A filter over all columns needs to know them. */
function withStars(predicate: Expression, { columns }: Table): Expression {
  return columns.open ? predicate : overStars(predicate, columns.list);
}

function extend(nodes: readonly Assignment[], input: Table, environment: Environment): Table {
  const windows = new Windows();
  const assigned = new Assigned(input.columns, windows.within(environment));
  const columns = assigned.all(nodes);
  const plan: Plan = {
    kind: 'extend',
    input: assigned.below(windows.over(input.plan)),
    columns: columns.map(({ name, expr }) => ({ name, expr })),
  };
  const made = [...new Set([...input.made, ...columns.map((column) => column.name)])];
  return { plan, columns: input.columns.with(columns), shaped: input.shaped, made };
}

function project(nodes: readonly Assignment[], input: Table, environment: Environment): Table {
  const windows = new Windows();
  const assigned = new Assigned(input.columns, windows.within(environment));
  const columns = assigned.all(nodes);
  const plan: Plan = {
    kind: 'project',
    input: assigned.below(windows.over(input.plan)),
    columns: columns.map(({ name, expr }) => ({ name, expr })),
  };
  return { plan, columns: new Columns(columns.map(({ name, type }) => ({ name, type }))), shaped: true, made: [] };
}

/** The columns that a constant names: a text or an array of texts, each a name or a pattern with stars. Names that no column has are left out. */
function constantNames(node: Expression, input: Table, environment: Environment): readonly string[] {
  const value = lowerExpression(node, { ...environment, columns: undefined });
  const { expr } = value;
  const json = expr.kind === 'literal' ? (constantText(value) ?? constantJson(expr)) : undefined;
  const patterns = Array.isArray(json) ? json : [json];
  if (json === undefined || patterns.some((pattern) => typeof pattern !== 'string')) {
    environment.context.report(diagnostic('kusto/constant-needed', { what: 'the names of the columns' }, node.span));
    return [];
  }
  return patterns.flatMap((pattern) => {
    const name: Name = { text: String(pattern), span: node.span };
    return name.text.includes('*') || input.columns.has(name.text) ? matching(name, input, environment) : [];
  });
}

/** The columns that a name, or a pattern with stars, stands for. */
function matching(pattern: Name, input: Table, environment: Environment): readonly string[] {
  const names = input.columns.names();
  if (pattern.text.includes('*')) {
    const source = pattern.text.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
    const fits = new RegExp(`^${source.join('.*')}$`);
    return names.filter((name) => fits.test(name));
  }
  if (input.columns.has(pattern.text) || input.columns.open || pattern.text === '') return [pattern.text];
  const near = didYouMean(pattern.text, names);
  environment.context.report(diagnostic('kusto/unknown-column', { name: pattern.text, near }, pattern.span));
  return [];
}

function keep(columns: readonly Column[], input: Table, environment: Environment, node: Operator): Table {
  return shape(
    columns.map((column) => ({ ...column, from: column.name })),
    input,
    environment,
    node,
  );
}

function shape(
  columns: readonly (Column & { readonly from: string })[],
  input: Table,
  environment: Environment,
  node: Operator,
): Table {
  if (input.columns.failed) return broken(input);
  if (input.columns.open && node.kind === 'project-rename') return renamed(columns, input);
  if (input.columns.open && node.kind === 'project-away') {
    return { ...input, columns: new Columns(columns, true, input.columns.wanted) };
  }
  if (input.columns.open) {
    const name = `${node.kind} of a table whose columns are not known`;
    environment.context.report(diagnostic('unsupported/kusto-operator', { name }, node.span));
    return broken(input);
  }
  const named = columns.map(({ name, from }) => ({ name, expr: field(from) }));
  const plan: Plan = { kind: 'project', input: input.plan, columns: named };
  return { plan, columns: new Columns(columns.map(({ name, type }) => ({ name, type }))), shaped: true, made: [] };
}

/** Of a table that no schema describes, a column is there by its new name too: nothing reads it by the old one. */
function renamed(columns: readonly (Column & { readonly from: string })[], input: Table): Table {
  const made = columns.filter(({ name, from }) => name !== from);
  for (const { from } of made) input.columns.want(from);
  const plan: Plan = {
    kind: 'extend',
    input: input.plan,
    columns: made.map(({ name, from }) => ({ name, expr: field(from) })),
  };
  const list = columns.map(({ name, type }) => ({ name, type }));
  const names = [...new Set([...input.made, ...made.map(({ name }) => name)])];
  return { ...input, plan, columns: new Columns(list, true, input.columns.wanted), made: names };
}

/** Named columns first, in their order; a pattern's in the table's, or sorted by name; then the rest. */
function reorder(node: Operator & { kind: 'project-reorder' }, input: Table, environment: Environment): Table {
  const exact = new Set(node.columns.map(({ pattern }) => pattern.text));
  const first: string[] = [];
  const seen = new Set<string>();
  for (const { pattern, order: direction } of node.columns) {
    let names = matching(pattern, input, environment).filter((name) => pattern.text === name || !exact.has(name));
    if (direction !== undefined) names = [...names].sort((a, b) => (a < b ? -1 : 1) * (direction === 'asc' ? 1 : -1));
    for (const name of names) {
      if (!seen.has(name)) first.push(name);
      seen.add(name);
    }
  }
  // Without knowing all columns their order cannot be fixed, and it changes no row.
  if (input.columns.open) return input;
  const all = new Map(input.columns.all().map((column) => [column.name, column]));
  const rest = [...all.keys()].filter((name) => !seen.has(name));
  const columns = [...first, ...rest].flatMap((name) => all.get(name) ?? []);
  return keep(columns, input, environment, node);
}

function order(keys: readonly SortKey[], input: Plan, environment: Environment): Order {
  return { kind: 'order', input, keys: sortKeys(keys, environment) };
}

function count(node: Expression, environment: Environment): number {
  const value = constantWhole(lowerExpression(node, { ...environment, columns: undefined }));
  if (value !== undefined && value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  if (node.kind !== 'bad')
    environment.context.report(diagnostic('kusto/constant-needed', { what: 'the number of rows' }, node.span));
  return 0;
}

/** The different values of one column. */
function distinctOf(node: Operator & { kind: 'sample-distinct' }, input: Table, environment: Environment): Table {
  const projected = project([{ names: [], value: node.of, span: node.of.span }], input, environment);
  return { ...projected, plan: { kind: 'distinct', input: projected.plan } };
}

function distinct(node: Operator & { kind: 'distinct' }, input: Table, environment: Environment): Table {
  const { columns: nodes } = node;
  const all = nodes.some((column) => column.value.kind === 'star');
  const projected = all ? keep(input.columns.all(), input, environment, node) : project(nodes, input, environment);
  return { ...projected, plan: { kind: 'distinct', input: projected.plan } };
}

/** The columns of the input as rows. */
function getSchema(input: Table, environment: Environment, node: Operator): Table {
  if (input.columns.open && !input.columns.failed) {
    environment.context.report(
      diagnostic('unsupported/kusto-operator', { name: 'getschema of a table whose columns are not known' }, node.span),
    );
  }
  const columns: Column[] = [
    { name: 'ColumnName', type: 'string' },
    { name: 'ColumnOrdinal', type: 'long' },
    { name: 'DataType', type: 'string' },
    { name: 'ColumnType', type: 'string' },
  ];
  const rows = input.columns.list.map((column, index): readonly Expr[] => [
    text(column.name),
    { kind: 'literal', type: 'long', value: String(index) },
    text(CLR_TYPES[column.type] ?? 'System.Object'),
    text(column.type),
  ]);
  const plan: Plan = {
    kind: 'rows',
    columns: columns.map(({ name, type }) => ({ name, type: type === 'unknown' ? 'dynamic' : type })),
    rows,
  };
  return { plan, columns: new Columns(columns), shaped: true, made: [] };
}

const CLR_TYPES: Readonly<Record<string, string>> = {
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  string: 'System.String',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  guid: 'System.Guid',
  dynamic: 'System.Object',
};
