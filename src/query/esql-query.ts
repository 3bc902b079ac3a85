import type { Result } from '../base/result.ts';
import { failure, success } from '../base/result.ts';
import type { SourceText } from '../base/source-text.ts';
import { esqlSearches } from '../formats/elastic/esql-searches.ts';
import type { PlanLogic } from '../ir/rule/rule.ts';
import { type EsqlColumn, type EsqlParameters, lowerEsql, parseEsql, withParameters } from '../languages/esql/index.ts';
import { indicesOf } from '../rules/given/esql-indices.ts';
import { ecsSchema } from '../schemas/ecs.ts';
import type { IndexMapping } from '../schemas/index-mapping.ts';
import { indexSchema } from '../schemas/index-mapping-schema.ts';

/** What an ES|QL query is asked of. */
export interface EsqlQueryContext {
  /** What all indices say of their fields, where that is given for none by its name. */
  readonly mapping: IndexMapping | undefined;
  /** Indices and tables by their names. */
  readonly indices: ReadonlyMap<string, IndexMapping | undefined>;
  readonly parameters: EsqlParameters;
  /** Whether there is nothing beside them. */
  readonly areAll?: boolean;
}

export interface LoadedEsql {
  readonly logic: PlanLogic;
  /** The columns, with their types in ES|QL. */
  readonly columns: readonly EsqlColumn[];
}

/** An ES|QL query as a rule's logic. */
export function loadEsqlQuery(
  source: SourceText,
  { mapping, indices, parameters, areAll = false }: EsqlQueryContext,
): Result<LoadedEsql> {
  const { ast, diagnostics } = parseEsql(source);
  if (diagnostics.length > 0) return failure(...diagnostics);
  const given = withParameters(ast, parameters);
  if (given.diagnostics.length > 0) return failure(...given.diagnostics);
  const schema = mapping === undefined ? ecsSchema : indexSchema(mapping, ecsSchema);
  const lowered = lowerEsql(given.query, source, {
    indices: indicesOf(schema, indices, mapping, areAll),
    searches: esqlSearches,
    warns: true,
    limits: true,
  });
  if (!lowered.ok) return lowered;
  const { plan, shared, columns, types, open } = lowered.value;
  const rows = open && columns.length === 0 ? undefined : types;
  return success({ logic: { kind: 'plan', plan, shared, columns: rows }, columns }, lowered.diagnostics);
}
