import { expect, test } from 'vitest';
import { printTypes, type TypeSet, types } from '../../src/ir/static-type.ts';
import { anywhere } from '../../src/ir/traverse.ts';
import type { ValueType } from '../../src/ir/types.ts';
import type { ViewField } from '../../src/ir/view.ts';
import { logTypes } from '../../src/logs/registry.ts';
import { checkCondition, checkPlan } from '../../src/passes/check.ts';
import { columnsOf } from '../../src/passes/columns.ts';
import { compileRegex } from '../../src/patterns/regex/index.ts';

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

test('every regular expression of a view compiles', () => {
  const patterns = new Set<string>();
  for (const { view } of views) {
    for (const { expr } of view.fields.values()) {
      anywhere(expr, (node) => {
        const [, pattern] = node.kind === 'call' && /^view\.captures?$/.test(node.fn) ? node.args : [];
        if (pattern?.kind === 'literal' && typeof pattern.value === 'string') patterns.add(pattern.value);
        return false;
      });
    }
  }
  const options = { flavour: 're2', ignoreCase: true, flags: 's', anchored: false } as const;
  expect(patterns.size).toBeGreaterThan(0);
  expect([...patterns].filter((pattern) => !compileRegex(pattern, options).ok)).toEqual([]);
});

function isAsDeclared({ type }: ViewField, found: TypeSet | undefined): boolean {
  // A record may hold more than 32 bits where a table has an int: the number is kept as it is.
  const wanted = type === 'int' ? types('whole') : types(type as ValueType);
  return found !== undefined && [...found].every((one) => wanted.has(one));
}
