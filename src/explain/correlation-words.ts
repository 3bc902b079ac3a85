import { describe } from '../ir/describe.ts';
import type { Expr } from '../ir/expr.ts';
import type { Correlate, Measure } from '../ir/plan.ts';

/** What a correlation asks of a group. */
export function correlationWords(plan: Correlate): string {
  return `${conditionWords(plan.condition, plan.measure)}${windowWords(plan)}`;
}

function conditionWords(condition: Expr, measure: Measure): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.items.map((item) => conditionWords(item, measure)).join(` ${condition.kind} `);
    case 'not':
      return `no ${conditionWords(condition.item, measure)}`;
    case 'column':
      return `an event of ${condition.name.replace(/^has /, '')}`;
    case 'compare':
      return describe(condition).replace(/^value/, measureWords(measure));
    case 'literal':
    case 'missing':
    case 'list':
    case 'field':
    case 'raw':
    case 'leaves':
    case 'call':
    case 'cond':
    case 'exists':
    case 'is-null':
    case 'match':
    case 'some':
      return describe(condition);
  }
}

function measureWords(measure: Measure): string {
  switch (measure.kind) {
    case 'count':
      return 'number of events';
    case 'count-distinct':
      return 'number of different values';
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return measure.kind;
    case 'percentile':
      return `${measure.percent}th percentile`;
    case 'inputs':
      return 'number of rules with an event';
    case 'ordered':
      return 'number of rules with events in their order';
  }
}

function windowWords({ within, by }: Correlate): string {
  const group = by.length === 0 ? '' : `, for each ${by.join(', ')}`;
  return `${group}${within === null ? '' : `, within ${within} s`}`;
}
