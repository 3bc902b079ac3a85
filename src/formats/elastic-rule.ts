import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type { Schedule } from '../ir/alert.ts';
import { and, not } from '../ir/construct.ts';
import type { Plan } from '../ir/plan.ts';
import type { PlanLogic, Rule, RuleIdentity, RuleLanguage } from '../ir/rule.ts';
import { readAlert } from './elastic-alert.ts';
import { type ExceptionLists, readExceptions } from './elastic-exceptions.ts';
import { RuleFields } from './elastic-fields.ts';
import { lowerFilters } from './elastic-filters.ts';
import { readMetadata } from './elastic-metadata.ts';
import { type NewTermsSettings, newTermsColumns, newTermsPlan, readNewTerms } from './elastic-new-terms.ts';
import { readQuery } from './elastic-query.ts';
import { historyOf, readSchedule } from './elastic-schedule.ts';
import { scopeOf } from './elastic-scope.ts';
import { readThreshold, type ThresholdSettings, thresholdColumns, thresholdPlan } from './elastic-threshold.ts';
import type { LocatedTable, LocatedText } from './located.ts';
import type { LoadContext, LoadOutcome, RuleFile } from './rule-file.ts';

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
 * Loads one rule from its table. `place` is where the rule begins: the header of `[rule]`, the brace of a JSON object; `lists`
 * the exceptions in the same file.
 */
export function loadElasticRule(
  table: LocatedTable,
  place: Span,
  file: RuleFile,
  lists: ExceptionLists,
  context: LoadContext,
): LoadOutcome {
  const fields = new RuleFields(table, place);
  const metadata = readMetadata(fields);
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
  const invalid = (...more: readonly Diagnostic[]): LoadOutcome => {
    return { status: 'invalid', identity, diagnostics: [...fields.diagnostics, ...more] };
  };
  if (type === undefined || fields.diagnostics.some(isError)) return invalid();
  const unsupported = reasonNotToRun(type, language, fields);
  if (unsupported !== undefined) return { status: 'unsupported', identity, diagnostics: [unsupported] };

  const query = fields.required('query');
  const patterns = fields.locatedTexts('index');
  const schema = context.indexSchema?.(patterns.map(({ value }) => value)) ?? context.schema('ecs');
  const scope = scopeOf(patterns);
  const filters = lowerFilters(fields.tables('filters'), schema);
  const exceptions = readExceptions(fields, lists, context.beside, schema);
  const settings = readSettings(type.value, fields);
  const schedule = readSchedule(fields, settings?.kind === 'new-terms' ? settings.of.history : undefined);
  const alert = readAlert(fields, settings?.kind === 'threshold' ? settings.of.fields : undefined);
  if (query === undefined || settings === undefined || fields.diagnostics.some(isError)) return invalid();

  const read = readQuery(query, language?.value === 'lucene' ? 'lucene' : 'kuery', schema);
  const diagnostics = [...fields.diagnostics, ...exceptions.diagnostics, ...read.diagnostics, ...filters.diagnostics];
  const errors = diagnostics.filter(isError);
  if (errors.some((found) => !isUnsupported(found))) return { status: 'invalid', identity, diagnostics };
  if (errors.length > 0 || read.condition === undefined) return { status: 'unsupported', identity, diagnostics };

  const source: Plan = { kind: 'source', schema: 'ecs', scope };
  const asked = and([read.condition, ...filters.conditions], read.condition.span);
  const { condition, elsewhere } = exceptions;
  const predicate = condition === undefined ? asked : and([asked, not(condition)], asked.span);
  const excepted: Plan | undefined = condition && { kind: 'where', input: source, predicate: and([asked, condition]) };
  const rule: Rule = {
    ...identity,
    description: metadata.description ?? '',
    severity: metadata.severity,
    enabled: metadata.enabled,
    tags: metadata.tags,
    techniques: metadata.techniques,
    tactics: metadata.tactics,
    references: metadata.references,
    falsePositives: metadata.falsePositives,
    schema: 'ecs',
    schedule,
    alert,
    ...(excepted !== undefined && { excepted }),
    ...(elsewhere.length > 0 && { notApplied: [{ what: 'exception-lists', names: elsewhere }] }),
    logic: logicOf({ kind: 'where', input: source, predicate }, identity.name, settings, schedule),
    tests: [],
  };
  return { status: 'loaded', rule, diagnostics, lint: read.lint };
}

/** What a rule's type asks of the events that its query finds. */
type Settings =
  | { readonly kind: 'events' }
  | { readonly kind: 'threshold'; readonly of: ThresholdSettings }
  | { readonly kind: 'new-terms'; readonly of: NewTermsSettings };

/** Undefined, with diagnostics, where they are wrong. */
function readSettings(type: string, fields: RuleFields): Settings | undefined {
  if (type === 'threshold') {
    const of = readThreshold(fields);
    return of && { kind: 'threshold', of };
  }
  if (type === 'new_terms') {
    const of = readNewTerms(fields);
    return of && { kind: 'new-terms', of };
  }
  return { kind: 'events' };
}

function logicOf(events: Plan, name: string, settings: Settings, schedule: Schedule): PlanLogic {
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
const OVER_CONDITIONS: ReadonlySet<string> = new Set(['query', 'saved_query', 'threshold', 'new_terms']);

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
  if (!OVER_CONDITIONS.has(type.value)) {
    return diagnostic('unsupported/elastic-rule-type', { type: type.value }, type.span);
  }
  if (language === undefined || language.value === 'kuery' || language.value === 'lucene') return undefined;
  return diagnostic('unsupported/elastic-language', { language: language.value }, language.span);
}

function isError(found: Diagnostic): boolean {
  return found.severity === 'error';
}

function isUnsupported(found: Diagnostic): boolean {
  return found.code.startsWith('unsupported/');
}
