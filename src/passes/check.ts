import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Call, Compare, Expr } from '../ir/expr.ts';
import { aggregates } from '../ir/functions/aggregates.ts';
import { functions } from '../ir/functions/registry.ts';
import type { Parameter } from '../ir/functions/signature.ts';
import { inputExpressions, keyedColumns, keyedInputs } from '../ir/plan/keyed-inputs.ts';
import { madeNames } from '../ir/plan/made.ts';
import { mapJoin, windowExpressions } from '../ir/plan/map-expressions.ts';
import type {
  Aggregate,
  ColumnType,
  Join,
  Keyed,
  NamedExpr,
  Plan,
  Rows,
  Scan,
  Series,
  Window,
} from '../ir/plan/plan.ts';
import { ANY, BOOL, mayBe, mayCompare, printTypes, type TypeSet, types } from '../ir/static-type.ts';
import { children, inputs } from '../ir/traverse.ts';

import {
  columnType,
  havingRow,
  NO_SCHEMAS,
  pairRow,
  type RowType,
  rowsOf,
  type Schemas,
  scanRow,
  typeGiven,
} from './columns.ts';

export interface CheckOptions {
  /** Without them fields may be of any type. */
  readonly schemas?: Schemas;
  /** Whether the plan has been bound to a log type, so that no field and no source may be left. */
  readonly bound?: boolean;
  /** Columns that the plan's rows must have. */
  readonly columns?: readonly ColumnType[] | undefined;
}

const NO_VARIABLES: ReadonlySet<string> = new Set();

/**
 * Whether a plan makes sense: every call fits its signature, what decides is a condition, and what is read is there. What it
 * finds is a fault of a language, a view or a pass: a rule's own mistakes are found when it is lowered. A value whose type is
 * not known passes everywhere; only what can never be right is found.
 */
export function checkPlan(plan: Plan, options: CheckOptions = {}): readonly Diagnostic[] {
  const checker = new Checker(options);
  const row = checker.plan(plan);
  for (const column of options.columns ?? []) checker.result(column, row);
  return checker.findings;
}

/** As `checkPlan`, for a condition over records: what a view, or a rule that is no plan, says of them. */
export function checkCondition(condition: Expr): readonly Diagnostic[] {
  return checkPlan({ kind: 'where', input: { kind: 'records', logType: '' }, predicate: condition });
}

class Checker {
  readonly findings: Diagnostic[] = [];
  private readonly schemas: Schemas;
  private readonly bound: boolean;

  constructor({ schemas = NO_SCHEMAS, bound = false }: CheckOptions) {
    this.schemas = schemas;
    this.bound = bound;
  }

  plan(plan: Plan): RowType {
    const given = inputs(plan).map((input) => this.plan(input));
    const made = rowsOf(plan, given, this.schemas);
    this.operator(plan, given, made);
    return made;
  }

  /** A column that the rule says its rows have. Of a dynamic one it says nothing. */
  result({ name, type }: ColumnType, row: RowType): void {
    const found = columnType(name, row, this.schemas);
    if (found === undefined) this.column(name, row, undefined);
    else if (type !== 'dynamic' && !mayBe(found, types(type))) {
      this.findings.push(diagnostic('plan/column-type', { name, expected: type, found: printTypes(found) }));
    }
  }

  private operator(plan: Plan, given: readonly RowType[], made: RowType): void {
    const [input = made] = given;
    switch (plan.kind) {
      case 'source':
        if (this.bound) this.findings.push(diagnostic('plan/unbound', { what: `a source of ${plan.schema}` }));
        if (plan.scope !== null) this.condition(plan.scope, 'the scope', made);
        return;
      case 'records':
      case 'never':
      case 'input':
      case 'table':
      case 'shared':
      case 'matches':
      case 'ask':
      case 'distinct':
      case 'limit':
      case 'union':
        return;
      case 'rows':
        this.rows(plan);
        return;
      case 'where':
        this.condition(plan.predicate, 'a filter', input);
        return;
      case 'extend':
      case 'project':
        this.columns(plan.columns, input);
        return;
      case 'unnest':
        this.values(plan.columns, input);
        this.distinct(madeNames(plan));
        return;
      case 'unpack':
        this.value(plan.bag, input, NO_VARIABLES);
        return;
      case 'scan':
        this.scan(plan, input);
        return;
      case 'summarize':
        this.values(plan.by, input);
        for (const aggregate of plan.aggregates) this.aggregate(aggregate, input);
        this.distinct(madeNames(plan));
        return;
      case 'order':
        this.values(plan.keys, input);
        return;
      case 'join':
        this.join(plan, given);
        return;
      case 'apply':
        for (const expr of plan.by ?? []) this.value(expr, input, NO_VARIABLES);
        this.columns(plan.keep, input);
        return;
      case 'window':
        this.window(plan, input);
        return;
      case 'series':
        this.series(plan, input);
        return;
      case 'threshold':
        this.keyed(plan, given);
        this.condition(plan.having, 'what a threshold asks', havingRow(plan));
        return;
      case 'first-seen':
      case 'sequence':
        this.keyed(plan, given);
        return;
    }
  }

  private scan(plan: Scan, input: RowType): void {
    for (const expr of plan.partition) this.value(expr, input, NO_VARIABLES);
    this.values(plan.order, input);
    this.values(plan.declares, input);
    this.distinct(madeNames(plan));
    const inside = scanRow(plan, input);
    for (const { name, condition, assigns } of plan.steps) {
      this.condition(condition, `the step ${name}`, inside);
      this.values(assigns, inside);
    }
  }

  private rows({ columns, rows }: Rows): void {
    this.distinct(columns.map(({ name }) => name));
    const none: RowType = { made: new Map(), open: [], ofRecord: false };
    for (const cells of rows) {
      this.count('cells in a row', columns.length, cells.length);
      for (const [place, cell] of cells.entries()) {
        const found = this.value(cell, none, NO_VARIABLES);
        const column = columns[place];
        if (column === undefined || mayBe(found, types(column.type))) continue;
        const params = { column: column.name, expected: column.type, found: printTypes(found) };
        this.findings.push(diagnostic('plan/cell-type', params, cell.span));
      }
    }
  }

  private columns(columns: readonly NamedExpr[], row: RowType): void {
    this.distinct(columns.map(({ name }) => name));
    this.values(columns, row);
  }

  private values(columns: readonly { readonly expr: Expr }[], row: RowType): void {
    for (const { expr } of columns) this.value(expr, row, NO_VARIABLES);
  }

  private join(join: Join, given: readonly RowType[]): void {
    const [left, right] = given;
    if (left === undefined || right === undefined) return;
    this.distinct(join.columns.map(({ name }) => name));
    const of = (row: RowType) => (expr: Expr) => {
      this.value(expr, row, NO_VARIABLES);
      return expr;
    };
    mapJoin(join, of(left), of(right), (expr) => expr);
    if (join.residual !== undefined) {
      this.condition(join.residual, 'what a join asks of pairs', pairRow(join, given, this.schemas));
    }
  }

  private window({ partition, order, columns }: Window, row: RowType): void {
    for (const expr of partition) this.value(expr, row, NO_VARIABLES);
    this.values(order, row);
    this.distinct(columns.map(({ name }) => name));
    for (const column of columns) {
      if (column.fn === 'aggregate') this.aggregate({ names: [column.name], ...column.aggregate }, row);
      else for (const expr of windowExpressions(column)) this.value(expr, row, NO_VARIABLES);
    }
  }

  private series(plan: Series, row: RowType): void {
    const { axis, by, aggregates: made } = plan;
    this.value(axis.expr, row, NO_VARIABLES);
    const none: RowType = { made: new Map(), open: [], ofRecord: false };
    for (const expr of [axis.from, axis.to, axis.step, ...made.map(({ fill }) => fill)]) {
      if (expr !== null) this.value(expr, none, NO_VARIABLES);
    }
    this.values(by, row);
    for (const aggregate of made) this.aggregate(aggregate, row);
    this.distinct(madeNames(plan));
  }

  private distinct(names: readonly string[]): void {
    const twice = new Set(names.filter((name, place) => names.indexOf(name) !== place));
    for (const name of twice) this.findings.push(diagnostic('plan/duplicate-column', { name }));
  }

  private count(what: string, expected: number, found: number): void {
    if (found !== expected) this.findings.push(diagnostic('plan/wrong-count', { what, expected, found }));
  }

  private aggregate({ fn, args, names }: Aggregate, row: RowType): void {
    const { parameters } = aggregates[fn];
    const given = args.map((arg) => this.value(arg, row, NO_VARIABLES));
    this.count(`columns of \`${fn}\``, parameters === 'each' ? args.length : 1, names.length);
    if (parameters === 'each') return;
    this.count(`arguments of \`${fn}\``, parameters.length, args.length);
    for (const [place, wanted] of parameters.entries()) {
      const found = given[place];
      if (found !== undefined && !mayBe(found, wanted)) this.wrongType(fn, `${place + 1}`, wanted, found, args[place]);
    }
  }

  private keyed(plan: Keyed, given: readonly RowType[]): void {
    this.distinct(keyedColumns(plan));
    for (const [place, input] of keyedInputs(plan).entries()) {
      const row = given[place];
      if (row === undefined) continue;
      this.count(`keys of ${input.name}`, plan.by.length, input.keys.length);
      this.distinct(input.keep.map(({ name }) => name));
      for (const expr of inputExpressions(input)) this.value(expr, row, NO_VARIABLES);
    }
  }

  /** An expression that decides something. */
  private condition(expr: Expr, what: string, row: RowType): void {
    this.decides(what, this.value(expr, row, NO_VARIABLES), expr);
  }

  private decides(what: string, found: TypeSet | undefined, at: Expr | undefined): void {
    if (found === undefined || mayBe(found, BOOL)) return;
    this.findings.push(diagnostic('plan/not-a-condition', { what, found: printTypes(found) }, at?.span));
  }

  /** Any expression; gives its type. */
  private value(expr: Expr, row: RowType, variables: ReadonlySet<string>): TypeSet {
    const of = children(expr);
    const given = of.map((child, place) => this.value(child, row, inside(expr, place, variables)));
    for (const [what, place] of conditionsIn(expr)) this.decides(what, given[place], of[place]);
    switch (expr.kind) {
      case 'field':
        if (this.bound) this.findings.push(diagnostic('plan/unbound', { what: `the field ${expr.name}` }, expr.span));
        if (expr.of === undefined) this.column(expr.name, row, expr);
        else this.variable(expr.of, variables, expr);
        break;
      case 'column':
        this.column(expr.name, row, expr);
        break;
      case 'raw':
        if (expr.of !== undefined) this.variable(expr.of, variables, expr);
        else if (!row.ofRecord) this.noRecord(expr.paths[0]?.join('.') ?? 'a raw field', expr);
        break;
      case 'leaves':
        if (!row.ofRecord) this.noRecord('every value', expr);
        break;
      case 'compare':
        this.compare(expr, given);
        break;
      case 'call':
        this.call(expr, given);
        break;
      case 'literal':
      case 'missing':
      case 'scalar-of':
      case 'list':
      case 'and':
      case 'or':
      case 'not':
      case 'at-least':
      case 'cond':
      case 'quantified':
      case 'let':
      case 'exists':
      case 'is-null':
      case 'match':
      case 'in-plan':
        break;
    }
    return typeGiven(expr, given, row, this.schemas);
  }

  private column(name: string, row: RowType, at: Expr | undefined): void {
    if (columnType(name, row, this.schemas) !== undefined) return;
    this.findings.push(diagnostic('plan/unknown-column', { name, known: [...row.made.keys()] }, at?.span));
  }

  private variable(name: string, variables: ReadonlySet<string>, at: Expr): void {
    if (!variables.has(name)) this.findings.push(diagnostic('plan/unknown-variable', { name }, at.span));
  }

  private noRecord(what: string, at: Expr): void {
    this.findings.push(diagnostic('plan/no-record', { what }, at.span));
  }

  private compare({ op, span }: Compare, [left = ANY, right = ANY]: readonly TypeSet[]): void {
    if (mayCompare(left, right)) return;
    const params = { op, left: printTypes(left), right: printTypes(right) };
    this.findings.push(diagnostic('plan/never-comparable', params, span));
  }

  private call(call: Call, given: readonly TypeSet[]): void {
    const { parameters, result } = functions[call.fn];
    const last = parameters.at(-1);
    const least = parameters.filter(({ times }) => times === 'once').length;
    const most = last?.times === 'any' ? Number.POSITIVE_INFINITY : parameters.length;
    if (given.length < least || given.length > most) {
      const expected =
        least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
      const params = { name: call.fn, expected, found: given.length };
      this.findings.push(diagnostic('plan/argument-count', params, call.span));
      return;
    }
    for (const [place, found] of given.entries()) {
      const parameter = parameters[place] ?? last;
      if (parameter !== undefined) this.argument(call.fn, parameter, found, call.args[place]);
    }
    if ('of' in result && result.of(given) === undefined) {
      const params = { name: call.fn, found: given.map(printTypes).join(' and ') };
      this.findings.push(diagnostic('plan/arguments-apart', params, call.span));
    }
  }

  private argument(fn: string, parameter: Parameter, found: TypeSet, arg: Expr | undefined): void {
    if (!mayBe(found, parameter.types)) {
      this.wrongType(fn, parameter.name, parameter.types, found, arg);
    } else if (
      parameter.words !== undefined &&
      arg?.kind === 'literal' &&
      !parameter.words.includes(String(arg.value))
    ) {
      const { name, words: expected } = parameter;
      const params = { name: fn, parameter: name, expected, found: String(arg.value) };
      this.findings.push(diagnostic('plan/argument-word', params, arg.span));
    }
  }

  private wrongType(name: string, parameter: string, wanted: TypeSet, found: TypeSet, at: Expr | undefined): void {
    const params = { name, parameter, expected: printTypes(wanted), found: printTypes(found) };
    this.findings.push(diagnostic('plan/argument-type', params, at?.span));
  }
}

/** The variables that stand inside one of an expression's children. */
function inside(expr: Expr, place: number, variables: ReadonlySet<string>): ReadonlySet<string> {
  if ((expr.kind !== 'quantified' && expr.kind !== 'let') || place === 0) return variables;
  const index = expr.kind === 'quantified' && expr.index !== undefined ? [expr.index] : [];
  return new Set([...variables, expr.variable, ...index]);
}

/** Which of an expression's children decide something, and what. */
function conditionsIn(expr: Expr): readonly (readonly [what: string, place: number])[] {
  switch (expr.kind) {
    case 'and':
    case 'or':
    case 'not':
    case 'at-least':
      return children(expr).map((_, place) => [`what \`${expr.kind}\` joins`, place]);
    case 'cond':
      return expr.branches.map((_, place) => ['what a choice depends on', place * 2]);
    case 'quantified':
      return [
        ...(expr.how === 'collect' ? [] : ([['what is asked of elements', 1]] as const)),
        ['what ends a search', 2],
      ];
    case 'literal':
    case 'missing':
    case 'scalar-of':
    case 'list':
    case 'field':
    case 'raw':
    case 'column':
    case 'leaves':
    case 'call':
    case 'let':
    case 'exists':
    case 'is-null':
    case 'compare':
    case 'match':
    case 'in-plan':
      return [];
  }
}
