import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { or } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Condition, Detection, ValueTree } from './ast.ts';
import { parseCondition } from './condition-parser.ts';
import { lowerCondition, lowerDetection } from './lower.ts';
import { readDetection } from './read-detection.ts';

/** A rule's `detection` map, read. */
export interface RuleLogic {
  /** The conditions as one predicate; undefined when diagnostics hold an error. */
  readonly predicate: Expr | undefined;
  readonly conditions: readonly Condition[];
  readonly detections: ReadonlyMap<string, Detection>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Keys of the `detection` map that are no detections. */
const NOT_DETECTIONS: ReadonlySet<string> = new Set(['condition', 'timeframe']);

/** Reads and lowers the `detection` map of a rule. Several conditions are joined by `or`. */
export function readRuleLogic(tree: ValueTree): RuleLogic {
  const diagnostics: Diagnostic[] = [];
  const report = (found: Diagnostic): void => {
    diagnostics.push(found);
  };
  const detections = new Map<string, Detection>();
  const lowered = new Map<string, Expr | undefined>();
  for (const { key, value } of tree.entries()) {
    if (NOT_DETECTIONS.has(key)) continue;
    const detection = readDetection(value, report);
    if (detection !== undefined) detections.set(key, detection);
    lowered.set(key, detection && lowerDetection(detection, report));
  }
  const conditions = readConditions(tree, report);
  const predicates = conditions.map((condition) => lowerCondition(condition, lowered, report));
  const sound = predicates.filter((predicate) => predicate !== undefined);
  const failed = diagnostics.some((found) => found.severity === 'error') || sound.length === 0;
  const predicate = failed ? undefined : or(sound, tree.get('condition')?.span);
  return { predicate, conditions, detections, diagnostics };
}

function readConditions(tree: ValueTree, report: (found: Diagnostic) => void): Condition[] {
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
    return parsed.condition === undefined || parsed.diagnostics.length > 0 ? [] : [parsed.condition];
  });
}
