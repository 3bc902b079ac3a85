import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/span.ts';
import type { ValueTree } from '../ast.ts';
import { readDetection } from '../read-detection.ts';
import type { SigmaValue } from '../values.ts';
import type {
  AddCondition,
  FieldTransformation,
  LogSource,
  Pipeline,
  PipelineScalar,
  Step,
  Transformation,
  ValueTransformation,
} from './definition.ts';
import { type DraftDetection, type DraftItem, mapItems, type RuleDraft, resolveDetection, someItem } from './draft.ts';
import { renamed, underNames } from './fields.ts';
import { itemFits, nameFits, type Progress, ruleFits } from './match.ts';
import { anyText, asWritten, fill, isChosen, MOST_EXPANDED, type Replace } from './placeholders.ts';
import { templated } from './template.ts';
import { changeValue, extractFields, splitHashes } from './value-steps.ts';

/**
 * Runs pipelines over a rule, in the order given. The draft is changed in place; the first thing that cannot be done is
 * reported, and false means that the rule must not be run.
 */
export function applyPipelines(
  draft: RuleDraft,
  pipelines: readonly Pipeline[],
  report: (found: Diagnostic) => void,
): boolean {
  const vars = new Map(pipelines.flatMap((pipeline) => [...pipeline.vars]));
  const run = new Run(draft, vars, report);
  return pipelines.every((pipeline) => run.steps(pipeline.steps));
}

class Run {
  private readonly draft: RuleDraft;
  private readonly vars: ReadonlyMap<string, readonly PipelineScalar[]>;
  private readonly report: (found: Diagnostic) => void;
  private readonly progress: Progress = { state: new Map(), applied: new Set(), fieldsChangedBy: new Map() };
  /** Field names that some mapping has given, or has been asked for. */
  private readonly mapped = new Set<string>();
  private failed = false;
  private conditions = 0;

  constructor(
    draft: RuleDraft,
    vars: ReadonlyMap<string, readonly PipelineScalar[]>,
    report: (found: Diagnostic) => void,
  ) {
    this.draft = draft;
    this.vars = vars;
    this.report = report;
  }

  /** False: a step failed, so none after it was run. */
  steps(steps: readonly Step[]): boolean {
    return steps.every((step) => {
      if (!ruleFits(step.rule, this.draft, this.progress)) return true;
      this.apply(step, step.transformation);
      if (step.id !== undefined) this.progress.applied.add(step.id);
      return !this.failed;
    });
  }

  private fail(found: Diagnostic, step: Step): undefined {
    const context = { span: step.span, text: 'by this step of the pipeline', primary: false };
    this.report({ ...found, labels: [...found.labels, context] });
    this.failed = true;
    return undefined;
  }

  /** The place of the rule that messages about the whole rule point to. */
  private get place(): Span {
    return this.draft.rule.get('detection')?.span ?? this.draft.rule.span;
  }

  private apply(step: Step, transformation: Transformation): void {
    switch (transformation.type) {
      case 'field_name_mapping':
      case 'field_name_prefix_mapping':
      case 'field_name_prefix':
      case 'field_name_suffix':
        this.rename(step, transformation);
        return;
      case 'drop_detection_item':
        this.items(step, () => []);
        return;
      case 'hashes_fields':
        this.items(step, (item) => {
          const made = splitHashes(item, transformation);
          if (made === undefined) return undefined;
          return 'problem' in made ? this.refuse(step, item.span, made.problem) : [made];
        });
        return;
      case 'extract_fields':
        this.items(step, (item) => {
          const made = extractFields(item, transformation);
          return made && [made];
        });
        return;
      case 'wildcard_placeholders':
      case 'value_placeholders':
        this.placeholders(step, (name) => {
          if (!isChosen(name, transformation)) return undefined;
          if (transformation.type === 'wildcard_placeholders') return anyText;
          const values = this.vars.get(name);
          return values && asWritten(values);
        });
        return;
      case 'add_condition':
        this.addCondition(transformation);
        return;
      case 'change_logsource':
        this.draft.logsource = transformation.source;
        this.draft.logsourceChanged = true;
        return;
      case 'add_field':
        this.draft.fields = [...this.draft.fields, ...transformation.fields];
        return;
      case 'remove_field':
        this.draft.fields = this.draft.fields.filter((name) => !transformation.fields.includes(name));
        return;
      case 'set_field':
        this.draft.fields = transformation.fields;
        return;
      case 'replace_string':
      case 'map_string':
      case 'regex':
      case 'set_value':
      case 'convert_type':
      case 'case':
        this.values(step, transformation);
        return;
      case 'set_state':
        this.progress.state.set(transformation.key, transformation.value);
        return;
      case 'set_custom_attribute':
        this.draft.attributes.set(transformation.attribute, transformation.value);
        return;
      case 'rule_failure':
        this.fail(
          diagnostic('unsupported/sigma-pipeline-failure', { message: transformation.message }, this.place),
          step,
        );
        return;
      case 'detection_item_failure':
        this.items(step, (item) =>
          this.fail(
            diagnostic('unsupported/sigma-pipeline-failure', { message: transformation.message }, item.keySpan),
            step,
          ),
        );
        return;
      case 'strict_field_mapping_failure':
        this.refuseUnmapped(step);
        return;
      case 'nest':
        this.steps(transformation.steps);
        return;
      case 'unsupported':
        if (!transformation.placeholdersOnly) {
          this.fail(diagnostic('unsupported/sigma-transformation', { type: transformation.name }, this.place), step);
        }
        return;
    }
  }

  /** Changes the items that a step is about; undefined leaves an item as it is. */
  private items(step: Step, change: (item: DraftItem) => readonly DraftDetection[] | undefined): void {
    const { detections } = this.draft;
    for (const [name, detection] of detections) {
      if (detection === undefined) continue;
      const changed = mapItems(detection, (item) => {
        if (this.failed || !itemFits(item, step, this.progress)) return [item];
        const made = change(item);
        return made === undefined ? [item] : made.map((one) => this.mark(one, item, step.id));
      });
      detections.set(name, changed);
    }
  }

  /** What came out of an item has gone through the steps that the item has gone through, and this one. */
  private mark(made: DraftDetection, from: DraftItem, id: string | undefined): DraftDetection {
    const changedBy = new Set([...(from.changedBy ?? []), ...(id === undefined ? [] : [id])]);
    return mapItems(made, (item) => [{ ...item, changedBy }]);
  }

  private refuse(step: Step, span: Span, reason: string): undefined {
    const { type } = step.transformation;
    return this.fail(diagnostic('pipeline/value', { transformation: type, reason }, span), step);
  }

  private rename(step: Step, transformation: FieldTransformation): void {
    const names = (name: string | null): readonly string[] | undefined =>
      nameFits(name, step.field, this.progress) ? renamed(name, transformation) : undefined;
    this.draft.fields = this.draft.fields.flatMap((name) => names(name) ?? [name]);
    this.items(step, (item) => {
      const references = item.values.flatMap((one) => {
        const to = one.value.kind === 'reference' ? names(one.value.field) : undefined;
        return to === undefined ? [one] : to.map((field) => ({ ...one, value: referenceTo(one.value, field) }));
      });
      const withReferences = references.some((one, at) => one !== item.values[at])
        ? { ...item, values: references }
        : item;
      const to = names(item.field);
      if (to === undefined) return withReferences === item ? undefined : [withReferences];
      this.track(item.field, to, step.id);
      return [underNames(withReferences, to)];
    });
  }

  private track(from: string | null, to: readonly string[], id: string | undefined): void {
    const before = from === null ? undefined : this.progress.fieldsChangedBy.get(from);
    const ids = new Set([...(before ?? []), ...(id === undefined ? [] : [id])]);
    if (from !== null) this.mapped.add(from);
    for (const name of to) {
      this.mapped.add(name);
      this.progress.fieldsChangedBy.set(name, ids);
    }
  }

  private values(step: Step, transformation: ValueTransformation): void {
    this.items(step, (item) => {
      let changed = false;
      const values = item.values.flatMap((one) => {
        const made = changeValue(one.value, transformation);
        if (made === undefined) return [one];
        changed = true;
        if ('problem' in made) return this.refuse(step, one.span, made.problem) ?? [one];
        return made.map((value) => ({ value, span: one.span }));
      });
      return changed ? [{ ...item, values }] : undefined;
    });
  }

  private placeholders(step: Step, replace: Replace): void {
    this.items(step, (item) => {
      let changed = false;
      const values = item.values.flatMap((one) => {
        const filled = fill(one.value, replace);
        if (filled === undefined) return [one];
        changed = true;
        if (filled.kind === 'values') return filled.values.map((value) => ({ value, span: one.span }));
        if (filled.kind === 'regex') this.refuse(step, one.span, filled.reason);
        else this.fail(diagnostic('pipeline/too-many-values', { most: MOST_EXPANDED }, one.span), step);
        return [one];
      });
      return changed ? [{ ...item, values }] : undefined;
    });
  }

  private addCondition(transformation: AddCondition): void {
    const { conditions, negated, template } = transformation;
    this.conditions += 1;
    const name = transformation.name ?? `_cond_${this.conditions}`;
    const tree = template ? templated(conditions, this.draft.logsource) : conditions;
    const before = { count: 0 };
    const detection = readDetection(tree, (found) => {
      before.count += 1;
      this.report(found);
    });
    const resolved = detection && resolveDetection(detection, this.report);
    if (resolved === undefined || before.count > 0) this.failed = true;
    this.draft.detections.set(name, resolved);
    this.draft.added.push({ name, negated });
  }

  private refuseUnmapped(step: Step): void {
    const left = new Map<string, Span>();
    for (const detection of this.draft.detections.values()) {
      if (detection === undefined) continue;
      someItem(detection, (item) => {
        if (item.field !== null && !this.mapped.has(item.field)) left.set(item.field, item.keySpan);
        return false;
      });
    }
    if (left.size === 0) return;
    const message = `no mapping for ${[...left.keys()].join(', ')}`;
    const [first] = left.values();
    this.fail(diagnostic('unsupported/sigma-pipeline-failure', { message }, first), step);
  }
}

function referenceTo(value: SigmaValue, field: string): SigmaValue {
  return value.kind === 'reference' ? { ...value, field } : value;
}

/** The log source that a rule names; what is no string is reported elsewhere. */
export function logSourceOf(rule: ValueTree): LogSource {
  const written = rule.get('logsource');
  const source: Record<string, string> = {};
  for (const key of ['product', 'category', 'service']) {
    const value = written?.get(key)?.scalar();
    if (typeof value === 'string') source[key] = value;
  }
  return source;
}
