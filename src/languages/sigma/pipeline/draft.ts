import type { Diagnostic } from '../../../base/diagnostic.ts';
import type { Span } from '../../../base/span.ts';
import { and, or } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { Detection, ValueTree } from '../ast.ts';
import { NOTHING } from '../lower.ts';
import { lowerResolvedItem, type ResolvedItem, resolveItem } from '../lower-item.ts';
import type { LogSource, PipelineScalar } from './definition.ts';

/** A rule while pipelines work on it. */
export interface RuleDraft {
  /** The rule as it is written, for its attributes. */
  readonly rule: ValueTree;
  logsource: LogSource;
  /** Whether a pipeline has set the log source. */
  logsourceChanged: boolean;
  /** The fields that the rule suggests to show. */
  fields: readonly string[];
  /** Undefined: wrong, which was reported. */
  readonly detections: Map<string, DraftDetection | undefined>;
  /** Detections that must hold (or must not) besides the rule's condition, by their names. */
  readonly added: { readonly name: string; readonly negated: boolean }[];
  readonly attributes: Map<string, PipelineScalar>;
}

export type DraftDetection = DraftGroup | DraftItem;

export interface DraftGroup {
  readonly kind: 'all' | 'any';
  readonly items: readonly DraftDetection[];
  readonly span: Span;
}

export interface DraftItem extends ResolvedItem {
  /** The ids of the steps that changed it. */
  readonly changedBy?: ReadonlySet<string>;
}

/** A detection with the modifiers of its items applied; undefined when something in it is wrong, which was reported. */
export function resolveDetection(
  detection: Detection,
  report: (found: Diagnostic) => void,
): DraftDetection | undefined {
  if (detection.kind === 'item') return resolveItem(detection, report);
  const items = detection.items.map((item) => resolveDetection(item, report));
  const sound = items.filter((item) => item !== undefined);
  if (sound.length < items.length || sound.length === 0) return undefined;
  return { ...detection, items: sound };
}

/** A detection as a predicate; `NOTHING` where pipelines have dropped all of it. */
export function lowerDraft(detection: DraftDetection, report: (found: Diagnostic) => void): Expr | undefined {
  if (detection.kind === 'item') return lowerResolvedItem(detection, report);
  const items = detection.items.map((item) => lowerDraft(item, report));
  const sound = items.filter((item) => item !== undefined);
  if (sound.length < items.length) return undefined;
  const left = sound.filter((item) => item !== NOTHING);
  if (left.length === 0) return NOTHING;
  return detection.kind === 'all' ? and(left, detection.span) : or(left, detection.span);
}

/** Every item of a detection, changed; a list of none drops it. */
export function mapItems(
  detection: DraftDetection,
  change: (item: DraftItem) => readonly DraftDetection[],
): DraftDetection {
  const inside = (one: DraftDetection): readonly DraftDetection[] =>
    one.kind === 'item' ? change(one) : [{ ...one, items: one.items.flatMap(inside) }];
  const [first, ...rest] = inside(detection);
  if (first !== undefined && rest.length === 0) return first;
  return { kind: 'all', items: first === undefined ? [] : [first, ...rest], span: detection.span };
}

/** Whether an item of the detection fits. */
export function someItem(detection: DraftDetection, fits: (item: DraftItem) => boolean): boolean {
  return detection.kind === 'item' ? fits(detection) : detection.items.some((item) => someItem(item, fits));
}
