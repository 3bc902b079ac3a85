import { diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import type { ValueTree } from '../ast.ts';
import type { FieldCondition, Formula, ItemCondition, LogSource, Relation, RuleCondition } from './definition.ts';
import { parseExpression } from './expression.ts';
import { Parameters, type Report } from './shapes.ts';

/** What a kind of condition is called in a step's keys: `rule_conditions`, `rule_cond_op`, … */
export type ConditionArea = 'rule' | 'detection_item' | 'field_name';

const RELATIONS: readonly Relation[] = ['eq', 'ne', 'gte', 'gt', 'lte', 'lt'];

/** The keys of a step that hold its conditions of one kind. */
export function conditionKeys(area: ConditionArea): readonly string[] {
  return [`${area}_conditions`, `${area}_cond_op`, `${area}_cond_not`, `${area}_cond_expr`];
}

type ConditionReader<C> = (parameters: Parameters) => C | undefined;

/** The conditions of one kind of a step, joined as it says; undefined where it has none, or where they are wrong. */
export function readConditions<C>(
  step: Parameters,
  area: ConditionArea,
  readers: Readonly<Record<string, ConditionReader<C>>>,
  report: Report,
): Formula<C> | undefined {
  const key = `${area}_conditions`;
  const written = step.get(key);
  const expression = step.get(`${area}_cond_expr`);
  const linking = step.get(`${area}_cond_op`);
  const link = step.oneOf(`${area}_cond_op`, ['and', 'or'], 'and');
  const negated = step.boolean(`${area}_cond_not`, false);
  if (written !== undefined && written.kind !== 'list' && written.kind !== 'map') {
    return step.wrong(key, 'a list or a map of conditions', written);
  }
  const named = new Map<string, C>();
  const items = written?.asList()?.entries() ?? written?.entries().map((one) => [one.key, one.value] as const) ?? [];
  for (const [name, tree] of items) {
    const condition = readCondition(tree, key, readers, step, report);
    if (condition !== undefined) named.set(String(name), condition);
  }
  if (step.failed) return undefined;
  let formula: Formula<C> | undefined;
  if (expression !== undefined) {
    const text = expression.text();
    if (text === undefined) return step.wrong(`${area}_cond_expr`, 'a string', expression);
    if (linking !== undefined || written?.kind !== 'map') {
      const expected = linking === undefined ? 'a map of names to conditions' : 'used without an expression';
      return step.wrong(linking === undefined ? key : `${area}_cond_op`, expected, linking ?? written ?? expression);
    }
    formula = parseExpression(text, named, (found) => step.refuse(found));
  } else {
    const all = [...named.values()].map((condition) => ({ kind: 'condition', condition }) as const);
    const [first] = all;
    formula = all.length > 1 ? { kind: link, items: all } : first;
  }
  return formula && negated ? { kind: 'not', item: formula } : formula;
}

function readCondition<C>(
  tree: ValueTree,
  area: string,
  readers: Readonly<Record<string, ConditionReader<C>>>,
  step: Parameters,
  report: Report,
): C | undefined {
  if (tree.kind !== 'map') return step.wrong(area, 'made of conditions, each a map with a `type`', tree);
  const parameters = new Parameters(tree, 'this condition', ['type'], report);
  const type = parameters.neededString('type');
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (reader === undefined && !parameters.failed) {
    const near = didYouMean(type, Object.keys(readers));
    const span = tree.get('type')?.span ?? tree.span;
    parameters.refuse(diagnostic('pipeline/unknown-condition', { type, of: area, near }, span));
  }
  const condition = reader?.(parameters);
  if (reader !== undefined) parameters.close();
  if (parameters.failed) step.failed = true;
  return parameters.failed ? undefined : condition;
}

const state = (parameters: Parameters) =>
  ({
    kind: 'state',
    key: parameters.neededString('key'),
    value: parameters.neededScalar('val'),
    relation: parameters.oneOf('op', RELATIONS, 'eq'),
  }) as const;

const applied = (parameters: Parameters) =>
  ({ kind: 'applied', id: parameters.neededString('processing_item_id') }) as const;

const every = (parameters: Parameters): boolean => {
  parameters.needed('cond');
  return parameters.oneOf('cond', ['any', 'all'], 'any') === 'all';
};

/** A log source as conditions and `change_logsource` write it: what is left out is left open. */
export function readLogSource(parameters: Parameters): LogSource {
  const source: Record<string, string> = {};
  for (const key of ['product', 'category', 'service'] as const) {
    const value = parameters.string(key);
    if (value !== undefined) source[key] = value;
  }
  if (Object.keys(source).length === 0) {
    parameters.refuse(
      diagnostic('pipeline/missing-key', { key: 'product', what: 'this log source' }, parameters.tree.span),
    );
  }
  return source;
}

export const ruleConditions: Readonly<Record<string, ConditionReader<RuleCondition>>> = {
  logsource: (parameters) => ({ kind: 'logsource', source: readLogSource(parameters) }),
  contains_field: (parameters) => ({ kind: 'contains-field', field: parameters.neededString('field') }),
  contains_detection_item: (parameters) => ({
    kind: 'contains-item',
    field: parameters.neededString('field'),
    value: parameters.neededScalar('value'),
  }),
  processing_item_applied: applied,
  processing_state: state,
  is_sigma_rule: () => ({ kind: 'is-rule' }),
  is_sigma_correlation_rule: () => ({ kind: 'is-correlation' }),
  rule_attribute: (parameters) => ({
    kind: 'attribute',
    attribute: parameters.neededString('attribute'),
    value: parameters.neededScalar('value'),
    relation: parameters.oneOf('op', [...RELATIONS, 'in', 'not_in'] as const, 'eq'),
  }),
  tag: (parameters) => ({ kind: 'tag', tag: parameters.neededString('tag') }),
};

export const itemConditions: Readonly<Record<string, ConditionReader<ItemCondition>>> = {
  match_string: (parameters) => {
    const regex = parameters.regex('pattern', true);
    const negated = parameters.boolean('negate', false);
    return regex && { kind: 'match-string', every: every(parameters), regex, negated };
  },
  match_value: (parameters) => ({
    kind: 'match-value',
    every: every(parameters),
    value: parameters.neededScalar('value'),
  }),
  contains_wildcard: (parameters) => ({ kind: 'wildcard', every: every(parameters) }),
  is_null: (parameters) => ({ kind: 'null', every: every(parameters) }),
  processing_item_applied: applied,
  processing_state: state,
};

function names(excluded: boolean): ConditionReader<FieldCondition> {
  return (parameters) => {
    const value = parameters.needed('fields');
    if (value !== undefined && value.kind !== 'list') return parameters.wrong('fields', 'a list', value);
    if (parameters.oneOf('mode', ['plain', 're'], 'plain') === 'plain') {
      return { kind: 'include', names: new Set(parameters.strings('fields', value)), excluded };
    }
    const patterns = (value?.asList() ?? []).flatMap((item) => parameters.asRegex('fields', item, true) ?? []);
    return { kind: 'include-re', patterns, excluded };
  };
}

export const fieldConditions: Readonly<Record<string, ConditionReader<FieldCondition>>> = {
  include_fields: names(false),
  exclude_fields: names(true),
  processing_item_applied: applied,
  processing_state: state,
};
