import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Aggregate } from '../../../../ir/plan/plan.ts';
import type { CallExpression, Expression } from '../../ast/index.ts';
import { isLoose } from '../../types.ts';
import { nameOf } from '../columns/naming.ts';
import { type AggregateFunction, aggregateFunction } from '../functions/aggregates.ts';
import { accepts, IN_WORDS } from '../functions/parameter.ts';
import type { Environment, Typed } from '../scope.ts';
import { asType, constantWhole } from '../values/convert.ts';
import { lowerCondition, lowerExpression } from '../values/expression.ts';
import { gatheredLists } from './percentiles.ts';

/** Aggregates that give one value each, over the columns of an environment. */
export class Aggregates {
  readonly list: Aggregate[] = [];
  /** Whether one could not be lowered. */
  failed = false;
  private readonly environment: Environment;
  private hidden = 0;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** An aggregate that gives one value, in a column of this name; gives what reads the value. */
  lower(node: CallExpression, name: string): Typed {
    const { context } = this.environment;
    const gathered = gatheredLists(node, this.environment, (fn, args) => {
      const names = [this.hiddenName()];
      this.list.push({ names, fn, args });
      return field(names[0] ?? '');
    });
    if (gathered !== undefined) return gathered;
    const row = aggregateFunction(node.name.text);
    if (row === undefined) {
      this.failed = true;
      context.report(diagnostic('unsupported/kusto-function', { name: node.name.text }, node.name.span));
      return { expr: NULL, type: 'unknown' };
    }
    // `count(x)` counts all rows, whatever `x` is of them.
    const parameters = node.name.text === 'count' && node.args.length > 0 ? (['any'] as const) : row.parameters;
    const extra = row.extra === undefined ? undefined : node.args[parameters.length];
    const found = node.args.length;
    if (found < parameters.length || found > parameters.length + (row.extra === undefined ? 0 : 1)) {
      const expected = `${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
      context.report(diagnostic('kusto/argument-count', { name: node.name.text, expected, found }, node.span));
      return { expr: NULL, type: 'unknown' };
    }
    const args: Expr[] = [];
    let type: Typed['type'] = 'long';
    for (const [index, kind] of parameters.entries()) {
      const argument = node.args[index];
      if (argument === undefined) continue;
      if (kind === 'bool') {
        args.push(lowerCondition(argument.value, this.environment));
        continue;
      }
      const value = lowerExpression(argument.value, this.environment);
      if (!accepts(kind, value.type)) {
        const params = { name: node.name.text, parameter: index + 1, expected: IN_WORDS[kind], found: value.type };
        context.report(diagnostic('kusto/argument-type', params, argument.span));
      }
      if (index === 0) type = value.type;
      args.push(kind === 'dated' && isLoose(value.type) ? asType(value, 'real') : value.expr);
    }
    const { fn } = row;
    if (fn === 'count') args.length = 0;
    const result = row.result(type);
    const summed = row.parameters[0] === 'dated' && (type === 'datetime' || type === 'timespan');
    const [first, ...others] = args;
    const ticks = summed && first !== undefined ? [call('kusto.ticks', [first]), ...others] : args;
    const limited = row.extra === 'limit' && extra !== undefined;
    // A set of arrays is the set of their elements.
    const flattened = fn.startsWith('make-set') && isLoose(type);
    // What the limit leaves out need not be kept.
    const most = limited && !flattened && type !== 'dynamic' ? this.mostOf(extra.value) : undefined;
    const takes = limited && most === undefined;
    // A list of arrays has their elements, and of dynamic values the nulls too.
    const keepsNulls = fn === 'make-list' && type === 'dynamic' && row.finish === undefined;
    const isMean = (fn === 'avg' || fn === 'avg-if') && result === 'real';
    const isHidden = summed || takes || flattened || keepsNulls || isMean || row.finish !== undefined;
    const column = isHidden ? this.hiddenName() : name;
    this.list.push({
      names: [column],
      fn: keepsNulls ? 'make-list-all' : fn,
      args: ticks,
      ...(most !== undefined && { most }),
      ...(row.most !== undefined && { most: row.most }),
    });
    if (isMean) return { expr: orNaN(field(column)), type: result };
    if (row.finish !== undefined) return { expr: row.finish(field(column)), type: result };
    if (summed) return { expr: call('kusto.from-ticks', [field(column), text(result)]), type: result };
    let made: Expr = field(column);
    if (flattened) made = call('kusto.set-flatten', [made]);
    if (keepsNulls) made = call('kusto.flatten', [made]);
    if (takes) made = call('kusto.array-take', [made, lowerExpression(extra.value, this.environment).expr]);
    return { expr: made, type: result };
  }

  /** How many values a set or a list takes, where that is a constant. */
  private mostOf(limit: Expression): number | undefined {
    const whole = constantWhole(lowerExpression(limit, this.environment));
    return whole === undefined || whole > Number.MAX_SAFE_INTEGER ? undefined : Math.max(0, Number(whole));
  }

  /** A name that no query can write. */
  hiddenName(): string {
    this.hidden += 1;
    return `$aggregate${this.hidden}`;
  }
}

/** The mean of no numbers is not a number. */
function orNaN(mean: Expr): Expr {
  const nan = call('kusto.to-real', [text('nan')]);
  return { kind: 'cond', branches: [{ when: { kind: 'is-null', subject: mean }, then: nan }], otherwise: mean };
}

/** `dcount(UserName)` makes `dcount_UserName`, `make_set(x)` makes `set_x`, `count()` makes `count_`. */
export function aggregateName(row: AggregateFunction, node: CallExpression): string | undefined {
  const first = node.args[0]?.value;
  const of = first === undefined ? '' : (nameOf(first) ?? '');
  return row.prefix === '' ? of : `${row.prefix}_${of}`;
}
