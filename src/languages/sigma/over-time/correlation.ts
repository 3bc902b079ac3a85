import { type Diagnostic, diagnostic } from '../../../base/diagnostic.ts';
import { didYouMean } from '../../../base/did-you-mean.ts';
import type { Span } from '../../../base/span.ts';
import type { CompareOp } from '../../../ir/expr.ts';
import type { Condition, ValueEntry, ValueTree } from '../ast.ts';
import { parseCondition } from '../condition-parser.ts';
import type { Bound } from './threshold-plan.ts';
import { parseTimespan } from './timespan.ts';

const TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const;
export type CorrelationType = (typeof TYPES)[number];

/** A rule as another names it: by its id or its name. */
export interface RuleReference {
  readonly text: string;
  readonly span: Span;
}

/** The `correlation` map of a document (specification 2.1), read. */
export interface CorrelationDefinition {
  readonly type: CorrelationType;
  readonly rules: readonly RuleReference[];
  readonly groupBy: readonly string[];
  readonly within: number;
  readonly aliases: readonly Alias[];
  /** What is counted or measured; several fields make one value together. */
  readonly fields: readonly string[];
  readonly bounds: readonly Bound[];
  /** The extended condition of temporal correlations: `a and not b`. */
  readonly expression: Condition | undefined;
  readonly percent: number;
  readonly span: Span;
}

/** A name for fields that are called differently in the events of different rules. */
export interface Alias {
  readonly name: string;
  readonly fields: readonly { readonly rule: RuleReference; readonly field: string }[];
}

type Report = (found: Diagnostic) => void;

const OPS: Readonly<Record<string, CompareOp>> = { lt: '<', lte: '<=', gt: '>', gte: '>=', eq: '==', neq: '!=' };
const KEYS: readonly string[] = ['type', 'rules', 'group-by', 'timespan', 'aliases', 'condition', 'generate', 'field'];
const CONDITION_KEYS: readonly string[] = [...Object.keys(OPS), 'field', 'percentile'];

/** Reads a `correlation` map. Undefined when something in it is wrong, which was reported. */
export function readCorrelation(tree: ValueTree, report: Report): CorrelationDefinition | undefined {
  let sound = true;
  const fail: Report = (found) => {
    if (found.severity === 'error') sound = false;
    report(found);
  };
  if (tree.kind !== 'map') {
    wrongType(tree, 'correlation', 'a map', fail);
    return undefined;
  }
  unknownKeys(tree, KEYS, fail);
  const type = readType(tree, fail);
  const within = readTimespan(tree, fail);
  const condition = readCondition(tree, type, fail);
  const rules = readRules(tree, condition?.expression, fail);
  const groupBy = names(tree.get('group-by'), 'correlation.group-by', fail);
  const aliases = readAliases(tree.get('aliases'), fail);
  if (!sound || type === undefined || within === undefined || condition === undefined) return undefined;
  const isTemporal = type === 'temporal' || type === 'temporal_ordered';
  const bare = isTemporal && condition.expression === undefined && condition.bounds.length === 0;
  const bounds: readonly Bound[] = bare ? [{ op: '>=', value: rules.length }] : condition.bounds;
  return { type, rules, groupBy, within, aliases, ...condition, bounds, span: tree.span };
}

function readType(tree: ValueTree, report: Report): CorrelationType | undefined {
  const value = tree.get('type');
  if (value === undefined) {
    report(diagnostic('input/missing-key', { key: 'correlation.type' }, tree.span));
    return undefined;
  }
  const written = value.scalar();
  if (typeof written !== 'string') return wrongType(value, 'correlation.type', 'a string', report);
  const type = TYPES.find((one) => one === written.toLowerCase());
  if (type === undefined) {
    report(diagnostic('sigma/correlation-type', { type: written, near: didYouMean(written, TYPES) }, value.span));
  }
  return type;
}

function readTimespan(tree: ValueTree, report: Report): number | undefined {
  const value = tree.get('timespan');
  if (value === undefined) {
    report(diagnostic('input/missing-key', { key: 'correlation.timespan' }, tree.span));
    return undefined;
  }
  const written = value.scalar();
  const within = typeof written === 'string' ? parseTimespan(written) : undefined;
  if (within === undefined) {
    const found = typeof written === 'string' ? `\`${written}\`` : value.kindInWords;
    report(diagnostic('sigma/timespan', { key: 'timespan', found }, value.span));
  }
  return within;
}

type ReadCondition = Pick<CorrelationDefinition, 'bounds' | 'expression' | 'fields' | 'percent'>;

function readCondition(tree: ValueTree, type: CorrelationType | undefined, report: Report): ReadCondition | undefined {
  const value = tree.get('condition');
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  const nothing: ReadCondition = { bounds: [], expression: undefined, fields: [], percent: 50 };
  if (value === undefined) {
    if (!temporal && type !== undefined) {
      report(diagnostic('input/missing-key', { key: 'correlation.condition' }, tree.span));
    }
    return nothing;
  }
  const text = value.text();
  if (text !== undefined) {
    if (!temporal) {
      const problem =
        'only temporal correlations may have a condition in words; this one needs a comparison such as `gte: 5`';
      report(diagnostic('sigma/correlation-condition', { problem }, value.span));
      return undefined;
    }
    const parsed = parseCondition(text);
    for (const found of parsed.diagnostics) report(found);
    if (parsed.aggregation !== undefined) {
      const problem = 'a correlation’s condition has no aggregation';
      report(diagnostic('sigma/correlation-expression', { problem }, parsed.aggregation.span));
    }
    return parsed.condition === undefined ? undefined : { ...nothing, expression: parsed.condition };
  }
  if (value.kind !== 'map') {
    return wrongType(value, 'correlation.condition', temporal ? 'a map or a string' : 'a map', report);
  }
  unknownKeys(value, CONDITION_KEYS, report);
  const bounds = value.entries().flatMap((entry) => readBound(entry, report));
  checkBounds(value, bounds, report);
  const fields = names(value.get('field') ?? tree.get('field'), 'correlation.condition.field', report);
  if (type !== undefined) checkFields(value, type, fields, report);
  return { bounds, expression: undefined, fields, percent: readPercent(value, type, report) };
}

function readBound({ key, value }: ValueEntry, report: Report): Bound[] {
  const op = Object.hasOwn(OPS, key) ? OPS[key] : undefined;
  if (op === undefined) return [];
  const written = value.scalar();
  const number = typeof written === 'string' && written.trim() !== '' ? Number(written) : written;
  if (typeof number === 'number' && Number.isFinite(number)) return [{ op, value: number }];
  if (typeof number === 'bigint') return [{ op, value: Number(number) }];
  wrongType(value, `correlation.condition.${key}`, 'a number', report);
  return [];
}

function checkBounds(value: ValueTree, bounds: readonly Bound[], report: Report): void {
  const written = value.entries().filter((entry) => Object.hasOwn(OPS, entry.key));
  const problem = (text: string): void =>
    report(diagnostic('sigma/correlation-condition', { problem: text }, written[0]?.keySpan ?? value.span));
  if (written.length === 0) {
    problem(`the condition compares with nothing: it needs one of ${Object.keys(OPS).join(', ')}`);
    return;
  }
  const low = bounds.filter(({ op }) => op === '>' || op === '>=' || op === '==');
  const high = bounds.filter(({ op }) => op === '<' || op === '<=' || op === '==');
  const excludes = low.some((from) =>
    high.some((to) => from.value > to.value || (from.value === to.value && (from.op === '>' || to.op === '<'))),
  );
  if (excludes) problem('no number is in this range, so the correlation can never match');
}

function checkFields(value: ValueTree, type: CorrelationType, fields: readonly string[], report: Report): void {
  const problem = (text: string, at: Span): void =>
    report(diagnostic('sigma/correlation-condition', { problem: text }, at));
  const of = value.get('field');
  switch (type) {
    case 'event_count':
    case 'temporal':
    case 'temporal_ordered':
      if (of !== undefined)
        problem(`${type} counts events, not the values of a field: \`field\` has no meaning in it`, of.span);
      return;
    case 'value_count':
      if (fields.length === 0) problem(`${type} needs the \`field\` whose values it counts`, value.span);
      return;
    case 'value_sum':
    case 'value_avg':
    case 'value_percentile':
    case 'value_median':
      if (fields.length === 0) problem(`${type} needs the \`field\` that it is of`, value.span);
      else if (fields.length > 1) problem(`${type} is of one field, found ${fields.length}`, of?.span ?? value.span);
  }
}

function readPercent(value: ValueTree, type: CorrelationType | undefined, report: Report): number {
  const percentile = value.get('percentile');
  if (type !== 'value_percentile') {
    if (percentile !== undefined) {
      const problem = '`percentile` belongs to the type value_percentile';
      report(diagnostic('sigma/correlation-condition', { problem }, percentile.span));
    }
    return 50;
  }
  const number = Number(percentile?.scalar() ?? Number.NaN);
  if (percentile !== undefined && number >= 0 && number <= 100) return number;
  const problem = 'value_percentile needs a `percentile` from 0 to 100';
  report(diagnostic('sigma/correlation-condition', { problem }, (percentile ?? value).span));
  return 50;
}

function readRules(tree: ValueTree, expression: Condition | undefined, report: Report): RuleReference[] {
  const value = tree.get('rules');
  const inExpression = expression === undefined ? [] : referencesOf(expression, report);
  if (value === undefined || (value.kind === 'list' && value.asList()?.length === 0 && expression !== undefined)) {
    if (expression !== undefined) return inExpression;
    report(diagnostic('input/missing-key', { key: 'correlation.rules' }, tree.span));
    return [];
  }
  const rules = references(value, 'correlation.rules', report);
  if (value.asList()?.length === 0) report(diagnostic('sigma/empty', { what: '`rules`' }, value.span));
  if (expression === undefined) return rules;
  const problem = (text: string, span: Span): void =>
    report(diagnostic('sigma/correlation-expression', { problem: text }, span));
  for (const { text, span } of rules) {
    if (!inExpression.some((one) => one.text === text)) problem(`the condition does not use \`${text}\``, span);
  }
  for (const { text, span } of inExpression) {
    if (!rules.some((one) => one.text === text)) problem(`\`${text}\` is not among the \`rules\``, span);
  }
  return rules;
}

/** A list of rule references, or a single one. */
export function references(value: ValueTree, key: string, report: Report): RuleReference[] {
  const found: RuleReference[] = [];
  for (const item of value.asList() ?? [value]) {
    const text = item.scalar();
    if (typeof text !== 'string' || text.trim() === '') {
      wrongType(item, key, 'a rule’s id or name, or a list of them', report);
    } else if (found.some((one) => one.text === text.trim())) {
      report(diagnostic('sigma/repeated-reference', { reference: text.trim() }, item.span));
    } else found.push({ text: text.trim(), span: item.span });
  }
  return found;
}

/** The rules that an expression names, each once. */
function referencesOf(expression: Condition, report: Report): RuleReference[] {
  const found = new Map<string, RuleReference>();
  const visit = (condition: Condition): void => {
    switch (condition.kind) {
      case 'reference':
        if (!found.has(condition.name)) found.set(condition.name, { text: condition.name, span: condition.span });
        return;
      case 'selector': {
        const problem = `a correlation’s condition names rules one by one, not as \`${condition.count} of ${condition.pattern}\``;
        report(diagnostic('sigma/correlation-expression', { problem }, condition.span));
        return;
      }
      case 'not':
        visit(condition.item);
        return;
      case 'and':
      case 'or':
        condition.items.forEach(visit);
    }
  };
  visit(expression);
  return [...found.values()];
}

function readAliases(value: ValueTree | undefined, report: Report): Alias[] {
  if (value === undefined || value.kind === 'null') return [];
  if (value.kind !== 'map') {
    wrongType(value, 'correlation.aliases', 'a map', report);
    return [];
  }
  return value.entries().map(({ key: name, value: mapping }) => {
    if (mapping.kind !== 'map')
      wrongType(mapping, `correlation.aliases.${name}`, 'a map of rules to their fields', report);
    const fields = mapping.entries().flatMap((entry) => {
      const field = entry.value.scalar();
      if (typeof field === 'string') return [{ rule: { text: entry.key, span: entry.keySpan }, field }];
      wrongType(entry.value, `correlation.aliases.${name}.${entry.key}`, 'the name of a field', report);
      return [];
    });
    return { name, fields };
  });
}

/** A string or a list of strings. */
function names(value: ValueTree | undefined, key: string, report: Report): string[] {
  if (value === undefined || value.kind === 'null') return [];
  const found = (value.asList() ?? [value]).flatMap((item) => {
    const name = item.scalar();
    if (typeof name === 'string' && name !== '') return [name];
    wrongType(item, key, 'the name of a field, or a list of them', report);
    return [];
  });
  return [...new Set(found)];
}

function unknownKeys(tree: ValueTree, known: readonly string[], report: Report): void {
  for (const { key, keySpan } of tree.entries()) {
    if (!known.includes(key)) report(diagnostic('input/unknown-key', { key, known }, keySpan));
  }
}

function wrongType(value: ValueTree, key: string, expected: string, report: Report): undefined {
  report(diagnostic('input/wrong-type', { key, expected, found: value.kindInWords }, value.span));
}
