import type { Expr } from '../ir/expr.ts';
import type { SettledWindow, WindowMeasure } from '../ir/plan/keyed.ts';
import { rowsOf, type Threshold } from '../ir/plan/plan.ts';

/**
 * The window of a threshold that says itself when it is judged. What further rows cannot undo is judged at once, at each row;
 * what they can undo (fewer than n, absence, averages), when the window is over.
 */
export function settled({ window, having, measures, inputs }: Threshold): SettledWindow {
  if (window.kind !== 'within') return window;
  const trends = new Map<string, Trend>(inputs.map(({ name }) => [rowsOf(name), 'grows']));
  for (const measure of measures) trends.set(measure.name, trendOf(measure));
  return { kind: lasts(having, true, trends) ? 'sliding' : 'anchored', length: window.length };
}

/** What becomes of a measure when a window gets more rows. */
type Trend = 'grows' | 'shrinks' | 'either';

function trendOf({ fn }: WindowMeasure): Trend {
  switch (fn) {
    case 'count':
    case 'count-distinct':
    case 'inputs':
    case 'in-order':
    case 'max':
    // Of what is summed up (bytes, attempts) there is no less than nothing.
    case 'sum':
      return 'grows';
    case 'min':
      return 'shrinks';
    case 'avg':
    case 'percentile':
      return 'either';
  }
}

/** Whether a condition that has this truth for some rows has it for more of them too. */
function lasts(condition: Expr, truth: boolean, trends: ReadonlyMap<string, Trend>): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.items.every((item) => lasts(item, truth, trends));
    case 'not':
      return lasts(condition.item, !truth, trends);
    case 'literal':
      return true;
    case 'compare': {
      const { op, left, right } = condition;
      if (left.kind !== 'column' || right.kind !== 'literal') return false;
      const trend = trends.get(left.name) ?? 'either';
      const rises = op === '>' || op === '>=';
      if (trend === 'either' || op === '==' || op === '!=') return false;
      return rises === ((trend === 'grows') === truth);
    }
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'cond':
    case 'exists':
    case 'is-null':
    case 'match':
    case 'at-least':
    case 'quantified':
    case 'let':
    case 'in-plan':
    case 'scalar-of':
      return false;
  }
}
