import { diagnostic } from '../../../../base/diagnostic.ts';
import { field, NULL, text } from '../../../../ir/construct.ts';
import type { Expr } from '../../../../ir/expr.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import type { ScanRead, ScanStep } from '../../../../ir/plan/relational.ts';
import type { Expression, Operator, ScanOperator } from '../../ast/index.ts';
import { optionWord } from '../option.ts';
import type { Column, Columns, Environment, Table } from '../scope.ts';
import { asType, convert } from '../values/convert.ts';
import { lowerCondition, lowerExpression } from '../values/expression.ts';
import { sortKeys } from './order.ts';

type ScanNode = Operator & ScanOperator;

/** `scan`: steps over the rows in their order, each with what it remembers. `s.x` is the column `x` of the row that fitted `s` last. */
export function lowerScan(node: ScanNode, input: Table, environment: Environment): Table {
  const { context } = environment;
  const declared: Column[] = [];
  const declares: NamedExpr[] = [];
  for (const { name, type, value } of node.declares) {
    const own = type.type ?? 'dynamic';
    const before = value === undefined ? undefined : lowerExpression(value, { ...environment, columns: undefined });
    declared.push({ name: name.text, type: own });
    declares.push({ name: name.text, expr: before === undefined ? absent(own) : convert(before, own) });
  }
  const matchId = optionWord(node.options, 'with_match_id');
  const row = input.columns.with(declared);
  const reads = new Map<string, ScanRead>();
  const steps = new Set(node.steps.map(({ name }) => name.text));
  const remembered = new Map<string, Column>();
  const within = (written: Expression): Expression => stepColumns(written, steps, reads, remembered, row);
  const lowered = node.steps.map((step): ScanStep => {
    if (step.optional)
      context.report(diagnostic('unsupported/kusto-operator', { name: 'scan with optional steps' }, step.span));
    const condition = within(step.condition);
    const assigned = step.assignments.map((one) => ({ one, value: within(one.value) }));
    const columns = row.with([...remembered.values()]);
    const inner: Environment = { ...environment, columns };
    const assigns = assigned.map(({ one, value }): NamedExpr => {
      const name = one.names[0]?.text ?? '';
      const type = declared.find((column) => column.name === name)?.type ?? row.typeOf(name) ?? 'unknown';
      const made = lowerExpression(value, inner);
      return { name, expr: type === 'unknown' || type === made.type ? made.expr : asType(made, type) };
    });
    return {
      name: step.name.text,
      condition: lowerCondition(condition, inner),
      assigns,
      output: outputOf(step.output?.text),
    };
  });
  const order = sortKeys(node.order, environment);
  const partition = node.partition.map((key) => lowerExpression(key, environment).expr);
  const plan: Plan = {
    kind: 'scan',
    input: input.plan,
    partition,
    order,
    declares,
    steps: lowered,
    reads: [...reads.values()],
    ...(matchId !== undefined && { matchId }),
  };
  const added: Column[] = [...declared, ...(matchId === undefined ? [] : [{ name: matchId, type: 'long' as const }])];
  const made = [...new Set([...input.made, ...added.map(({ name }) => name)])];
  const columns = input.columns.with(added);
  input.columns.all();
  return { plan, columns, shaped: input.shaped, made };
}

function absent(type: Column['type']): Expr {
  return type === 'string' ? text('') : NULL;
}

function outputOf(word: string | undefined): ScanStep['output'] {
  return word === 'last' || word === 'none' ? word : 'all';
}

/** The expression with `step.column` replaced by a column that no query can name. */
function stepColumns(
  node: Expression,
  steps: ReadonlySet<string>,
  reads: Map<string, ScanRead>,
  remembered: Map<string, Column>,
  row: Columns,
): Expression {
  const inner = (one: Expression): Expression => stepColumns(one, steps, reads, remembered, row);
  switch (node.kind) {
    case 'member': {
      const { target } = node;
      if (target.kind !== 'name' || !steps.has(target.name) || row.has(target.name))
        return { ...node, target: inner(target) };
      const name = `$${target.name}.${node.name.text}`;
      reads.set(name, { name, step: target.name, column: node.name.text });
      remembered.set(name, { name, type: row.typeOf(node.name.text) ?? 'unknown' });
      return { kind: 'name', name, span: node.span };
    }
    case 'index':
      return { ...node, target: inner(node.target), index: inner(node.index) };
    case 'call':
      return { ...node, args: node.args.map((argument) => ({ ...argument, value: inner(argument.value) })) };
    case 'unary':
      return { ...node, operand: inner(node.operand) };
    case 'binary':
      return { ...node, left: inner(node.left), right: inner(node.right) };
    case 'logic':
      return { ...node, items: node.items.map(inner) };
    case 'between':
      return { ...node, subject: inner(node.subject), low: inner(node.low), high: inner(node.high) };
    case 'list':
      return { ...node, subject: inner(node.subject), items: node.items.map(inner) };
    case 'literal':
    case 'name':
    case 'star':
    case 'method':
    case 'typeof':
    case 'pipe':
    case 'source':
    case 'bad':
      return node;
  }
}

/** `row_window_session(time, most, gap [, restart])`: when the session of each row began. */
export function sessionOf(
  time: Expr,
  most: Expr,
  gap: Expr,
  restart: Expr | undefined,
  name: string,
): { readonly over: (input: Plan) => Plan } {
  const step = 'session';
  const began: ScanRead = { name: `${name}.began`, step, column: name };
  const before: ScanRead = { name: `${name}.before`, step, column: `${name}.last` };
  const longer = (from: ScanRead, limit: Expr): Expr => ({
    kind: 'compare',
    op: '>',
    left: { kind: 'call', fn: 'kusto.subtract', args: [time, field(from.name)] },
    right: limit,
    nulls: 'unknown',
    many: 'whole',
  });
  const isNew: Expr = {
    kind: 'or',
    items: [
      { kind: 'is-null', subject: field(began.name) },
      longer(began, most),
      longer(before, gap),
      ...(restart === undefined ? [] : [restart]),
    ],
  };
  const start: Expr = { kind: 'cond', branches: [{ when: isNew, then: time }], otherwise: field(began.name) };
  return {
    over: (input) => ({
      kind: 'scan',
      input,
      partition: [],
      order: [],
      declares: [
        { name, expr: NULL },
        { name: `${name}.last`, expr: NULL },
      ],
      steps: [
        {
          name: step,
          condition: { kind: 'literal', type: 'bool', value: true },
          assigns: [
            { name, expr: start },
            { name: `${name}.last`, expr: time },
          ],
          output: 'all',
        },
      ],
      reads: [began, before],
    }),
  };
}
