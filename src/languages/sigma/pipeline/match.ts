import type { ValueTree } from '../ast.ts';
import type { ResolvedValue } from '../lower-item.ts';
import type {
  FieldCondition,
  Formula,
  ItemCondition,
  LogSource,
  PipelineScalar,
  Relation,
  RuleCondition,
} from './definition.ts';
import { type DraftItem, type RuleDraft, someItem } from './draft.ts';
import { equalsScalar, isText, writtenText } from './strings.ts';

/** What has happened to a rule so far. */
export interface Progress {
  readonly state: Map<string, PipelineScalar>;
  /** The ids of the steps that the rule went through. */
  readonly applied: Set<string>;
  /** For each field name as it is now, the ids of the steps that gave it that name. */
  readonly fieldsChangedBy: Map<string, ReadonlySet<string>>;
}

function holds<C>(formula: Formula<C> | undefined, test: (condition: C) => boolean): boolean {
  if (formula === undefined) return true;
  switch (formula.kind) {
    case 'condition':
      return test(formula.condition);
    case 'not':
      return !holds(formula.item, test);
    case 'and':
      return formula.items.every((item) => holds(item, test));
    case 'or':
      return formula.items.some((item) => holds(item, test));
  }
}

export function ruleFits(formula: Formula<RuleCondition> | undefined, draft: RuleDraft, progress: Progress): boolean {
  return holds(formula, (condition) => {
    switch (condition.kind) {
      case 'state':
        return stateHolds(condition, progress);
      case 'applied':
        return progress.applied.has(condition.id);
      case 'logsource':
        return isWithin(draft.logsource, condition.source);
      case 'contains-field':
        return anyItem(draft, (item) => item.field === condition.field);
      case 'contains-item':
        return anyItem(
          draft,
          (item) =>
            item.field === condition.field && item.values.some(({ value }) => equalsScalar(value, condition.value)),
        );
      case 'is-rule':
        return true;
      case 'is-correlation':
        return false;
      case 'tag':
        return (draft.rule.get('tags')?.asList() ?? []).some((tag) => tag.scalar() === condition.tag);
      case 'attribute':
        return attributeHolds(condition, draft);
    }
  });
}

/** Whether a step with these conditions is about an item: by its values, and by its field or one that a value names. */
export function itemFits(
  item: DraftItem,
  conditions: {
    readonly item: Formula<ItemCondition> | undefined;
    readonly field: Formula<FieldCondition> | undefined;
  },
  progress: Progress,
): boolean {
  const referenced = item.values.flatMap(({ value }) => (value.kind === 'reference' ? [value.field] : []));
  return (
    holds(conditions.item, (condition) => itemHolds(condition, item, progress)) &&
    holds(conditions.field, (condition) =>
      condition.kind === 'applied'
        ? (item.changedBy?.has(condition.id) ?? false)
        : [item.field, ...referenced].some((name) => fieldHolds(condition, name, progress)),
    )
  );
}

/** Whether field-name conditions fit a name by itself; null stands for keywords. */
export function nameFits(
  name: string | null,
  formula: Formula<FieldCondition> | undefined,
  progress: Progress,
): boolean {
  return holds(formula, (condition) => fieldHolds(condition, name, progress));
}

function itemHolds(condition: ItemCondition, item: DraftItem, progress: Progress): boolean {
  const test = (every: boolean, fits: (one: ResolvedValue) => boolean): boolean =>
    every ? item.values.every(fits) : item.values.some(fits);
  switch (condition.kind) {
    case 'state':
      return stateHolds(condition, progress);
    case 'applied':
      return item.changedBy?.has(condition.id) ?? false;
    case 'match-string':
      return test(
        condition.every,
        ({ value }) => (isText(value) && condition.regex.test(writtenText(value.parts))) !== condition.negated,
      );
    case 'match-value':
      return test(condition.every, ({ value }) => equalsScalar(value, condition.value));
    case 'wildcard':
      return test(condition.every, ({ value }) => isText(value) && value.parts.some((part) => 'any' in part));
    case 'null':
      return test(condition.every, ({ value }) => value.kind === 'null');
  }
}

function fieldHolds(condition: FieldCondition, name: string | null, progress: Progress): boolean {
  switch (condition.kind) {
    case 'state':
      return stateHolds(condition, progress);
    case 'applied':
      return name !== null && (progress.fieldsChangedBy.get(name)?.has(condition.id) ?? false);
    case 'include':
      return (name !== null && condition.names.has(name)) !== condition.excluded;
    case 'include-re':
      return (name !== null && condition.patterns.some((pattern) => pattern.test(name))) !== condition.excluded;
  }
}

function stateHolds(
  condition: { readonly key: string; readonly value: PipelineScalar; readonly relation: Relation },
  progress: Progress,
): boolean {
  const value = progress.state.get(condition.key);
  return value !== undefined && related(value, condition.relation, condition.value);
}

/** Numbers by size, anything else as text by code unit. */
function related(left: PipelineScalar, relation: Relation, right: PipelineScalar): boolean {
  const numbers = typeof left === 'number' && typeof right === 'number';
  const [a, b] = numbers ? [left, right] : [String(left), String(right)];
  switch (relation) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'gte':
      return a >= b;
    case 'gt':
      return a > b;
    case 'lte':
      return a <= b;
    case 'lt':
      return a < b;
  }
}

function anyItem(draft: RuleDraft, fits: (item: DraftItem) => boolean): boolean {
  return [...draft.detections.values()].some((detection) => detection !== undefined && someItem(detection, fits));
}

/** Whether a log source is of the kind that another one describes: what that one leaves out is open. */
function isWithin(source: LogSource, described: LogSource): boolean {
  const same = (key: keyof LogSource): boolean =>
    described[key] === undefined || described[key].toLowerCase() === source[key]?.toLowerCase();
  return same('product') && same('category') && same('service');
}

const STATUSES = ['unsupported', 'deprecated', 'experimental', 'test', 'stable'];
const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'];

type AttributeTest = RuleCondition & { readonly kind: 'attribute' };

/** A rule's own key, or one that a step has set. Levels and statuses have an order; a list holds its members. */
function attributeHolds({ attribute, relation, value }: AttributeTest, draft: RuleDraft): boolean {
  const tree: ValueTree | undefined = draft.rule.get(attribute);
  const items = attribute === 'fields' ? draft.fields : tree?.asList()?.map((item) => item.scalar());
  if (items !== undefined) {
    if (relation === 'in') return items.some((item) => item === value);
    if (relation === 'not_in') return !items.some((item) => item === value);
    return relation === 'ne';
  }
  const written = tree?.scalar();
  const actual = written === undefined ? draft.attributes.get(attribute) : written;
  if (actual === undefined || relation === 'in' || relation === 'not_in') return false;
  const order = attribute === 'status' ? STATUSES : attribute === 'level' ? LEVELS : undefined;
  const rank = (one: unknown): PipelineScalar => order?.indexOf(String(one).toLowerCase()) ?? -1;
  if (order !== undefined) return related(rank(actual), relation, rank(value));
  if (attribute === 'date' || attribute === 'modified') {
    return related(String(actual).replaceAll('/', '-'), relation, String(value));
  }
  const number = typeof actual === 'number' && value !== null && value !== '' ? Number(value) : value;
  return related(typeof actual === 'bigint' ? actual.toString() : actual, relation, number);
}
