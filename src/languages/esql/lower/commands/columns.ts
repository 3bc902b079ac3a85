import { diagnostic } from '../../../../base/diagnostic.ts';
import { field } from '../../../../ir/construct.ts';
import type { NamedExpr, Plan } from '../../../../ir/plan/plan.ts';
import { compileWildcard } from '../../../../ir/wildcard.ts';
import { type DropCommand, type EsqlName, type KeepCommand, nameText, type RenameCommand } from '../../ast.ts';
import type { Context } from '../context.ts';
import { type Column, isPattern, readColumn, type Scope, wildcardsOf } from '../scope.ts';
import type { State } from '../state.ts';

/** `KEEP`: the columns of the list, in its order. A name goes before a pattern, and a pattern before `*`. */
export function lowerKeep({ names }: KeepCommand, state: State, context: Context): State {
  const { scope } = state;
  const chosen = new Map<string, { readonly column: Column; readonly rank: number; readonly at: number }>();
  for (const [at, name] of names.entries()) {
    const rank = !isPattern(name) ? 0 : nameText(name) === '*' ? 2 : 1;
    for (const column of columnsOf(name, scope, context, 'KEEP')) {
      const known = chosen.get(column.name);
      if (known === undefined || rank <= known.rank) chosen.set(column.name, { column, rank, at });
    }
  }
  const ordered = [...chosen.values()].sort((a, b) => a.at - b.at);
  return withOnly(
    ordered.map(({ column }) => column),
    names,
    state,
  );
}

/** Of open fields those stay that fit one of the patterns. */
function withOnly(columns: readonly Column[], names: readonly EsqlName[], state: State): State {
  const { scope, plan } = state;
  const patterns = names.filter(isPattern).map((name) => compileWildcard(wildcardsOf(name), false));
  if (scope.open !== undefined && patterns.length > 0) {
    const exact = new Set(columns.map(({ name }) => name));
    const keeps = [...scope.open.keeps, (name: string) => exact.has(name) || patterns.some((fits) => fits(name))];
    return { ...state, scope: scope.only(columns, { ...scope.open, keeps }) };
  }
  return { ...state, plan: projected(plan, columns, scope), scope: scope.only(columns.map(asMade)).unsearchable() };
}

/** The plan with these columns alone; the row still stands for its document. */
export function projected(input: Plan, columns: readonly Column[], scope: Scope): Plan {
  const named = columns.map((column): NamedExpr => {
    const { name } = column;
    return { name, expr: column.of === 'made' ? field(name) : readColumn(column, scope, NOWHERE).expr };
  });
  return { kind: 'project', input, columns: named };
}

const NOWHERE = { source: '', start: 0, end: 0 };

function asMade(column: Column): Column {
  return { ...column, of: 'made' };
}

function columnsOf(name: EsqlName, scope: Scope, context: Context, command: string): readonly Column[] {
  if (isPattern(name)) {
    const found = scope.matching(name);
    if (found.length === 0 && scope.open === undefined && nameText(name) !== '*') unknown(name, scope, context);
    return found;
  }
  const column = scope.column(nameText(name));
  if (column !== undefined) return [column];
  if (!(context.nullifies && command === 'KEEP')) unknown(name, scope, context);
  return [];
}

function unknown(name: EsqlName, scope: Scope, context: Context): void {
  const written = nameText(name);
  context.report(
    diagnostic('esql/unknown-column', { name: written, suggestions: scope.suggestions(written) }, name.span),
  );
}

/** `DROP`: all columns but these. */
export function lowerDrop({ names }: DropCommand, state: State, context: Context): State {
  const { scope } = state;
  const dropped = new Set(names.flatMap((name) => columnsOf(name, scope, context, 'DROP')).map(({ name }) => name));
  const left = [...scope.columns.values()].filter(({ name }) => !dropped.has(name));
  if (scope.open === undefined) return { ...state, scope: scope.only(left) };
  const patterns = names.filter(isPattern).map((name) => compileWildcard(wildcardsOf(name), false));
  const keeps = [...scope.open.keeps, (name: string) => !dropped.has(name) && !patterns.some((fits) => fits(name))];
  return { ...state, scope: scope.only(left, { ...scope.open, keeps }) };
}

/** `RENAME`: a column keeps its place; one that had the new name before goes. */
export function lowerRename({ renamings }: RenameCommand, state: State, context: Context): State {
  let { plan, scope } = state;
  for (const { from, to } of renamings) {
    const [old, name] = [nameText(from), nameText(to)];
    const column = scope.column(old);
    if (column === undefined) {
      unknown(from, scope, context);
      continue;
    }
    if (old === name) continue;
    const { expr } = readColumn(column, scope, from.span);
    plan = { kind: 'extend', input: plan, columns: [{ name, expr }] };
    const renamed: Column = { name, type: column.type, of: 'made', read: column.type };
    const others = [...scope.columns.values()].filter((one) => one.name !== name);
    const isListed = others.some((one) => one.name === old);
    const columns = isListed ? others.map((one) => (one.name === old ? renamed : one)) : [...others, renamed];
    const open = scope.open && { ...scope.open, keeps: [...scope.open.keeps, (one: string) => one !== old] };
    scope = scope.only(columns, open);
  }
  return { ...state, plan, scope };
}
