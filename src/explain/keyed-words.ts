import type { Expr } from '../ir/expr.ts';
import type { Ticks, TimeWindow, WindowMeasure } from '../ir/plan/keyed.ts';
import type { FirstSeen, Keyed, Sequence, Step, Threshold } from '../ir/plan/plan.ts';
import { describe } from '../ir/print/describe.ts';
import { TICKS_PER_SECOND } from '../values/date-time.ts';
import { textOf } from '../values/text-of.ts';
import { TimeSpan } from '../values/value.ts';

/** What an operator over keys and time asks of the rows of a key. */
export function keyedWords(plan: Keyed): string {
  const group = plan.by.length === 0 ? '' : `, for each ${plan.by.map(({ name }) => name).join(', ')}`;
  switch (plan.kind) {
    case 'threshold':
      return `${havingWords(plan.having, plan)}${group}${windowWords(plan.window)}`;
    case 'first-seen':
      return `${plan.by.map(({ name }) => name).join(', ')} not seen ${historyWords(plan)}`;
    case 'sequence':
      return `${sequenceWords(plan)}${group}`;
  }
}

function havingWords(condition: Expr, plan: Threshold): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.items.map((item) => havingWords(item, plan)).join(` ${condition.kind} `);
    case 'not':
      return `no ${havingWords(condition.item, plan)}`;
    case 'compare': {
      const { left } = condition;
      const measure = plan.measures.find(({ name }) => left.kind === 'column' && left.name === name);
      const said = describe(condition);
      if (measure !== undefined) return `${measureWords(measure)}${said.slice(measure.name.length)}`;
      const input = /^rows of (.*) ≥ 1$/.exec(said)?.[1];
      return input === undefined ? said : `an event of ${input}`;
    }
    case 'column':
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
    case 'at-least':
    case 'quantified':
    case 'let':
    case 'in-plan':
    case 'scalar-of':
      return describe(condition);
  }
}

export function measureWords(measure: WindowMeasure): string {
  switch (measure.fn) {
    case 'count':
      return 'number of events';
    case 'count-distinct':
      return 'number of different values';
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return measure.fn;
    case 'percentile':
      return `${measure.percent}th percentile`;
    case 'inputs':
      return 'number of rules with an event';
    case 'in-order':
      return 'number of rules with events in their order';
  }
}

function windowWords(window: TimeWindow): string {
  switch (window.kind) {
    case 'within':
    case 'sliding':
    case 'anchored':
      return withinWords(window.length);
    case 'tumbling':
      return `, in each ${lengthWords(window.length)}`;
    case 'session':
      return `, with no more than ${lengthWords(window.gap)} between events`;
  }
}

function historyWords({ history }: FirstSeen): string {
  return history === null ? 'before' : `in ${lengthWords(history)} before`;
}

function sequenceWords({ steps, order }: Sequence): string {
  const said = steps.map(stepWords);
  switch (order.kind) {
    case 'strict':
      return `${said.join(', then ')}${withinWords(order.within)}`;
    case 'any':
      return `${said.join(' and ')}${withinWords(order.within)}`;
    case 'linked': {
      const links = order.links.map(
        ({ from, to, within }) => `${steps[from]?.name} before ${steps[to]?.name}${withinWords(within)}`,
      );
      return [`${said.join(' and ')}${withinWords(order.within)}`, ...links].join('; ');
    }
    case 'sample':
      return `${said.join(' and ')}, all different`;
  }
}

function stepWords({ name, count: { atLeast, atMost } }: Step): string {
  if (atLeast === 0)
    return atMost === 0 || atMost === null ? `no event of ${name}` : `at most ${atMost} events of ${name}`;
  const most = atMost === null ? '' : ` and at most ${atMost}`;
  return atLeast === 1 && most === '' ? `an event of ${name}` : `at least ${atLeast}${most} events of ${name}`;
}

function withinWords(length: Ticks | null): string {
  return length === null ? '' : `, within ${lengthWords(length)}`;
}

/** Seconds where they are whole. */
function lengthWords(length: Ticks): string {
  const ticks = BigInt(length);
  return ticks % TICKS_PER_SECOND === 0n ? `${ticks / TICKS_PER_SECOND} s` : (textOf(new TimeSpan(ticks)) ?? length);
}
