import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';
import type { RuleFormat, RuleIdentity } from '../../ir/rule/rule.ts';
import type { Format, LoadContext, LoadOutcome, RuleFile } from '../rule-file.ts';
import { type YamlNode, yamlOf } from '../source/yaml-source.ts';
import {
  readDefenderAlert,
  readDefenderSchedule,
  readSentinelAlert,
  readSentinelRest,
  readSentinelSchedule,
} from './alert.ts';
import { type ExportedRule, exportedRules, resolved, resourceId } from './exported-rules.ts';
import { fencedQueries } from './fenced-queries.ts';
import { FieldReader } from './fields.ts';
import { splitQueries } from './kusto-file.ts';
import { loadQuery, NO_METADATA, outcomeOf, type RuleMetadata } from './query.ts';

/**
 * Microsoft's rules: Sentinel analytics rules (Scheduled, NRT) and hunting queries in YAML, Defender custom detections
 * (`kind: CustomDetection`), both as they are exported in JSON, bare queries in `.kql` and `.kusto` files, and fenced ones in Markdown.
 */
export const sentinelFormat: Format = { load };

/** Kinds of Sentinel rules that are no query but a service's own model. */
const WITHOUT_QUERY = new Set([
  'Fusion',
  'MLBehaviorAnalytics',
  'MicrosoftSecurityIncidentCreation',
  'ThreatIntelligence',
]);
/** An export without one of these has no rules of Microsoft's. */
const MARKS_IN_EXPORT = /SecurityInsights|alertRules|"queryCondition"|"triggerOperator"|savedSearches/i;
const MARKS_IN_TEXT =
  /^[ \t]*["']?(?:query|queryCondition|queryText|queryFrequency|queryPeriod|kind|relevantTechniques)["']?[ \t]*:/m;

function load(file: RuleFile, context: LoadContext): readonly LoadOutcome[] | undefined {
  if (/\.(kql|kusto)$/i.test(file.path)) return loadBare(file, context);
  if (/\.(md|markdown)$/i.test(file.path)) return loadFenced(file, context);
  if (/\.json$/i.test(file.path)) return loadExport(file, context);
  if (!/\.ya?ml$/i.test(file.path) || !MARKS_IN_TEXT.test(file.source.text)) return undefined;
  const yaml = yamlOf(file);
  const rules = yaml.documents.filter(isRule);
  const broken = yaml.broken.filter(isRule);
  if (rules.length + broken.length === 0) return undefined;
  const errors = yaml.diagnostics.filter((found) => found.severity === 'error');
  const warnings = yaml.diagnostics.filter((found) => found.severity !== 'error');
  const outcomes = rules.map((node, index) =>
    loadRule({ node, template: undefined }, file, context, index === 0 ? warnings : [], index),
  );
  const invalid = broken.map((node, index): LoadOutcome => {
    return { status: 'invalid', identity: identify(node, file, rules.length + index), diagnostics: errors };
  });
  return [...outcomes, ...invalid];
}

/** What ARM templates and the APIs of Sentinel and Defender give. */
function loadExport(file: RuleFile, context: LoadContext): readonly LoadOutcome[] | undefined {
  if (!MARKS_IN_EXPORT.test(file.source.text)) return undefined;
  const yaml = yamlOf(file);
  const errors = yaml.diagnostics.filter((found) => found.severity === 'error');
  const rules = [...yaml.documents, ...yaml.broken].flatMap((document) => exportedRules(document));
  if (rules.length === 0) return undefined;
  if (errors.length === 0) return rules.map((rule, index) => loadRule(rule, file, context, [], index));
  return rules.map(({ node }, index): LoadOutcome => {
    return { status: 'invalid', identity: identify(node, file, index), diagnostics: errors };
  });
}

/** The queries of a Markdown page. */
function loadFenced(file: RuleFile, context: LoadContext): readonly LoadOutcome[] | undefined {
  const found = fencedQueries(file.source);
  if (found.length === 0) return undefined;
  return found.map(({ query: source, heading }, index) => {
    const identity = identityOf(file, 'kusto', source.span(0, source.text.length), undefined, heading, index);
    const query = loadQuery(source, context);
    return outcomeOf(identity, NO_METADATA, query, query.diagnostics);
  });
}

/** A file of queries: each is a rule of its own. */
function loadBare(file: RuleFile, context: LoadContext): readonly LoadOutcome[] {
  return splitQueries(file.source).map((source, index) => {
    const identity = identityOf(file, 'kusto', source.span(0, source.text.length), undefined, undefined, index);
    const query = loadQuery(source, context);
    return outcomeOf(identity, NO_METADATA, query, query.diagnostics);
  });
}

function isDefender(node: YamlNode): boolean {
  if (node.get('kind')?.asString() === 'CustomDetection') return true;
  return node.get('queryCondition') !== undefined || node.get('properties')?.get('queryCondition') !== undefined;
}

/** Whether a document is one of these rules: Panther's are marked by `AnalysisType`, Sigma's by `detection`. */
function isRule(node: YamlNode): boolean {
  if (node.kind !== 'map') return false;
  const has = (key: string): boolean => node.get(key) !== undefined;
  if (has('AnalysisType') || has('detection') || has('logsource') || has('correlation')) return false;
  if (isDefender(node)) return true;
  const sentinel = ['queryFrequency', 'queryPeriod', 'relevantTechniques', 'requiredDataConnectors', 'entityMappings'];
  if (sentinel.some(has)) return true;
  const kind = node.get('kind')?.asString() ?? '';
  if (WITHOUT_QUERY.has(kind) || kind === 'Scheduled' || kind === 'NRT') return true;
  return has('query') && (has('name') || has('id')) && !has('type');
}

function loadRule(
  { node, template }: ExportedRule,
  file: RuleFile,
  context: LoadContext,
  warnings: readonly Diagnostic[],
  index: number,
): LoadOutcome {
  const identity = identify(node, file, index);
  const reader = new FieldReader();
  reader.diagnostics.push(...warnings);
  const defender = isDefender(node);
  const kind = reader.text(node, 'kind');
  if (!defender && kind !== undefined && WITHOUT_QUERY.has(kind)) {
    reader.diagnostics.push(diagnostic('unsupported/sentinel-kind', { kind }, node.get('kind')?.span));
    return outcomeOf(identity, NO_METADATA, undefined, reader.diagnostics);
  }
  const body = defender ? (reader.map(node, 'properties') ?? node) : node;
  const metadata = defender ? readDefender(body, reader) : readSentinel(node, reader);
  const query = defender ? defenderQuery(body, node, reader) : queryText(node, 'query', reader, template);
  if (query === undefined) return outcomeOf(identity, metadata, undefined, reader.diagnostics);
  const loaded = loadQuery(query, context);
  if (!defender) reader.entities(node, loaded.lowered?.complete === true ? loaded.lowered.columns : undefined);
  return outcomeOf(identity, metadata, loaded, [...reader.diagnostics, ...loaded.diagnostics]);
}

function queryText(
  node: YamlNode,
  key: string,
  reader: FieldReader,
  template?: YamlNode | undefined,
): SourceText | undefined {
  const written = node.get(key);
  if (written === undefined || written.kind === 'null') {
    reader.diagnostics.push(diagnostic('input/missing-key', { key }, written?.span ?? node.span));
    return undefined;
  }
  const value = resolved(written, template);
  if (value === undefined) {
    const expression = written.asString() ?? '';
    reader.diagnostics.push(diagnostic('unsupported/sentinel-expression', { expression }, written.span));
    return undefined;
  }
  const text = value.text();
  if (text === undefined) reader.wrong(value, key, 'a string');
  return text;
}

function defenderQuery(body: YamlNode, node: YamlNode, reader: FieldReader): SourceText | undefined {
  const condition = reader.map(body, 'queryCondition');
  if (condition !== undefined) return queryText(condition, 'queryText', reader);
  if (body.get('queryCondition') === undefined) {
    reader.diagnostics.push(diagnostic('input/missing-key', { key: 'queryCondition' }, node.span));
  }
  return undefined;
}

function readSentinel(node: YamlNode, reader: FieldReader): RuleMetadata {
  if (node.get('name') === undefined && node.get('displayName') === undefined)
    reader.diagnostics.push(diagnostic('input/missing-key', { key: 'name' }, node.span));
  reader.text(node, 'id');
  reader.text(node, 'name');
  reader.list(node, 'requiredDataConnectors');
  const schedule = readSentinelSchedule(node, reader);
  const alert = readSentinelAlert(node, reader);
  const notApplied = readSentinelRest(node, alert);
  return {
    ...NO_METADATA,
    description: (reader.text(node, 'description') ?? '').trim(),
    severity: reader.severity(node, 'severity'),
    enabled: reader.boolean(node, 'enabled') ?? true,
    tags: tagsOf(node),
    ...statusOf(node),
    techniques: ['relevantTechniques', 'techniques', 'subTechniques'].flatMap((key) => reader.techniques(node, key)),
    tactics: reader.tactics(node, 'tactics'),
    ...(schedule !== undefined && { schedule }),
    alert,
    ...(notApplied.length > 0 && { notApplied }),
  };
}

function statusOf(node: YamlNode): Pick<RuleMetadata, 'status' | 'authors'> {
  const status = node.get('status')?.asString();
  const author = node.get('metadata')?.get('author');
  const name = author?.asString() ?? author?.get('name')?.asString();
  return { ...(status !== undefined && { status }), ...(name !== undefined && { authors: [name] }) };
}

/** Tags are strings, or maps with one entry (`SchemaName: x`) that say something of the content. */
function tagsOf(node: YamlNode): readonly string[] {
  const items = node.get('tags')?.asList() ?? [];
  return items.flatMap((item) => {
    const text = item.asString();
    return text === undefined ? item.entries().map((entry) => `${entry.key}:${entry.value.written() ?? ''}`) : [text];
  });
}

/** Packaged detections all say `status: disabled`, which only means that installing them starts nothing. */
function readDefender(body: YamlNode, reader: FieldReader): RuleMetadata {
  const action = reader.map(body, 'detectionAction');
  const alert = action === undefined ? undefined : reader.map(action, 'alertTemplate');
  const when = reader.map(body, 'schedule');
  const schedule = when === undefined ? undefined : readDefenderSchedule(when, reader);
  const enabled = reader.boolean(body, 'isEnabled') ?? true;
  const common = { ...NO_METADATA, enabled, ...(schedule !== undefined && { schedule }) };
  if (alert === undefined) return common;
  return {
    ...common,
    description: (reader.text(alert, 'description') ?? '').trim(),
    severity: reader.severity(alert, 'severity'),
    techniques: reader.techniques(alert, 'mitreTechniques'),
    tactics: categoryTactic(alert, reader),
    alert: readDefenderAlert(alert, reader),
  };
}

/** A category is a tactic or one of Defender's own (`Malware`, `SuspiciousActivity`), which is none. */
function categoryTactic(alert: YamlNode, reader: FieldReader): readonly string[] {
  const before = reader.diagnostics.length;
  const tactics = reader.tactics(alert, 'category');
  for (let index = reader.diagnostics.length - 1; index >= before; index -= 1) {
    if (reader.diagnostics[index]?.code === 'sentinel/unknown-tactic') reader.diagnostics.splice(index, 1);
  }
  return tactics;
}

function identify(node: YamlNode, file: RuleFile, index: number): RuleIdentity {
  const defender = isDefender(node);
  const body = defender ? (node.get('properties') ?? node) : node;
  const written = body.get('id')?.asString() ?? node.get('id')?.asString();
  const isResource = body.get('type') !== undefined || /^\[|\//.test(written ?? '');
  const id = isResource ? (resourceId(body) ?? written) : written;
  const title = body.get('detectionAction')?.get('alertTemplate')?.get('title');
  const name = body.get('displayName') ?? body.get('name') ?? title ?? node.get('name');
  return identityOf(file, defender ? 'defender' : 'sentinel', node.span, id, name?.asString(), index);
}

function identityOf(
  file: RuleFile,
  format: RuleFormat,
  span: Span,
  id: string | undefined,
  name: string | undefined,
  index: number,
): RuleIdentity {
  const base = (file.path.split(/[\\/]/).at(-1) ?? file.path).replace(/\.(kql|kusto|ya?ml|json|md|markdown)$/i, '');
  const own = index === 0 ? base : `${base}#${index + 1}`;
  const given = (text: string | undefined): string => (text === undefined || text.trim() === '' ? own : text.trim());
  return { id: given(id), name: given(name), file: file.path, format, language: 'kusto', span };
}
