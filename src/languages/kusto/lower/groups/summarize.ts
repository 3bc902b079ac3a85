import { diagnostic } from '../../../../base/diagnostic.ts';
import { didYouMean } from '../../../../base/did-you-mean.ts';
import type { Span } from '../../../../base/span.ts';
import { field } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { Assignment, CallExpression, Expression, SummarizeOperator } from '../../ast/index.ts';
import { freeName, nameOf, numberedName } from '../columns/naming.ts';
import {
  type AggregateFunction,
  aggregateFunction,
  aggregateNames,
  isAggregate,
  ROW_AGGREGATES,
} from '../functions/aggregates.ts';
import { type Column, Columns, type Environment, type Table, type Typed, type Wanted } from '../scope.ts';
import { lowerExpression } from '../values/expression.ts';
import { Aggregates, aggregateName } from './aggregate.ts';
import { gatheredName, isGathered } from './percentiles.ts';

/**
 * `summarize`: group keys, then aggregates, then whatever is computed from aggregates (`max(x) - min(x)`), which is a
 * projection over hidden columns.
 */
export function lowerSummarize(node: SummarizeOperator, input: Table, environment: Environment): Table {
  return new Summary(input, environment).lower(node);
}

/** A column of the result: its name, its type and, where it is computed afterwards, from what. */
interface Output extends Column {
  readonly expr: Expr;
}

class Summary {
  private readonly input: Table;
  private readonly environment: Environment;
  private readonly by: NamedExpr[] = [];
  private readonly aggregated: Aggregates;
  private readonly outputs: Output[] = [];
  private readonly taken = new Set<string>();
  /** The names that the query itself gives. */
  private explicit: ReadonlySet<string> = new Set();
  private readonly given = new Set<string>();
  /** Who asks for columns whose names are not known. */
  private readonly wanted: Wanted[] = [];
  /** Whether there are columns whose names are not known. */
  private open = false;
  /** Whether some output is more than the plain column of a key or an aggregate. */
  private computes = false;

  constructor(input: Table, environment: Environment) {
    this.input = input;
    this.environment = environment;
    this.aggregated = new Aggregates(environment);
  }

  lower(node: SummarizeOperator): Table {
    this.explicit = new Set([...node.by, ...node.aggregates].flatMap(({ names }) => names.map((name) => name.text)));
    for (const key of node.by) this.key(key);
    for (const aggregate of node.aggregates) this.assignment(aggregate);
    const summarized: Plan = {
      kind: 'summarize',
      input: this.input.plan,
      by: this.by,
      aggregates: this.aggregated.list,
    };
    const plan: Plan = this.computes
      ? { kind: 'project', input: summarized, columns: this.outputs.map(({ name, expr }) => ({ name, expr })) }
      : summarized;
    const columns = new Columns(
      this.outputs.map(({ name, type }) => ({ name, type })),
      this.open || this.aggregated.failed,
      this.wanted,
      this.aggregated.failed,
    );
    return { plan, columns, shaped: true, made: [] };
  }

  private key(key: Assignment): void {
    const value = lowerExpression(key.value, this.environment);
    if (value.type === 'dynamic') {
      const found = diagnostic(
        'kusto/expected-type',
        { expected: 'a value that is not dynamic', found: 'dynamic' },
        key.value.span,
        {
          hints: ['group by tostring(…) of it'],
        },
      );
      this.environment.context.report(found);
    }
    const name = this.claim(key.names[0]?.text, key.value, key.span, key.names.length > 0);
    this.by.push({ name, expr: value.expr });
    this.outputs.push({ name, type: value.type, expr: field(name) });
  }

  private assignment(node: Assignment): void {
    const { value, names } = node;
    if (value.kind === 'call' && ROW_AGGREGATES.has(value.name.text) && !this.isLet(value)) {
      this.rowAggregate(
        value,
        names.map((name) => name.text),
      );
      return;
    }
    if (!mentionsAggregate(value)) {
      // A name that means nothing is told as such.
      const { columns } = this.input;
      if (value.kind === 'name' && !columns.open && !columns.has(value.name) && this.isUnbound(value.name)) {
        const near = didYouMean(value.name, columns.names());
        this.environment.context.report(diagnostic('kusto/unknown-name', { name: value.name, near }, value.span));
        return;
      }
      const name = nameOf(value) ?? (value.kind === 'call' ? value.name.text : '');
      const near = didYouMean(name, aggregateNames());
      this.environment.context.report(
        diagnostic('kusto/unknown-aggregate', { name: name || 'this', near }, value.span),
      );
      return;
    }
    const direct = value.kind === 'call' ? aggregateFunction(value.name.text) : undefined;
    const fresh = names[0]?.text ?? defaultName(value, direct);
    const name = this.claim(fresh, undefined, node.span, names.length > 0);
    if (value.kind === 'call' && isAggregate(value.name.text) && !this.isLet(value)) {
      const made = this.aggregated.lower(value, name);
      if (made.expr.kind !== 'field') this.computes = true;
      this.outputs.push({ name, expr: made.expr, type: made.type });
      for (const [at, column] of (made.several ?? []).entries()) {
        if (at === 0) continue;
        const given = names[at]?.text;
        const own = this.claim(given ?? column.name, undefined, node.span, given !== undefined);
        this.outputs.push({ ...column, name: own });
      }
      return;
    }
    this.computes = true;
    const environment: Environment = {
      ...this.environment,
      columns: new Columns(this.outputs.filter((output) => this.by.some((key) => key.name === output.name))),
      aggregate: (inner) => this.aggregated.lower(inner, this.aggregated.hiddenName()),
    };
    const { expr, type } = lowerExpression(value, environment);
    this.outputs.push({ name, expr, type });
  }

  private isUnbound(name: string): boolean {
    return this.environment.scope.lookup(name) === undefined;
  }

  private isLet(node: CallExpression): boolean {
    return this.environment.scope.lookup(node.name.text)?.kind === 'function';
  }

  /** `arg_max(x, a, b | *)`, `arg_min`, `take_any(a, b | *)`: the values of one row. */
  private rowAggregate(node: CallExpression, given: readonly string[]): void {
    const { context } = this.environment;
    const fnName = node.name.text;
    const extreme = fnName.startsWith('arg');
    if (node.args.length === 0 || fnName === 'argmax' || fnName === 'argmin') {
      if (node.args.length > 0)
        context.report(diagnostic('unsupported/kusto-function', { name: fnName }, node.name.span));
      else
        context.report(
          diagnostic('kusto/argument-count', { name: fnName, expected: 'at least 1 argument', found: 0 }, node.span),
        );
      return;
    }
    const names: string[] = [];
    const args: Expr[] = [];
    const add = (value: Typed, name: string): void => {
      names.push(name);
      args.push(value.expr);
      this.outputs.push({ name, type: value.type, expr: field(name) });
    };
    const prefix = fnName === 'any' ? 'any_' : '';
    for (const [index, argument] of node.args.entries()) {
      if (argument.value.kind === 'star') {
        const wanted = this.input.columns.open ? context.wantedOf(argument) : undefined;
        if (wanted !== undefined) {
          this.open = true;
          this.wanted.push(wanted);
        }
        const first = node.args[0]?.value;
        const skip = new Set([...this.by.map((key) => key.name), first === undefined ? '' : (nameOf(first) ?? '')]);
        // Of a table that no schema describes, the columns that later steps ask for.
        const asked = [...(wanted?.names ?? [])].filter(
          (name) => !this.input.columns.has(name) && !this.taken.has(name),
        );
        for (const name of asked) this.input.columns.want(name);
        const unknown = asked.map((name): Column => ({ name, type: 'unknown' }));
        for (const column of [...this.input.columns.all(), ...unknown]) {
          if (skip.has(column.name)) continue;
          add(
            { expr: field(column.name), type: column.type },
            this.claim(`${prefix}${column.name}`, undefined, node.span),
          );
        }
        continue;
      }
      const value = lowerExpression(argument.value, this.environment);
      if (extreme && index === 0 && value.type === 'dynamic') {
        const params = { name: fnName, parameter: 1, expected: 'a value that has an order', found: 'dynamic' };
        context.report(diagnostic('kusto/argument-type', params, argument.span));
      }
      const own = given[index];
      const derived = nameOf(argument.value);
      const fallback = derived === undefined ? undefined : `${prefix}${derived}`;
      const name = this.claim(own ?? fallback, undefined, argument.span, own !== undefined);
      add(value, name);
    }
    const fn = fnName === 'arg_max' ? 'arg-max' : fnName === 'arg_min' ? 'arg-min' : 'take-any';
    this.aggregated.list.push({ names, fn, args });
  }

  /** A name for a column: the given one, one derived from the expression, or a number; never one that is taken. */
  private claim(wanted: string | undefined, from: Expression | undefined, span: Span, given = false): string {
    if (given && wanted !== undefined) {
      if (this.given.has(wanted)) {
        this.environment.context.report(diagnostic('kusto/duplicate-column', { name: wanted }, span));
      }
      this.given.add(wanted);
      this.taken.add(wanted);
      return wanted;
    }
    const base = wanted ?? (from === undefined ? undefined : nameOf(from));
    const isTaken = (one: string): boolean => this.taken.has(one) || this.explicit.has(one);
    const name =
      base === undefined ? numberedName((one) => isTaken(one) || this.input.columns.has(one)) : freeName(base, isTaken);
    this.taken.add(name);
    return name;
  }
}

function defaultName(value: Expression, direct: AggregateFunction | undefined): string | undefined {
  if (value.kind !== 'call') return computedName(value);
  if (direct !== undefined) return aggregateName(direct, value);
  return isGathered(value.name.text) ? gatheredName(value) : computedName(value);
}

/** The name of `round(avg(x))` is that of its first argument: `avg_x`. */
function computedName(node: Expression): string | undefined {
  if (node.kind !== 'call') return undefined;
  const row = aggregateFunction(node.name.text);
  if (row !== undefined) return aggregateName(row, node);
  const first = node.args[0]?.value;
  const marker: Expression = { kind: 'name', name: '\0', span: node.span };
  const named = nameOf({ ...node, args: [{ name: undefined, value: marker, span: node.span }] });
  return named === '\0' && first !== undefined ? (nameOf(first) ?? computedName(first)) : undefined;
}

function mentionsAggregate(node: Expression): boolean {
  switch (node.kind) {
    case 'call':
      return isAggregate(node.name.text) || node.args.some((argument) => mentionsAggregate(argument.value));
    case 'member':
      return mentionsAggregate(node.target);
    case 'index':
      return mentionsAggregate(node.target) || mentionsAggregate(node.index);
    case 'unary':
      return mentionsAggregate(node.operand);
    case 'binary':
      return mentionsAggregate(node.left) || mentionsAggregate(node.right);
    case 'logic':
      return node.items.some(mentionsAggregate);
    case 'between':
      return [node.subject, node.low, node.high].some(mentionsAggregate);
    case 'list':
      return mentionsAggregate(node.subject) || node.items.some(mentionsAggregate);
    case 'bad':
      return true;
    case 'literal':
    case 'method':
    case 'name':
    case 'star':
    case 'typeof':
    case 'pipe':
    case 'source':
      return false;
  }
}
