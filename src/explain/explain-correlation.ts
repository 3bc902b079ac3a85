import type { Explanation } from '../engines/memory/explain.ts';
import { type Clock, type Row, runPlan } from '../engines/memory/index.ts';
import { describe } from '../ir/describe.ts';
import type { Expr } from '../ir/expr.ts';
import type { Correlate, Measure, Plan } from '../ir/plan.ts';
import { alike, type Handlers, inputs, SCOPES, TESTS, VALUES, visit } from '../ir/traverse.ts';

/**
 * Why a record alone makes a correlation match or not: whether it takes part (`parts`: for each feed, whether it is an event
 * of that rule), and whether the correlation's condition holds with it alone, which it can when a single event is enough.
 */
export function explainCorrelation(
  rest: Correlate,
  parts: readonly Explanation[],
  rowsOf: (feed: string) => readonly Row[],
  clock: Clock,
): Explanation {
  const takesPart = parts.some((part) => part.verdict === true);
  const matches = runPlan(rest, (leaf) => (leaf.kind === 'input' ? rowsOf(leaf.name) : []), clock);
  const verdict = matches.length > 0;
  const said = `${conditionWords(rest.condition, rest.measure)}${windowWords(rest)}`;
  const alone = verdict ? 'this record alone is enough' : 'this record alone does not decide it';
  const children: Explanation[] = [
    { verdict: takesPart, text: 'the record takes part: it is any of', children: parts },
    ...(takesPart ? [{ verdict, text: `${said}; ${alone}`, children: [] }] : []),
  ];
  return { verdict, text: 'a correlation of several records: all of', children };
}

/** Which of the rules that a correlation refers to each feed is, with the correlations on the way. */
export function feedNames(rest: Plan, outer = ''): readonly (readonly [string, string])[] {
  if (rest.kind !== 'correlate') return inputs(rest).flatMap((input) => feedNames(input, outer));
  return rest.inputs.flatMap(({ name, plan }) => {
    const path = outer === '' ? name : `${outer} › ${name}`;
    return plan.kind === 'input' ? [[plan.name, path] as const] : feedNames(plan, path);
  });
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
