import { diagnostic } from '../../../../base/diagnostic.ts';
import { didYouMean } from '../../../../base/did-you-mean.ts';
import { literalOf, NULL } from '../../../../ir/construct.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import { type EsqlIndex, type EsqlSubquery, type FromCommand, nameText, type RowCommand } from '../../ast.ts';
import { commonType, fieldKind } from '../../types.ts';
import type { Context } from '../context.ts';
import { Expressions } from '../expressions/expression.ts';
import type { Typed } from '../expressions/typed.ts';
import { type Column, METADATA, Scope } from '../scope.ts';
import { extended, type State } from '../state.ts';
import { projected } from './columns.ts';
import { columnName } from './stats.ts';

/** Lowers a pipeline from its first command on. */
export type LowerPipeline = (subquery: EsqlSubquery) => State;

/** `FROM`: the documents of indices, and the rows of subqueries. */
export function lowerFrom(command: FromCommand, context: Context, lowerPipeline: LowerPipeline): State {
  const indices = command.sources.filter((source): source is EsqlIndex => source.kind === 'index');
  const subqueries = command.sources.filter((source): source is EsqlSubquery => source.kind === 'subquery');
  const states = subqueries.map(lowerPipeline);
  if (indices.length > 0) states.unshift(documents(indices, command, context));
  const [only] = states;
  return states.length === 1 && only !== undefined ? only : united(states, context);
}

function documents(indices: readonly EsqlIndex[], command: FromCommand, context: Context): State {
  const patterns = indices.flatMap(({ text, span }) =>
    text.split(',').map((value) => ({ value: value.replace(/::[a-z]+$/, '').trim(), span })),
  );
  const { scope, fields, schema, unknown, known } = context.indices.resolve(patterns);
  for (const name of unknown) {
    const span = patterns.find(({ value }) => value === name)?.span ?? command.span;
    context.report(diagnostic('esql/unknown-index', { name, suggestions: didYouMean(name, known) }, span));
  }
  const columns = [...(fields ?? [])]
    .map(([name, mapped]): Column => ({ name, of: 'field', ...fieldKind(mapped) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = new Map(columns.map((column) => [column.name, column]));
  for (const name of command.metadata) {
    const text = nameText(name);
    const type = METADATA.get(text);
    if (type === undefined) context.report(diagnostic('esql/unknown-metadata', { name: text }, name.span));
    else all.set(text, { name: text, type, of: 'metadata', read: type });
  }
  // What stands beside a document is no field: it is a column where METADATA names it.
  const open = fields === undefined ? { schema, keeps: [(name: string) => !METADATA.has(name)] } : undefined;
  const there: Plan = { kind: 'source', schema: 'ecs', scope };
  const plan: Plan = context.filter === undefined ? there : { kind: 'where', input: there, predicate: context.filter };
  return { plan, scope: new Scope(all, open, true), ofDocuments: true, limited: false };
}

/** The rows of several plans, with the columns of all: one that some lack is null there. */
export function united(states: readonly State[], context: Context): State {
  const columns = new Map<string, Column>();
  for (const { scope } of states) {
    for (const column of scope.columns.values()) {
      const known = columns.get(column.name);
      const type = known === undefined ? column.type : commonType(known.type, column.type);
      columns.set(column.name, { ...column, of: 'made', type: type ?? 'unsupported' });
    }
    if (scope.open !== undefined) context.report(diagnostic('unsupported/esql', { what: OPEN_UNION }));
  }
  const inputs = states.map(({ plan, scope }) => {
    const lacking = [...columns.values()].filter(({ name }) => !scope.columns.has(name));
    const made = projected(plan, [...scope.columns.values()], scope);
    return lacking.reduce<Plan>((input, { name }) => extended(input, { name, expr: NULL }), made);
  });
  const scope = new Scope(columns, undefined, false);
  return {
    plan: { kind: 'union', inputs },
    scope,
    ofDocuments: states.every((one) => one.ofDocuments),
    limited: false,
  };
}

const OPEN_UNION = 'several sources of rows whose fields no mapping says: end each with KEEP';

/** `ROW`: one row of constants, each of which sees those before it. */
export function lowerRow({ fields }: RowCommand, context: Context): State {
  let scope = new Scope(new Map(), undefined, false);
  let plan: Plan = { kind: 'rows', columns: [{ name: START, type: 'long' }], rows: [[literalOf(0)]] };
  for (const one of fields) {
    const typed = new Expressions(scope, context, { what: 'ROW' }).typed(one.value);
    const name = columnName(one, context);
    refuseTimespan(name, typed, context);
    plan = extended(plan, { name, expr: typed.expr });
    scope = scope.with([{ name, type: typed.type }]);
  }
  return { plan, scope, ofDocuments: false, limited: false };
}

/** A stretch of time is no value that a column may have. */
export function refuseTimespan(name: string, { type, span }: Typed, context: Context): void {
  if (type !== 'date_period' && type !== 'time_duration') return;
  const params = { what: `\`${name}\``, expected: 'a value', found: `of type ${type}` };
  context.report(diagnostic('esql/wrong-type', params, span));
}

/** A row needs a column to begin with. */
const START = '$row';
