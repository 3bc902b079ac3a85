import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { and, not, TRUE } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { AlertTemplate, Schedule } from '../../ir/rule/alert.ts';
import { ALERT_SEMANTICS } from '../../ir/rule/alert-semantics.ts';
import { labelled, labelsOf } from '../../ir/rule/labels.ts';
import type { PlanLogic, Rule, RuleIdentity, RuleLanguage } from '../../ir/rule/rule.ts';
import type { Schema } from '../../ir/view.ts';
import { lintEql } from '../../languages/eql/index.ts';
import type { EsqlParameters } from '../../languages/esql/index.ts';
import { isError, refused } from '../refused.ts';
import type { LoadContext, LoadOutcome, RuleFile } from '../rule-file.ts';
import { type LocatedTable, type LocatedText, repeatedKeys } from '../source/located.ts';
import { readAlert } from './alert.ts';
import { type InFile, nearRules } from './beside.ts';
import { type EqlRuleSettings, eqlSearch, readEqlSettings } from './eql.ts';
import { esqlSearch } from './esql.ts';
import { readExceptions } from './exceptions.ts';
import { RuleFields } from './fields.ts';
import { lowerFilters } from './filters.ts';
import { type LintedQuery, lintedEql, lintIndices, lintMaxspan, lintSchedule, unknownTo } from './lint.ts';
import { readMetadata } from './metadata.ts';
import { type NewTermsSettings, newTermsColumns, newTermsPlan, readNewTerms } from './new-terms.ts';
import { readQuery } from './query.ts';
import { historyOf, readSchedule } from './schedule.ts';
import { notOfItself, scopeOf } from './scope.ts';
import { readThreatMatch, type ThreatMatchSettings } from './threat-match.ts';
import { threatPlan } from './threat-plan.ts';
import { readThreshold, type ThresholdSettings, thresholdColumns, thresholdPlan } from './threshold.ts';

const RULE_TYPES: readonly string[] = [
  'eql',
  'esql',
  'machine_learning',
  'new_terms',
  'query',
  'saved_query',
  'threat_match',
  'threshold',
];

/**
 * Loads one rule from its table. `place` is where the rule begins: the header of `[rule]`, the brace of a JSON object; `inFile`
 * what the same file has besides rules.
 */
export function loadElasticRule(
  table: LocatedTable,
  place: Span,
  file: RuleFile,
  inFile: InFile,
  context: LoadContext,
): LoadOutcome {
  const fields = new RuleFields(table, place);
  for (const { key, span } of repeatedKeys(table)) {
    fields.diagnostics.push(diagnostic('elastic/repeated-key', { key }, span));
  }
  const metadata = readMetadata(fields, inFile.maturity);
  const type = fields.required('type');
  if (type !== undefined && !RULE_TYPES.includes(type.value)) {
    const params = { key: 'type', expected: `one of ${RULE_TYPES.join(', ')}`, found: `\`${type.value}\`` };
    fields.diagnostics.push(diagnostic('input/wrong-type', params, type.span));
  }
  const language = fields.located('language');
  const fileName = file.path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  const identity: RuleIdentity = {
    id: metadata.id ?? fileName,
    name: metadata.name ?? fileName,
    file: file.path,
    format: 'elastic',
    language: languageOf(type?.value, language?.value),
    span: place,
  };
  const unloaded = labelled(identity, metadata);
  const invalid = (...more: readonly Diagnostic[]): LoadOutcome => {
    return { status: 'invalid', identity: unloaded, diagnostics: [...fields.diagnostics, ...more] };
  };
  if (type === undefined || !RULE_TYPES.includes(type.value)) return invalid();
  const unsupported = reasonNotToRun(type, language, fields);
  if (unsupported !== undefined) {
    return fields.diagnostics.some(isError)
      ? invalid()
      : { status: 'unsupported', identity: unloaded, diagnostics: [unsupported] };
  }

  const query = fields.required('query');
  const patterns = fields.locatedTexts('index');
  const schemaOf: Asked['schemaOf'] = (of) => {
    return context.indexSchema?.(of.map(({ value }) => value)) ?? context.schema('ecs');
  };
  const schema = schemaOf(patterns);
  const scope = scopeOf(patterns);
  const filters = lowerFilters(fields.tables('filters'), schema);
  const near = nearRules(inFile, file, context);
  const exceptions = readExceptions(fields, context.beside?.forAll ?? [], near, schema);
  const settings = readSettings(type.value, fields, place);
  const schedule = readSchedule(fields, settings?.kind === 'new-terms' ? settings.of.history : undefined);
  const alert = readAlert(fields, settings?.kind === 'threshold' ? settings.of.fields : undefined);
  if (query === undefined || settings === undefined || fields.diagnostics.some(isError)) return invalid();

  const source: Plan = { kind: 'source', schema: 'ecs', scope };
  const { condition: excepted, elsewhere } = exceptions;
  const written = language?.value === 'lucene' ? 'lucene' : 'kuery';
  // A threshold counts whatever it finds.
  const itself = type.value === 'threshold' ? undefined : notOfItself(patterns, identity.id);
  const asked: Asked = {
    query,
    language: written,
    source,
    filters: [...filters.conditions, ...(itself === undefined ? [] : [itself])],
    excepted,
    name: identity.name,
    id: identity.id,
    patterns,
    schedule,
    schema,
    schemaOf,
    parameters: context.parameters ?? new Map(),
  };
  const read = readSearch(asked, settings);
  const diagnostics = [...fields.diagnostics, ...exceptions.diagnostics, ...read.diagnostics, ...filters.diagnostics];
  if (read.search === undefined || diagnostics.some(isError)) return refused(unloaded, diagnostics);

  const rule: Rule = {
    ...identity,
    ...labelsOf(metadata),
    description: metadata.description ?? '',
    enabled: metadata.enabled,
    references: metadata.references,
    falsePositives: metadata.falsePositives,
    schema: 'ecs',
    schedule,
    alert: { ...alert, ...askedOf(read.search.logic.plan) },
    ...(read.search.excepted !== undefined && { excepted: read.search.excepted }),
    ...(elsewhere.length > 0 && { notApplied: [{ what: 'exception-lists', names: elsewhere }] }),
    logic: read.search.logic,
    tests: [],
  };
  const scheduled = fields.located('from')?.span ?? fields.located('interval')?.span ?? place;
  return {
    status: 'loaded',
    rule,
    diagnostics,
    lint: () => [...read.lint(), ...lintSchedule(schedule, scheduled)],
    unknownFields: () => unknownTo(schema, read.linted?.fields() ?? []),
  };
}

/** What the template of an alert is asked of, where that is not the row that matches. */
function askedOf({ kind }: Plan): Pick<AlertTemplate, 'of'> {
  if (kind === 'sequence') return { of: 'records' };
  return kind === 'first-seen' ? { of: 'record' } : {};
}

/** What a rule's type asks of the events that its query finds. */
type Settings =
  | { readonly kind: 'events' }
  | { readonly kind: 'esql'; readonly most: number }
  | { readonly kind: 'eql'; readonly of: EqlRuleSettings }
  | { readonly kind: 'threshold'; readonly of: ThresholdSettings }
  | { readonly kind: 'new-terms'; readonly of: NewTermsSettings }
  | { readonly kind: 'threat-match'; readonly of: ThreatMatchSettings };

/** Undefined, with diagnostics, where they are wrong. */
function readSettings(type: string, fields: RuleFields, place: Span): Settings | undefined {
  if (type === 'threat_match') {
    const of = readThreatMatch(fields, place);
    return of && { kind: 'threat-match', of };
  }
  if (type === 'threshold') {
    const of = readThreshold(fields);
    return of && { kind: 'threshold', of };
  }
  if (type === 'new_terms') {
    const of = readNewTerms(fields);
    return of && { kind: 'new-terms', of };
  }
  if (type === 'esql') return { kind: 'esql', most: mostAlerts(fields) };
  return type === 'eql' ? { kind: 'eql', of: readEqlSettings(fields) } : { kind: 'events' };
}

/** A rule's query, and what it is asked of. */
interface Asked {
  readonly query: LocatedText;
  /** Of a query that is one condition on each event. */
  readonly language: 'kuery' | 'lucene';
  readonly source: Plan;
  readonly filters: readonly Expr[];
  /** What its exceptions keep out. */
  readonly excepted: Expr | undefined;
  readonly name: string;
  readonly id: string;
  readonly patterns: readonly LocatedText[];
  readonly schedule: Schedule;
  readonly schema: Schema;
  /** The values of parameters of ES|QL. */
  readonly parameters: EsqlParameters;
  /** The schema of the indices of other patterns. */
  readonly schemaOf: (patterns: readonly LocatedText[]) => Schema;
}

/** What a rule looks for; undefined where there is an error among the diagnostics. */
interface Search {
  readonly search: { readonly logic: PlanLogic; readonly excepted: Plan | undefined } | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly lint: () => readonly Diagnostic[];
  readonly linted?: LintedQuery;
}

function readSearch(of: Asked, settings: Settings): Search {
  const { query, language, source, filters, excepted, name, patterns, schedule, schema } = of;
  if (settings.kind === 'eql') {
    const found = eqlSearch(query, settings.of, source, filters, excepted, schema);
    if (!found.ok) return { search: undefined, diagnostics: found.diagnostics, lint: () => [] };
    const { statement } = found.value;
    const linted = lintedEql(statement);
    const lint = (): readonly Diagnostic[] => [
      ...lintEql(statement, schema),
      ...lintIndices(linted, patterns),
      ...lintMaxspan(statement, schedule),
    ];
    return { search: found.value, diagnostics: found.diagnostics, lint, linted };
  }
  if (settings.kind === 'esql') {
    const found = esqlSearch(query, { filters, excepted, id: of.id }, schema, of.parameters);
    if (!found.ok) return { search: undefined, diagnostics: found.diagnostics, lint: () => [] };
    return { search: found.value, diagnostics: found.diagnostics, lint: () => found.value.lint(settings.most) };
  }
  const { condition, diagnostics, linted, ...read } = readQuery(query, language, schema);
  const lint = (): readonly Diagnostic[] => [
    ...read.lint(),
    ...(linted === undefined ? [] : lintIndices(linted, patterns)),
  ];
  if (condition === undefined) return { search: undefined, diagnostics, lint };
  const asked = and([condition, ...filters], condition.span);
  const predicate = excepted === undefined ? asked : and([asked, not(excepted)], asked.span);
  if (settings.kind === 'threat-match') {
    const events: Plan = { kind: 'where', input: source, predicate };
    return { ...readThreatSearch(events, of, settings.of, { diagnostics, lint }), ...(linted && { linted }) };
  }
  const kept: Plan | undefined = excepted && { kind: 'where', input: source, predicate: and([asked, excepted]) };
  const logic = logicOf({ kind: 'where', input: source, predicate }, name, settings, schedule);
  return { search: { logic, excepted: kept }, diagnostics, lint, ...(linted && { linted }) };
}

/** Exceptions keep indicators out as well, as in Kibana; which events would match but for them, nobody counts. */
function readThreatSearch(
  events: Plan,
  { excepted, schema, schemaOf }: Asked,
  settings: ThreatMatchSettings,
  { diagnostics, lint }: Pick<Search, 'diagnostics' | 'lint'>,
): Search {
  const { patterns, query, language, filters, span } = settings;
  const ofIndicators = schemaOf(patterns);
  const read = query && readQuery(query, language, ofIndicators);
  const filtered = lowerFilters(filters, ofIndicators);
  const all = [...diagnostics, ...(read?.diagnostics ?? []), ...filtered.diagnostics];
  const lintBoth = (): readonly Diagnostic[] => [...lint(), ...(read?.lint() ?? [])];
  if (read !== undefined && read.condition === undefined) {
    return { search: undefined, diagnostics: all, lint: lintBoth };
  }
  const source: Plan = { kind: 'source', schema: 'ecs', scope: scopeOf(patterns), seen: 'always' };
  const asked = [read?.condition ?? TRUE, ...filtered.conditions, ...(excepted === undefined ? [] : [not(excepted)])];
  const indicators: Plan = { kind: 'where', input: source, predicate: and(asked, query?.span ?? span) };
  const logic = threatPlan(events, indicators, settings, schema);
  return { search: { logic, excepted: undefined }, diagnostics: all, lint: lintBoth };
}

/** How many alerts a run makes: Kibana's own number where the rule says none. */
function mostAlerts(fields: RuleFields): number {
  const written = fields.get('max_signals');
  return written?.kind === 'number' ? Number(written.value) : (ALERT_SEMANTICS.elastic.mostPerRun ?? 100);
}

function logicOf(
  events: Plan,
  name: string,
  settings: Exclude<Settings, { readonly kind: 'eql' | 'esql' | 'threat-match' }>,
  schedule: Schedule,
): PlanLogic {
  switch (settings.kind) {
    case 'events':
      return { kind: 'plan', plan: events, columns: undefined };
    case 'threshold':
      return { kind: 'plan', plan: thresholdPlan(events, name, settings.of), columns: thresholdColumns(settings.of) };
    case 'new-terms': {
      const plan = newTermsPlan(events, name, settings.of, historyOf(schedule));
      return { kind: 'plan', plan, columns: newTermsColumns(settings.of) };
    }
  }
}

function languageOf(type: string | undefined, language: string | undefined): RuleLanguage {
  switch (language) {
    case 'kuery':
    case 'lucene':
    case 'eql':
    case 'esql':
      return language;
    case undefined:
      // Kibana takes a query without a language for kuery.
      if (type === 'eql' || type === 'esql') return type;
      return type === 'machine_learning' || type === undefined ? 'none' : 'kuery';
    default:
      return 'none';
  }
}

/** Types of rules whose query is one condition on each event. */
const OVER_CONDITIONS: ReadonlySet<string> = new Set([
  'query',
  'saved_query',
  'threshold',
  'new_terms',
  'threat_match',
]);

function reasonNotToRun(
  type: LocatedText,
  language: LocatedText | undefined,
  fields: RuleFields,
): Diagnostic | undefined {
  if (type.value === 'machine_learning') {
    const job = fields.get('machine_learning_job_id');
    const jobs =
      job?.kind === 'list' ? fields.texts('machine_learning_job_id') : [fields.text('machine_learning_job_id')];
    const named = jobs.filter((one) => one !== undefined);
    return diagnostic('unsupported/elastic-machine-learning', { jobs: named }, type.span);
  }
  if (type.value === 'saved_query' && fields.get('query') === undefined) {
    return diagnostic('unsupported/elastic-saved-query', { id: fields.text('saved_id') ?? '' }, type.span);
  }
  const languages = OVER_CONDITIONS.has(type.value) ? ['kuery', 'lucene'] : [type.value];
  if (language === undefined || languages.includes(language.value)) return undefined;
  return diagnostic('unsupported/elastic-language', { language: language.value }, language.span);
}
