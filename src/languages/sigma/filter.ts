import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Expr } from '../../ir/expr.ts';
import type { ValueTree } from './ast.ts';
import { hasNot } from './over-time/aggregation-plan.ts';
import { type RuleReference, references } from './over-time/correlation.ts';
import { type RuleMapping, readRuleLogic } from './rule-logic.ts';

/** The `filter` map of a document, read: a condition that is added to rules. */
export interface FilterDefinition {
  /** The rules it is for; undefined: all that have its log source. */
  readonly rules: readonly RuleReference[] | undefined;
  readonly predicate: Expr;
  /** Whether its condition only selects: with `and` it keeps what is selected and drops all else. */
  readonly onlySelects: boolean;
  /** The text of the condition, for edits. */
  readonly condition: ValueTree | undefined;
}

/** Reads a `filter` map. Undefined when something in it is wrong, which was reported. */
export function readFilter(
  tree: ValueTree,
  report: (found: Diagnostic) => void,
  mapping?: RuleMapping,
): FilterDefinition | undefined {
  let sound = true;
  const fail = (found: Diagnostic): void => {
    if (found.severity === 'error') sound = false;
    report(found);
  };
  const wrongType = (value: ValueTree, key: string, expected: string): void =>
    fail(diagnostic('input/wrong-type', { key, expected, found: value.kindInWords }, value.span));
  if (tree.kind !== 'map') {
    wrongType(tree, 'filter', 'a map');
    return undefined;
  }
  const rules = tree.get('rules');
  if (rules === undefined) fail(diagnostic('input/missing-key', { key: 'filter.rules' }, tree.span));
  const condition = tree.get('condition');
  if (condition !== undefined && condition.kind !== 'string') wrongType(condition, 'filter.condition', 'a string');
  const named = rules === undefined || isAny(rules) ? undefined : references(rules, 'filter.rules', fail);
  if (!sound) return undefined;
  const logic = readRuleLogic(without(tree, 'rules'), mapping);
  logic.diagnostics.forEach(fail);
  if (logic.aggregation !== undefined) {
    const { aggregation } = logic.aggregation;
    const found = aggregation.kind === 'near' ? '`near`' : `\`${aggregation.fn}\``;
    fail(diagnostic('sigma/condition-syntax', { expected: 'a condition on single events', found }, aggregation.span));
  }
  const { predicate } = logic;
  if (!sound || predicate === undefined) return undefined;
  return { rules: named, predicate, onlySelects: !logic.conditions.some(hasNot), condition };
}

/** `any`, `all`, or an empty list, as the reference implementation has it. */
function isAny(rules: ValueTree): boolean {
  const text = rules.scalar();
  return (typeof text === 'string' && /^(?:any|all)$/i.test(text)) || rules.asList()?.length === 0;
}

function without(tree: ValueTree, key: string): ValueTree {
  const entries = tree.entries().filter((entry) => entry.key !== key);
  return {
    kind: 'map',
    kindInWords: tree.kindInWords,
    span: tree.span,
    scalar: () => undefined,
    written: () => undefined,
    asList: () => undefined,
    text: () => undefined,
    entries: () => entries,
    get: (name) => (name === key ? undefined : tree.get(name)),
  };
}
