import { expect, test } from 'vitest';
import { printTypes, type TypeSet, types } from '../../src/ir/static-type.ts';
import type { ValueType } from '../../src/ir/types.ts';
import type { ViewField } from '../../src/ir/view.ts';
import { logTypes } from '../../src/logs/registry.ts';
import { checkCondition, checkPlan } from '../../src/passes/check.ts';
import { columnsOf } from '../../src/passes/columns.ts';

const views = logTypes.flatMap((type) =>
  type.views.map((view) => ({ name: `${type.name} ${view.schema} ${view.table ?? ''}`.trim(), view })),
);

const told = ({ message }: { readonly message: string }): string => message;

test.each(views)('$name: its expressions make sense, and columns of tables are of their types', ({ view }) => {
  const fields = [...view.fields];
  const plan = {
    kind: 'extend',
    input: { kind: 'records', logType: view.logType },
    columns: fields.map(([name, { expr }]) => ({ name, expr })),
  } as const;
  expect(checkPlan(plan, { bound: true }).map(told)).toEqual([]);
  expect(view.when === null ? [] : checkCondition(view.when).map(told)).toEqual([]);
  if (view.schema !== 'kusto') return;
  const { made } = columnsOf(plan);
  const wrong = fields.filter(([name, field]) => !isAsDeclared(field, made.get(name)));
  expect(wrong.map(([name, { type }]) => `${name}: ${type}, gives ${printTypes(made.get(name) ?? new Set())}`)).toEqual(
    [],
  );
});

function isAsDeclared({ type }: ViewField, found: TypeSet | undefined): boolean {
  // A record may hold more than 32 bits where a table has an int: the number is kept as it is.
  const wanted = type === 'int' ? types('whole') : types(type as ValueType);
  return found !== undefined && [...found].every((one) => wanted.has(one));
}
