import type { Ticks, TimeWindow, WindowMeasure } from '../plan/keyed.ts';
import { keyedInputs } from '../plan/keyed-inputs.ts';
import type { Keyed, KeyedInput, Plan, Sequence, Step, StepOrder, Threshold } from '../plan/plan.ts';
import type { Query } from '../plan/query.ts';
import { printExpr } from './print.ts';
import {
  printAggregate,
  printApply,
  printJoin,
  printNamed,
  printSeries,
  printSortKeys,
  printUnnest,
  printWindowColumns,
} from './print-operators.ts';

/** A plan as nested S-expressions, innermost input last, one operator a line. */
export function printPlan(plan: Plan, indent = ''): string {
  const deeper = `${indent}  `;
  switch (plan.kind) {
    case 'source': {
      const table = plan.table === undefined ? '' : ` ${plan.table}`;
      const scope = plan.scope === null ? '' : ` scope ${printExpr(plan.scope)}`;
      const seen = plan.seen === undefined ? '' : ` seen-${plan.seen}`;
      return `${indent}(source ${plan.schema}${table}${scope}${seen})`;
    }
    case 'records':
      return `${indent}(records ${plan.logType})`;
    case 'never':
      return `${indent}(never)`;
    case 'rows':
      return `${indent}(rows ${plan.columns.map((column) => `${column.name}:${column.type}`).join(', ')}; ${plan.rows.length})`;
    case 'input':
    case 'table':
    case 'shared':
      return `${indent}(${plan.kind} ${plan.name})`;
    case 'matches':
      return `${indent}(matches ${plan.rule.format}:${plan.rule.id}${plan.which === 'all' ? ' all' : ''})`;
    case 'where':
      return `${indent}(where ${printExpr(plan.predicate)}\n${printPlan(plan.input, deeper)})`;
    case 'extend':
    case 'project':
      return `${indent}(${plan.kind} ${printNamed(plan.columns)}\n${printPlan(plan.input, deeper)})`;
    case 'unnest':
      return `${indent}(unnest ${printUnnest(plan)}\n${printPlan(plan.input, deeper)})`;
    case 'unpack':
      return `${indent}(unpack ${printExpr(plan.bag)}\n${printPlan(plan.input, deeper)})`;
    case 'scan': {
      const steps = plan.steps.map(({ name, condition, assigns }) => {
        const made = assigns.length === 0 ? '' : ` => ${printNamed(assigns)}`;
        return `${name}: ${printExpr(condition)}${made}`;
      });
      return `${indent}(scan ${printNamed(plan.declares)} ${steps.join('; ')}\n${printPlan(plan.input, deeper)})`;
    }
    case 'ask':
      return `${indent}(ask ${plan.program.module.name}\n${printPlan(plan.input, deeper)})`;
    case 'summarize': {
      const aggregates = plan.aggregates.map((made) => `${made.names.join(', ')} = ${printAggregate(made)}`).join(', ');
      return `${indent}(summarize ${aggregates} by ${printNamed(plan.by)}\n${printPlan(plan.input, deeper)})`;
    }
    case 'distinct':
      return `${indent}(distinct\n${printPlan(plan.input, deeper)})`;
    case 'order':
      return `${indent}(order ${printSortKeys(plan.keys)}\n${printPlan(plan.input, deeper)})`;
    case 'join': {
      const inputs = [plan.left, plan.right].map((input) => printPlan(input, deeper)).join('\n');
      return `${indent}(join ${printJoin(plan)}\n${inputs})`;
    }
    case 'apply': {
      const inputs = [plan.body, plan.input].map((input) => printPlan(input, deeper)).join('\n');
      return `${indent}(apply ${printApply(plan)}\n${inputs})`;
    }
    case 'window':
      return `${indent}(window ${printWindowColumns(plan)}\n${printPlan(plan.input, deeper)})`;
    case 'series':
      return `${indent}(series ${printSeries(plan)}\n${printPlan(plan.input, deeper)})`;
    case 'limit':
      return `${indent}(limit ${plan.count}\n${printPlan(plan.input, deeper)})`;
    case 'union':
      return `${indent}(union\n${plan.inputs.map((input) => printPlan(input, deeper)).join('\n')})`;
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return printKeyed(plan, indent);
  }
}

function printKeyed(plan: Keyed, indent: string): string {
  const deeper = `${indent}  `;
  const inputs = keyedInputs(plan).map((input, place) => `\n${deeper}${printKeyedInput(plan, input, place, deeper)}`);
  return `${indent}(${[plan.kind, ...keyedWords(plan)].join(' ')}${inputs.join('')})`;
}

function keyedWords(plan: Keyed): readonly string[] {
  const by = plan.by.map(({ name, missing, many }) =>
    [name, ...(missing === 'drop' ? ['required'] : []), ...(many === 'first' ? ['first'] : [])].join(' '),
  );
  const keyed = by.length === 0 ? [] : [`by ${by.join(', ')}`];
  switch (plan.kind) {
    case 'threshold': {
      const measures = plan.measures.map((measure) => `${measure.name} = ${printWindowMeasure(measure, plan)}`);
      return [
        printTimeWindow(plan.window),
        ...keyed,
        `having ${printExpr(plan.having)}`,
        ...measures,
        ...outputWords(plan),
      ];
    }
    case 'first-seen':
      return [plan.history === null ? 'ever' : `in ${printTicks(plan.history)}`, ...keyed];
    case 'sequence':
      return [printOrder(plan.order), ...keyed, ...outputWords(plan)];
  }
}

function outputWords({ emit, summary }: Threshold | Sequence): readonly string[] {
  const named = Object.entries(summary).map(([of, name]) => `${name}=${of}`);
  return [`emit ${emit.how} ${emit.rows}`, `tell ${emit.mostRows}`, ...named];
}

function printKeyedInput(plan: Keyed, input: KeyedInput | Step, place: number, indent: string): string {
  const until = plan.kind === 'sequence' && place === plan.steps.length;
  const keys = input.keys.flatMap((key, at) => (key === null ? [] : [`${plan.by[at]?.name} = ${printExpr(key)}`]));
  const kept = input.keep.map(({ name, expr }) => `${name} = ${printExpr(expr)}`);
  const count = 'count' in input ? [`${input.count.atLeast}..${input.count.atMost ?? ''}`] : [];
  const parts = [
    ...(until ? ['until'] : []),
    input.name,
    ...count,
    ...(keys.length > 0 ? [`by ${keys.join(', ')}`] : []),
    ...(kept.length > 0 ? [`keep ${kept.join(', ')}`] : []),
    `at ${printExpr(input.time)}`,
    ...(input.tie ? [`tie ${printExpr(input.tie)}`] : []),
  ];
  return `(${parts.join(' ')}\n${printPlan(input.plan, `${indent}  `)})`;
}

function printWindowMeasure(measure: WindowMeasure, { inputs }: Threshold): string {
  switch (measure.fn) {
    case 'count':
    case 'inputs':
      return `(${measure.fn})`;
    case 'count-distinct':
      return `(count-distinct ${measure.of.map((name) => `@${name}`).join(' ')})`;
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
      return `(${measure.fn} @${measure.of})`;
    case 'percentile':
      return `(percentile ${measure.percent} @${measure.of})`;
    case 'in-order':
      return `(in-order ${measure.inputs.map((place) => inputs[place]?.name).join(' ')})`;
  }
}

function printTimeWindow(window: TimeWindow): string {
  switch (window.kind) {
    case 'within':
    case 'sliding':
    case 'anchored':
      return `${window.kind} ${printLength(window.length)}`;
    case 'tumbling':
      return `tumbling ${printTicks(window.length)} from ${window.origin}`;
    case 'session':
      return `session ${printTicks(window.gap)} at most ${printLength(window.atMost)}`;
  }
}

function printOrder(order: StepOrder): string {
  switch (order.kind) {
    case 'strict':
    case 'any':
      return `${order.kind} ${printLength(order.within)}`;
    case 'linked': {
      const links = order.links.map(({ from, to, within, share }) => {
        const values = share === null ? '' : ` @${share.from} = @${share.to}`;
        return ` (${from} to ${to} ${printLength(within)}${values})`;
      });
      return `linked ${printLength(order.within)}${links.join('')}`;
    }
    case 'sample':
      return `sample ${order.most}`;
  }
}

function printLength(length: Ticks | null): string {
  return length === null ? 'unlimited' : printTicks(length);
}

/** Whole seconds, or else ticks. */
function printTicks(ticks: Ticks): string {
  return ticks.endsWith('0000000') ? `${ticks.slice(0, -7)}s` : `${ticks}t`;
}

/** As `printPlan`, the shared plans first. */
export function printQuery({ shared, result }: Query): string {
  const named = shared.map(({ name, plan }) => `(let ${name}\n${printPlan(plan, '  ')})`);
  return [...named, printPlan(result)].join('\n');
}
