import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Span } from '../../base/span.ts';
import { and, bool, call, field as fieldOf, match, not, or } from '../../ir/construct.ts';
import type { Collation, Expr, Pattern, PatternScalar, WildcardPart } from '../../ir/expr.ts';
import type { FunctionName } from '../../ir/functions/registry.ts';
import type { DetectionItem, ModifierUse, ValueTree } from './ast.ts';
import { type Modifier, modifiers, type Problem, type TimePart, type Warning } from './modifiers.ts';
import { openEnd, openStart, plainText } from './sigma-string.ts';
import { kindNames, type ReferenceTest, readValue, type SigmaValue } from './values.ts';

type Report = (found: Diagnostic) => void;

/** What an item's values may unfold to, and how many characters these may have. */
const MOST_UNFOLDED = 300_000;
const MOST_UNFOLDED_CHARACTERS = 50_000_000;

/** What the modifiers of an item say about the item as a whole. */
export interface ItemShape {
  readonly all: boolean;
  readonly negated: boolean;
  readonly collation: Collation;
  readonly part: TimePart | undefined;
}

interface Step {
  readonly use: ModifierUse;
  readonly modifier: Modifier;
}

/** An item whose values have gone through its modifiers: what processing pipelines work on. */
export interface ResolvedItem {
  readonly kind: 'item';
  readonly field: string | null;
  readonly values: readonly ResolvedValue[];
  readonly shape: ItemShape;
  readonly keySpan: Span;
  /** The value or the list of values. */
  readonly span: Span;
}

export interface ResolvedValue {
  readonly value: SigmaValue;
  readonly span: Span;
}

/** An item as a predicate; undefined when the item is wrong, which was reported. */
export function lowerItem(item: DetectionItem, report: Report): Expr | undefined {
  const resolved = resolveItem(item, report);
  return resolved && lowerResolvedItem(resolved, report);
}

/** Applies an item's modifiers. Undefined when the item is wrong; then it was reported. */
export function resolveItem(item: DetectionItem, report: Report): ResolvedItem | undefined {
  const steps = readModifiers(item, report);
  if (steps === undefined) return undefined;
  const values: ResolvedValue[] = [];
  let unfolded = 0;
  let characters = 0;
  for (const tree of item.values) {
    const value = applyAll(tree, item, steps, report);
    if (value === undefined) continue;
    if (value.kind === 'any') {
      const leaves = leavesOf(value);
      unfolded += leaves.length;
      characters += leaves.reduce((sum, leaf) => sum + textLength(leaf), 0);
      if (unfolded > MOST_UNFOLDED || characters > MOST_UNFOLDED_CHARACTERS) {
        const modifier = item.modifiers.map(({ name }) => name).join('|');
        report(diagnostic('unsupported/sigma-variants', { modifier }, tree.span));
        return undefined;
      }
    }
    values.push({ value, span: tree.span });
  }
  if (values.length < item.values.length) return undefined;
  return { kind: 'item', field: item.field, values, shape: shapeOf(steps), keySpan: item.keySpan, span: item.span };
}

/** All alternatives of a value, however deep they stand. */
function leavesOf(value: SigmaValue): readonly SigmaValue[] {
  return value.kind === 'any' ? value.values.flatMap(leavesOf) : [value];
}

function textLength(value: SigmaValue): number {
  return value.kind === 'text'
    ? value.parts.reduce((sum, part) => sum + ('text' in part ? part.text.length : 1), 0)
    : 0;
}

/**
 * A resolved item as a predicate that is true or false, never unknown: a missing field fits no value (and so `neq` holds
 * for it, as `not` around the item would). Undefined when a placeholder has no values, which is reported.
 */
export function lowerResolvedItem(item: ResolvedItem, report: Report): Expr | undefined {
  const { values, shape } = item;
  let open = false;
  for (const { value, span } of values) {
    const name = placeholderOf(value);
    if (name === undefined) continue;
    open = true;
    report(diagnostic('unsupported/sigma-placeholder', { name }, span));
  }
  if (open) return undefined;
  const subject = subjectOf(item, shape);
  const whole = shape.all
    ? and(
        values.map(({ value, span }) => lowerValue(value, span, subject, shape)),
        item.span,
      )
    : anyOf(values, item.span, subject, shape);
  return shape.negated ? not(whole, item.span) : whole;
}

/** The first placeholder of a value that still waits for values. */
function placeholderOf(value: SigmaValue): string | undefined {
  if (value.kind !== 'template' && value.kind !== 'regex-template') return undefined;
  const part = value.parts.find((one) => 'placeholder' in one);
  return part !== undefined && 'placeholder' in part ? part.placeholder : undefined;
}

/** The item's modifiers from the table; undefined when one is unknown or out of place. */
function readModifiers(item: DetectionItem, report: Report): readonly Step[] | undefined {
  const steps: Step[] = [];
  let sound = true;
  const refuse = (use: ModifierUse, reason: string): void => {
    sound = false;
    report(diagnostic('sigma/modifier-combination', { modifier: use.name, reason }, use.span));
  };
  for (const use of item.modifiers) {
    const modifier = modifiers.get(use.name);
    if (modifier === undefined) {
      sound = false;
      const near = didYouMean(use.name, modifiers.keys());
      report(diagnostic('sigma/unknown-modifier', { modifier: use.name, near }, use.span));
      continue;
    }
    if (item.field === null && !modifier.keywords) refuse(use, 'it needs a field, and keywords have none');
    if (modifier.first && steps.some((step) => step.modifier.effect !== 'all' && step.modifier.effect !== 'neq')) {
      refuse(use, 'it reads the value as written, so no other modifier can stand before it');
    }
    if (isTimePart(modifier) && steps.some((step) => isTimePart(step.modifier)))
      refuse(use, 'one part of a time is enough');
    steps.push({ use, modifier });
  }
  return sound ? steps : undefined;
}

function isTimePart(modifier: Modifier): boolean {
  return timePartOf(modifier) !== undefined;
}

function timePartOf(modifier: Modifier): TimePart | undefined {
  const { effect } = modifier;
  return effect === 'all' || effect === 'neq' || effect === 'cased' ? undefined : effect;
}

function shapeOf(steps: readonly Step[]): ItemShape {
  const has = (effect: Modifier['effect']): boolean => steps.some((step) => step.modifier.effect === effect);
  return {
    all: has('all'),
    negated: has('neq'),
    collation: has('cased') ? 'exact' : 'ignore-case',
    part: steps.map((step) => timePartOf(step.modifier)).find((part) => part !== undefined),
  };
}

/** A value after all modifiers, or undefined when one cannot take it. */
function applyAll(
  tree: ValueTree,
  item: DetectionItem,
  steps: readonly Step[],
  report: Report,
): SigmaValue | undefined {
  let value = readValue(tree);
  if (value === undefined) return undefined;
  let before: string | undefined;
  for (const { use, modifier } of steps) {
    const next = applyOne(value, modifier, use, before, tree, report);
    if (next === undefined) return undefined;
    if (next !== value) before = use.name;
    value = next;
  }
  return checkEnd(value, item, tree, report) ? value : undefined;
}

function applyOne(
  value: SigmaValue,
  modifier: Modifier,
  use: ModifierUse,
  before: string | undefined,
  tree: ValueTree,
  report: Report,
): SigmaValue | undefined {
  if (value.kind === 'any' && modifier.takes !== '*') {
    const values: SigmaValue[] = [];
    for (const one of value.values) {
      const next = applyOne(one, modifier, use, before, tree, report);
      if (next === undefined) return undefined;
      values.push(next);
    }
    return { kind: 'any', values };
  }
  if (
    value.kind === 'number' &&
    value.written !== undefined &&
    modifier.takes !== '*' &&
    modifier.takes.includes('text')
  ) {
    const text: SigmaValue = { kind: 'text', parts: [{ text: value.written }], source: value.written };
    return applyOne(text, modifier, use, before, tree, report);
  }
  if (modifier.takes !== '*' && !modifier.takes.includes(value.kind)) {
    if (before === undefined) {
      const params = { modifier: use.name, expected: modifier.expects, found: tree.kindInWords };
      report(
        diagnostic('sigma/modifier-value', params, tree.span, { context: [{ span: use.span, text: 'the modifier' }] }),
      );
    } else {
      const reason = `it takes ${modifier.expects}, and \`${before}\` gives ${kindNames[value.kind]}`;
      report(diagnostic('sigma/modifier-combination', { modifier: use.name, reason }, use.span));
    }
    return undefined;
  }
  if (modifier.apply === undefined) return value;
  const warn = (warning: Warning): void =>
    report(diagnostic('sigma/cidr-host-bits', { network: warning.network, meant: warning.meant }, tree.span));
  const next = modifier.apply(value, warn);
  if (next.kind !== 'problem') return next;
  report(problemDiagnostic(next, use, tree));
  return undefined;
}

function problemDiagnostic(problem: Problem, use: ModifierUse, tree: ValueTree): Diagnostic {
  switch (problem.code) {
    case 'value':
      return diagnostic('sigma/modifier-combination', { modifier: use.name, reason: problem.reason }, tree.span);
    case 'network':
      return diagnostic('sigma/cidr', { network: problem.reason }, tree.span);
    case 'variants':
      return diagnostic('unsupported/sigma-variants', { modifier: use.name }, tree.span);
    case 'regex': {
      const at = Math.max(0, Math.min(problem.at, (tree.text()?.text.length ?? 1) - 1));
      const span = problem.at > 0 ? (tree.text()?.span(at, at + 1) ?? tree.span) : tree.span;
      return problem.linear
        ? diagnostic('sigma/regex', { reason: problem.reason }, span)
        : diagnostic('unsupported/sigma-regex', { reason: problem.reason }, span);
    }
  }
}

/** Whether a value can be matched as it now is. */
function checkEnd(value: SigmaValue, item: DetectionItem, tree: ValueTree, report: Report): boolean {
  if (value.kind === 'bytes') {
    const reason = 'its bytes are no text: write `base64` or `base64offset` behind it';
    report(
      diagnostic('sigma/modifier-combination', { modifier: item.modifiers.at(-1)?.name ?? '', reason }, tree.span),
    );
    return false;
  }
  if (item.field === null && (value.kind === 'null' || (value.kind === 'text' && value.parts.length === 0))) {
    const found = value.kind === 'null' ? 'null' : 'an empty string';
    report(diagnostic('sigma/keyword', { found }, tree.span));
    return false;
  }
  return true;
}

function subjectOf(item: ResolvedItem, shape: ItemShape): Expr {
  if (item.field === null) return { kind: 'leaves', name: null, span: item.keySpan };
  const subject = fieldOf(item.field, item.keySpan);
  if (shape.part === undefined) return subject;
  return call(`sigma.${shape.part}`, [call('convert.datetime', [subject])], item.keySpan);
}

/**
 * Any of the values. Those that are compared as a whole become one set, so that a list of thousands stays one node.
 */
function anyOf(
  values: readonly { readonly value: SigmaValue; readonly span: Span }[],
  span: Span,
  subject: Expr,
  shape: ItemShape,
): Expr {
  const set: PatternScalar[] = [];
  const items: (Expr | undefined)[] = [];
  let first: Span | undefined;
  let last: Span | undefined;
  let place = -1;
  const flat = values.flatMap(({ value, span: at }) => leavesOf(value).map((one) => ({ value: one, span: at })));
  for (const { value, span: at } of flat) {
    const scalar = subject.kind === 'leaves' ? undefined : wholeValue(value);
    if (scalar === undefined) {
      items.push(lowerValue(value, at, subject, shape));
      continue;
    }
    if (set.length === 0) {
      place = items.push(undefined) - 1;
      first = at;
    }
    set.push(scalar);
    last = at;
  }
  if (first !== undefined && last !== undefined) {
    const [only] = set;
    const pattern: Pattern =
      set.length === 1 && only !== undefined ? { kind: 'equals', value: only } : { kind: 'one-of', values: set };
    const at = { ...first, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
    items[place] = match(subject, pattern, { collation: shape.collation, span: at });
  }
  return or(
    items.filter((made) => made !== undefined),
    span,
  );
}

/** The scalar that a value compares the whole field with; undefined for any other test. */
function wholeValue(value: SigmaValue): PatternScalar | undefined {
  switch (value.kind) {
    case 'text':
      return value.parts.every((part) => 'text' in part) ? plainText(value.parts) : undefined;
    case 'number':
      return scalarNumber(value);
    case 'boolean':
      return value.value;
    default:
      return undefined;
  }
}

function scalarNumber({ value, written }: SigmaValue & { readonly kind: 'number' }): PatternScalar {
  return written ?? (typeof value === 'bigint' ? value.toString() : value);
}

function lowerValue(value: SigmaValue, span: Span, subject: Expr, shape: ItemShape): Expr {
  const { collation } = shape;
  const test = (pattern: Pattern, folding: Collation = collation): Expr =>
    match(subject, pattern, { collation: folding, span });
  switch (value.kind) {
    case 'text':
      return test(
        textPattern(subject.kind === 'leaves' && !shaped(value) ? openEnd(openStart(value.parts)) : value.parts),
      );
    case 'number':
    case 'boolean': {
      const scalar = value.kind === 'number' ? scalarNumber(value) : value.value;
      if (subject.kind === 'leaves') return test({ kind: 'contains', text: String(scalar) });
      return test({ kind: 'equals', value: scalar });
    }
    case 'null':
      return { kind: 'is-null', subject, span };
    case 'regex': {
      const flags = value.flags.replace('i', '');
      const pattern: Pattern = { kind: 'regex', source: value.source, flavour: 'pcre', flags, anchored: false };
      return test(pattern, value.flags.includes('i') ? 'ignore-case' : 'exact');
    }
    case 'network':
      return test({ kind: 'cidr', network: value.network });
    case 'bound':
      return test(boundPattern(value.op, value.value));
    case 'presence': {
      const exists: Expr = { kind: 'exists', subject, counts: 'present', span };
      return value.wanted ? exists : not(exists, span);
    }
    case 'reference':
      return call(
        referenceFunctions[value.how],
        [subject, fieldOf(value.field, span), bool(collation === 'exact')],
        span,
      );
    case 'any':
      return anyOf(
        value.values.map((one) => ({ value: one, span })),
        span,
        subject,
        shape,
      );
    case 'bytes':
    case 'template':
    case 'regex-template':
      throw new Error('unreachable: bytes and open placeholders are refused before they are lowered');
  }
}

/** Whether modifiers have already said where in a keyword's value the text stands. */
function shaped(value: SigmaValue & { readonly kind: 'text' }): boolean {
  const [first, last] = [value.parts[0], value.parts.at(-1)];
  return (
    value.source === undefined &&
    [first, last].some((part) => part !== undefined && 'any' in part && part.any === 'many')
  );
}

const referenceFunctions: Readonly<Record<ReferenceTest, FunctionName>> = {
  equals: 'sigma.equals-field',
  startswith: 'sigma.starts-with-field',
  endswith: 'sigma.ends-with-field',
  contains: 'sigma.contains-field',
};

/** The plainest pattern that means the same: `*x*` is `contains`, `x*` is `prefix`. */
function textPattern(parts: readonly WildcardPart[]): Pattern {
  const many = (part: WildcardPart | undefined): boolean => part !== undefined && 'any' in part && part.any === 'many';
  if (parts.every((part) => 'text' in part)) return { kind: 'equals', value: plainText(parts) };
  const inner = parts.filter((part) => 'text' in part);
  const only = inner[0];
  if (inner.length === 1 && only !== undefined && parts.every((part) => part === only || many(part))) {
    const [starts, ends] = [parts[0] === only, parts.at(-1) === only];
    if (starts) return { kind: 'prefix', text: only.text };
    return ends ? { kind: 'suffix', text: only.text } : { kind: 'contains', text: only.text };
  }
  return { kind: 'wildcard', parts: parts.filter((part, index) => !many(part) || !many(parts[index - 1])) };
}

function boundPattern(op: 'lt' | 'lte' | 'gt' | 'gte', value: number): Pattern {
  const bound = { value, inclusive: op === 'lte' || op === 'gte' };
  return op === 'lt' || op === 'lte' ? { kind: 'range', high: bound } : { kind: 'range', low: bound };
}
