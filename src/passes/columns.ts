import type { Expr, Quantified } from '../ir/expr.ts';
import { aggregates } from '../ir/functions/aggregates.ts';
import { functions } from '../ir/functions/registry.ts';
import type { SummaryColumns } from '../ir/plan/keyed.ts';
import { madeNames } from '../ir/plan/made.ts';
import {
  type Aggregate,
  type ColumnType,
  type Input,
  type Join,
  type Keyed,
  type Matches,
  type NamedExpr,
  type Never,
  type Plan,
  type Records,
  rowsOf as rowsOfInput,
  type Scan,
  type Source,
  type Threshold,
  type Unpack,
} from '../ir/plan/plan.ts';
import { keptSide, type WindowColumn } from '../ir/plan/relational.ts';
import { ANY, BOOL, either, type TypeSet, theType, types } from '../ir/static-type.ts';
import { children, inputs } from '../ir/traverse.ts';
import type { SchemaName, ValueType } from '../ir/types.ts';
import type { Schema } from '../ir/view.ts';

/** The rows at some point of a plan: what their columns are, as far as it is known before there are any. */
export interface RowType {
  /** The columns that operators made, in their order. */
  readonly made: ReadonlyMap<string, TypeSet>;
  /** Whose fields are columns too, by any name: empty once an operator has fixed which columns there are. */
  readonly open: readonly (Source | Records | Never | Matches | Unpack)[];
  /** Whether a row stands for a record, so that what is raw can be read. */
  readonly ofRecord: boolean;
}

/** The schemas whose types are asked for; without one, a field may be of any type. */
export type Schemas = (name: SchemaName) => Schema | undefined;
export const NO_SCHEMAS: Schemas = () => undefined;

/** The rows that a plan gives. */
export function columnsOf(plan: Plan, schemas: Schemas = NO_SCHEMAS): RowType {
  return rowsOf(
    plan,
    inputs(plan).map((input) => columnsOf(input, schemas)),
    schemas,
  );
}

/** What one operator makes of the rows of its inputs. */
export function rowsOf(plan: Plan, given: readonly RowType[], schemas: Schemas): RowType {
  const [input = NO_ROWS] = given;
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
      return { made: new Map(), open: [plan], ofRecord: true };
    case 'rows':
    case 'input':
    case 'table':
    case 'shared':
      return { made: declared(plan), open: [], ofRecord: plan.kind === 'input' };
    case 'where':
    case 'ask':
    case 'distinct':
    case 'order':
    case 'limit':
      return input;
    case 'extend':
      return { ...input, made: new Map([...input.made, ...named(plan.columns, input, schemas)]) };
    case 'unnest': {
      const added = madeNames(plan).map((name): [string, TypeSet] => [name, name === plan.index ? types('long') : ANY]);
      return { ...input, made: new Map([...input.made, ...added]) };
    }
    case 'unpack': {
      const kept = [...input.made].filter(([name]) => !plan.drops.includes(name));
      // A member may stand in the place of a column.
      const made = plan.clash === 'member' ? kept.map(([name]): [string, TypeSet] => [name, ANY]) : kept;
      return { ...input, made: new Map(made), open: [...input.open, plan] };
    }
    case 'scan':
      return { ...input, made: new Map([...input.made, ...scanned(plan, input, schemas)]) };
    case 'project':
      return { made: named(plan.columns, input, schemas), open: [], ofRecord: input.ofRecord };
    case 'summarize': {
      const made = plan.aggregates.flatMap((aggregate) => aggregated(aggregate, input, schemas));
      return { made: new Map([...named(plan.by, input, schemas), ...made]), open: [], ofRecord: false };
    }
    case 'window':
      return { ...input, made: new Map([...input.made, ...plan.columns.map(windowColumn(input, schemas))]) };
    case 'series': {
      const keys = named(plan.by, input, schemas);
      const arrays = [...plan.aggregates.flatMap(({ names }) => names), plan.axis.name];
      const dynamic = arrays.map((name): [string, TypeSet] => [name, types('dynamic')]);
      return { made: new Map([...keys, ...dynamic]), open: [], ofRecord: false };
    }
    case 'join':
      return joined(plan, given, schemas);
    case 'apply': {
      const [, body = NO_ROWS] = given;
      return { ...body, made: new Map([...body.made, ...named(plan.keep, input, schemas)]) };
    }
    case 'union':
      return united(given);
    case 'matches':
      return { made: declared(plan), open: [plan], ofRecord: true };
    case 'threshold':
      return keyed([...summarized(plan.summary), ...measured(plan)], plan);
    case 'first-seen':
      return keyed([...named(plan.input.keep, input, schemas)], plan);
    case 'sequence':
      return keyed(summarized(plan.summary), plan);
  }
}

function keyed(made: readonly [string, TypeSet][], { by }: Keyed): RowType {
  const keys = by.map(({ name }): [string, TypeSet] => [name, ANY]);
  return { made: new Map([...made, ...keys]), open: [], ofRecord: true };
}

function summarized(summary: SummaryColumns): [string, TypeSet][] {
  const { count, first, last } = summary;
  return Object.values(summary).map((name): [string, TypeSet] => {
    if (name === count) return [name, types('long')];
    return [name, types(name === first || name === last ? 'datetime' : 'dynamic')];
  });
}

function measured({ measures }: Threshold): [string, TypeSet][] {
  return measures.map(({ name }) => [name, types('number')]);
}

/** What the condition of a threshold is over. */
export function havingRow(plan: Threshold): RowType {
  const rows = plan.inputs.map(({ name }): [string, TypeSet] => [rowsOfInput(name), types('long')]);
  return { made: new Map([...measured(plan), ...rows]), open: [], ofRecord: false };
}

const NO_ROWS: RowType = { made: new Map(), open: [], ofRecord: false };

function declared({ columns }: { readonly columns: Input['columns'] }): ReadonlyMap<string, TypeSet> {
  // A column that is dynamic may hold anything.
  return new Map(columns.map(({ name, type }) => [name, type === 'dynamic' ? ANY : types(type)]));
}

function named(columns: readonly NamedExpr[], row: RowType, schemas: Schemas): ReadonlyMap<string, TypeSet> {
  return new Map(columns.map(({ name, expr }) => [name, typeOf(expr, row, schemas)]));
}

function aggregated({ names, fn, args }: Aggregate, row: RowType, schemas: Schemas): [string, TypeSet][] {
  const { parameters, result } = aggregates[fn];
  const given = args.map((arg) => typeOf(arg, row, schemas));
  return names.map((name, place): [string, TypeSet] => {
    if (parameters === 'each') return [name, given[place] ?? ANY];
    return [name, 'of' in result ? (result.of(given) ?? ANY) : result];
  });
}

/** The columns that the steps of a scan set. */
function scanned({ declares, matchId }: Scan, row: RowType, schemas: Schemas): readonly [string, TypeSet][] {
  // What a step sets may be of another type than what was there before.
  const set = [...named(declares, row, schemas).keys()].map((name): [string, TypeSet] => [name, ANY]);
  return matchId === undefined ? set : [...set, [matchId, types('long')]];
}

/** What the steps of a scan are over. */
export function scanRow(plan: Scan, input: RowType): RowType {
  const names = [...plan.declares, ...plan.reads].map(({ name }): [string, TypeSet] => [name, ANY]);
  return { ...input, made: new Map([...input.made, ...names]) };
}

function windowColumn(row: RowType, schemas: Schemas): (column: WindowColumn) => [string, TypeSet] {
  return (column) => {
    switch (column.fn) {
      case 'row-number':
      case 'rank':
      case 'dense-rank':
        return [column.name, types('long')];
      case 'lag':
      case 'lead':
        return [column.name, either([column.of, column.otherwise].map((expr) => typeOf(expr, row, schemas)))];
      case 'aggregate': {
        const [made] = aggregated({ names: [column.name], ...column.aggregate }, row, schemas);
        return made ?? [column.name, ANY];
      }
    }
  };
}

/** The rows that `residual` is over. */
export function pairRow({ columns }: Join, given: readonly RowType[], schemas: Schemas): RowType {
  const [left = NO_ROWS, right = NO_ROWS] = given;
  const made = columns.map((column): [string, TypeSet] => [
    column.name,
    typeOf(column.expr, column.side === 'left' ? left : right, schemas),
  ]);
  return { made: new Map(made), open: [], ofRecord: false };
}

function joined(plan: Join, given: readonly RowType[], schemas: Schemas): RowType {
  const [left = NO_ROWS, right = NO_ROWS] = given;
  const kept = keptSide(plan.flavour);
  if (plan.into !== undefined) return { ...left, made: new Map([...left.made, [plan.into, types('dynamic')]]) };
  return kept === undefined ? pairRow(plan, given, schemas) : kept === 'left' ? left : right;
}

function united(given: readonly RowType[]): RowType {
  const names = new Set(given.flatMap(({ made }) => [...made.keys()]));
  const typeIn = (name: string): TypeSet =>
    either(given.flatMap(({ made, open }) => made.get(name) ?? (open.length > 0 ? [ANY] : [])));
  return {
    made: new Map([...names].map((name) => [name, typeIn(name)])),
    open: given.flatMap(({ open }) => open),
    ofRecord: given.some(({ ofRecord }) => ofRecord),
  };
}

/** What a column of a row may be; undefined where there is none of that name. */
export function columnType(name: string, { made, open }: RowType, schemas: Schemas): TypeSet | undefined {
  const known = made.get(name);
  if (known !== undefined || open.length === 0) return known;
  return either(open.map((leaf) => fieldType(name, leaf, schemas)));
}

/** The columns of Kusto's tables are of the types that the schema gives. Other schemas' fields hold what records hold. */
function fieldType(name: string, leaf: RowType['open'][number], schemas: Schemas): TypeSet {
  if (leaf.kind !== 'source' || leaf.schema !== 'kusto') return ANY;
  const type = schemas(leaf.schema)?.typeOf(name, leaf.table);
  return type === undefined || !isValueType(type) ? ANY : types(type);
}

function isValueType(type: string): type is ValueType {
  return ANY.has(type as ValueType);
}

/** What an expression over a row may give. */
function typeOf(expr: Expr, row: RowType, schemas: Schemas): TypeSet {
  const given = children(expr).map((child) => typeOf(child, row, schemas));
  return typeGiven(expr, given, row, schemas);
}

/** What it may give, given what the expressions directly inside it may give. */
export function typeGiven(expr: Expr, given: readonly TypeSet[], row: RowType, schemas: Schemas): TypeSet {
  switch (expr.kind) {
    case 'literal':
      return expr.value === null && expr.type === 'dynamic' ? ANY : types(expr.type);
    case 'missing':
    case 'raw':
    case 'leaves':
      return ANY;
    case 'list':
      return types('dynamic');
    case 'field':
      return (expr.of === undefined ? columnType(expr.name, row, schemas) : undefined) ?? ANY;
    case 'column':
      return columnType(expr.name, row, schemas) ?? ANY;
    case 'call': {
      const { result } = functions[expr.fn];
      return 'of' in result ? (result.of(given) ?? ANY) : result;
    }
    case 'cond':
      // Conditions and values in turn, and a last value.
      return either(given.filter((_, place) => place % 2 === 1 || place === given.length - 1));
    case 'and':
    case 'or':
    case 'not':
    case 'at-least':
    case 'exists':
    case 'is-null':
    case 'compare':
    case 'match':
    case 'in-plan':
      return BOOL;
    case 'quantified':
      return quantifiedType(expr);
    case 'let':
      return given.at(-1) ?? ANY;
    case 'scalar-of':
      return ANY;
  }
}

function quantifiedType({ how }: Quantified): TypeSet {
  if (how === 'count') return types('long');
  return how === 'collect' ? types('dynamic') : BOOL;
}

/** The columns as plans declare them: one that may be of several types is dynamic. */
export function columnTypes({ made }: RowType): readonly ColumnType[] {
  return [...made].map(([name, set]) => ({ name, type: theType(set) }));
}
