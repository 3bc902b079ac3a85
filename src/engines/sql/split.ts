import { and } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { mapPlans, type Query } from '../../ir/plan/query.ts';
import { anywhere, expressions, mapInputs, planNodes } from '../../ir/traverse.ts';
import { PlanPushing, type TableOf } from './push/plan.ts';
import { close, distinctNames, type Relation, type SqlTable } from './push/relation.ts';
import type { ValueKind } from './push/typed.ts';
import { seriesInTwo } from './series-in-two.ts';
import { sqlCall, sqlCase, sqlText } from './tree/construct.ts';
import type { SqlSelect } from './tree/select.ts';
import type { SqlExpr } from './tree/sql-expr.ts';

/** A part of a plan that an engine of SQL runs: its rows are those of the plan's `input` of that name, in their order. */
export interface SqlPart {
  readonly name: string;
  readonly query: SqlSelect;
  /** The columns that rows get, each from the query's column `as`. */
  readonly columns: readonly { readonly name: string; readonly as: string; readonly kind: ValueKind }[];
  /** The values of the record that rows stand for, where they do; each from the query's column `as`. */
  readonly record: SqlRecordPart | undefined;
}

export interface SqlRecordPart {
  readonly table: SqlTable;
  readonly values: readonly { readonly name: string; readonly as: string }[];
  /** The place of its row. */
  readonly place: string;
}

/** A query, cut in two. */
export interface SqlSplit {
  readonly parts: readonly SqlPart[];
  /** What the memory engine does, over the rows of the parts. */
  readonly rest: Query;
  /** Why operators of the rest are not among the parts, the lowest of them. */
  readonly reasons: readonly { readonly operator: Plan['kind']; readonly reason: string }[];
}

export interface SplitOptions {
  /** Whether whoever runs it shows whole records. */
  readonly showsRecords: boolean;
  /** `records`: SQL only reads them. */
  readonly pushes: 'all' | 'records';
}

/**
 * Cuts a bound query into the largest parts that SQL says exactly, from its tables upwards, and the rest. A filter of which only some
 * conditions can be said is cut between them.
 */
export function splitForSql(query: Query, tableOf: TableOf, options: SplitOptions): SqlSplit {
  const pushing = new PlanPushing(tableOf);
  const isPushed = (plan: Plan): boolean => options.pushes === 'all' || plan.kind === 'records';
  const relations = new Map<string, Relation>();
  const take = (relation: Relation): Plan => {
    const name = `sql ${relations.size}`;
    relations.set(name, relation);
    return { kind: 'input', name, columns: [] };
  };
  const cut = (plan: Plan): Plan => {
    const relation = isPushed(plan) ? pushing.relation(plan) : undefined;
    if (relation !== undefined) return take(relation);
    const series = plan.kind === 'series' && isPushed(plan) ? seriesInTwo(plan) : undefined;
    const bins = series && pushing.relation(series.input);
    if (series !== undefined && bins !== undefined) return { ...series, input: take(bins) };
    const below = plan.kind === 'where' && isPushed(plan) ? pushing.relation(plan.input) : undefined;
    if (plan.kind !== 'where' || below === undefined) return mapInputs(plan, cut);
    const { relation: narrowed, others } = pushing.conditions(conjuncts(plan.predicate), below);
    return { kind: 'where', input: take(narrowed), predicate: and(others) };
  };
  const rest = mapPlans(query, cut);
  const reads = options.showsRecords ? undefined : ownNames(rest);
  return {
    parts: [...relations].map(([name, relation]) => partOf(name, relation, reads)),
    rest,
    reasons: [...pushing.reasons].map(([{ kind }, reason]) => ({ operator: kind, reason })),
  };
}

function conjuncts(predicate: Expr): readonly Expr[] {
  return predicate.kind === 'and' ? predicate.items : [predicate];
}

/** The names at the top of records that a query reads; undefined where that may be any. */
function ownNames({ shared, result }: Query): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  let any = false;
  for (const plan of [...shared.map((one) => one.plan), result]) {
    for (const node of planNodes(plan)) {
      for (const expr of expressions(node)) {
        anywhere(expr, (inner) => {
          if (inner.kind === 'leaves') any = true;
          if (inner.kind !== 'raw' || inner.of !== undefined) return false;
          if (inner.keys !== 'exact') any = true;
          for (const [first] of inner.paths) {
            if (first === undefined) any = true;
            else names.add(first);
          }
          return false;
        });
      }
    }
  }
  return any ? undefined : names;
}

function partOf(name: string, relation: Relation, reads: ReadonlySet<string> | undefined): SqlPart {
  const { record, columns: made } = relation;
  const { select } = close({ ...relation, order: [] }, name, true);
  const columns = [...made].map(([column, { kind }], at) => ({
    name: column,
    kind,
    as: select.columns[at]?.as ?? column,
  }));
  const told = select.columns.map(({ expr, as }, at) => ({
    expr: columns[at]?.kind === 'text' ? whole(expr) : expr,
    as,
  }));
  const orderBy = relation.isInOrder ? [] : relation.order;
  if (record === undefined) return { name, columns, record, query: { ...select, columns: told, orderBy } };
  const own = record.columns.filter((column) => reads === undefined || reads.has(column.as));
  const names = distinctNames([...told.map(({ as }) => as), ...own.map(({ as }) => `record ${as}`), 'place']);
  const named = (of: string): string => names.get(of) ?? of;
  const values = own.map(({ expr, as }) => {
    const value = record.own(as);
    const isText = value !== 'absent' && value?.kind === 'text';
    return { expr: isText ? whole(expr) : expr, as: named(`record ${as}`) };
  });
  const [place] = record.places;
  if (place === undefined) throw new Error('the rows of a stored table have places');
  return {
    name,
    columns,
    record: {
      table: record,
      values: own.map(({ as }) => ({ name: as, as: named(`record ${as}`) })),
      place: named('place'),
    },
    query: { ...select, columns: [...told, ...values, { expr: place, as: named('place') }], orderBy },
  };
}

const MARK = sqlText('\uFEFF');

/** A text of which its reader takes a byte order mark away, as readers of UTF-8 do: it is given two. */
function whole(text: SqlExpr): SqlExpr {
  return sqlCase(sqlCall('starts-with', text, MARK), sqlCall('concat', MARK, text), text);
}
