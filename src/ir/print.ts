import type { Bound, Expr, Field, Pattern, PlanColumn, Way, WildcardPart } from './expr.ts';
import type { Ticks, TimeWindow, WindowMeasure } from './keyed.ts';
import { keyedInputs } from './keyed-inputs.ts';
import type {
  Aggregate,
  Correlate,
  CorrelateInput,
  Keyed,
  KeyedInput,
  Plan,
  Sequence,
  Step,
  StepOrder,
  Threshold,
  Unnest,
} from './plan.ts';

/** One canonical S-expression of an expression: what tests compare and `show` prints. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'literal':
      return expr.type === 'string' || expr.type === 'bool' || expr.value === null
        ? JSON.stringify(expr.value)
        : `(${expr.type} ${expr.value})`;
    case 'missing':
      return 'missing';
    case 'list':
      return `[${expr.items.map(printExpr).join(' ')}]`;
    case 'field':
      return printField(expr);
    case 'raw':
      return `${expr.of === undefined ? '' : expr.of}$${expr.paths.map(printPath).join('|')}${printWay(expr)}`;
    case 'column':
      return `@${expr.name}`;
    case 'leaves':
      return expr.name === null ? '(leaves)' : `(leaves ${printWildcard(expr.name)})`;
    case 'call':
      return `(${[expr.fn, ...expr.args.map(printExpr)].join(' ')})`;
    case 'cond':
      return `(cond ${expr.branches.map((branch) => `${printExpr(branch.when)} ${printExpr(branch.then)}`).join(' ')} ${printExpr(expr.otherwise)})`;
    case 'and':
    case 'or':
      return `(${expr.kind} ${expr.items.map(printExpr).join(' ')})`;
    case 'not':
      return `(not ${printExpr(expr.item)})`;
    case 'at-least':
      return `(at-least ${expr.count}${expr.most === undefined ? '' : ` most ${expr.most}`} ${expr.of.map(printExpr).join(' ')})`;
    case 'exists':
      return `(exists ${expr.counts === 'present' ? 'present ' : ''}${printExpr(expr.subject)})`;
    case 'is-null':
      return `(is-null ${printExpr(expr.subject)})`;
    case 'compare':
      return `(${[expr.op, ...(expr.nulls === 'total' ? ['total'] : []), ...(expr.many === 'whole' ? [] : [`many-${expr.many}`])].join(' ')} ${printExpr(expr.left)} ${printExpr(expr.right)})`;
    case 'match': {
      const notes = [
        expr.collation,
        ...(expr.quantifier === 'any' ? [] : [expr.quantifier]),
        ...(expr.onMissing === 'false' ? [] : ['null-on-missing']),
      ];
      return `(match ${printExpr(expr.subject)} ${notes.join(' ')} ${printPattern(expr.pattern)})`;
    }
    case 'quantified':
      return `(${expr.how} ${expr.variable}${expr.index === undefined ? '' : `#${expr.index}`} ${printExpr(expr.over)} ${printExpr(expr.body)}${expr.until === undefined ? '' : ` until ${printExpr(expr.until)}`})`;
    case 'let':
      return `(let ${expr.variable} ${printExpr(expr.value)} ${printExpr(expr.body)})`;
    case 'in-plan': {
      const notes = [expr.collation, ...(expr.nulls === 'total' ? ['total'] : [])];
      return `(in-plan ${printExpr(expr.subject)} ${notes.join(' ')} ${printPlanColumn(expr.plan)})`;
    }
    case 'scalar-of':
      return `(scalar-of ${printPlanColumn(expr.plan)})`;
  }
}

const WAYS: Record<Way['keys'], Record<Way['arrays'], string>> = {
  exact: { each: '', strict: '!' },
  'ignore-case': { each: '~*', strict: '~' },
};

function printWay({ keys, arrays }: Way): string {
  return WAYS[keys][arrays];
}

function printPlanColumn({ name, column }: PlanColumn): string {
  return `${name}.${column}`;
}

export function printPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'equals':
      return `equals ${JSON.stringify(pattern.value)}`;
    case 'one-of':
      return `one-of [${pattern.values.map((value) => JSON.stringify(value)).join(' ')}]`;
    case 'prefix':
    case 'suffix':
    case 'contains':
      return `${pattern.kind} ${JSON.stringify(pattern.text)}`;
    case 'wildcard':
      return `wildcard ${printWildcard(pattern.parts)}`;
    case 'regex':
      return `regex ${pattern.flavour}${pattern.anchored ? ' anchored' : ''}${pattern.flags === '' ? '' : ` ${pattern.flags}`} ${JSON.stringify(pattern.source)}`;
    case 'cidr':
      return `cidr ${pattern.network}`;
    case 'range':
      return `range ${[printBound('>', pattern.low), printBound('<', pattern.high)].filter((bound) => bound !== '').join(' ')}`;
    case 'term':
      return `term ${pattern.ends === 'both' ? '' : `${pattern.ends} `}${JSON.stringify(pattern.text)}`;
    case 'analysed':
      return `analysed ${pattern.analyzer === undefined ? '' : `${pattern.analyzer} `}${pattern.mode} ${JSON.stringify(pattern.text)}`;
    case 'token-wildcard':
      return `token-wildcard ${pattern.analyzer === undefined ? '' : `${pattern.analyzer} `}${printWildcard(pattern.parts)}`;
  }
}

/** A wildcard in one notation: `*`, `?`, and a backslash before each of the three in text. */
export function printWildcard(parts: readonly WildcardPart[]): string {
  const inner = parts.map((part) => {
    if ('text' in part) return part.text.replace(/[\\*?]/g, (special) => `\\${special}`);
    return part.any === 'many' ? '*' : '?';
  });
  return JSON.stringify(inner.join(''));
}

/** A plan as nested S-expressions, innermost input last, one operator a line. */
export function printPlan(plan: Plan, indent = ''): string {
  const deeper = `${indent}  `;
  const named = (columns: readonly { readonly name: string; readonly expr: Expr }[]): string =>
    columns.map((column) => `${column.name} = ${printExpr(column.expr)}`).join(', ');
  switch (plan.kind) {
    case 'source': {
      const table = plan.table === undefined ? '' : ` ${plan.table}`;
      const scope = plan.scope === null ? '' : ` scope ${printExpr(plan.scope)}`;
      return `${indent}(source ${plan.schema}${table}${scope})`;
    }
    case 'records':
      return `${indent}(records ${plan.logType})`;
    case 'never':
      return `${indent}(never)`;
    case 'rows':
      return `${indent}(rows ${plan.columns.map((column) => `${column.name}:${column.type}`).join(', ')}; ${plan.rows.length})`;
    case 'input':
      return `${indent}(input ${plan.name})`;
    case 'matches':
      return `${indent}(matches ${plan.rule.format}:${plan.rule.id}${plan.which === 'all' ? ' all' : ''})`;
    case 'where':
      return `${indent}(where ${printExpr(plan.predicate)}\n${printPlan(plan.input, deeper)})`;
    case 'extend':
    case 'project':
      return `${indent}(${plan.kind} ${named(plan.columns)}\n${printPlan(plan.input, deeper)})`;
    case 'unnest':
      return `${indent}(unnest ${printUnnest(plan)}\n${printPlan(plan.input, deeper)})`;
    case 'ask':
      return `${indent}(ask ${plan.program.module.name}\n${printPlan(plan.input, deeper)})`;
    case 'summarize': {
      const aggregates = plan.aggregates.map((made) => `${made.names.join(', ')} = ${printAggregate(made)}`).join(', ');
      return `${indent}(summarize ${aggregates} by ${named(plan.by)}\n${printPlan(plan.input, deeper)})`;
    }
    case 'distinct':
      return `${indent}(distinct\n${printPlan(plan.input, deeper)})`;
    case 'order': {
      const keys = plan.keys.map((key) => `${printExpr(key.expr)} ${key.direction} nulls-${key.nulls}`).join(', ');
      return `${indent}(order ${keys}\n${printPlan(plan.input, deeper)})`;
    }
    case 'limit':
      return `${indent}(limit ${plan.count}\n${printPlan(plan.input, deeper)})`;
    case 'union':
      return `${indent}(union\n${plan.inputs.map((input) => printPlan(input, deeper)).join('\n')})`;
    case 'threshold':
    case 'first-seen':
    case 'sequence':
      return printKeyed(plan, indent);
    case 'correlate': {
      const inputs = plan.inputs.map((input) => `\n${deeper}${printCorrelateInput(plan, input, `${deeper}  `)}`);
      return `${indent}(correlate ${printMeasure(plan)} ${printExpr(plan.condition)} ${printWindow(plan)}${inputs.join('')})`;
    }
  }
}

function printAggregate({ fn, args, most }: Omit<Aggregate, 'names'>): string {
  return `(${[fn, ...args.map(printExpr), ...(most === undefined ? [] : [`most ${most}`])].join(' ')})`;
}

function printUnnest({ columns, index, whenEmpty, most }: Unnest): string {
  const lists = columns.map(
    ({ name, expr, maps }) => `${name} = ${maps === 'whole' ? '' : `${maps} `}${printExpr(expr)}`,
  );
  return [
    lists.join(', '),
    ...(index === undefined ? [] : [`index ${index}`]),
    ...(whenEmpty === 'null' ? ['null-when-empty'] : []),
    ...(most === undefined ? [] : [`most ${most}`]),
  ].join(' ');
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

function printMeasure({ measure, inputs }: Correlate): string {
  switch (measure.kind) {
    case 'count':
    case 'count-distinct':
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'inputs':
      return measure.kind;
    case 'percentile':
      return `(percentile ${measure.percent})`;
    case 'ordered':
      return `(ordered ${measure.of.map((place) => inputs[place]?.name).join(' ')})`;
  }
}

function printWindow({ within, window, missingKeys, emit }: Correlate): string {
  const span = within === null ? 'unlimited' : `${within}s`;
  return `${window} ${span} ${emit}${missingKeys === 'drop' ? ' keys-required' : ''}`;
}

function printCorrelateInput({ by }: Correlate, input: CorrelateInput, indent: string): string {
  const keys = input.keys.map((key, place) => `${by[place]} = ${printExpr(key)}`);
  const carried = input.carry.map(({ name, expr }) => `${name} = ${printExpr(expr)}`);
  const parts = [
    ...(keys.length > 0 ? [`by ${keys.join(', ')}`] : []),
    ...(input.values.length > 0 ? [`of ${input.values.map(printExpr).join(', ')}`] : []),
    ...(carried.length > 0 ? [`with ${carried.join(', ')}`] : []),
  ];
  return `(${[input.name, ...parts, `at ${printExpr(input.time)}`].join(' ')}\n${printPlan(input.plan, indent)})`;
}

function printBound(sign: '<' | '>', bound: Bound | undefined): string {
  return bound === undefined ? '' : `${sign}${bound.inclusive ? '=' : ''} ${JSON.stringify(bound.value)}`;
}

/** A field by its steps is read with keys in any case unless it says otherwise. */
function printField(field: Field): string {
  const { name, path, of } = field;
  if (path?.length === 0) return of ?? '(event)';
  const place =
    path === undefined ? `${name}${printWay(field)}` : `${printPath(path)}${printWay(field).replace('~', '')}`;
  return `${of === undefined ? '' : `${of}/`}${place}`;
}

/** Steps by dots; a step that holds a dot itself in quotes. */
function printPath(path: readonly string[]): string {
  return path.map((step) => (/[.|"\s]/.test(step) ? JSON.stringify(step) : step)).join('.');
}
