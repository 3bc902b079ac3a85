import { diagnostic } from '../../../../base/diagnostic.ts';
import type { ColumnType } from '../../../../ir/plan/plan.ts';
import type { ColumnDeclaration } from '../../ast/index.ts';
import type { Environment } from '../scope.ts';

/** Columns as a query declares them, for `datatable`, `externaldata`, `parse-kv` and what a plugin gives. Two of one name are an error. */
export function declaredColumns(declared: readonly ColumnDeclaration[], { context }: Environment): ColumnType[] {
  const seen = new Set<string>();
  return declared.map(({ name: { text: name, span }, type }) => {
    if (seen.has(name)) context.report(diagnostic('kusto/duplicate-column', { name }, span));
    seen.add(name);
    return { name, type: type.type ?? 'dynamic' };
  });
}
