import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import type { LoadContext } from '../formats/rule-file.ts';
import { TRUE } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { Rule, RuleLanguage } from '../ir/rule/rule.ts';
import type { Schema } from '../ir/view.ts';
import type { EsqlColumn } from '../languages/esql/index.ts';
import { withSoundPlans } from '../rules/check-plans.ts';
import { resolveRules } from '../rules/resolve-rules.ts';
import { FormatRegistry } from '../rules/rule-formats.ts';
import type { IndexMapping } from '../schemas/index-mapping.ts';
import { type EqlShape, shapeEql } from './eql-result.ts';
import type { EsqlQueryContext } from './esql-query.ts';

/** What an EQL query is asked under, as the options of Elasticsearch's EQL search. */
export interface EqlOptions {
  /** The field with the event's category; `event.category`. */
  readonly eventCategory?: string;
  /** The field with the event's time; what the log type says, and else `@timestamp`. */
  readonly timestamp?: string;
  /** The field that orders events of one time; the order of input. */
  readonly tiebreaker?: string;
  /** How many samples a key gives; 1. */
  readonly maxSamplesPerKey?: number;
}

export type QueryLanguage = 'kuery' | 'lucene' | 'eql' | 'esql' | 'kusto' | 'sigma';

/** A query made into a rule, so that it runs as rules run. */
export interface LoadedQuery {
  readonly rule: Rule | undefined;
  /** Of an EQL query: how its matches are told. */
  readonly eql?: EqlShape;
  /** Of an ES|QL query: its columns, with their types there. */
  readonly esql?: readonly EsqlColumn[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What names in a query mean, and other things it is asked under. */
export interface QueryContext {
  readonly kusto?: Schema | undefined;
  /** What an index says of its fields. */
  readonly mapping?: IndexMapping | undefined;
  readonly eql?: EqlOptions | undefined;
  readonly esql?: Omit<EsqlQueryContext, 'mapping'> | undefined;
}

/** Reads a query. `name` is what messages call the text. */
export async function loadQuery(
  language: QueryLanguage,
  text: string,
  name: string,
  { kusto, mapping, eql = {}, esql }: QueryContext,
): Promise<LoadedQuery> {
  const source = sourceText(name, text);
  switch (language) {
    case 'kuery':
      return loadKuery(source, mapping);
    case 'kusto':
      return loadAsRuleFile(source, 'sentinel', `${name}.kql`, kusto);
    case 'sigma':
      return loadAsRuleFile(source, 'sigma', `${name}.yml`, undefined);
    case 'eql':
      return loadEql(source, mapping, eql);
    case 'lucene':
      return loadLucene(source, mapping);
    case 'esql':
      return loadEsql(source, { mapping, indices: new Map(), parameters: new Map(), ...esql });
  }
}

/** Reads the mapping of an index; undefined, with an error, where the text is none. */
export async function loadMapping({ path, text }: { readonly path: string; readonly text: string }): Promise<{
  readonly mapping: IndexMapping | undefined;
  readonly diagnostics: readonly Diagnostic[];
}> {
  const [{ readIndexMapping }, { ecsSchema }] = await Promise.all([
    import('../schemas/index-mapping-file.ts'),
    import('../schemas/ecs.ts'),
  ]);
  return readIndexMapping(path, text, ecsSchema);
}

async function loadKuery(source: SourceText, mapping: IndexMapping | undefined): Promise<LoadedQuery> {
  const [{ lowerKuery, parseKuery }, { ecsSchema }, { indexSchema }] = await Promise.all([
    import('../languages/kuery/index.ts'),
    import('../schemas/ecs.ts'),
    import('../schemas/index-mapping-schema.ts'),
  ]);
  const { ast, diagnostics } = parseKuery(source);
  if (diagnostics.some((found) => found.severity === 'error')) return { rule: undefined, diagnostics };
  const lowered = lowerKuery(ast, mapping === undefined ? ecsSchema : indexSchema(mapping, ecsSchema));
  const all = [...diagnostics, ...lowered.diagnostics];
  return { rule: lowered.ok ? ruleOfCondition(source, 'kuery', lowered.value) : undefined, diagnostics: all };
}

async function loadLucene(source: SourceText, mapping: IndexMapping | undefined): Promise<LoadedQuery> {
  const [{ lowerLucene, parseLucene }, { KuerySearch }, { ecsSchema }, { indexSchema }] = await Promise.all([
    import('../languages/lucene/index.ts'),
    import('../formats/elastic/field-search.ts'),
    import('../schemas/ecs.ts'),
    import('../schemas/index-mapping-schema.ts'),
  ]);
  // Kibana takes an empty query for every event.
  if (source.text.trim() === '') return { rule: ruleOfCondition(source, 'lucene', TRUE), diagnostics: [] };
  const { query, diagnostics } = parseLucene(source);
  const search = new KuerySearch(mapping === undefined ? ecsSchema : indexSchema(mapping, ecsSchema));
  const condition = lowerLucene(query, search);
  const all = [...diagnostics, ...search.diagnostics];
  const failed = all.some(({ severity }) => severity === 'error');
  return { rule: failed ? undefined : ruleOfCondition(source, 'lucene', condition), diagnostics: all };
}

function ruleOfCondition(source: SourceText, language: RuleLanguage, predicate: Expr): Rule {
  const input = { kind: 'source', schema: 'ecs', scope: null } as const;
  const logic = { kind: 'plan', plan: { kind: 'where', input, predicate }, columns: undefined } as const;
  return { ...namelessRule(source, language), schema: 'ecs', logic };
}

async function loadEql(
  source: SourceText,
  mapping: IndexMapping | undefined,
  options: EqlOptions,
): Promise<LoadedQuery> {
  const [{ lowerEql, parseEql }, { ecsSchema }, { indexSchema }] = await Promise.all([
    import('../languages/eql/index.ts'),
    import('../schemas/ecs.ts'),
    import('../schemas/index-mapping-schema.ts'),
  ]);
  const { ast, diagnostics } = parseEql(source);
  if (diagnostics.length > 0) return { rule: undefined, diagnostics };
  const lowered = lowerEql(ast, {
    schema: mapping === undefined ? ecsSchema : indexSchema(mapping),
    isMapping: mapping !== undefined,
    source: { kind: 'source', schema: 'ecs', scope: null },
    category: options.eventCategory ?? 'event.category',
    timestamp: options.timestamp ?? (mapping === undefined ? null : '@timestamp'),
    tiebreaker: options.tiebreaker ?? null,
    samples: options.maxSamplesPerKey ?? 1,
  });
  if (!lowered.ok) return { rule: undefined, diagnostics: lowered.diagnostics };
  const { logic, shape } = shapeEql(lowered.value, ast.query.kind);
  return {
    rule: { ...namelessRule(source, 'eql'), schema: 'ecs', logic },
    eql: shape,
    diagnostics: lowered.diagnostics,
  };
}

async function loadEsql(source: SourceText, context: EsqlQueryContext): Promise<LoadedQuery> {
  const { loadEsqlQuery } = await import('./esql-query.ts');
  const loaded = loadEsqlQuery(source, context);
  if (!loaded.ok) return { rule: undefined, diagnostics: loaded.diagnostics };
  const { logic, columns } = loaded.value;
  return {
    rule: { ...namelessRule(source, 'esql'), schema: 'ecs', logic },
    esql: columns,
    diagnostics: loaded.diagnostics,
  };
}

function namelessRule(source: SourceText, language: RuleLanguage): Omit<Rule, 'schema' | 'logic'> {
  return {
    id: source.name,
    name: source.name,
    file: source.name,
    format: 'elastic',
    language,
    span: source.span(0, source.text.length),
    description: '',
    severity: undefined,
    enabled: true,
    tags: [],
    techniques: [],
    tactics: [],
    references: [],
    falsePositives: [],
    tests: [],
  };
}

/** Kusto and Sigma queries are whole rule files already. */
async function loadAsRuleFile(
  source: SourceText,
  formatName: 'sentinel' | 'sigma',
  path: string,
  schema: Schema | undefined,
): Promise<LoadedQuery> {
  const registry = new FormatRegistry();
  const format = await registry.get(formatName);
  const context: LoadContext = {
    readText: () => undefined,
    listFiles: () => [],
    schema: (name) => {
      const known = schema?.name === name ? schema : registry.schemas.get(name);
      return known ?? { name, typeOf: () => undefined, fieldNames: () => undefined };
    },
  };
  const read = format.load({ path, source }, context) ?? [];
  const resolved = await resolveRules(read);
  const sound = withSoundPlans(resolved.outcomes, context.schema);
  // Rules that are there for a correlation in the same text are no queries beside it.
  const outcomes = sound.filter((outcome) => outcome.status !== 'loaded' || outcome.rule.silent !== true);
  const diagnostics = [...resolved.diagnostics, ...sound.flatMap((outcome) => outcome.diagnostics)];
  const [first] = outcomes;
  if (first === undefined) {
    const reason = `this is no ${formatName === 'sigma' ? 'Sigma rule' : 'Kusto query'}`;
    return { rule: undefined, diagnostics: [diagnostic('input/not-a-rule', { reason }, source.span(0, 0))] };
  }
  if (outcomes.length > 1) {
    const reason = 'it holds several rules, a query is one';
    diagnostics.push(diagnostic('input/not-a-rule', { reason }, source.span(0, 0)));
  }
  return { rule: first.status === 'loaded' && outcomes.length === 1 ? first.rule : undefined, diagnostics };
}
