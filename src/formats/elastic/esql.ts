import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, type Result, success } from '../../base/result.ts';
import { and, not } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { PlanLogic } from '../../ir/rule/rule.ts';
import type { Schema } from '../../ir/view.ts';
import {
  type EsqlIndices,
  type EsqlParameters,
  esqlPatterns,
  lintEsql,
  lowerEsql,
  parseEsql,
  withParameters,
} from '../../languages/esql/index.ts';
import type { LocatedText } from '../source/located.ts';
import { esqlSearches } from './esql-searches.ts';
import { notOfItself, scopeOf } from './scope.ts';

/** What a rule of type `esql` finds, and the documents that its exceptions keep out of that; undefined where those cannot be told. */
export interface EsqlSearch {
  readonly logic: PlanLogic;
  readonly excepted: Plan | undefined;
  readonly lint: (most: number) => readonly Diagnostic[];
}

/** What narrows the documents that a rule's query is asked of, beside the query: as Kibana filters its request. */
export interface EsqlNarrowing {
  readonly filters: readonly Expr[];
  readonly excepted: Expr | undefined;
  readonly id: string;
}

/**
 * The search of a rule of type `esql`. Kibana asks the query of documents that pass its filters and no exception; a query that makes rows
 * of its own is about what is left.
 */
export function esqlSearch(
  query: LocatedText,
  { filters, excepted, id }: EsqlNarrowing,
  schema: Schema,
  parameters: EsqlParameters,
): Result<EsqlSearch> {
  const source = query.source();
  const parsed = parseEsql(source);
  if (parsed.diagnostics.length > 0) return failure(...parsed.diagnostics);
  const { query: ast, diagnostics } = withParameters(parsed.ast, parameters);
  if (diagnostics.length > 0) return failure(...diagnostics);
  const itself = notOfItself(esqlPatterns(ast), id);
  const narrowing = [...filters, ...(itself === undefined ? [] : [itself])];
  const lowerOver = (conditions: readonly Expr[]): ReturnType<typeof lowerEsql> =>
    lowerEsql(ast, source, {
      indices: openIndices(schema),
      searches: esqlSearches,
      limits: false,
      ...(conditions.length > 0 && { filter: and(conditions) }),
    });
  const lowered = lowerOver([...narrowing, ...(excepted === undefined ? [] : [not(excepted)])]);
  if (!lowered.ok) return lowered;
  const { plan, shared, types, open, ofDocuments } = lowered.value;
  const columns = open && types.length === 0 ? undefined : types;
  const kept = ofDocuments && excepted !== undefined ? lowerOver([...narrowing, excepted]) : undefined;
  const logic: PlanLogic = { kind: 'plan', plan, columns, ...(shared.length > 0 && { shared }) };
  const lint = (most: number): readonly Diagnostic[] => lintEsql(ast, most);
  return success({ logic, excepted: kept?.ok === true ? kept.value.plan : undefined, lint }, lowered.diagnostics);
}

/** Of logs any name may be a field, and any pattern may stand for some. */
function openIndices(schema: Schema): EsqlIndices {
  return {
    schema,
    resolve: (patterns) => ({ scope: scopeOf(patterns), fields: undefined, schema, unknown: [], known: [] }),
  };
}
