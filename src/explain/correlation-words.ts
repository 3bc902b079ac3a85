import { describe } from '../ir/describe.ts';
import type { Expr } from '../ir/expr.ts';
import type { Correlate, Measure } from '../ir/plan.ts';
import { alike, type Handlers, SCOPES, TESTS, VALUES, visit } from '../ir/traverse.ts';

/** What a correlation asks of a group. */
export function correlationWords(plan: Correlate): string {
  return `${conditionWords(plan.condition, plan.measure)}${windowWords(plan)}`;
}

function conditionWords(condition: Expr, measure: Measure): string {
  return visit(condition, CONDITION_WORDS, measure);
}

const CONDITION_WORDS: Handlers<string, Measure> = {
  ...alike([...VALUES, ...TESTS, ...SCOPES, 'at-least'], (condition) => describe(condition)),
  and: ({ items }, measure) => items.map((item) => conditionWords(item, measure)).join(' and '),
  or: ({ items }, measure) => items.map((item) => conditionWords(item, measure)).join(' or '),
  not: ({ item }, measure) => `no ${conditionWords(item, measure)}`,
  column: ({ name }) => `an event of ${name.replace(/^has /, '')}`,
  compare: (condition, measure) => describe(condition).replace(/^value/, measureWords(measure)),
};

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
