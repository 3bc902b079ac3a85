import type { SourceText } from '../../../base/source-text.ts';
import { sourceText } from '../../../base/source-text.ts';
import type { PythonModule } from '../../../ir/rule/python.ts';
import type { Expression, Module, Stmt } from '../ast.ts';
import { parseModule } from '../parse/index.ts';
import { visit } from '../visit.ts';

/** What a module's name stands for. */
export type Binding =
  | { readonly kind: 'statement'; readonly node: Stmt }
  | { readonly kind: 'import'; readonly module: string; readonly name: string | null }
  /** Set more than once, under a condition, or changed later. */
  | { readonly kind: 'unclear' };

/** A module whose names can be looked up without running it. */
export interface ModuleScope {
  readonly source: SourceText;
  readonly bindings: ReadonlyMap<string, Binding>;
  /** What it imports when it is loaded, whatever else it does. */
  readonly imports: readonly ModuleImport[];
  /** Whether it may set names in ways that are not in `bindings`. */
  readonly setsNamesUnseen: () => boolean;
}

/** `name`: a name out of the module, null for the module itself. */
export interface ModuleImport {
  readonly module: string;
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
}

export type ModuleProblem = { readonly reason: string; readonly at: number; readonly source: SourceText };

const scopes = new WeakMap<PythonModule, ModuleScope | ModuleProblem>();

/** The names of a module; kept, because many rules share their helpers. */
export function moduleScope(module: PythonModule): ModuleScope | ModuleProblem {
  const known = scopes.get(module);
  if (known !== undefined) return known;
  const source = sourceText(module.file, module.code);
  const parsed = parseModule(source);
  const made: ModuleScope | ModuleProblem = parsed.ok
    ? {
        source,
        bindings: bindingsOf(parsed.module),
        imports: importsOf(parsed.module),
        setsNamesUnseen: () => setsNamesUnseen(parsed.module),
      }
    : { ...parsed.problem, source };
  scopes.set(module, made);
  return made;
}

const CHANGES: ReadonlySet<string> = new Set(
  'append add update extend insert remove pop clear discard setdefault popitem sort reverse'.split(' '),
);

const UNSEEN: ReadonlySet<string> = new Set(
  'exec eval globals locals vars setattr delattr modules importlib __import__ __builtins__ __dict__'.split(' '),
);

function setsNamesUnseen(module: Module): boolean {
  let found = false;
  visit(module.body, (each) => {
    if (each['kind'] === 'Name' && UNSEEN.has(String(each['id']))) found = true;
    if (each['kind'] === 'Attribute' && UNSEEN.has(String(each['attr']))) found = true;
  });
  return found;
}

function importsOf({ body }: Module): readonly ModuleImport[] {
  return body.flatMap((node): ModuleImport[] => {
    const { start, end } = node;
    if (node.kind === 'Import') return node.names.map(({ name }) => ({ module: name, name: null, start, end }));
    if (node.kind !== 'ImportFrom' || node.level > 0) return [];
    return node.names.map(({ name }) => ({ module: node.module ?? '', name, start, end }));
  });
}

function bindingsOf(module: Module): Map<string, Binding> {
  const found = new Map<string, Binding>();
  const bind = (name: string, binding: Binding): void => {
    found.set(name, found.has(name) ? { kind: 'unclear' } : binding);
  };
  for (const node of module.body) {
    switch (node.kind) {
      case 'FunctionDef':
        bind(node.name, node.decorator_list.length === 0 ? { kind: 'statement', node } : { kind: 'unclear' });
        break;
      case 'ClassDef':
        // What its methods change is looked for below; the class itself is not followed.
        found.set(node.name, { kind: 'unclear' });
        break;
      case 'Assign': {
        for (const target of node.targets) {
          if (target.kind === 'Name') bind(target.id, { kind: 'statement', node });
          else for (const name of namesIn(target)) found.set(name, { kind: 'unclear' });
        }
        break;
      }
      case 'AnnAssign':
        if (node.target.kind === 'Name' && node.value !== null) bind(node.target.id, { kind: 'statement', node });
        break;
      case 'Import':
        for (const { name, asname } of node.names) {
          bind(asname ?? name.split('.')[0] ?? name, {
            kind: 'import',
            module: asname === null ? (name.split('.')[0] ?? name) : name,
            name: null,
          });
        }
        break;
      case 'ImportFrom':
        for (const { name, asname } of node.names) {
          bind(asname ?? name, { kind: 'import', module: node.level === 0 ? (node.module ?? '') : '', name });
        }
        break;
      case 'Expr':
        if (node.value.kind !== 'Constant') for (const name of namesIn(node)) found.set(name, { kind: 'unclear' });
        break;
      case 'Pass':
        break;
      default:
        for (const name of namesIn(node)) found.set(name, { kind: 'unclear' });
    }
  }
  for (const name of changedIn(module)) if (found.has(name)) found.set(name, { kind: 'unclear' });
  return found;
}

/** Every name that stands anywhere in a piece of syntax. */
function namesIn(node: unknown): Set<string> {
  const found = new Set<string>();
  visit(node, (each) => {
    if (each['kind'] === 'Name') found.add(String(each['id']));
    if (each['kind'] === 'ClassDef' || each['kind'] === 'FunctionDef') found.add(String(each['name']));
    if (each['kind'] === 'Import' || each['kind'] === 'ImportFrom') {
      for (const { name, asname } of each['names'] as { name: string; asname: string | null }[]) {
        found.add(asname ?? name.split('.')[0] ?? name);
      }
    }
  });
  return found;
}

/** Names that some function changes: declared global, or changed in place. */
function changedIn(module: Module): Set<string> {
  const found = new Set<string>();
  visit(module.body, (each) => {
    if (each['kind'] === 'FunctionDef') for (const name of globalsSet(each)) found.add(name);
    if (each['kind'] === 'Call') {
      const func = each['func'] as Expression;
      const root = func.kind === 'Attribute' && CHANGES.has(func.attr) ? rootOf(func.value) : undefined;
      if (root !== undefined) found.add(root);
    }
    const targets = [each['target'], ...((each['targets'] as unknown[] | undefined) ?? [])] as (
      | Expression
      | undefined
    )[];
    for (const target of targets) {
      const root = target?.kind === 'Subscript' || target?.kind === 'Attribute' ? rootOf(target) : undefined;
      if (root !== undefined) found.add(root);
    }
  });
  return found;
}

/** The name that a place in a list, dict or object begins with. */
function rootOf(place: Expression): string | undefined {
  let at = place;
  for (;;) {
    if (at.kind === 'Name') return at.id;
    if (at.kind === 'Call') at = at.func;
    else if (at.kind === 'Subscript' || at.kind === 'Attribute') at = at.value;
    else return undefined;
  }
}

/** The globals that a function sets, but for those it only sets where a test has put a mock in their place. */
function globalsSet(def: Record<string, unknown>): Set<string> {
  const found = new Set<string>();
  visit(def['body'], (each) => {
    if (each['kind'] === 'Global') for (const name of each['names'] as string[]) found.add(name);
  });
  for (const name of found) {
    const assigned = assignments(def['body'], name);
    const mocked: unknown[] = [];
    visit(def['body'], (each) => {
      if (each['kind'] === 'If' && isMockTest(each['test'] as Expression, name)) mocked.push(each['body']);
    });
    if (assigned > 0 && assigned === mocked.reduce((sum: number, body) => sum + assignments(body, name), 0))
      found.delete(name);
  }
  return found;
}

function assignments(body: unknown, name: string): number {
  let count = 0;
  visit(body, (each) => {
    const targets = [each['target'], ...((each['targets'] as unknown[] | undefined) ?? [])];
    if (targets.some((target) => target !== undefined && target !== null && namesIn(target).has(name))) count += 1;
  });
  return count;
}

/** `isinstance(X, MagicMock)`. */
function isMockTest(test: Expression, name: string): boolean {
  if (test.kind !== 'Call' || test.func.kind !== 'Name' || test.func.id !== 'isinstance') return false;
  const [value, type] = test.args;
  return value?.kind === 'Name' && value.id === name && type?.kind === 'Name' && type.id === 'MagicMock';
}
