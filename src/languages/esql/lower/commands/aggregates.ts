import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, literalOf, NULL, or, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Aggregate, AggregateName } from '../../../../ir/plan/plan.ts';
import type { EsqlCall, EsqlExpr } from '../../ast.ts';
import { asResult, type EsqlType, isOf } from '../../types.ts';
import { argumentsOf, fits } from '../expressions/arguments.ts';
import { coerced } from '../expressions/coerce.ts';
import type { Inner } from '../expressions/inner.ts';
import { noted } from '../expressions/noted.ts';
import { numberOfConstant, type Typed, textOfConstant } from '../expressions/typed.ts';

/** The aggregates of a STATS: those that are asked for twice are made once. */
export class Aggregates {
  readonly made: Aggregate[] = [];
  private readonly known = new Map<string, string>();
  private readonly fresh: (of: string) => string;

  constructor(fresh: (of: string) => string) {
    this.fresh = fresh;
  }

  /** The column of an aggregate. */
  column(fn: AggregateName, args: readonly Expr[]): Expr {
    const key = JSON.stringify([fn, args], (name, value) => (name === 'span' ? undefined : value));
    const name = this.known.get(key) ?? this.fresh('aggregate');
    if (!this.known.has(key)) this.made.push({ names: [name], fn, args });
    this.known.set(key, name);
    return field(name);
  }
}

/** What an aggregate takes, by name. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  absent: ['any'],
  avg: ['number'],
  count: ['any?'],
  count_distinct: ['any', 'whole?'],
  earliest: ['any', 'any?'],
  first: ['any', 'any'],
  last: ['any', 'any'],
  latest: ['any', 'any?'],
  max: ['any'],
  median: ['number'],
  median_absolute_deviation: ['number'],
  min: ['any'],
  percentile: ['number', 'number'],
  present: ['any'],
  sample: ['any', 'whole'],
  std_dev: ['number'],
  std_var: ['number'],
  stddev: ['number'],
  sum: ['number'],
  top: ['any', 'whole', 'string?', 'any?'],
  values: ['any'],
  variance: ['number'],
  weighted_avg: ['number', 'number'],
};

export function isAggregate(expr: EsqlExpr): expr is EsqlCall {
  return expr.kind === 'call' && Object.hasOwn(PARAMETERS, expr.name.text.toLowerCase());
}

/**
 * An aggregate over the rows of `inner`, as an expression over the columns of `aggregates`. `where`: the rows that count.
 */
export function lowerAggregate(expr: EsqlCall, where: Expr | undefined, inner: Inner, aggregates: Aggregates): Typed {
  const { span } = expr;
  const name = expr.name.text.toLowerCase();
  const counted = (value: Expr): Expr =>
    where === undefined ? value : { kind: 'cond', branches: [{ when: where, then: value }], otherwise: NULL };
  if (name === 'count' && (expr.args.length === 0 || expr.args[0]?.kind === 'star')) {
    const all = aggregates.column('values-count', [counted(literalOf(1))]);
    return { expr: all, type: 'long', span };
  }
  const parameters = PARAMETERS[name] ?? [];
  const written = argumentsOf(expr, parameters, inner);
  if (written === undefined) return inner.failed(span);
  const args = written.map((arg) => inner.typed(arg));
  const [value, second] = args;
  const isFit = args.every((arg, place) => fits(arg, familyOf(parameters[place]), name, inner));
  if (value === undefined || !isFit) return inner.failed(span);
  const of = new AggregateOf(value, counted, inner, aggregates, expr);
  return of.lower(name, second, args);
}

function familyOf(parameter: string | undefined): 'any' | 'number' | 'whole' | 'string' {
  const family = (parameter ?? 'any').replace('?', '');
  return family === 'number' || family === 'whole' || family === 'string' ? family : 'any';
}

class AggregateOf {
  private readonly value: Typed;
  private readonly counted: (value: Expr) => Expr;
  private readonly inner: Inner;
  private readonly aggregates: Aggregates;
  private readonly call: EsqlCall;

  constructor(value: Typed, counted: (value: Expr) => Expr, inner: Inner, aggregates: Aggregates, written: EsqlCall) {
    this.value = value;
    this.counted = counted;
    this.inner = inner;
    this.aggregates = aggregates;
    this.call = written;
  }

  lower(name: string, second: Typed | undefined, args: readonly Typed[]): Typed {
    const { type } = this.value;
    const given = asResult(type);
    switch (name) {
      case 'count':
        return this.made(this.column('values-count'), 'long');
      case 'count_distinct':
        if (second !== undefined) this.constant(second, 'the precision of COUNT_DISTINCT');
        return this.made(this.column('values-different-count'), 'long');
      case 'absent':
      case 'present': {
        const op = name === 'absent' ? '==' : '>';
        const left = this.column('values-count');
        const found: Expr = { kind: 'compare', op, left, right: literalOf(0), nulls: 'unknown', many: 'null' };
        return this.made(found, 'boolean');
      }
      case 'sum':
        return this.sum();
      case 'avg':
        return this.made(this.average(), 'double');
      case 'min':
      case 'max':
        return this.made(this.column(`values-${name}`, [text(type)]), given);
      case 'values':
        return this.made(this.column('values-different'), given);
      case 'sample':
        return this.made(
          call('esql.mv-slice', [this.column('values-all'), literalOf(0), this.count(second, -1)]),
          given,
        );
      case 'top':
        return this.top(args, given);
      case 'first':
      case 'earliest':
      case 'last':
      case 'latest':
        return this.ranked(name === 'first' || name === 'earliest' ? 'values-first' : 'values-last', second, given);
      case 'median':
        return this.made(this.percentile({ kind: 'literal', type: 'real', value: 50 }), 'double');
      case 'percentile':
        if (second !== undefined) this.constant(second, 'the percentile');
        return this.made(this.percentile(second?.expr ?? NULL), 'double');
      case 'median_absolute_deviation':
        return this.made(
          call('esql.mv-deviation', [this.column('values-all', [], this.real()), text('double')]),
          'double',
        );
      case 'std_dev':
      case 'stddev':
      case 'std_var':
      case 'variance': {
        const measure = name === 'variance' || name === 'std_var' ? 'variance' : 'deviation';
        const moments = this.column('values-moments', [], this.real());
        return this.made(call('esql.spread', [moments, text(measure)]), 'double');
      }
      case 'weighted_avg':
        return this.weighted(second);
      default:
        return this.inner.failed(this.call.span);
    }
  }

  private made(expr: Expr, type: EsqlType): Typed {
    return { expr, type, span: this.call.span };
  }

  private noted(expr: Expr, type: EsqlType): Typed {
    return this.made(noted(expr, this.call.span, 'null', this.inner.context), type);
  }

  private column(fn: AggregateName, more: readonly Expr[] = [], value: Expr = this.value.expr): Expr {
    return this.aggregates.column(fn, [this.counted(value), ...more]);
  }

  /** Null beyond what a long holds. */
  private sum(): Typed {
    const sum = this.column('values-sum', [], this.number());
    const type = this.value.type === 'null' ? 'null' : isOf(this.numberType(), 'whole') ? 'long' : 'double';
    if (this.inner.context.warns !== true) return this.made(sum, type);
    const count = this.column('values-count', [], this.number());
    return this.noted(call('esql.sum-of', [sum, count]), type);
  }

  private numberType(): EsqlType {
    return this.value.type === 'unknown' ? 'double' : this.value.type;
  }

  private number(): Expr {
    return coerced(this.value, this.numberType(), this.inner.context).expr;
  }

  private real(): Expr {
    return coerced(this.value, 'double', this.inner.context).expr;
  }

  private average(): Expr {
    const sum = this.column('values-sum', [], this.real());
    const count = this.column('values-count', [], this.real());
    return call('esql.divide', [sum, call('esql.to-double', [count]), text('double')]);
  }

  private percentile(percentile: Expr): Expr {
    return call('esql.mv-percentile', [this.column('values-all', [], this.real()), percentile, text('double')]);
  }

  /** By a constant weight it is the average, of rows of several values too. */
  private weighted(weight: Typed | undefined): Typed {
    const constant = weight === undefined ? undefined : numberOfConstant(weight);
    if (constant !== undefined && constant !== 0) return this.made(this.average(), 'double');
    const by = weight === undefined ? NULL : coerced(weight, 'double', this.inner.context).expr;
    const word = text('double');
    const weighed = this.noted(call('esql.multiply', [this.real(), by, word]), 'double');
    const sum = this.column('values-sum', [], weighed.expr);
    const weights = this.column('values-sum', [], by);
    return this.noted(call('esql.divide', [sum, weights, word]), 'double');
  }

  private ranked(fn: 'values-first' | 'values-last', by: Typed | undefined, type: EsqlType): Typed {
    const time = this.inner.scope.column('@timestamp');
    const { span } = this.call;
    const rank =
      by ?? (time && this.inner.typed({ kind: 'name', parts: [{ text: '@timestamp', written: 'plain', span }], span }));
    return this.made(this.column(fn, [rank?.expr ?? NULL]), type);
  }

  private top([, limit, written, output]: readonly Typed[], type: EsqlType): Typed {
    const direction = written === undefined ? 'asc' : (textOfConstant(written) ?? '').toLowerCase();
    if (direction !== 'asc' && direction !== 'desc') {
      const params = { what: 'the order of TOP', expected: '"asc" or "desc"', found: `\`${direction}\`` };
      this.inner.report(diagnostic('esql/wrong-type', params, written?.span ?? this.call.span));
    }
    const order = [text(this.value.type), this.count(limit, 0), text(direction)];
    if (output !== undefined) return this.topBy(output, order);
    return this.made(call('esql.mv-top', [this.column('values-all'), ...order]), type);
  }

  /** The values of another field, of rows that have one value of both. */
  private topBy(output: Typed, order: readonly Expr[]): Typed {
    const [key, value] = [this.value.expr, output.expr].map((expr) => call('esql.one-value', [expr]));
    if (key === undefined || value === undefined) return this.inner.failed(this.call.span);
    const isNull = (subject: Expr): Expr => ({ kind: 'is-null', subject });
    const ofBoth = (of: Expr): Expr => {
      const when = or([isNull(key), isNull(value)]);
      return this.column('values-all', [], { kind: 'cond', branches: [{ when, then: NULL }], otherwise: of });
    };
    return this.made(call('esql.mv-top-by', [ofBoth(key), ofBoth(value), ...order]), asResult(output.type));
  }

  private constant(value: Typed, what: string): void {
    if (value.constant === undefined) this.inner.report(diagnostic('esql/not-constant', { what }, value.span));
  }

  /** A number of values that has to be a constant above 0. */
  private count(limit: Typed | undefined, more: number): Expr {
    const count = limit === undefined ? undefined : numberOfConstant(limit);
    if (count !== undefined && count > 0) return literalOf(count + more);
    const params = { what: 'the limit', expected: 'a constant above 0', found: limit?.type ?? 'nothing' };
    this.inner.report(diagnostic('esql/wrong-type', params, limit?.span ?? this.call.span));
    return NULL;
  }
}
