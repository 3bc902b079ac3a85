import type { Expression, FunctionDef, Lambda } from '../../../languages/python/ast.ts';

export interface LocalNames {
  readonly locals: ReadonlySet<string>;
  /** It yields, or sets variables that are not its own. */
  readonly unusual: boolean;
}

/** The names that a function's body sets. */
export function localNames(def: FunctionDef | Lambda): LocalNames {
  const locals = new Set<string>();
  let unusual = false;
  const open: unknown[] = def.kind === 'Lambda' ? [def.body] : [...def.body];
  const target = (node: Expression): void => {
    if (node.kind === 'Name') locals.add(node.id);
    else if (node.kind === 'Tuple' || node.kind === 'List') node.elts.forEach(target);
    else if (node.kind === 'Starred') target(node.value);
  };
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (Array.isArray(each)) {
      open.push(...each.filter((one) => one !== undefined && one !== null));
      continue;
    }
    if (typeof each !== 'object' || each === null) continue;
    const node = each as Record<string, unknown>;
    switch (node['kind']) {
      case 'FunctionDef':
      case 'AsyncFunctionDef':
      case 'ClassDef':
        locals.add(String(node['name']));
        continue;
      case 'Lambda':
        continue;
      case 'Yield':
      case 'YieldFrom':
      case 'Await':
      case 'Global':
      case 'Nonlocal':
        unusual = true;
        break;
      case 'Assign':
        (node['targets'] as Expression[]).forEach(target);
        break;
      case 'NamedExpr':
      case 'AugAssign':
      case 'AnnAssign':
      case 'For':
      case 'AsyncFor':
        target(node['target'] as Expression);
        break;
      case 'Delete':
        (node['targets'] as Expression[]).forEach(target);
        break;
      case 'With':
      case 'AsyncWith':
        for (const item of node['items'] as { optional_vars: Expression | null }[]) {
          if (item.optional_vars !== null) target(item.optional_vars);
        }
        break;
      case 'Import':
      case 'ImportFrom':
        for (const { name, asname } of node['names'] as { name: string; asname: string | null }[]) {
          locals.add(asname ?? name.split('.')[0] ?? name);
        }
        break;
      case 'Try':
        for (const { name } of node['handlers'] as { name: string | null }[]) if (name !== null) locals.add(name);
        break;
      case 'MatchAs':
      case 'MatchStar':
        if (typeof node['name'] === 'string') locals.add(node['name']);
        break;
      case 'MatchMapping':
        if (typeof node['rest'] === 'string') locals.add(node['rest']);
        break;
      default:
    }
    for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) open.push(value);
  }
  return { locals, unusual };
}
