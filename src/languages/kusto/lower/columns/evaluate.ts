import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { JoinColumn } from '../../../../ir/plan/relational.ts';
import type { Argument, CallExpression, EvaluateOperator, Operator } from '../../ast/index.ts';
import { isAggregate } from '../functions/aggregates.ts';
import { Aggregates } from '../groups/aggregate.ts';
import { broken, type Column, Columns, type Environment, type Table, type Typed } from '../scope.ts';
import { asText, constantJson, constantText, convert } from '../values/convert.ts';
import { lowerExpression } from '../values/expression.ts';
import { declaredColumns } from './declared.ts';
import { freeName } from './naming.ts';

type EvaluateNode = Operator & EvaluateOperator;
type Plugin = (node: EvaluateNode, input: Table, environment: Environment) => Table | undefined;

const PLUGINS: ReadonlyMap<string, Plugin> = new Map<string, Plugin>([
  ['bag_unpack', bagUnpack],
  ['pivot', pivot],
  ['narrow', narrow],
  ['ipv4_lookup', ipLookup],
  ['ipv6_lookup', ipLookup],
]);

/** `evaluate`: plugins by their definition. Those that learn, and those that run code, are refused. */
export function lowerEvaluate(node: EvaluateNode, input: Table, environment: Environment): Table {
  const { name } = node.call;
  const plugin = PLUGINS.get(name.text);
  if (plugin === undefined) {
    const told = `evaluate ${name.text}`;
    environment.context.report(diagnostic('unsupported/kusto-operator', { name: told }, name.span));
    return broken(input);
  }
  if (input.columns.failed) return broken(input);
  if (input.columns.open) {
    const told = `evaluate ${name.text} over a table whose columns are not known`;
    environment.context.report(diagnostic('unsupported/kusto-operator', { name: told }, name.span));
    return broken(input);
  }
  const made = plugin(node, input, environment);
  return made === undefined ? broken(input) : withSchema(node, made, environment);
}

/** The columns that the query says the plugin gives. */
function withSchema({ schema }: EvaluateNode, made: Table, environment: Environment): Table {
  if (schema === undefined) return made;
  const own = declaredColumns(schema.columns, environment);
  const kept = schema.open ? made.columns.list.filter(({ name }) => !own.some((one) => one.name === name)) : [];
  const columns: NamedExpr[] = [
    ...kept.map(({ name }) => ({ name, expr: field(name) })),
    ...own.map(({ name, type }) => ({
      name,
      expr: convert({ expr: field(name), type: made.columns.typeOf(name) ?? 'dynamic' }, type),
    })),
  ];
  const plan: Plan = { kind: 'project', input: made.plan, columns };
  return { plan, columns: new Columns([...kept, ...own]), shaped: true, made: [] };
}

/** An argument by its place among those without a name, or by its name. */
function argument({ args }: CallExpression, place: number, name: string): Argument | undefined {
  return args.find((arg) => arg.name?.text === name) ?? args.filter((arg) => arg.name === undefined)[place];
}

function closedPlan(input: Table): Plan {
  const columns = input.columns.all().map(({ name }) => ({ name, expr: field(name) }));
  return { kind: 'project', input: input.plan, columns };
}

/** The name of a column that an argument is. */
function columnOf(
  arg: Argument | undefined,
  node: EvaluateNode,
  input: Table,
  environment: Environment,
): string | undefined {
  if (arg?.value.kind === 'name' && input.columns.has(arg.value.name)) return arg.value.name;
  const params = { expected: 'a column', found: 'something else' };
  environment.context.report(diagnostic('kusto/expected-type', params, arg?.span ?? node.call.span));
  return undefined;
}

function bagUnpack(node: EvaluateNode, input: Table, environment: Environment): Table | undefined {
  const { call: plugin } = node;
  const bag = columnOf(argument(plugin, 0, 'column'), node, input, environment);
  if (bag === undefined) return undefined;
  const constant = (arg: Argument | undefined): Typed | undefined =>
    arg === undefined ? undefined : lowerExpression(arg.value, { ...environment, columns: undefined });
  const prefix = constant(argument(plugin, 1, 'OutputColumnPrefix'));
  const conflict = constant(argument(plugin, 2, 'columnsConflict'));
  const ignored = constant(argument(plugin, 3, 'ignoredProperties'));
  const left = ignored?.expr.kind === 'literal' ? constantJson(ignored.expr) : undefined;
  const plan: Plan = {
    kind: 'unpack',
    input: closedPlan(input),
    bag: field(bag),
    prefix: (prefix && constantText(prefix)) ?? '',
    without: Array.isArray(left) ? left.filter((item) => typeof item === 'string') : [],
    drops: [bag],
    clash: (conflict && constantText(conflict)) === 'replace_source' ? 'member' : 'column',
  };
  const kept = input.columns.list.filter(({ name }) => name !== bag);
  return { plan, columns: new Columns(kept, true), shaped: true, made: [] };
}

/** Aggregates that are 0 of no rows. */
const ZERO_OF_NOTHING: ReadonlySet<string> = new Set(['count', 'countif', 'sum', 'sumif', 'dcount', 'dcountif']);

/** `pivot(column [, aggregate] [, keys…])`: a column for each value, with the aggregate of its rows. */
function pivot(node: EvaluateNode, input: Table, environment: Environment): Table | undefined {
  const [first, ...others] = node.call.args;
  const pivoted = columnOf(first, node, input, environment);
  if (first === undefined || pivoted === undefined) return undefined;
  const [second] = others;
  const isGiven = second?.value.kind === 'call' && isAggregate(second.value.name.text);
  const { span } = first;
  const counted: CallExpression = { kind: 'call', name: { text: 'count', span }, args: [], span };
  const aggregate: CallExpression = isGiven && second.value.kind === 'call' ? second.value : counted;
  const named = (isGiven ? others.slice(1) : others).map((arg) => columnOf(arg, node, input, environment));
  if (named.includes(undefined)) return undefined;
  const used = new Set([
    pivoted,
    ...aggregate.args.flatMap(({ value }) => (value.kind === 'name' ? [value.name] : [])),
  ]);
  const all = input.columns.all();
  const keys =
    named.length > 0 ? all.filter(({ name }) => named.includes(name)) : all.filter(({ name }) => !used.has(name));
  const by = keys.map(({ name }): NamedExpr => ({ name, expr: field(name) }));
  const aggregates = new Aggregates(environment);
  const value = aggregates.lower(aggregate, '$value');
  const name = asText({ expr: field(pivoted), type: input.columns.typeOf(pivoted) ?? 'unknown' });
  const cells: Plan = {
    kind: 'summarize',
    input: input.plan,
    by: [...by, { name: '$name', expr: name }],
    aggregates: aggregates.list,
  };
  const packed = (made: Expr): NamedExpr => ({ name: '$cell', expr: call('kusto.pack-bag', [field('$name'), made]) });
  const bags: Plan = { kind: 'extend', input: cells, columns: [packed(value.expr)] };
  const gathered = (input_: Plan, keysOf: readonly NamedExpr[]): Plan => ({
    kind: 'summarize',
    input: input_,
    by: keysOf,
    aggregates: [{ names: ['$cells'], fn: 'make-list', args: [field('$cell')] }],
  });
  // Every row has every column: what no row of a key has is what the aggregate is of nothing.
  const nothing: Expr = ZERO_OF_NOTHING.has(aggregate.name.text) ? { kind: 'literal', type: 'long', value: '0' } : NULL;
  const names: Plan = { kind: 'extend', input: cells, columns: [packed(nothing)] };
  const empty: Expr = {
    kind: 'scalar-of',
    plan: { name: environment.context.share(gathered(names, [])), column: '$cells' },
  };
  const rows: Plan = {
    kind: 'extend',
    input: gathered(bags, by),
    columns: [{ name: '$row', expr: call('kusto.merge-bags', [call('kusto.array-concat', [field('$cells'), empty])]) }],
  };
  const plan: Plan = {
    kind: 'unpack',
    input: rows,
    bag: field('$row'),
    prefix: '',
    without: [],
    drops: ['$cells', '$row'],
    clash: 'column',
  };
  return { plan, columns: new Columns(keys, true), shaped: true, made: [] };
}

/** `narrow()`: a row for each cell, with the number of its row and the name of its column. */
function narrow(_node: EvaluateNode, input: Table): Table {
  const cells = input.columns
    .all()
    .map((column) =>
      call('kusto.pack-array', [text(column.name), asText({ expr: field(column.name), type: column.type })]),
    );
  const numbered: Plan = {
    kind: 'window',
    input: input.plan,
    partition: [],
    order: [],
    columns: [{ name: '$row', fn: 'row-number' }],
  };
  const unnested: Plan = {
    kind: 'unnest',
    input: numbered,
    columns: [{ name: '$cell', expr: call('kusto.pack-array', cells), maps: 'whole' }],
    whenEmpty: 'drop',
  };
  const at = (place: string): Expr =>
    call('kusto.member', [field('$cell'), { kind: 'literal', type: 'long', value: place }]);
  const before = call('kusto.subtract', [field('$row'), { kind: 'literal', type: 'long', value: '1' }]);
  const columns: Column[] = [
    { name: 'Row', type: 'long' },
    { name: 'Column', type: 'string' },
    { name: 'Value', type: 'string' },
  ];
  const plan: Plan = {
    kind: 'project',
    input: unnested,
    columns: [
      { name: 'Row', expr: before },
      { name: 'Column', expr: convert({ expr: at('0'), type: 'dynamic' }, 'string') },
      { name: 'Value', expr: convert({ expr: at('1'), type: 'dynamic' }, 'string') },
    ],
  };
  return { plan, columns: new Columns(columns), shaped: true, made: [] };
}

/** `ipv4_lookup(table, address, network [, more keys] [, return_unmatched])`: the rows of the table whose network holds the address. */
function ipLookup(node: EvaluateNode, input: Table, environment: Environment): Table | undefined {
  const { context } = environment;
  const plain = node.call.args.filter((arg) => arg.name === undefined);
  const [tableArg, addressArg, networkArg, ...more] = plain;
  if (tableArg === undefined || addressArg === undefined || networkArg === undefined) {
    const params = { name: node.call.name.text, expected: 'at least 3 arguments', found: plain.length };
    context.report(diagnostic('kusto/argument-count', params, node.call.span));
    return undefined;
  }
  const table = environment.table(tableArg.value);
  if (table.columns.failed || table.columns.open) {
    const told = `${node.call.name.text} in a table whose columns are not known`;
    if (!table.columns.failed) context.report(diagnostic('unsupported/kusto-operator', { name: told }, tableArg.span));
    return undefined;
  }
  const address = columnOf(addressArg, node, input, environment);
  const network = columnOf(networkArg, node, table, environment);
  if (address === undefined || network === undefined) return undefined;
  const isFlag = (arg: Argument): boolean => arg.value.kind === 'literal' && typeof arg.value.value === 'boolean';
  const flag = node.call.args.find((arg) => arg.name?.text === 'return_unmatched') ?? more.find(isFlag);
  const keepsAll = flag?.value.kind === 'literal' && flag.value.value === true;
  const on = more
    .filter((arg) => !isFlag(arg))
    .flatMap((arg) => {
      const name = columnOf(arg, node, input, environment);
      return name === undefined ? [] : [{ left: field(name), right: field(name) }];
    });
  const columns: JoinColumn[] = input.columns.all().map(({ name }) => ({ name, expr: field(name), side: 'left' }));
  const listed: Column[] = [...input.columns.list];
  const taken = new Set(input.columns.names());
  const names = new Map<string, string>();
  for (const { name: from, type } of table.columns.all()) {
    const name = freeName(from, (one) => taken.has(one));
    taken.add(name);
    names.set(from, name);
    columns.push({ name, expr: field(from), side: 'right' });
    listed.push({ name, type });
  }
  const fn = node.call.name.text === 'ipv4_lookup' ? 'kusto.ipv4-is-in-range' : 'kusto.ipv6-is-in-any-range';
  const residual = call(fn, [field(address), field(names.get(network) ?? network)], node.span);
  const plan: Plan = {
    kind: 'join',
    left: input.plan,
    right: table.plan,
    on,
    flavour: keepsAll ? 'left' : 'inner',
    nulls: 'equal',
    columns,
    residual,
  };
  return { plan, columns: new Columns(listed), shaped: true, made: [] };
}
