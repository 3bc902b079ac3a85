import type { Expression } from '../../ast.ts';
import type { Translator } from '../context.ts';
import { type ModuleScope, moduleScope } from '../module-scope.ts';
import { type Env, type Outcomes, sure } from '../values/value.ts';

const BUILTINS: ReadonlySet<string> = new Set(
  'abs all any ascii bin bool bytes callable chr dict dir divmod enumerate filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min next object oct ord pow print range repr reversed round set setattr slice sorted str sum tuple type vars zip Exception ValueError TypeError KeyError AttributeError IndexError'.split(
    ' ',
  ),
);

/** What a name stands for in a function, its closures and its module. */
export function lookUp(id: string, env: Env, node: Expression, of: Translator): Outcomes {
  for (let scope: Env | undefined = env; scope !== undefined; scope = scope.parent) {
    if (scope.globals.has(id) && !scope.vars.has(id)) {
      if (scope.module.bindings.get(id)?.kind === 'statement') return of.ofModule(id, scope.module, node);
      return of.effect(`the global \`${id}\` is read before it is set`);
    }
    const found = scope.vars.get(id);
    if (found !== undefined) return found;
    if (scope.locals.has(id)) return [];
  }
  return of.ofModule(id, env.module, node);
}

/** What a module's name stands for. */
export function nameOfModule(id: string, module: ModuleScope, node: Expression | undefined, of: Translator): Outcomes {
  const binding = module.bindings.get(id);
  if (binding === undefined) {
    // A name that nobody sets may still be there: set in a way that is not followed.
    return BUILTINS.has(id) ? sure({ kind: 'foreign', name: `builtins.${id}` }) : of.note(`the name \`${id}\``, node);
  }
  if (binding.kind === 'unclear') return of.note(`\`${id}\` changes`, node);
  if (binding.kind === 'import') {
    const { module: from, name } = binding;
    const own = of.bundle.modules.find((each) => each.name === from);
    if (own === undefined) return sure({ kind: 'foreign', name: name === null ? from : `${from}.${name}` });
    const scope = moduleScope(own);
    if (!('bindings' in scope)) return of.effect(`module \`${own.name}\` is not understood: ${scope.reason}`);
    if (name === null) return sure({ kind: 'foreign', name: `module:${own.name}` });
    return scope.bindings.has(name) ? of.ofModule(name, scope, node) : [];
  }
  const { node: statement } = binding;
  if (statement.kind === 'FunctionDef') return sure({ kind: 'function', def: statement, module, closure: undefined });
  if ((statement.kind === 'Assign' || statement.kind === 'AnnAssign') && statement.value !== null) {
    const { value } = statement;
    return of.nested(() => of.evaluate(value, globalEnv(module)));
  }
  return of.note(`\`${id}\``, node);
}

/** A name of one of the bundle's modules. */
export function attributeOfModule(name: string, attr: string, node: Expression | undefined, of: Translator): Outcomes {
  const own = of.bundle.modules.find((each) => each.name === name);
  const scope = own === undefined ? undefined : moduleScope(own);
  return scope !== undefined && 'bindings' in scope ? of.ofModule(attr, scope, node) : of.effect(`module \`${name}\``);
}

/** Where a module's own statements run. */
export function globalEnv(module: ModuleScope): Env {
  return { vars: new Map(), module, parent: undefined, frame: 0, locals: new Set(), globals: new Set() };
}
