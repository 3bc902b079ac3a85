import { describe, expect, test } from 'vitest';
import { call, field, match, not, raw, text } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import type { FunctionName } from '../ir/functions/registry.ts';
import type { NamedExpr, Plan, Source } from '../ir/plan/plan.ts';
import { testSchema } from '../languages/kusto/test-schema.fixture.ts';
import { checkCondition, checkPlan } from './check.ts';
import type { Schemas } from './columns.ts';

const schemas: Schemas = (name) => (name === 'kusto' ? testSchema : undefined);
const T: Source = { kind: 'source', schema: 'kusto', table: 'T', scope: null };
const events: Source = { kind: 'source', schema: 'ecs', scope: null };
const long = (value: number): Expr => ({ kind: 'literal', type: 'long', value: String(value) });
const is = (name: string, value: string): Expr => match(field(name), { kind: 'equals', value });

const where = (predicate: Expr, input: Plan = T): Plan => ({ kind: 'where', input, predicate });
const made = (expr: Expr, input: Plan = T): Plan => ({ kind: 'extend', input, columns: [{ name: 'x', expr }] });
const project = (columns: readonly NamedExpr[], input: Plan = T): Plan => ({ kind: 'project', input, columns });
const counted: Plan = {
  kind: 'summarize',
  input: T,
  by: [{ name: 'who', expr: field('s') }],
  aggregates: [{ names: ['n'], fn: 'count', args: [] }],
};

function codes(plan: Plan): readonly string[] {
  return checkPlan(plan, { schemas }).map(({ code }) => code);
}

describe('sound plans', () => {
  test.each<[string, Plan]>([
    ['a filter', where(is('s', 'x'))],
    ['a call of text', made(call('kusto.strlen', [field('s')]))],
    ['a whole number for a real', made(call('kusto.math', [text('sqrt'), field('i')]))],
    ['a moment and a duration', made(call('kusto.add', [field('d'), field('t')]))],
    ['a field whose type nobody knows', made(call('kusto.strlen', [field('process.name')]), events)],
    [
      'a column of a summary',
      where({ kind: 'compare', op: '>', left: field('n'), right: long(5), nulls: 'total', many: 'whole' }, counted),
    ],
    ['several numbers of arguments', made(call('kusto.strcat', []))],
    [
      'what is raw, after columns were chosen',
      where(not(match(raw('a'), { kind: 'equals', value: 'x' })), project([{ name: 'a', expr: field('s') }])),
    ],
  ])('%s', (_, plan) => {
    expect(codes(plan)).toEqual([]);
  });
});

describe('a planted fault is found', () => {
  test.each<[string, Plan, string]>([
    ['too few arguments', made(call('kusto.split', [field('s')])), 'plan/argument-count'],
    ['too many arguments', made(call('kusto.strlen', [field('s'), field('s')])), 'plan/argument-count'],
    ['an argument of another type', made(call('kusto.strlen', [field('i')])), 'plan/argument-type'],
    [
      'a repeated argument of another type',
      made(call('kusto.make-timespan', [field('l'), field('s')])),
      'plan/argument-type',
    ],
    [
      'the result of a call of another type',
      made(call('kusto.start-of', [text('day'), call('kusto.strlen', [field('s')])])),
      'plan/argument-type',
    ],
    ['a dynamic value where text is asked', made(call('kusto.strlen', [field('y')])), 'plan/argument-type'],
    [
      'a word that a function does not know',
      made(call('kusto.start-of', [text('hour'), field('d')])),
      'plan/argument-word',
    ],
    ['a sum of a moment and a moment', made(call('kusto.add', [field('d'), field('d')])), 'plan/arguments-apart'],
    ['a filter that is text', where(field('s')), 'plan/not-a-condition'],
    ['a filter that is a call of no condition', where(call('kusto.strlen', [field('s')])), 'plan/not-a-condition'],
    ['a logical operand that is a number', where(not(field('l'))), 'plan/not-a-condition'],
    [
      'a choice that depends on text',
      made({ kind: 'cond', branches: [{ when: field('s'), then: text('a') }], otherwise: text('b') }),
      'plan/not-a-condition',
    ],
    [
      'a comparison of text with a number',
      where({ kind: 'compare', op: '==', left: field('s'), right: long(1), nulls: 'total', many: 'whole' }),
      'plan/never-comparable',
    ],
    ['a column that no operator made', where(is('s', 'x'), counted), 'plan/unknown-column'],
    [
      'a column that a projection dropped',
      where(is('s2', 'x'), project([{ name: 's', expr: field('s') }])),
      'plan/unknown-column',
    ],
    [
      'a column made twice',
      project([
        { name: 'a', expr: field('s') },
        { name: 'a', expr: field('i') },
      ]),
      'plan/duplicate-column',
    ],
    [
      'a variable of nothing',
      where(match({ ...field('n'), of: 'e' }, { kind: 'equals', value: 'x' })),
      'plan/unknown-variable',
    ],
    [
      'what is raw, of rows made of several',
      where({ kind: 'exists', subject: raw('a'), counts: 'value' }, counted),
      'plan/no-record',
    ],
    [
      'a cell of another type',
      { kind: 'rows', columns: [{ name: 'a', type: 'long' }], rows: [[text('x')]] },
      'plan/cell-type',
    ],
    [
      'a row that is too short',
      { kind: 'rows', columns: [{ name: 'a', type: 'long' }], rows: [[]] },
      'plan/wrong-count',
    ],
    [
      'an aggregate without its argument',
      { ...counted, aggregates: [{ names: ['n'], fn: 'sum', args: [] }] },
      'plan/wrong-count',
    ],
    [
      'an aggregate of another type',
      { ...counted, aggregates: [{ names: ['n'], fn: 'sum', args: [field('s')] }] },
      'plan/argument-type',
    ],
    [
      'an aggregate whose condition is none',
      { ...counted, aggregates: [{ names: ['n'], fn: 'count-if', args: [field('s')] }] },
      'plan/argument-type',
    ],
    [
      'a column of an aggregate that is also a key',
      { ...counted, aggregates: [{ names: ['who'], fn: 'count', args: [] }] },
      'plan/duplicate-column',
    ],
  ])('%s', (_, plan, code) => {
    expect(codes(plan)).toEqual([code]);
  });

  test('what a correlation groups by and asks', () => {
    const threshold: Plan = {
      kind: 'threshold',
      inputs: [{ name: 'r', plan: events, time: field('t'), keys: [], keep: [] }],
      by: [
        { name: 'user', missing: 'key', many: 'each' },
        { name: 'count', missing: 'key', many: 'each' },
      ],
      window: { kind: 'within', length: null },
      measures: [{ name: 'value', fn: 'count' }],
      having: { kind: 'column', name: 'rows of other' },
      emit: { how: 'each', rows: 'last', mostRows: 0 },
      summary: { count: 'count' },
    };
    expect(checkPlan(threshold).map(({ message }) => message)).toEqual([
      'internal error in the plan: the column `count` is made twice',
      'internal error in the plan: there must be 2 keys of r, found 0',
      'internal error in the plan: there is no column `rows of other` among value, rows of r',
    ]);
  });

  test('a result without a column that the rule says it has', () => {
    const columns = [{ name: 'gone', type: 'string' }] as const;
    expect(checkPlan(counted, { schemas, columns }).map(({ params }) => params)).toEqual([
      { name: 'gone', known: ['who', 'n'] },
    ]);
  });
});

test('nothing of the schema may be left in a plan that is bound', () => {
  const bound = (plan: Plan): readonly string[] => checkPlan(plan, { bound: true }).map(({ message }) => message);
  expect(bound(where(is('s', 'x')))).toEqual([
    'internal error in the plan: a source of kusto is left in a plan that was bound to a log type',
    'internal error in the plan: the field s is left in a plan that was bound to a log type',
  ]);
  expect(
    bound(where({ kind: 'exists', subject: raw('a'), counts: 'value' }, { kind: 'records', logType: 'x' })),
  ).toEqual([]);
});

test('a condition over records, and where in the rule it is wrong', () => {
  const wrong = call('text.lower' satisfies FunctionName, [], { source: 'rule.yml', start: 3, end: 7 });
  const [found] = checkCondition({ kind: 'exists', subject: wrong, counts: 'value' });
  expect([found?.code, found?.labels[0]?.span]).toEqual(['plan/argument-count', wrong.span]);
});
