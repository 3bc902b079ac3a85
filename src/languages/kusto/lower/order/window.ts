import { diagnostic } from '../../../../base/diagnostic.ts';
import { call, field, NULL } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { Plan } from '../../../../ir/plan/plan.ts';
import type { WindowColumn } from '../../../../ir/plan/relational.ts';
import type { CallExpression, Expression } from '../../ast/index.ts';
import { isNumber } from '../../types.ts';
import { commonType } from '../functions/call.ts';
import { WINDOW_FUNCTIONS } from '../functions/window-names.ts';
import type { Environment, Typed } from '../scope.ts';
import { constantWhole } from '../values/convert.ts';
import { lowerCondition } from '../values/expression.ts';
import { sessionOf } from './scan.ts';

/** Collects the windows that the expressions of an operator need below it. */
export class Windows {
  private readonly steps: ((input: Plan) => Plan)[] = [];

  /** The environment in which such functions may be called. */
  within(environment: Environment): Environment {
    const inner: Environment = { ...environment, window: (node) => this.lower(node, inner) };
    return inner;
  }

  /** The input with the windows over it. */
  over(input: Plan): Plan {
    return this.steps.reduce((plan, over) => over(plan), input);
  }

  private lower(node: CallExpression, environment: Environment): Typed {
    const name = node.name.text;
    const most = WINDOW_FUNCTIONS.get(name) ?? 0;
    const least = name === 'row_number' ? 0 : name === 'row_window_session' ? 3 : 1;
    if (node.args.length < least || node.args.length > most) {
      const expected = `${least} to ${most} arguments`;
      environment.context.report(
        diagnostic('kusto/argument-count', { name, expected, found: node.args.length }, node.span),
      );
      return { expr: NULL, type: 'unknown' };
    }
    const [first, second, third] = node.args.map(({ value }) => value);
    switch (name) {
      case 'row_number': {
        const place = this.add({ fn: 'row-number' }, this.restart(second, environment));
        const start = first === undefined ? 1n : this.constant(first, environment);
        const offset: Expr = { kind: 'literal', type: 'long', value: String(start - 1n) };
        return { expr: start === 1n ? place : call('kusto.add', [place, offset]), type: 'long' };
      }
      case 'row_window_session':
        return this.session(node, environment);
      case 'prev':
      case 'next':
        return this.neighbour(name, node, [first, second, third], environment);
      default: {
        const of: Typed = first === undefined ? { expr: NULL, type: 'unknown' } : environment.lower(first, environment);
        const restart = this.restart(second, environment);
        if (name === 'row_rank_dense')
          return { expr: this.add({ fn: 'dense-rank', of: [of.expr] }, restart), type: 'long' };
        if (name === 'row_rank_min') return { expr: this.add({ fn: 'rank', of: [of.expr] }, restart), type: 'long' };
        if (!isNumber(of.type) && of.type !== 'unknown') {
          const params = { name, parameter: 1, expected: 'a number', found: of.type };
          environment.context.report(diagnostic('kusto/argument-type', params, node.args[0]?.span ?? node.span));
        }
        const sum = this.add(
          { fn: 'aggregate', aggregate: { fn: 'sum', args: [of.expr] }, before: null, after: 0 },
          restart,
        );
        return { expr: sum, type: of.type === 'int' ? 'long' : of.type };
      }
    }
  }

  private session(node: CallExpression, environment: Environment): Typed {
    const [time, most, gap] = node.args.slice(0, 3).map(({ value }) => environment.lower(value, environment));
    const restart = node.args[3] === undefined ? undefined : lowerCondition(node.args[3].value, environment);
    if (time === undefined || most === undefined || gap === undefined) return { expr: NULL, type: 'unknown' };
    const name = `$window${this.steps.length}`;
    this.steps.push(sessionOf(time.expr, most.expr, gap.expr, restart, name).over);
    return { expr: field(name), type: 'datetime' };
  }

  private neighbour(
    name: 'prev' | 'next',
    node: CallExpression,
    [first, second, third]: readonly (Expression | undefined)[],
    environment: Environment,
  ): Typed {
    const of: Typed = first === undefined ? { expr: NULL, type: 'unknown' } : environment.lower(first, environment);
    const by = second === undefined ? 1n : this.constant(second, environment);
    const otherwise = third === undefined ? undefined : environment.lower(third, environment);
    if (otherwise !== undefined && commonType([of.type, otherwise.type]) === 'dynamic' && of.type !== 'dynamic') {
      const params = { name, parameter: 3, expected: `a ${of.type}`, found: otherwise.type };
      environment.context.report(diagnostic('kusto/argument-type', params, node.args[2]?.span ?? node.span));
    }
    const none: Expr = of.type === 'string' ? { kind: 'literal', type: 'string', value: '' } : NULL;
    const fn = (name === 'prev') === by >= 0n ? 'lag' : 'lead';
    const size = Number(by < 0n ? -by : by);
    return { expr: this.add({ fn, of: of.expr, by: size, otherwise: otherwise?.expr ?? none }, []), type: of.type };
  }

  /** Rows from one on which the condition holds to the next are among each other. */
  private restart(node: Expression | undefined, environment: Environment): readonly Expr[] {
    if (node === undefined || (node.kind === 'literal' && node.value === false)) return [];
    const condition = lowerCondition(node, environment);
    const counted = { fn: 'count-if', args: [condition] } as const;
    return [this.add({ fn: 'aggregate', aggregate: counted, before: null, after: 0 }, [])];
  }

  private constant(node: Expression, environment: Environment): bigint {
    const value = constantWhole(environment.lower(node, environment));
    if (value === undefined)
      environment.context.report(diagnostic('kusto/constant-needed', { what: 'the number of rows' }, node.span));
    return value ?? 1n;
  }

  private add(column: WithoutName<WindowColumn>, partition: readonly Expr[]): Expr {
    const name = `$window${this.steps.length}`;
    const columns: readonly WindowColumn[] = [{ name, ...column }];
    this.steps.push((input) => ({ kind: 'window', input, partition, order: [], columns }));
    return field(name);
  }
}

type WithoutName<T> = T extends unknown ? Omit<T, 'name'> : never;
