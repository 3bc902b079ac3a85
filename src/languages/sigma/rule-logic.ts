import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { and, not, or } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan, Source } from '../../ir/plan/plan.ts';
import type { Condition, Detection, ValueTree } from './ast.ts';
import { parseCondition } from './condition-parser.ts';
import { lowerCondition, lowerDetection, NOTHING } from './lower.ts';
import type { Aggregation } from './over-time/aggregation.ts';
import { aggregationPlan, lowerNear, type RuleAggregation } from './over-time/aggregation-plan.ts';
import { parseTimespan } from './over-time/timespan.ts';
import { applyPipelines, logSourceOf } from './pipeline/apply.ts';
import type { LogSource, Pipeline } from './pipeline/definition.ts';
import { lowerDraft, type RuleDraft, resolveDetection } from './pipeline/draft.ts';
import { readDetection } from './read-detection.ts';

/** A rule's `detection` map, read. */
export interface RuleLogic {
  /** The conditions as one predicate; undefined when diagnostics hold an error. */
  readonly predicate: Expr | undefined;
  readonly conditions: readonly Condition[];
  /** How the events of the predicate are counted or put beside others, in rules of Sigma 1. */
  readonly aggregation?: RuleAggregation;
  readonly detections: ReadonlyMap<string, Detection>;
  readonly diagnostics: readonly Diagnostic[];
  /** The log source that a pipeline has given the rule, where one has. */
  readonly logsource?: LogSource;
}

/** Pipelines that a rule goes through, in their order, and the rule itself. */
export interface RuleMapping {
  readonly rule: ValueTree;
  readonly pipelines: readonly Pipeline[];
}

/** Keys of the `detection` map that are no detections. */
const NOT_DETECTIONS: ReadonlySet<string> = new Set(['condition', 'timeframe']);

/**
 * Reads and lowers the `detection` map of a rule, through pipelines where there are any. Several conditions are joined
 * by `or`.
 */
export function readRuleLogic(tree: ValueTree, mapping?: RuleMapping): RuleLogic {
  const diagnostics: Diagnostic[] = [];
  const report = (found: Diagnostic): void => {
    diagnostics.push(found);
  };
  const detections = new Map<string, Detection>();
  const names: string[] = [];
  for (const { key, value } of tree.entries()) {
    if (NOT_DETECTIONS.has(key)) continue;
    names.push(key);
    const detection = readDetection(value, report);
    if (detection !== undefined) detections.set(key, detection);
  }
  const draft = mapping && draftOf(mapping.rule, names, detections, report);
  if (draft !== undefined && diagnostics.every((found) => found.severity !== 'error')) {
    applyPipelines(draft, mapping?.pipelines ?? [], report);
  }
  const lowered = new Map<string, Expr | undefined>();
  for (const name of draft?.detections.keys() ?? names) {
    const detection = detections.get(name);
    const drafted = draft?.detections.get(name);
    if (draft === undefined) lowered.set(name, detection && lowerDetection(detection, report));
    else lowered.set(name, drafted && lowerDraft(drafted, report));
  }
  const parsed = readConditions(tree, report);
  const conditions = parsed.map((one) => one.condition);
  const aggregation = readAggregation(tree, parsed, lowered, fieldMapper(tree, mapping), report);
  const predicates = conditions.map((condition) => lowerCondition(condition, lowered, report));
  const sound = predicates.filter((predicate) => predicate !== undefined);
  const left = sound.filter((predicate) => predicate !== NOTHING);
  const added = (draft?.added ?? []).map(({ name, negated }) => {
    const found = lowered.get(name);
    return found !== undefined && found !== NOTHING && negated ? not(found) : found;
  });
  const besides = added.filter((one) => one !== undefined && one !== NOTHING).flatMap((one) => one ?? []);
  if (draft !== undefined && sound.length > 0 && left.length === 0 && besides.length === 0) {
    report(diagnostic('pipeline/nothing-left', { step: 'drop_detection_item' }, tree.span));
  }
  const failed = diagnostics.some((found) => found.severity === 'error') || sound.length === 0;
  const own = left.length === 0 ? [] : [or(left, tree.get('condition')?.span)];
  const predicate = failed ? undefined : and([...besides, ...own]);
  const logsource = draft?.logsourceChanged === true ? { logsource: draft.logsource } : {};
  return { predicate, conditions, detections, diagnostics, ...logsource, ...(aggregation && { aggregation }) };
}

/** What pipelines make of a field name that stands outside the detections: of what events are grouped by, say. */
export function fieldMapper(
  detection: ValueTree,
  mapping: RuleMapping | undefined,
): ((name: string) => string) | undefined {
  if (mapping === undefined) return undefined;
  const ignore = (): void => undefined;
  const entries = detection.entries().filter(({ key }) => !NOT_DETECTIONS.has(key));
  const detections = new Map(
    entries.flatMap(({ key, value }) => {
      const read = readDetection(value, ignore);
      return read === undefined ? [] : [[key, read] as const];
    }),
  );
  // Steps on the list of fields to show say nothing of a field's name.
  const pipelines = mapping.pipelines.map((pipeline) => ({
    ...pipeline,
    steps: pipeline.steps.filter(({ transformation }) => !/^(?:add|remove|set)_field$/.test(transformation.type)),
  }));
  return (name) => {
    const draft = { ...draftOf(mapping.rule, [...detections.keys()], detections, ignore), fields: [name] };
    applyPipelines(draft, pipelines, ignore);
    const [only] = draft.fields;
    return draft.fields.length === 1 && only !== undefined ? only : name;
  };
}

/** A rule's events, and what the rule makes of them. */
export function planOf(predicate: Expr, logic: RuleLogic, source: Source): Plan {
  if (logic.aggregation !== undefined) return aggregationPlan(predicate, logic.aggregation, source);
  return { kind: 'where', predicate, input: source };
}

interface ReadCondition {
  readonly condition: Condition;
  readonly aggregation: Aggregation | undefined;
}

function readAggregation(
  tree: ValueTree,
  conditions: readonly ReadCondition[],
  lowered: ReadonlyMap<string, Expr | undefined>,
  fieldName: ((name: string) => string) | undefined,
  report: (found: Diagnostic) => void,
): RuleAggregation | undefined {
  const aggregation = conditions.find((one) => one.aggregation !== undefined)?.aggregation;
  if (aggregation === undefined) return undefined;
  if (conditions.length > 1) {
    const name = aggregation.kind === 'near' ? 'near' : aggregation.fn;
    report(
      diagnostic(
        'unsupported/sigma-aggregation',
        { function: `${name} in one of several conditions` },
        aggregation.span,
      ),
    );
    return undefined;
  }
  const near =
    aggregation.kind === 'near' ? lowerNear(aggregation.expression, lowered, report) : new Map<string, Expr>();
  const timeframe = tree.get('timeframe');
  const written = timeframe?.scalar();
  const within = typeof written === 'string' ? parseTimespan(written) : undefined;
  if (timeframe !== undefined && timeframe.kind !== 'null' && within === undefined) {
    const found = typeof written === 'string' ? `\`${written}\`` : timeframe.kindInWords;
    report(diagnostic('sigma/timespan', { key: 'timeframe', found }, timeframe.span));
    return undefined;
  }
  return near && { aggregation, within: within ?? null, near, fieldName: fieldName ?? ((name) => name) };
}

function draftOf(
  rule: ValueTree,
  names: readonly string[],
  detections: ReadonlyMap<string, Detection>,
  report: (found: Diagnostic) => void,
): RuleDraft {
  const fields = rule.get('fields');
  return {
    rule,
    logsource: logSourceOf(rule),
    logsourceChanged: false,
    fields: (fields?.asList() ?? []).flatMap((item) => {
      const name = item.scalar();
      return typeof name === 'string' ? [name] : [];
    }),
    detections: new Map(
      names.map((name) => {
        const detection = detections.get(name);
        return [name, detection && resolveDetection(detection, report)];
      }),
    ),
    added: [],
    attributes: new Map(),
  };
}

function readConditions(tree: ValueTree, report: (found: Diagnostic) => void): ReadCondition[] {
  const value = tree.get('condition');
  if (value === undefined) {
    report(diagnostic('input/missing-key', { key: 'detection.condition' }, tree.span));
    return [];
  }
  const written = value.asList() ?? [value];
  if (written.length === 0) report(diagnostic('sigma/empty', { what: 'the list of conditions' }, value.span));
  return written.flatMap((one) => {
    const text = one.text();
    if (text === undefined) {
      const params = { key: 'detection.condition', expected: 'a string or a list of strings', found: one.kindInWords };
      report(diagnostic('input/wrong-type', params, one.span));
      return [];
    }
    const parsed = parseCondition(text);
    for (const found of parsed.diagnostics) report(found);
    // What is left of a broken condition names things that are no detections.
    const { condition, aggregation } = parsed;
    return condition === undefined || parsed.diagnostics.length > 0 ? [] : [{ condition, aggregation }];
  });
}
