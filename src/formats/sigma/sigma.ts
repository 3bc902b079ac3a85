import { type Diagnostic, diagnostic, primarySpan } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { and, field, match } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { ColumnType } from '../../ir/plan/plan.ts';
import { labelled } from '../../ir/rule/labels.ts';
import type { RuleIdentity } from '../../ir/rule/rule.ts';
import {
  correlationColumns,
  fieldMapper,
  type LogSource,
  lintRuleLogic,
  planOf,
  type RuleLogic,
  readRuleLogic,
  type ValueTree,
} from '../../languages/sigma/index.ts';
import { isError, refused } from '../refused.ts';
import type { Format, LoadContext, LoadOutcome, RuleFile } from '../rule-file.ts';
import { yamlOf } from '../source/yaml-source.ts';
import { type CollectedRule, collectRules } from './collection.ts';
import { nameOf, readCorrelationRule } from './correlation.ts';
import { logSourceNames, readFilterRule } from './filter.ts';
import type { SigmaLink } from './link.ts';
import { readMetadata } from './metadata.ts';
import type { SigmaMapping } from './pipeline.ts';

/**
 * Sigma rules: YAML documents with `detection` and `logsource` (specification 2.1), one or several in a file, also as
 * collections with `action`. A rule reads the events of schema `sigma` whose `logsource.*` fields are those it names.
 */
export const sigmaFormat: Format = { load };

/** Keys that make a document a Sigma rule, a correlation or a filter. Other formats spell theirs with capitals, or have none. */
const MARKS: readonly string[] = ['detection', 'logsource', 'correlation'];
const MARKS_IN_TEXT = /(?:detection|logsource|correlation|filter)["']?\s*:/;
const MARKS_AT_START = /^(?:---\s+)?(?:detection|logsource|correlation)\s*:/m;

function load(file: RuleFile, context: Pick<LoadContext, 'sigma'> = {}): readonly LoadOutcome[] | undefined {
  // Cheap, and right for nearly every file of another format: no need to read their YAML.
  if (!MARKS_IN_TEXT.test(file.source.text)) return undefined;
  const yaml = yamlOf(file);
  const whole = file.source.span(0, file.source.text.length);
  const errors = yaml.diagnostics.filter((found) => found.severity === 'error');
  if (![...yaml.documents, ...yaml.broken].some(isSigma)) {
    // Nothing that is left of a broken file may show what it is.
    if (errors.length === 0 || !MARKS_AT_START.test(file.source.text)) return undefined;
    return [{ status: 'invalid', identity: nameless(file, whole), diagnostics: errors }];
  }
  const collection = yaml.documents.some((document) => document.get('action') !== undefined);
  const warnings = yaml.diagnostics.filter((found) => found.severity !== 'error');
  const outcomes = collectRules(yaml.documents).map((rule, index) => {
    const own = collection ? warnings : warnings.filter((found) => isWithin(found, rule.tree.span));
    return named(rule.tree, loadRule(file, rule, index, own, context.sigma));
  });
  return [...outcomes, ...brokenRules(file, yaml.broken, errors, outcomes.length)];
}

/** A rule that does not load has a name too: what refers to it can be told what is wrong with it. */
function named(tree: ValueTree, outcome: LoadOutcome): LoadOutcome {
  if (outcome.link !== undefined || tree.get('filter') !== undefined) return outcome;
  return { ...outcome, link: { kind: 'rule', name: nameOf(tree), logsource: logSourceNames(tree) } };
}

/** One outcome for each document that has errors, or for the file where they leave no document. */
function brokenRules(
  file: RuleFile,
  broken: readonly ValueTree[],
  errors: readonly Diagnostic[],
  before: number,
): LoadOutcome[] {
  if (errors.length === 0) return [];
  if (broken.length === 0) {
    const identity = nameless(file, file.source.span(0, file.source.text.length));
    return [{ status: 'invalid', identity, diagnostics: errors }];
  }
  return broken.map((tree, index) => {
    const next = broken[index + 1]?.span.start ?? Number.POSITIVE_INFINITY;
    const from = index === 0 ? 0 : tree.span.start;
    const own = errors.filter((found) => {
      const start = primarySpan(found)?.start ?? 0;
      return start >= from && start < next;
    });
    const diagnostics = own.length > 0 ? own : errors;
    return named(tree, { status: 'invalid', identity: identify(file, tree, before + index), diagnostics });
  });
}

function isWithin(found: Diagnostic, place: Span): boolean {
  const span = primarySpan(found);
  return span !== undefined && span.start >= place.start && span.end <= place.end;
}

function isSigma(document: ValueTree): boolean {
  if (MARKS.some((key) => document.get(key) !== undefined)) return true;
  return document.get('filter')?.get('rules') !== undefined;
}

function nameless(file: RuleFile, span: Span): RuleIdentity {
  const name = file.path.split(/[\\/]/).at(-1) ?? file.path;
  return { id: name, name, file: file.path, format: 'sigma', language: 'sigma', span };
}

/** A rule without an id is known by its file, and by its place in it when it is not the first. */
function identify(file: RuleFile, tree: ValueTree, index: number): RuleIdentity {
  const plain = nameless(file, tree.span);
  const [id, title] = [tree.get('id')?.scalar(), tree.get('title')?.scalar()];
  const place = index === 0 ? plain.name : `${plain.name}#${index + 1}`;
  return {
    ...plain,
    id: typeof id === 'string' && id.trim() !== '' ? id.trim() : place,
    name: typeof title === 'string' && title.trim() !== '' ? title.trim() : place,
  };
}

function loadRule(
  file: RuleFile,
  rule: CollectedRule,
  index: number,
  yamlDiagnostics: readonly Diagnostic[],
  mapping: SigmaMapping | undefined,
): LoadOutcome {
  const { tree } = rule;
  const identity = identify(file, tree, index);
  const diagnostics: Diagnostic[] = [...rule.diagnostics];
  const report = (found: Diagnostic): void => {
    diagnostics.push(found);
  };
  if (tree.kind !== 'map') {
    report(diagnostic('input/wrong-type', { key: 'document', expected: 'a map', found: tree.kindInWords }, tree.span));
    return refused(identity, diagnostics);
  }
  const through = mapping && { rule: tree, pipelines: mapping.pipelines };
  const linking = tree.get('correlation') ?? (tree.get('detection') === undefined ? tree.get('filter') : undefined);
  if (linking !== undefined) for (const found of yamlDiagnostics) report(duplicateKey(found, linking) ?? found);
  if (tree.get('correlation') !== undefined) {
    return linked(identity, readCorrelationRule(tree, identity, report), diagnostics, tree);
  }
  if (linking !== undefined) {
    return linked(identity, readFilterRule(tree, identity.name, through, report), diagnostics, tree);
  }
  const title = tree.get('title');
  if (title === undefined) report(diagnostic('input/missing-key', { key: 'title' }, firstKey(tree)));
  else expectKind(title, 'title', 'string', 'a string', report);
  const metadata = readMetadata(tree, report);
  const unloaded = labelled(identity, metadata);
  const scope = readScope(tree, report);
  const detection = tree.get('detection');
  if (detection === undefined) report(diagnostic('input/missing-key', { key: 'detection' }, firstKey(tree)));
  if (detection === undefined || !expectKind(detection, 'detection', 'map', 'a map', report)) {
    return refused(unloaded, diagnostics);
  }
  for (const found of yamlDiagnostics) report(duplicateKey(found, detection) ?? found);
  if (mapping?.broken !== undefined) {
    report(diagnostic('unsupported/sigma-pipeline', { pipeline: mapping.broken }, firstKey(tree)));
  }
  const logic = readRuleLogic(detection, through);
  diagnostics.push(...logic.diagnostics);
  const { predicate } = logic;
  if (predicate === undefined || diagnostics.some(isError)) {
    return refused(unloaded, diagnostics);
  }
  const fieldName = fieldMapper(detection, through);
  const given = logic.logsource && scopeOf(logic.logsource, tree.get('logsource')?.span);
  const source = { kind: 'source', schema: 'sigma', scope: given ?? scope } as const;
  return {
    status: 'loaded',
    rule: {
      ...identity,
      ...metadata,
      enabled: true,
      schema: 'sigma',
      logic: { kind: 'plan', plan: planOf(predicate, logic, source), columns: columnsOf(logic.aggregation) },
      tests: [],
    },
    diagnostics,
    lint: () => lint(file, index),
    link: {
      kind: 'rule',
      name: nameOf(tree),
      logsource: { ...logSourceNames(tree), ...logic.logsource },
      ...(fieldName && { fieldName }),
    },
  };
}

/** A document that is settled when the rules that it refers to are loaded. */
function linked(
  identity: RuleIdentity,
  link: SigmaLink | undefined,
  diagnostics: readonly Diagnostic[],
  tree: ValueTree,
): LoadOutcome {
  const outcome = refused(identity, diagnostics);
  if (link === undefined || outcome.status === 'invalid') return outcome;
  const waiting =
    link.kind === 'correlation'
      ? diagnostic('unsupported/sigma-correlation', { type: link.definition.type }, firstKey(tree))
      : diagnostic('unsupported/sigma-filter', { title: identity.name }, firstKey(tree));
  return { ...outcome, diagnostics: [...diagnostics, waiting], link };
}

/** Rules of Sigma 1 that count make rows as correlations do. */
function columnsOf(aggregation: RuleLogic['aggregation']): readonly ColumnType[] | undefined {
  if (aggregation === undefined) return undefined;
  return correlationColumns(aggregation.aggregation.kind === 'near' ? [] : aggregation.aggregation.by);
}

/** Reads the rule again: the trees of thousands of files are not worth keeping for it. */
function lint(file: RuleFile, index: number): readonly Diagnostic[] {
  const detection = collectRules(yamlOf(file).documents)[index]?.tree.get('detection');
  return detection === undefined ? [] : lintRuleLogic(detection, readRuleLogic(detection));
}

/** YAML warns of a key that is written twice; inside a detection it changes what the rule finds. */
function duplicateKey(found: Diagnostic, detection: ValueTree): Diagnostic | undefined {
  const span = primarySpan(found);
  if (found.code !== 'input/yaml-duplicate-key' || span === undefined || !isWithin(found, detection.span))
    return undefined;
  const context = found.labels.filter((label) => !label.primary);
  return diagnostic('sigma/duplicate-key', { key: String(found.params['key']) }, span, { context });
}

/** The log source as a test of the fields that views give; null when it names none. */
function readScope(tree: ValueTree, report: (found: Diagnostic) => void): Expr | null {
  const logsource = tree.get('logsource');
  if (logsource === undefined) {
    report(diagnostic('input/missing-key', { key: 'logsource' }, firstKey(tree)));
    return null;
  }
  if (!expectKind(logsource, 'logsource', 'map', 'a map', report)) return null;
  const tests = ['product', 'category', 'service'].flatMap((key) => {
    const value = logsource.get(key);
    if (value === undefined || value.kind === 'null') return [];
    const text = value.scalar();
    if (typeof text !== 'string') {
      const params = { key: `logsource.${key}`, expected: 'a string', found: value.kindInWords };
      report(diagnostic('input/wrong-type', params, value.span));
      return [];
    }
    const subject = field(`logsource.${key}`, value.span);
    return [match(subject, { kind: 'equals', value: text }, { collation: 'ignore-case', span: value.span })];
  });
  return tests.length === 0 ? null : and(tests, logsource.span);
}

/** The log source that a pipeline has given a rule. */
function scopeOf(source: LogSource, span: Span | undefined): Expr | null {
  const place = span === undefined ? {} : { span };
  const tests = Object.entries(source).map(([key, value]) =>
    match(field(`logsource.${key}`, span), { kind: 'equals', value }, { collation: 'ignore-case', ...place }),
  );
  return tests.length === 0 ? null : and(tests, span);
}

function expectKind(
  value: ValueTree,
  key: string,
  kind: ValueTree['kind'],
  expected: string,
  report: (found: Diagnostic) => void,
): boolean {
  if (value.kind === kind) return true;
  report(diagnostic('input/wrong-type', { key, expected, found: value.kindInWords }, value.span));
  return false;
}

/** Where to point when something is missing: at the rule's first key. */
function firstKey(tree: ValueTree): Span {
  return tree.entries()[0]?.keySpan ?? tree.span;
}
