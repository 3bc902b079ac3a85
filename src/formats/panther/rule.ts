import { diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import { sourceText } from '../../base/source-text.ts';
import { and, call, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import { askPython, ofLogTypes } from '../../ir/plan/ask.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import type { AlertTemplate, NotApplied } from '../../ir/rule/alert.ts';
import type { PythonProgram } from '../../ir/rule/python.ts';
import type { PlanLogic, Rule, RuleIdentity } from '../../ir/rule/rule.ts';
import { type Context, lowerExpressions, type MapFields, parseExpressions } from '../../languages/panther/index.ts';
import { isError, refused } from '../refused.ts';
import type { LoadContext, LoadOutcome } from '../rule-file.ts';
import { readYaml, type YamlNode } from '../source/yaml-source.ts';
import { readAlert, readTexts } from './alert.ts';
import { bundleFor, readModule } from './bundle.ts';
import { readCorrelation } from './correlation.ts';
import { type PantherMetadata, readMetadata, reportUnknownKeys } from './metadata.ts';
import { filesById } from './repository.ts';
import { readSchedule } from './schedule.ts';
import { CORRELATION_COLUMNS, signalsPlan } from './sequence.ts';
import { readCorrelationTests, readTests } from './tests.ts';

type RuleKind = PythonProgram['kindOfRule'];

export const RULE_KINDS: ReadonlyMap<string, RuleKind> = new Map([
  ['rule', 'rule'],
  ['scheduled_rule', 'scheduled_rule'],
  ['policy', 'policy'],
]);

/** The keys that descriptions of rules and policies may have. */
const KEYS: readonly string[] = [
  'ActionDelaySeconds',
  'AlertContext',
  'AlertTitle',
  'AnalysisType',
  'AutoRemediationID',
  'AutoRemediationParameters',
  'BaseDetection',
  'CreateAlert',
  'CreatedBy',
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
];

const CORRELATION_KEYS: readonly string[] = [
  'AnalysisType',
  'CreateAlert',
  'CreatedBy',
  'Description',
  'Detection',
  'DisplayName',
  'Enabled',
  'OnlyUseBaseRiskScore',
  'OutputIds',
  'Reference',
  'Reports',
  'RuleID',
  'Runbook',
  'Severity',
  'Status',
  'SummaryAttributes',
  'Tags',
  'Tests',
];

/** What a derived rule has of its base and cannot replace. */
const INHERITED: readonly string[] = ['Filename', 'Detection', 'LogTypes', 'ScheduledQueries'];

/** A rule's fields, and where its logic is described: in its own file, or in that of its base. */
interface Described {
  readonly fields: MapFields;
  readonly logicFile: string;
}

/** A rule, scheduled rule or policy. */
export function loadRule(
  path: string,
  own: MapFields,
  kind: RuleKind,
  identity: RuleIdentity,
  context: LoadContext,
): LoadOutcome {
  const { diagnostics } = own;
  reportUnknownKeys(own, KEYS);
  own.name(kind === 'policy' ? 'PolicyID' : 'RuleID');
  const described = describe(path, own, kind, context);
  if (described === undefined) return { status: 'invalid', identity, diagnostics };
  const { fields, logicFile } = described;
  const metadata = readMetadata(fields);
  const logTypes = readLogTypes(fields, kind);
  const tests = readTests(fields.has('Tests') && own.list('Tests').length > 0 ? own : fields);
  const about: Context = { logTypes, schema: context.schema('panther') };
  const filter = fields.has('InlineFilters') ? readExpressions('InlineFilters', fields, about) : undefined;
  if (filter !== undefined && kind !== 'rule' && !isTrue(filter)) {
    // The service has filters for rules only; a filter that is ignored would be a surprise.
    const reason = `a ${kind === 'policy' ? 'policy' : 'scheduled rule'} has no inline filters`;
    diagnostics.push(diagnostic('panther/match-expression', { reason }, fields.get('InlineFilters')?.span));
  }
  const inherited = identity.name === identity.id ? fields.text('DisplayName') : undefined;
  const rest = { ...metadata.rule, tests, ...(inherited !== undefined && { name: inherited }) };
  const alert = readAlert(metadata);
  const texts = readTexts(fields, identity.id, about);
  const notApplied = readRest(fields, kind);
  if (fields.has('Detection')) {
    const logic = readSimple(fields, kind, about, filter);
    if (logic === undefined || diagnostics.some(isError)) return { status: 'invalid', identity, diagnostics };
    const rule: Rule = { ...identity, language: 'panther', ...rest, logic, alert: { ...alert, ...texts } };
    return { status: 'loaded', rule, diagnostics, lint: () => [] };
  }
  const module = readModule(logicFile, fields, context);
  if (module === undefined || metadata.severity === undefined || diagnostics.some(isError)) {
    return { status: 'invalid', identity, diagnostics };
  }
  const program: PythonProgram = {
    kindOfRule: kind,
    module,
    bundle: bundleFor(logicFile, path, module.code, context),
    logTypes,
    ...(filter !== undefined && !isTrue(filter) && { filter }),
    defaults: defaultsOf(metadata, metadata.severity),
  };
  const schedule = kind === 'scheduled_rule' ? readSchedule(path, logTypes, context) : undefined;
  const rule: Rule = {
    ...identity,
    language: 'python',
    ...rest,
    logic: askPython(program),
    alert,
    ...(schedule !== undefined && { schedule }),
    ...(notApplied.length > 0 && { notApplied }),
  };
  return { status: 'loaded', rule, diagnostics, lint: () => [] };
}

function readExpressions(key: string, fields: MapFields, context: Context): Expr {
  return lowerExpressions(parseExpressions(key, fields), context, fields.node.get(key)?.span);
}

function isTrue(expr: Expr): boolean {
  return expr.kind === 'literal' && expr.value === true;
}

function defaultsOf(metadata: PantherMetadata, severity: string): PythonProgram['defaults'] {
  const { runbook, summaryAttributes } = metadata;
  return { severity, runbook, summaryAttributes };
}

/** The fields of a rule, with those of its base below them where it is derived. Undefined, with a diagnostic: no base. */
function describe(path: string, own: MapFields, kind: RuleKind, context: LoadContext): Described | undefined {
  if (!own.has('BaseDetection')) return { fields: own, logicFile: path };
  const node = own.node.get('BaseDetection');
  const base = own.name('BaseDetection');
  if (base === undefined) return undefined;
  for (const key of INHERITED) {
    const written = own.node.get(key);
    if (written !== undefined) own.diagnostics.push(diagnostic('panther/derived-key', { key }, written.span));
  }
  const refuse = (reason: string): undefined => {
    own.diagnostics.push(diagnostic('panther/base-type', { base, reason }, node?.span));
    return undefined;
  };
  if (kind !== 'rule') return refuse('only rules can be derived');
  const file = filesById(path, context).get(base);
  const found = file === undefined ? undefined : documentOf(file, base, context);
  if (file === undefined || found === undefined) {
    const params = { base };
    const hints = didYouMean(base, filesById(path, context).keys()).map((near) => `did you mean \`${near}\`?`);
    own.diagnostics.push(diagnostic('panther/base-missing', params, node?.span, { hints }));
    return undefined;
  }
  if (found.get('AnalysisType')?.asString() !== 'rule') return refuse('it is no rule');
  if (found.get('BaseDetection') !== undefined) return refuse('it is derived itself');
  return { fields: own.over(found), logicFile: file };
}

function documentOf(file: string, id: string, context: LoadContext): YamlNode | undefined {
  const text = context.readText(file);
  if (text === undefined) return undefined;
  return readYaml(sourceText(file, text)).documents.find((node) => node.get('RuleID')?.written() === id);
}

/** What a description asks of Panther and is not done here. */
function readRest(fields: MapFields, kind: RuleKind): NotApplied[] {
  const suppressions = kind === 'policy' ? fields.texts('Suppressions') : [];
  const queries = kind === 'scheduled_rule' ? fields.texts('ScheduledQueries') : [];
  return [
    ...(suppressions.length > 0 ? [{ what: 'suppressions', names: suppressions } as const] : []),
    ...(queries.length > 0 ? [{ what: 'scheduled-queries', names: queries } as const] : []),
  ];
}

/** Log types of rules, resource types of policies; scheduled rules read the rows of their queries. */
function readLogTypes(fields: MapFields, kind: RuleKind): readonly string[] {
  switch (kind) {
    case 'rule': {
      const types = fields.texts('LogTypes');
      if (!fields.has('LogTypes')) fields.missing('LogTypes');
      return types;
    }
    case 'policy':
      return fields.texts('ResourceTypes');
    case 'scheduled_rule':
      return fields.texts('ScheduledQueries');
  }
}

/** Match expressions instead of Python: a plan over the events of the rule's log types. */
function readSimple(
  fields: MapFields,
  kind: RuleKind,
  context: Context,
  filter: Expr | undefined,
): PlanLogic | undefined {
  if (fields.has('Filename')) {
    fields.diagnostics.push(diagnostic('panther/both-logics', {}, fields.get('Filename')?.span));
  }
  if (kind !== 'rule') {
    const reason = `a ${kind === 'policy' ? 'policy' : 'scheduled rule'} is Python`;
    fields.diagnostics.push(diagnostic('panther/match-expression', { reason }, fields.get('Detection')?.span));
    return undefined;
  }
  const detection = readExpressions('Detection', fields, context);
  const scope = ofLogTypes(context.logTypes);
  // Records that nobody declared a type of must say it themselves, as Python rules want it; a scope alone would let them in.
  const source: Plan = { kind: 'where', input: { kind: 'source', schema: 'panther', scope }, predicate: scope };
  const predicate = filter === undefined || isTrue(filter) ? detection : and([filter, detection]);
  return { kind: 'plan', plan: { kind: 'where', input: source, predicate }, columns: undefined };
}

/** A correlation rule: it runs over the matches of the rules it names. */
export function loadCorrelationRule(
  path: string,
  fields: MapFields,
  identity: RuleIdentity,
  context: LoadContext,
): LoadOutcome {
  const { diagnostics } = fields;
  reportUnknownKeys(fields, CORRELATION_KEYS);
  fields.name('RuleID');
  const metadata = readMetadata(fields);
  const correlations = readCorrelation(fields, path, context);
  const tests = readCorrelationTests(fields, correlations ?? []);
  if (correlations === undefined || diagnostics.some(isError)) return refused(identity, diagnostics);
  const { createAlert } = metadata;
  const common: Expr = { kind: 'column', name: 'values' };
  const alert: AlertTemplate = {
    title: text(identity.name),
    dedup: call('view.join', [common, text(', ')]),
    context: [],
    severities: [],
    group: { by: 'match', fields: [], missing: 'match', period: null },
    createAlert,
  };
  const inputs = correlations.map(signalsPlan);
  const [only = { kind: 'never' }] = inputs;
  const plan: Plan = inputs.length === 1 ? only : { kind: 'union', inputs };
  const logic: PlanLogic = { kind: 'plan', plan, columns: CORRELATION_COLUMNS };
  const rule: Rule = { ...identity, ...metadata.rule, tests, logic, alert };
  return { status: 'loaded', rule, diagnostics, lint: () => [] };
}
