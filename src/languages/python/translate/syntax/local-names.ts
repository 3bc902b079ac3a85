import type { Expression, FunctionDef } from '../../ast.ts';
import { visit } from '../../visit.ts';

/** The names that a function's body sets, those it declares global, and whether it yields. */
export interface LocalNames {
  readonly locals: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  readonly yields: boolean;
}

const known = new WeakMap<FunctionDef['body'], LocalNames>();

export function localNames(body: FunctionDef['body']): LocalNames {
  const found = known.get(body) ?? namesSet(body);
  known.set(body, found);
  return found;
}

/** Nodes whose `target` is set. */
const SETTING: ReadonlySet<unknown> = new Set(['NamedExpr', 'AugAssign', 'AnnAssign', 'For', 'AsyncFor']);

function namesSet(body: FunctionDef['body']): LocalNames {
  const locals = new Set<string>();
  const globals = new Set<string>();
  let yields = false;
  const target = (node: unknown): void => {
    const each = node as Expression;
    if (each.kind === 'Name') locals.add(each.id);
    else if (each.kind === 'Tuple' || each.kind === 'List') each.elts.forEach(target);
    else if (each.kind === 'Starred') target(each.value);
  };
  visit(body, (node) => {
    const { kind, name } = node;
    if (kind === 'FunctionDef' || kind === 'ClassDef') {
      locals.add(String(name));
      return 'enough';
    }
    if (kind === 'Lambda') return 'enough';
    if (kind === 'Yield' || kind === 'YieldFrom') yields = true;
    if (kind === 'Global') for (const each of node['names'] as string[]) globals.add(each);
    if (SETTING.has(kind)) target(node['target']);
    if ('optional_vars' in node && node['optional_vars'] !== null) target(node['optional_vars']);
    if ((kind === 'MatchAs' || kind === 'MatchStar') && typeof name === 'string') locals.add(name);
    if (kind === 'MatchMapping' && typeof node['rest'] === 'string') locals.add(node['rest']);
    if (kind === 'Assign') (node['targets'] as unknown[]).forEach(target);
    return undefined;
  });
  for (const name of globals) locals.delete(name);
  return { locals, globals, yields };
}
