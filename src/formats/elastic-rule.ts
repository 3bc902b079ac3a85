import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { and, field, match, not, or } from '../ir/construct.ts';
import type { Expr, WildcardPart } from '../ir/expr.ts';
import type { Plan } from '../ir/plan.ts';
import type { Rule, RuleIdentity, RuleLanguage, RuleSeverity } from '../ir/rule.ts';
import { readAlert, readSchedule } from './elastic-alert.ts';
import { type ExceptionLists, readExceptions } from './elastic-exceptions.ts';
import { RuleFields } from './elastic-fields.ts';
import { lowerFilters } from './elastic-filters.ts';
import { eqlSearch, kuerySearch, readEqlSettings, type Searched } from './elastic-search.ts';
import { readThreshold } from './elastic-threshold.ts';
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
  const unsupported = reasonNotToRun(type, language);
  if (unsupported !== undefined) return { status: 'unsupported', identity, diagnostics: [unsupported] };

  const query = fields.required('query');
  const scope = scopeOf(fields.locatedTexts('index'));
  const filters = lowerFilters(fields.tables('filters'), context.schema('ecs'));
  const exceptions = readExceptions(fields, lists, context.schema('ecs'));
  const schedule = readSchedule(fields);
  const threshold = type.value === 'threshold' ? readThreshold(fields) : undefined;
  const eql = type.value === 'eql' ? readEqlSettings(fields) : undefined;
  const alert = readAlert(fields, threshold?.fields);
  if (query === undefined || fields.diagnostics.some(isError)) return invalid();

  const source: Plan = { kind: 'source', schema: 'ecs', scope };
  const { condition: excepted, elsewhere } = exceptions;
  const searched: Searched = { query, source, filters: filters.conditions, excepted, schema: context.schema('ecs') };
  const found = eql === undefined ? kuerySearch(searched, identity.name, threshold) : eqlSearch(searched, eql);
  const diagnostics = [...fields.diagnostics, ...exceptions.diagnostics, ...found.diagnostics, ...filters.diagnostics];
  const errors = diagnostics.filter(isError);
  if (errors.some((one) => !isUnsupported(one))) return { status: 'invalid', identity, diagnostics };
  if (errors.length > 0 || !found.ok) return { status: 'unsupported', identity, diagnostics };

  const search = found.value;
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
    ...(search.excepted !== undefined && { excepted: search.excepted }),
    ...(elsewhere.length > 0 && { notApplied: [{ what: 'exception-lists', names: elsewhere }] }),
    logic: search.logic,
    tests: [],
  };
  return { status: 'loaded', rule, diagnostics, lint: search.lint };
}

interface Metadata {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly severity: RuleSeverity | undefined;
  readonly enabled: boolean;
  readonly tags: readonly string[];
  readonly techniques: readonly string[];
  readonly tactics: readonly string[];
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
}

/** What a rule of any type has. Kibana refuses a rule without id, name, description, severity or risk score. */
function readMetadata(fields: RuleFields): Metadata {
  const id = fields.get('rule_id') === undefined && fields.get('id') !== undefined ? 'id' : 'rule_id';
  const riskScore = fields.get('risk_score');
  fields.expect('risk_score');
  if (riskScore !== undefined && riskScore.kind !== 'number') fields.wrong('risk_score', 'a number', riskScore);
  return {
    id: fields.expected(id)?.value,
    name: fields.expected('name')?.value,
    description: fields.expected('description')?.value.trim(),
    severity: severityOf(fields),
    enabled: fields.boolean('enabled') ?? true,
    tags: fields.texts('tags'),
    ...attackOf(fields),
    references: fields.texts('references'),
    falsePositives: fields.texts('false_positives').map((text) => text.trim()),
  };
}

function severityOf(fields: RuleFields): RuleSeverity | undefined {
  const written = fields.expected('severity');
  switch (written?.value) {
    case 'low':
    case 'medium':
    case 'high':
    case 'critical':
      return written.value;
    case undefined:
      return undefined;
    default: {
      const params = { key: 'severity', expected: 'low, medium, high or critical', found: `\`${written?.value}\`` };
      fields.diagnostics.push(diagnostic('input/wrong-type', params, written?.span));
      return undefined;
    }
  }
}

/** ATT&CK ids from `threat`, in the order of the file, each once. */
function attackOf(fields: RuleFields): { readonly techniques: readonly string[]; readonly tactics: readonly string[] } {
  const techniques = new Set<string>();
  const tactics = new Set<string>();
  const below = (table: LocatedTable, key: string, ids: Set<string>): readonly LocatedTable[] => {
    const inner = new RuleFields(table, table.span);
    const tables = inner.tables(key);
    for (const one of tables) addId(one, ids);
    fields.diagnostics.push(...inner.diagnostics);
    return tables;
  };
  for (const threat of fields.tables('threat')) {
    const tactic = threat.entries.get('tactic')?.value;
    if (tactic?.kind === 'table') addId(tactic, tactics);
    for (const technique of below(threat, 'technique', techniques)) below(technique, 'subtechnique', techniques);
  }
  return { techniques: [...techniques], tactics: [...tactics] };
}

function addId(table: LocatedTable, ids: Set<string>): void {
  const id = table.entries.get('id')?.value;
  if (id?.kind === 'string') ids.add(id.value);
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

function reasonNotToRun(type: LocatedText, language: LocatedText | undefined): Diagnostic | undefined {
  if (type.value !== 'query' && type.value !== 'threshold' && type.value !== 'eql')
    return diagnostic('unsupported/elastic-rule-type', { type: type.value }, type.span);
  if (language === undefined || language.value === (type.value === 'eql' ? 'eql' : 'kuery')) return undefined;
  return diagnostic('unsupported/elastic-language', { language: language.value }, language.span);
}

/**
 * The rule's index patterns as a condition on `_index`, which views give as the name of the data stream or index that the
 * vendor's agent would have written to. A leading `-` takes away again; the name of a remote cluster says nothing of logs.
 * Null for a rule about whatever there is: one that names no index, or all of them.
 */
function scopeOf(patterns: readonly LocatedText[]): Expr | null {
  const wanted: Expr[] = [];
  const unwanted: Expr[] = [];
  let isOpen = false;
  for (const { value, span } of patterns) {
    const excluded = value.startsWith('-');
    const name = (excluded ? value.slice(1) : value).trim().replace(/^[^<:]*:/, '');
    if (name === '') continue;
    const isAll = name === '_all' || /^\*+$/.test(name);
    if (isAll && !excluded) isOpen = true;
    const parts = wildcardParts(isAll ? '*' : name);
    const [first] = parts;
    const plain = parts.length === 1 && first !== undefined && 'text' in first;
    const condition = match(
      field('_index', span),
      plain ? { kind: 'equals', value: first.text } : { kind: 'wildcard', parts },
      { span },
    );
    (excluded ? unwanted : wanted).push(condition);
  }
  const conditions = [...(wanted.length > 0 && !isOpen ? [or(wanted)] : []), ...unwanted.map((one) => not(one))];
  return conditions.length === 0 ? null : and(conditions);
}

function wildcardParts(pattern: string): readonly WildcardPart[] {
  return pattern
    .split(/(\*+)/)
    .filter((piece) => piece !== '')
    .map((piece): WildcardPart => (piece.startsWith('*') ? { any: 'many' } : { text: piece }));
}

function isError(found: Diagnostic): boolean {
  return found.severity === 'error';
}

function isUnsupported(found: Diagnostic): boolean {
  return found.code.startsWith('unsupported/');
}
