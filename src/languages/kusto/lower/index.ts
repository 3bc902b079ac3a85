import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import { failure, type Result, success } from '../../../base/result.ts';
import { field } from '../../../ir/construct.ts';
import type { ColumnType, Plan } from '../../../ir/plan/plan.ts';
import type { SharedPlan } from '../../../ir/plan/query.ts';
import type { Schema } from '../../../ir/view.ts';
import type { KustoQuery } from '../ast/index.ts';
import { lowerQuery } from './pipe.ts';
import type { Context, Table, Wanted } from './scope.ts';

export interface LowerOptions {
  /** End with a projection to every column of the result, as a query's answer needs; a rule's match keeps its event. */
  readonly allColumns?: boolean;
  /** Whether a table that the schema does not know gets a warning. */
  readonly warnOfUnknownTables?: boolean;
}

export interface LoweredKusto {
  readonly plan: Plan;
  /** The plans that several places of it use, and subqueries. Each may use those before it. */
  readonly shared: readonly SharedPlan[];
  /** Every column of the result whose name is known. */
  readonly columns: readonly ColumnType[];
  /** Whether these are all: not of a table that the schema does not know. */
  readonly complete: boolean;
  /** The columns that the query itself makes; undefined when its rows are simply the events. */
  readonly output: readonly ColumnType[] | undefined;
  /** The tables it reads. */
  readonly tables: readonly string[];
}

/** Functions inlined beyond this many times make the query too large. */
const MOST_CALLS = 5000;
/** Names that a query makes may ask for others in every pass, without end; unions within unions need few. */
const MOST_PASSES = 8;
/** More nodes than this, with each use of a `let` written out, are too many, unless the query itself is as long. */
const MOST_NODES = 300_000;

/**
 * Binds a query to a schema and lowers it to a plan. Fails with errors of the query, or with `unsupported/…` for what the
 * plan cannot say yet; `kusto/presentation-ignored` and warnings come with success too.
 */
export function lowerKusto(ast: KustoQuery, schema: Schema, options: LowerOptions = {}): Result<LoweredKusto> {
  // Each pass finds more of what is asked of unions and of tables that no schema describes; the last one carries just that.
  const unions = new Map<object, Wanted>();
  let pass = lowerOnce(ast, schema, unions, options);
  const isSettled = (asked: number): boolean => unions.size === 0 || asked === askedOf(unions);
  let asked = -1;
  for (let passes = 0; passes < MOST_PASSES && !isSettled(asked); passes += 1) {
    asked = askedOf(unions);
    pass = lowerOnce(ast, schema, unions, options);
  }
  const { table, diagnostics, tables, shared } = pass;
  if (table === undefined || diagnostics.some((found) => found.severity === 'error')) return failure(...diagnostics);
  const most = Math.max(MOST_NODES, lengthOf(ast));
  if (!isSettled(asked) || measure({ plan: table.plan, shared }, most) > most)
    return failure(...diagnostics, diagnostic('kusto/too-large', { what: 'the query' }, ast.statements.at(-1)?.span));
  const columns = columnTypes(table.columns.list);
  const made = new Set(table.made);
  const output = table.shaped ? columns : columns.filter((column) => made.has(column.name));
  const plan =
    options.allColumns === true && !table.columns.open && !table.shaped ? projectAll(table.plan, columns) : table.plan;
  return success(
    {
      plan,
      shared,
      columns,
      complete: !table.columns.open,
      output: output.length === 0 && !table.shaped ? undefined : output,
      tables,
    },
    diagnostics,
  );
}

/** How many characters a query has. */
function lengthOf({ statements }: KustoQuery): number {
  const [first, last] = [statements[0]?.span, statements.at(-1)?.span];
  return first === undefined || last === undefined ? 0 : last.end - first.start;
}

function askedOf(unions: ReadonlyMap<object, Wanted>): number {
  return [...unions.values()].reduce((sum, { names, all }) => sum + names.size + Number(all), 0);
}

interface Pass {
  readonly table: Table | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly tables: readonly string[];
  readonly shared: readonly SharedPlan[];
}

function lowerOnce(ast: KustoQuery, schema: Schema, unions: Map<object, Wanted>, options: LowerOptions): Pass {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  const tables = new Set<string>();
  const shared: SharedPlan[] = [];
  let calls = 0;
  const context: Context = {
    schema,
    report: (found) => {
      // A function inlined twice has its errors once.
      const at = found.labels[0]?.span;
      const key = `${found.code} ${at?.start} ${at?.end} ${found.message}`;
      if (!seen.has(key)) diagnostics.push(found);
      seen.add(key);
    },
    readTable: (name, at) => {
      tables.add(name);
      const tableNames = options.warnOfUnknownTables === true ? schema.tableNames?.() : undefined;
      if (tableNames === undefined || tableNames.has(name)) return;
      context.report(diagnostic('kusto/unknown-table', { name, near: didYouMean(name, tableNames) }, at));
    },
    inline: (at) => {
      calls += 1;
      if (calls === MOST_CALLS) context.report(diagnostic('kusto/too-large', { what: 'the query' }, at));
      return calls < MOST_CALLS;
    },
    share: (plan) => {
      const name = `subquery ${shared.length}`;
      shared.push({ name, plan });
      return name;
    },
    wantedOf: (union) => {
      const found = unions.get(union);
      if (found !== undefined) return found;
      const made: Wanted = { names: new Set(), all: false };
      unions.set(union, made);
      return made;
    },
  };
  const table = lowerQuery(ast, context);
  // What reaches the result is asked for, all of it.
  table?.columns.all();
  return { table, diagnostics, tables: [...tables], shared };
}

function columnTypes(columns: Table['columns']['list']): readonly ColumnType[] {
  return columns.map(({ name, type }) => ({ name, type: type === 'unknown' ? 'dynamic' : type }));
}

function projectAll(input: Plan, columns: readonly ColumnType[]): Plan {
  return { kind: 'project', input, columns: columns.map(({ name }) => ({ name, expr: field(name) })) };
}

/** Objects and lists inside each other; later steps walk a plan recursively. */
const DEEPEST = 2500;

/** How many nodes a plan has when shared parts are written out; endless when it is too deep to be walked. */
function measure(root: object, most: number): number {
  const sizes = new Map<object, number>();
  const visit = (node: object, depth: number): number => {
    if (depth > DEEPEST) return Number.POSITIVE_INFINITY;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    let size = 1;
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === 'object' && value !== null && key !== 'span') size += visit(value, depth + 1);
      if (size > most) break;
    }
    sizes.set(node, size);
    return size;
  };
  return visit(root, 0);
}
