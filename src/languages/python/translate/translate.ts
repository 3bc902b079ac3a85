import type { Span } from '../../../base/span.ts';
import { FALSE, TRUE } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { PythonProgram } from '../../../ir/rule/python.ts';
import { children } from '../../../ir/traverse.ts';
import { TooLarge } from './conditions/logic.ts';
import { MOST_WORK, type Note, type Translator } from './context.ts';
import { type ModuleScope, moduleScope } from './module-scope.ts';
import { RuleTranslator } from './translator.ts';
import { EVENT } from './values/event.ts';
import { BOOLEANS, isOf, type Outcomes, type PyValue, sure } from './values/value.ts';

/** Why Python is needed: what was not understood, and where it stands. */
export interface TierReason {
  readonly text: string;
  readonly span: Span | undefined;
}

/**
 * How much of a rule's Python is known. Tier 1: the rule matches exactly where the condition holds (where Python raises, it
 * does not match). Tier 2: it can only match, or leave anything behind, where the condition holds. Tier 3: Python decides.
 */
export type Translation = Known & {
  /** Why the rule matches no event of the log type. */
  readonly never?: Never;
};

/** `raises`: the function raises on every event, `false`: it never returns True, `import`: its module cannot be loaded. */
export interface Never {
  readonly kind: 'raises' | 'false' | 'import';
  /** What raises, and why. */
  readonly text: string;
  /** The module that is not there. */
  readonly module?: string;
  readonly span: Span | undefined;
}

type Known =
  | { readonly tier: 1; readonly condition: Expr }
  | { readonly tier: 2; readonly necessary: Expr; readonly reasons: readonly TierReason[] }
  | { readonly tier: 3; readonly reasons: readonly TierReason[] };

/** Larger conditions cost more than they save. */
const MOST_NODES = 6_000;

/** Translates the function that decides, for events of one log type. Never throws. */
export function translateRule(logic: PythonProgram, logType: string): Translation {
  if (logic.kindOfRule !== 'rule')
    return { tier: 3, reasons: [{ text: `a ${logic.kindOfRule} is run by Python`, span: undefined }] };
  const scope = moduleScope(logic.module);
  if (!('bindings' in scope)) {
    return { tier: 3, reasons: [{ text: scope.reason, span: scope.source.span(scope.at, scope.at + 1) }] };
  }
  const translator = new RuleTranslator(logic.bundle, logType);
  try {
    const outcomes = translator.each(translator.ofModule('rule', scope, undefined), (rule) =>
      rule.kind === 'function'
        ? translator.apply(rule, [sure(EVENT)], new Map(), undefined)
        : translator.note('`rule` is no function'),
    );
    const matches = matchedBy(translator, outcomes);
    const never = matches === FALSE ? neverOf(translator, outcomes, scope) : undefined;
    const why = never && { never };
    const condition = translator.any([matches, ...translator.effects]);
    if (size(condition, MOST_NODES) > MOST_NODES) {
      translator.note('the condition is too large to be asked as a whole');
      translator.refill(MOST_WORK);
      const wide = widened(condition, MOST_NODES, translator);
      const reasons = reasonsOf(translator.notes);
      return wide === TRUE ? { tier: 3, reasons, ...why } : { tier: 2, necessary: wide, reasons, ...why };
    }
    const reasons = reasonsOf(translator.notes);
    if (reasons.length === 0) return { tier: 1, condition, ...why };
    return condition === TRUE ? { tier: 3, reasons, ...why } : { tier: 2, necessary: condition, reasons, ...why };
  } catch (thrown) {
    if (thrown instanceof TooLarge || thrown instanceof RangeError) {
      return {
        tier: 3,
        reasons: [
          { text: 'the function is too large to be followed', span: undefined },
          ...reasonsOf(translator.notes),
        ],
      };
    }
    throw thrown;
  }
}

/** Why a rule cannot match: what raises on every event, or that nothing it returns is True. */
function neverOf(translator: Translator, outcomes: Outcomes, scope: ModuleScope): Never {
  const raise = translator.defined(outcomes) === FALSE ? translator.firstRaise() : undefined;
  if (raise !== undefined) {
    const { reason, start, end } = raise;
    return { kind: 'raises', text: reason, span: { source: raise.source, start, end } };
  }
  return neverTrue(scope);
}

/** That nothing a rule returns is True. */
export function neverTrue({ source, bindings }: ModuleScope): Never {
  const rule = bindings.get('rule');
  const at = rule?.kind === 'statement' ? rule.node.start : 0;
  const head = source.text.indexOf('\n', at);
  return { kind: 'false', text: '', span: source.span(at, head === -1 ? source.text.length : head) };
}

/** When the function returns True itself: anything else is no match, however true. */
function matchedBy(translator: Translator, outcomes: Outcomes): Expr {
  return translator.any(outcomes.map(({ cond, value }) => translator.all([cond, isTrueItself(value, translator)])));
}

function isTrueItself(value: PyValue, translator: Translator): Expr {
  switch (value.kind) {
    case 'bool':
      return value.t;
    case 'const':
      return value.value === true ? TRUE : FALSE;
    case 'dynamic':
      return translator.all([isOf(value, BOOLEANS), translator.truthOfValue(value).t]);
    case 'unknown':
      translator.note('what the rule returns');
      return TRUE;
    case 'seq':
    case 'map':
    case 'maybe':
    case 'function':
    case 'lambda':
    case 'foreign':
    case 'method':
    case 'regex':
    case 'comprehension':
      return FALSE;
  }
}

/** A smaller condition that holds wherever this one does. */
function widened(expr: Expr, most: number, of: Translator): Expr {
  if (size(expr, most) <= most) return expr;
  if (expr.kind === 'and') return of.all(expr.items.map((item) => widened(item, most / expr.items.length, of)));
  if (expr.kind === 'or') return of.any(expr.items.map((item) => widened(item, most / expr.items.length, of)));
  return TRUE;
}

/** The nodes of an expression, or more than the limit where there are more. */
function size(expr: Expr, limit: number): number {
  let count = 0;
  const open = [expr];
  for (let each = open.pop(); each !== undefined && count <= limit; each = open.pop()) {
    count += 1;
    open.push(...children(each));
  }
  return count;
}

function reasonsOf(notes: readonly Note[]): TierReason[] {
  const seen = new Set<string>();
  return notes.flatMap(({ reason, source, start, end }) => {
    const key = `${reason} ${source} ${start}`;
    if (seen.has(key) || seen.size >= 20) return [];
    seen.add(key);
    return [{ text: reason, span: { source, start, end } }];
  });
}
