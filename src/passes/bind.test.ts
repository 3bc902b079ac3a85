import { expect, it } from 'vitest';
import { FOLDED, field, match, PLAIN, raw } from '../ir/construct.ts';
import type { Expr } from '../ir/expr.ts';
import { printPlan } from '../ir/print/print-plan.ts';
import type { View } from '../ir/view.ts';
import { type Binding, bind } from './bind.ts';

const view: View = {
  schema: 'panther',
  logType: 'test',
  when: null,
  fields: new Map([['EventID', { expr: raw('event', 'id'), type: 'long' }]]),
  families: [],
  otherwise: 'raw',
};
const binding: Binding = {
  logType: 'test',
  view: () => view,
  locate: (path) => [['top', ...path]],
};

function bound(predicate: Expr): string | undefined {
  const plan = bind({ kind: 'where', predicate, input: { kind: 'source', schema: 'panther', scope: null } }, binding);
  return printPlan(plan).split('\n')[0];
}

it('reads a field that no view declares, and one of a variable, in the way of the rule', () => {
  expect(bound({ kind: 'is-null', subject: { ...field('a.b'), ...FOLDED } })).toBe(
    '(where (is-null $top."a.b"|top.a.b~)',
  );
  const isX = match({ ...field('n'), ...FOLDED, of: 'e' }, { kind: 'equals', value: 'x' });
  const over = { ...field('list'), ...PLAIN };
  expect(bound({ kind: 'quantified', how: 'all', over, variable: 'e', body: isX })).toBe(
    '(where (all e $top.list (match e$n~ exact equals "x"))',
  );
});
