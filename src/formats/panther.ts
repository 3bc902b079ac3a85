import { basename } from 'node:path';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import { isJsonObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { PythonLogic, Rule, RuleIdentity, RuleSeverity, RuleTest } from '../ir/rule.ts';
import { bundleFor, readDataModel, readGlobal, readModule } from './panther-bundle.ts';
import { PantherFields } from './panther-fields.ts';
import type { Format, LoadContext, LoadOutcome, RuleFile } from './rule-file.ts';
import { readYaml, type YamlNode } from './yaml-source.ts';

/**
 * Panther's detections: a YAML file that describes a rule, a scheduled rule or a policy, and the Python file that it names.
 * Files of the repository that are no rules (data models, shared modules, packs, lookup tables, queries) have no
 * outcome unless they are wrong.
 */
export const pantherFormat: Format = { load };

type RuleKind = PythonLogic['kindOfRule'];

const MARK = /^["']?AnalysisType["']?\s*:/m;
const RULES: ReadonlyMap<string, RuleKind> = new Map([
  ['rule', 'rule'],
  ['scheduled_rule', 'scheduled_rule'],
  ['policy', 'policy'],
]);
const SUPPORT = ['datamodel', 'global', 'pack', 'lookup_table', 'saved_query', 'scheduled_query', 'scheduled_prompt'];
const KINDS: readonly string[] = [...RULES.keys(), 'correlation_rule', ...SUPPORT];

const SEVERITIES: ReadonlyMap<string, RuleSeverity> = new Map([
  ['INFO', 'informational'],
  ['LOW', 'low'],
  ['MEDIUM', 'medium'],
  ['HIGH', 'high'],
  ['CRITICAL', 'critical'],
]);

/** The keys that descriptions of rules and policies may have. */
const KEYS: readonly string[] = [
  'AnalysisType',
  'AlertContext',
  'AlertTitle',
  'AutoRemediationID',
  'AutoRemediationParameters',
  'BaseDetection',
  'CreateAlert',
  'DedupPeriodMinutes',
  'Description',
  'Detection',
  'DisplayName',
  'DynamicSeverities',
  'Enabled',
  'Filename',
  'GroupBy',
  'InlineFilters',
  'LogTypes',
  'OnlyUseBaseRiskScore',
  'OutputIds',
  'PolicyID',
  'Reference',
  'Reports',
  'ResourceTypes',
  'RuleID',
  'Runbook',
  'ScheduledQueries',
  'Severity',
  'Status',
  'SummaryAttributes',
  'Suppressions',
  'Tags',
  'Tests',
  'Threshold',
  'UniqueOn',
];

function load(file: RuleFile, context: LoadContext): readonly LoadOutcome[] | undefined {
  if (!MARK.test(file.source.text)) return undefined;
  const yaml = readYaml(file.source);
  const whole = file.source.span(0, file.source.text.length);
  const errors = yaml.diagnostics.filter((found) => found.severity === 'error');
  const warnings = yaml.diagnostics.filter((found) => found.severity !== 'error');
  if (errors.length > 0) {
    const node = yaml.broken[0] ?? yaml.documents[0];
    return [{ status: 'invalid', identity: identify(file, node, whole), diagnostics: [...errors, ...warnings] }];
  }
  const described = yaml.documents.filter((node) => node.get('AnalysisType') !== undefined);
  if (described.length === 0) return undefined;
  return described.flatMap((node) => loadDocument(file, node, whole, context, warnings));
}

function identify(file: RuleFile, node: YamlNode | undefined, whole: Span): RuleIdentity {
  const of = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => node?.get(key)?.asString()).find((text) => text !== undefined && text !== '');
  const id =
    of('RuleID', 'PolicyID', 'DataModelID', 'GlobalID', 'PackID', 'QueryName', 'LookupName') ?? basename(file.path);
  const python = RULES.has(of('AnalysisType') ?? '') && node?.get('Detection') === undefined;
  return {
    id,
    name: of('DisplayName') ?? id,
    file: file.path,
    format: 'panther',
    language: python ? 'python' : 'none',
    span: node?.get('AnalysisType')?.span ?? whole,
  };
}

function loadDocument(
  file: RuleFile,
  node: YamlNode,
  whole: Span,
  context: LoadContext,
  warnings: readonly Diagnostic[],
): LoadOutcome[] {
  const identity = identify(file, node, whole);
  const invalid = (diagnostics: readonly Diagnostic[]): LoadOutcome[] => [{ status: 'invalid', identity, diagnostics }];
  const diagnostics: Diagnostic[] = [...warnings];
  const fields = new PantherFields(node, diagnostics);
  const type = fields.requiredText('AnalysisType');
  if (type === undefined) return invalid(diagnostics);
  const kind = RULES.get(type);
  if (kind !== undefined) return [loadRule(file, fields, kind, identity, context)];
  if (type === 'correlation_rule') {
    const found = diagnostic('unsupported/panther-correlation', {}, node.get('AnalysisType')?.span);
    return [{ status: 'unsupported', identity, diagnostics: [...diagnostics, found] }];
  }
  if (SUPPORT.includes(type)) {
    if (type === 'global') diagnostics.push(...readGlobal(file.path, node, context).diagnostics);
    if (type === 'datamodel') diagnostics.push(...readDataModel(file.path, node, context).diagnostics);
    return diagnostics.some(isError) ? invalid(diagnostics) : [];
  }
  const params = { type, near: didYouMean(type, KINDS) };
  return invalid([...diagnostics, diagnostic('panther/analysis-type', params, node.get('AnalysisType')?.span)]);
}

function loadRule(
  file: RuleFile,
  fields: PantherFields,
  kind: RuleKind,
  identity: RuleIdentity,
  context: LoadContext,
): LoadOutcome {
  const { node, diagnostics } = fields;
  reportUnknownKeys(node, diagnostics);
  fields.name(kind === 'policy' ? 'PolicyID' : 'RuleID');
  const severity = readSeverity(fields);
  const dedupMinutes = fields.number('DedupPeriodMinutes') ?? 60;
  const threshold = fields.number('Threshold') ?? 1;
  const logTypes = readLogTypes(fields, kind);
  const attack = readAttack(fields);
  const reference = fields.text('Reference');
  const description = fields.text('Description') ?? '';
  const tests = fields.maps('Tests').flatMap((test) => readTest(test));
  const enabled = fields.boolean('Enabled') ?? true;
  const createAlert = fields.boolean('CreateAlert') ?? true;
  const tags = fields.texts('Tags');
  const runbook = fields.text('Runbook') ?? '';
  const summary = fields.texts('SummaryAttributes');
  const wanting = readUnsupported(fields);
  const module = wanting.length === 0 && !fields.has('Detection') ? readModule(file.path, fields, context) : undefined;
  if (diagnostics.some(isError)) return { status: 'invalid', identity, diagnostics: [...diagnostics, ...wanting] };
  if (wanting.length > 0) return { status: 'unsupported', identity, diagnostics: [...diagnostics, ...wanting] };
  if (module === undefined || severity === undefined) return { status: 'invalid', identity, diagnostics };
  const logic: PythonLogic = {
    kind: 'python',
    kindOfRule: kind,
    module,
    bundle: bundleFor(file.path, module.code, context),
    logTypes,
    defaults: { severity, dedupMinutes, threshold, createAlert, runbook, summaryAttributes: summary },
  };
  const rule: Rule = {
    ...identity,
    description,
    severity: SEVERITIES.get(severity),
    enabled,
    tags,
    ...attack,
    references: reference === undefined || reference.trim() === '' ? [] : [reference.trim()],
    falsePositives: [],
    schema: 'panther',
    logic,
    tests,
  };
  return { status: 'loaded', rule, diagnostics, lint: () => [] };
}

function isError(found: Diagnostic): boolean {
  return found.severity === 'error';
}

function reportUnknownKeys(node: YamlNode, diagnostics: Diagnostic[]): void {
  for (const { key, keySpan } of node.entries()) {
    if (KEYS.includes(key)) continue;
    diagnostics.push(diagnostic('panther/unknown-key', { key, near: didYouMean(key, KEYS) }, keySpan));
  }
}

/** The severity in capitals, as rules' functions give it. */
function readSeverity(fields: PantherFields): string | undefined {
  const written = fields.requiredText('Severity');
  const severity = written?.toUpperCase();
  if (severity === undefined || SEVERITIES.has(severity)) return severity;
  fields.diagnostics.push(
    diagnostic('panther/severity', { severity: written ?? '' }, fields.node.get('Severity')?.span),
  );
  return undefined;
}

/** Log types of rules, resource types of policies; scheduled rules read the rows of queries. */
function readLogTypes(fields: PantherFields, kind: RuleKind): readonly string[] {
  switch (kind) {
    case 'rule': {
      const types = fields.texts('LogTypes');
      if (!fields.has('LogTypes') && !fields.has('BaseDetection')) fields.missing('LogTypes');
      return types;
    }
    case 'policy':
      return fields.texts('ResourceTypes');
    case 'scheduled_rule':
      fields.texts('ScheduledQueries');
      return [];
  }
}

/** What the rule asks for that does not run yet. */
function readUnsupported(fields: PantherFields): Diagnostic[] {
  const { node } = fields;
  const found: Diagnostic[] = [];
  const report = (
    code: 'unsupported/panther-simple-detection' | 'unsupported/panther-derived' | 'unsupported/panther-inline-filters',
    key: string,
  ): void => {
    found.push(diagnostic(code, {}, node.get(key)?.span));
  };
  if (fields.has('Detection')) report('unsupported/panther-simple-detection', 'Detection');
  if (fields.has('BaseDetection')) report('unsupported/panther-derived', 'BaseDetection');
  if (fields.list('InlineFilters').some((filter) => !isEmptyFilter(filter))) {
    report('unsupported/panther-inline-filters', 'InlineFilters');
  }
  return found;
}

/** `All: []` takes everything. */
function isEmptyFilter(filter: YamlNode): boolean {
  const entries = filter.entries();
  return filter.kind === 'map' && entries.every(({ key, value }) => key === 'All' && value.asList()?.length === 0);
}

/** `Reports: {MITRE ATT&CK: [TA0006:T1040]}`. */
function readAttack(fields: PantherFields): {
  readonly techniques: readonly string[];
  readonly tactics: readonly string[];
} {
  const techniques = new Set<string>();
  const tactics = new Set<string>();
  for (const { key, value } of fields.map('Reports')?.entries() ?? []) {
    const items = value.asList();
    if (items === undefined) {
      if (value.kind !== 'null') fields.wrong(`Reports.${key}`, 'a list', value);
      continue;
    }
    if (key !== 'MITRE ATT&CK') continue;
    for (const item of items) {
      const text = item.written()?.trim() ?? '';
      const mapped = /^(?:(TA\d{4}):)?(T\d{4}(?:\.\d{3})?)$|^(TA\d{4})$/i.exec(text);
      if (mapped === null) {
        fields.diagnostics.push(
          diagnostic('panther/attack-id', { text: text === '' ? item.kindInWords : text }, item.span),
        );
        continue;
      }
      const [, with_, technique, alone] = mapped;
      const tactic = with_ ?? alone;
      if (tactic !== undefined) tactics.add(tactic.toUpperCase());
      if (technique !== undefined) techniques.add(technique.toUpperCase());
    }
  }
  return { techniques: [...techniques], tactics: [...tactics] };
}

function readTest(fields: PantherFields): RuleTest[] {
  const name = fields.name('Name');
  const expected = fields.boolean('ExpectedResult');
  if (!fields.has('ExpectedResult')) fields.missing('ExpectedResult');
  const key = fields.has('Resource') ? 'Resource' : 'Log';
  const event = fields.map(key)?.toJson();
  if (!fields.has(key)) fields.missing('Log');
  const mocks = fields.maps('Mocks').flatMap((mock): RuleTest['mocks'] => {
    const objectName = mock.requiredText('objectName');
    const returnValue = mock.node.get('returnValue')?.toJson();
    if (returnValue === undefined) mock.missing('returnValue');
    return objectName === undefined || returnValue === undefined ? [] : [{ objectName, returnValue }];
  });
  if (name === undefined || expected === undefined || !isJsonObject(event)) return [];
  return [{ name, expected, event, mocks, span: fields.node.get('Name')?.span ?? fields.node.span }];
}
