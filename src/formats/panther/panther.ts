import { basename } from 'node:path';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Span } from '../../base/span.ts';
import type { RuleIdentity, RuleLanguage } from '../../ir/rule/rule.ts';
import { MapFields } from '../../languages/panther/index.ts';
import { isError, refused } from '../refused.ts';
import type { Format, LoadContext, LoadOutcome, RuleFile } from '../rule-file.ts';
import { type YamlNode, yamlOf } from '../source/yaml-source.ts';
import { checkPart, isPart, PARTS, QUERIES, readQuery } from './parts.ts';
import { isTemplate } from './repository.ts';
import { loadCorrelationRule, loadRule, RULE_KINDS } from './rule.ts';

/**
 * Panther's repositories: YAML files that describe rules, scheduled rules, policies and correlation rules, with the Python
 * files that they name, and what belongs to rules: data models, shared modules, packs, lookup tables, queries.
 */
export const pantherFormat: Format = { load };

const MARK = /^["']?AnalysisType["']?\s*:/m;
const KINDS: readonly string[] = [...RULE_KINDS.keys(), 'correlation_rule', ...PARTS, ...QUERIES];

function load(file: RuleFile, context: LoadContext): readonly LoadOutcome[] | undefined {
  // A repository's own record of versions, which quotes every description.
  if (/^\.versions\.ya?ml$/.test(basename(file.path))) return [];
  if (!MARK.test(file.source.text)) return undefined;
  const yaml = yamlOf(file);
  const whole = file.source.span(0, file.source.text.length);
  const errors = yaml.diagnostics.filter((found) => found.severity === 'error');
  const warnings = yaml.diagnostics.filter((found) => found.severity !== 'error');
  if (errors.length > 0) {
    const node = yaml.broken[0] ?? yaml.documents[0];
    return [{ status: 'invalid', identity: identify(file, node, whole), diagnostics: [...errors, ...warnings] }];
  }
  if (isTemplate(file.path, context)) {
    const identity = identify(file, yaml.documents[0], whole);
    return [{ status: 'part', part: 'template', identity, diagnostics: warnings }];
  }
  const described = yaml.documents.filter((node) => node.get('AnalysisType') !== undefined);
  if (described.length === 0) return undefined;
  return described.map((node) => loadDocument(file, node, whole, context, warnings));
}

const IDS = ['RuleID', 'PolicyID', 'DataModelID', 'GlobalID', 'PackID', 'QueryName', 'LookupName'];

function identify(file: RuleFile, node: YamlNode | undefined, whole: Span): RuleIdentity {
  const of = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => node?.get(key)?.written()).find((text) => text !== undefined && text !== '');
  const id = of(...IDS) ?? basename(file.path);
  return {
    id,
    name: of('DisplayName') ?? id,
    file: file.path,
    format: 'panther',
    language: languageOf(node),
    span: node?.get('AnalysisType')?.span ?? whole,
  };
}

function languageOf(node: YamlNode | undefined): RuleLanguage {
  const type = node?.get('AnalysisType')?.asString() ?? '';
  if (type === 'correlation_rule') return 'panther';
  if (!RULE_KINDS.has(type)) return 'none';
  return node?.get('Detection') === undefined ? 'python' : 'panther';
}

function loadDocument(
  file: RuleFile,
  node: YamlNode,
  whole: Span,
  context: LoadContext,
  warnings: readonly Diagnostic[],
): LoadOutcome {
  const identity = identify(file, node, whole);
  const diagnostics: Diagnostic[] = [...warnings];
  const fields = new MapFields(node, diagnostics);
  const type = fields.requiredText('AnalysisType');
  const at = node.get('AnalysisType')?.span;
  if (type === undefined) {
    if (diagnostics.length === warnings.length) fields.missing('AnalysisType');
    return { status: 'invalid', identity, diagnostics };
  }
  const kind = RULE_KINDS.get(type);
  if (kind !== undefined) return loadRule(file.path, fields, kind, identity, context);
  if (type === 'correlation_rule') return loadCorrelationRule(file.path, fields, identity, context);
  if (isPart(type)) {
    diagnostics.push(...checkPart(type, file.path, fields, context));
    if (diagnostics.some(isError)) return { status: 'invalid', identity, diagnostics };
    return { status: 'part', part: type, identity, diagnostics };
  }
  if (QUERIES.includes(type)) {
    const { language } = readQuery(type, fields);
    return refused({ ...identity, language }, diagnostics);
  }
  diagnostics.push(diagnostic('panther/analysis-type', { type, near: didYouMean(type, KINDS) }, at));
  return { status: 'invalid', identity, diagnostics };
}
