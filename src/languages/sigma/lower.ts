import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { Span } from '../../base/span.ts';
import { and, not, or } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Condition, Detection, Selector } from './ast.ts';
import { lowerItem } from './lower-item.ts';

type Report = (found: Diagnostic) => void;

/** What a detection comes to when a pipeline has dropped all of it: it is left out of every condition. */
export const NOTHING: Expr = { kind: 'literal', type: 'bool', value: true };

/** A detection as a predicate; undefined when something in it is wrong, which was reported. */
export function lowerDetection(detection: Detection, report: Report): Expr | undefined {
  if (detection.kind === 'item') return lowerItem(detection, report);
  const items = detection.items.map((item) => lowerDetection(item, report));
  const sound = items.filter((item) => item !== undefined);
  if (sound.length < items.length || sound.length === 0) return undefined;
  return detection.kind === 'all' ? and(sound, detection.span) : or(sound, detection.span);
}

/** Selectors that stand for more detections than this, all together, are not written out. */
const MOST_SELECTED = 200_000;

/**
 * A condition as a predicate over its detections. `detections` holds every name of the rule, with undefined for those
 * that are wrong.
 */
export function lowerCondition(
  condition: Condition,
  detections: ReadonlyMap<string, Expr | undefined>,
  report: Report,
): Expr | undefined {
  return lowerPart(condition, { detections, report, room: MOST_SELECTED, suggestions: MOST_SUGGESTIONS });
}

interface Context {
  readonly detections: ReadonlyMap<string, Expr | undefined>;
  readonly report: Report;
  /** How many detections selectors may still stand for. */
  room: number;
  /** For how many more unknown names near ones are looked for: it takes time, and nobody reads thousands of hints. */
  suggestions: number;
}

const MOST_SUGGESTIONS = 20;
const MOST_CANDIDATES = 1000;

function lowerPart(condition: Condition, context: Context): Expr | undefined {
  const { detections, report } = context;
  switch (condition.kind) {
    case 'reference': {
      if (!detections.has(condition.name)) report(undefinedDetection(condition.name, condition.span, context));
      return detections.get(condition.name);
    }
    case 'not': {
      const item = lowerPart(condition.item, context);
      return item === NOTHING ? NOTHING : item && not(item, condition.span);
    }
    case 'and':
    case 'or': {
      const items = condition.items.map((item) => lowerPart(item, context));
      const sound = items.filter((item) => item !== undefined);
      if (sound.length < items.length) return undefined;
      const left = sound.filter((item) => item !== NOTHING);
      if (left.length === 0) return NOTHING;
      return condition.kind === 'and' ? and(left, condition.span) : or(left, condition.span);
    }
    case 'selector':
      return lowerSelector(condition, context);
  }
}

/** The names that a selector stands for, in the order of the file. */
export function selected(pattern: string, names: Iterable<string>): string[] {
  const fits = pattern === 'them' ? () => true : namePattern(pattern);
  // A leading underscore hides a detection from every pattern that does not ask for it.
  return [...names].filter((name) => fits(name) && (pattern.startsWith('_') || !name.startsWith('_')));
}

function namePattern(pattern: string): (name: string) => boolean {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  if (pieces.length === 1) return (name) => name === pattern;
  const last = pieces.at(-1) ?? '';
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let at = first.length;
    for (const piece of pieces.slice(1, -1)) {
      const found = name.indexOf(piece, at);
      if (found === -1 || found + piece.length > name.length - last.length) return false;
      at = found + piece.length;
    }
    return true;
  };
}

/** The names to look among for the one that was meant. */
function candidates(context: Context): readonly string[] {
  context.suggestions -= 1;
  return context.suggestions < 0 ? [] : [...context.detections.keys()].slice(0, MOST_CANDIDATES);
}

function undefinedDetection(name: string, span: Span, context: Context): Diagnostic {
  const all = candidates(context);
  const fitting = name.includes('*') ? selected(name, all) : [];
  const near = fitting.length > 0 ? [] : didYouMean(name, all);
  const hints = fitting.length > 0 ? [`write \`1 of ${name}\` or \`all of ${name}\``] : [];
  return diagnostic('sigma/undefined-detection', { name, near }, span, { hints });
}

function lowerSelector(selector: Selector, context: Context): Expr | undefined {
  const { detections, report } = context;
  const { pattern, count, span } = selector;
  if (context.room < 0) return undefined;
  const names = selected(pattern, detections.keys());
  if (names.length === 0) {
    const starred = [`${pattern}*`, `${pattern}_*`].filter((wider) => selected(wider, detections.keys()).length > 0);
    const near = pattern.includes('*') ? didYouMean(pattern, candidates(context)) : starred.slice(0, 1);
    report(diagnostic('sigma/selector-without-detections', { pattern, near }, span));
    return undefined;
  }
  context.room -= names.length;
  if (context.room < 0) {
    report(diagnostic('unsupported/sigma-selector', { count, of: names.length }, span));
    return undefined;
  }
  const all = names.map((name) => detections.get(name));
  if (all.includes(undefined)) return undefined;
  const items = all.flatMap((item) => (item === undefined || item === NOTHING ? [] : [item]));
  if (items.length === 0) return NOTHING;
  if (count === 'all') return and(items, span);
  if (count < 1 || count > items.length) {
    report(diagnostic('sigma/selector-count', { count, of: items.length }, span));
    return undefined;
  }
  if (combinations(items.length, count) > MOST_COMBINATIONS) {
    report(diagnostic('unsupported/sigma-selector', { count, of: items.length }, span));
    return undefined;
  }
  return atLeast(count, items, span);
}

const MOST_COMBINATIONS = 1000;

/** n choose k, or infinity once it is beyond all use. */
function combinations(n: number, k: number): number {
  if (k === 1 || k === n) return 1;
  let result = 1;
  for (let i = 1; i <= Math.min(k, n - k); i += 1) {
    result = (result * (n - i + 1)) / i;
    if (result > MOST_COMBINATIONS) return Number.POSITIVE_INFINITY;
  }
  return result;
}

/** At least `count` of the items. */
function atLeast(count: number, items: readonly Expr[], span: Span): Expr {
  if (count === 1) return or(items, span);
  if (count === items.length) return and(items, span);
  const groups: Expr[][] = [];
  const choose = (from: number, chosen: Expr[]): void => {
    if (chosen.length === count) {
      groups.push(chosen);
      return;
    }
    for (let at = from; at <= items.length - (count - chosen.length); at += 1) {
      const item = items[at];
      if (item !== undefined) choose(at + 1, [...chosen, item]);
    }
  };
  choose(0, []);
  return or(
    groups.map((group) => and(group, span)),
    span,
  );
}
