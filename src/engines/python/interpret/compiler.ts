import type { JsonObject } from '../../../base/json.ts';
import type { DataModel, PythonBundle, PythonModule } from '../../../ir/rule/python.ts';
import type { FunctionDef, Lambda, Parameters } from '../../../languages/python/ast.ts';
import { type ModuleScope, moduleScope } from '../../../languages/python/translate/module-scope.ts';
import { isBuiltin } from './builtins.ts';
import { compileExpression } from './expressions.ts';
import { type LocalNames, localNames } from './local-names.ts';
import { Run } from './run.ts';
import { compileBody } from './statements.ts';
import { Foreign, leave, PyDict, PyFunction, PyModule, PyTuple, Raised, share, type Value } from './value.ts';

/** The variables of one call; undefined is one that is not set. */
export interface Frame {
  readonly slots: (Value | undefined)[];
  readonly parent: Frame | undefined;
  /** What `return` gives. */
  result: Value;
}

export type Evaluate = (frame: Frame) => Value;
/** How a statement ends; undefined: the next one follows. */
export type Execute = (frame: Frame) => 'return' | 'break' | 'continue' | undefined;

const MOST_DEPTH = 40;

/** Where names stand while a function is compiled. Comprehensions have variables of their own in the same frame. */
export class Scope {
  readonly unit: Unit;
  readonly parent: Scope | undefined;
  readonly inner: Map<string, number>[] = [];
  private readonly slots = new Map<string, number>();
  size = 0;

  constructor(unit: Unit, parent: Scope | undefined) {
    this.unit = unit;
    this.parent = parent;
  }

  add(name: string): number {
    const known = this.slots.get(name);
    if (known !== undefined) return known;
    this.slots.set(name, this.size);
    this.size += 1;
    return this.size - 1;
  }

  /** A variable of a comprehension. */
  addInner(name: string): number {
    this.inner.at(-1)?.set(name, this.size);
    this.size += 1;
    return this.size - 1;
  }

  /** How many frames outwards a variable stands, and where; undefined for a name of the module. */
  locate(name: string): { readonly depth: number; readonly slot: number } | undefined {
    let depth = 0;
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const slot = scope.inner.findLast((each) => each.has(name))?.get(name) ?? scope.slots.get(name);
      if (slot !== undefined) return { depth, slot };
      depth += 1;
    }
    return undefined;
  }
}

const FAILED = Symbol('not followed');

/** One module: its names, worked out when they are first asked for. */
export class Unit {
  readonly machine: Machine;
  readonly scope: ModuleScope;
  private readonly values = new Map<string, Value | typeof FAILED>();

  constructor(machine: Machine, scope: ModuleScope) {
    this.machine = machine;
    this.scope = scope;
  }

  has(name: string): boolean {
    return this.scope.bindings.has(name);
  }

  global(name: string): Value {
    const known = this.values.get(name);
    if (known === FAILED) return leave(`\`${name}\``);
    if (known !== undefined) return known;
    // It stays so when it refers to itself, or is not followed.
    this.values.set(name, FAILED);
    try {
      const made = this.make(name);
      share(made, this.machine.run);
      this.values.set(name, made);
      return made;
    } catch (thrown) {
      if (thrown instanceof Raised) return leave(`\`${name}\` raises`);
      throw thrown;
    }
  }

  private make(name: string): Value {
    const binding = this.scope.bindings.get(name);
    if (binding === undefined) {
      if (isBuiltin(name) && !this.has('*')) return new Foreign(`builtins.${name}`);
      return leave(`the name \`${name}\``);
    }
    if (binding.kind === 'unclear') return leave(`\`${name}\` changes`);
    if (binding.kind === 'import') {
      const { module, name: part } = binding;
      const own = this.machine.moduleOf(module);
      if (own === undefined) return new Foreign(part === null ? module : `${module}.${part}`);
      if (part !== null) return own.has(part) ? own.global(part) : leave(`\`${part}\` of \`${module}\``);
      return new PyModule((each) => (own.has(each) ? own.global(each) : leave(`\`${each}\` of \`${module}\``)));
    }
    const { node } = binding;
    if (node.kind === 'FunctionDef') return compiledFunction(node, new Scope(this, undefined))(undefined);
    if ((node.kind === 'Assign' || node.kind === 'AnnAssign') && node.value !== null) {
      const scope = new Scope(this, undefined);
      const evaluate = compileExpression(node.value, scope);
      return evaluate({ slots: [], parent: undefined, result: null });
    }
    return leave(`\`${name}\``);
  }
}

/** Runs functions of a bundle's modules on events of one log type. */
export class Machine {
  readonly model: DataModel | undefined;
  readonly run: Run = new Run();
  private readonly bundle: PythonBundle;
  private readonly units = new Map<PythonModule, Unit | undefined>();
  /** How many calls are open. */
  depth = 0;

  constructor(bundle: PythonBundle, logType: string) {
    this.bundle = bundle;
    this.model = bundle.dataModels.find((model) => model.enabled && model.logTypes.includes(logType));
  }

  /** Begins with an event. */
  begin(root: JsonObject): void {
    this.run.begin(root);
    this.depth = 0;
  }

  enter(): void {
    this.run.spend(1);
    this.depth += 1;
    if (this.depth > MOST_DEPTH) leave('calls too deep');
  }

  exit(): void {
    this.depth -= 1;
  }

  functionOf(def: FunctionDef | Lambda, outer: Scope): (frame: Frame) => PyFunction {
    return compiledFunction(def, outer);
  }

  unit(module: PythonModule): Unit | undefined {
    if (this.units.has(module)) return this.units.get(module);
    const scope = moduleScope(module);
    const made = 'bindings' in scope && !scope.setsNamesUnseen() ? new Unit(this, scope) : undefined;
    this.units.set(module, made);
    return made;
  }

  moduleOf(name: string): Unit | undefined {
    const module = this.bundle.modules.find((each) => each.name === name);
    return module === undefined ? undefined : (this.unit(module) ?? leave(`module \`${name}\``));
  }
}

/** What makes a function in each frame that its definition is reached in. The body is compiled when it is first called. */
function compiledFunction(def: FunctionDef | Lambda, outer: Scope): (frame: Frame | undefined) => PyFunction {
  const { machine } = outer.unit;
  const { args: parameters } = def;
  const positional = [...parameters.posonlyargs, ...parameters.args];
  const least = positional.length - parameters.defaults.length;
  let body: { readonly run: Evaluate; readonly scope: Scope; readonly names: LocalNames } | undefined;
  const compile = (): NonNullable<typeof body> => {
    const names = localNames(def);
    const scope = new Scope(outer.unit, outer);
    for (const name of parameterNames(parameters)) scope.add(name);
    for (const name of names.locals) scope.add(name);
    return { run: compileFunctionBody(def, scope), scope, names };
  };
  const defaults = parameters.defaults.map((each) => compileExpression(each, outer));
  const named = parameters.kw_defaults.map((each) => (each === null ? undefined : compileExpression(each, outer)));
  const signature: Signature = {
    positional: positional.map(({ arg }) => arg),
    positionalOnly: parameters.posonlyargs.length,
    least,
    takesMore: parameters.vararg !== null,
    named: parameters.kwonlyargs.map(({ arg }) => arg),
    takesOthers: parameters.kwarg !== null,
  };
  const count = positional.length;
  const simple = parameters.vararg === null && parameters.kwarg === null && parameters.kwonlyargs.length === 0;
  return (frame) => {
    const at = frame ?? { slots: [], parent: undefined, result: null };
    const fallback = defaults.map((each) => each(at));
    const fallbackNamed = named.map((each) => each?.(at));
    // What stands in for an argument is made once.
    for (const each of fallback) share(each, machine.run);
    for (const each of fallbackNamed) if (each !== undefined) share(each, machine.run);
    return new PyFunction(def, (args, keywords) => {
      body ??= compile();
      if (body.names.unusual) leave('a generator, or variables of other functions');
      const slots: (Value | undefined)[] = new Array(body.scope.size);
      if (simple && keywords === undefined) {
        if (args.length > count || args.length < least) leave('arguments that do not fit');
        for (let index = 0; index < count; index += 1) {
          slots[index] = index < args.length ? args[index] : fallback[index - least];
        }
      } else bind(signature, args, keywords, fallback, fallbackNamed, slots);
      machine.enter();
      const result = body.run({ slots, parent: frame, result: null });
      machine.exit();
      return result;
    });
  };
}

/** What a function takes; the slots are in this order. */
interface Signature {
  readonly positional: readonly string[];
  readonly positionalOnly: number;
  /** How many of them must be given. */
  readonly least: number;
  readonly takesMore: boolean;
  readonly named: readonly string[];
  readonly takesOthers: boolean;
}

function bind(
  signature: Signature,
  args: readonly Value[],
  keywords: ReadonlyMap<string, Value> | undefined,
  fallback: readonly Value[],
  fallbackNamed: readonly (Value | undefined)[],
  slots: (Value | undefined)[],
): void {
  const { positional, positionalOnly, least, takesMore, named, takesOthers } = signature;
  let used = 0;
  let slot = 0;
  for (; slot < positional.length; slot += 1) {
    const given = args[slot];
    const name = keywords === undefined || slot < positionalOnly ? undefined : keywords.get(positional[slot] ?? '');
    if (name !== undefined) {
      used += 1;
      if (given !== undefined) leave('an argument given twice');
    }
    slots[slot] = firstOf(given, name, fallback[slot - least]);
  }
  if (takesMore) {
    slots[slot] = new PyTuple(args.slice(positional.length));
    slot += 1;
  } else if (args.length > positional.length) leave('too many arguments');
  for (let at = 0; at < named.length; at += 1) {
    const name = keywords?.get(named[at] ?? '');
    if (name !== undefined) used += 1;
    slots[slot] = firstOf(name, fallbackNamed[at], undefined);
    slot += 1;
  }
  if (takesOthers) {
    const others = [...(keywords ?? [])].filter(
      ([name]) => !named.includes(name) && positional.indexOf(name) < positionalOnly,
    );
    slots[slot] = new PyDict(new Map(others));
  } else if (used < (keywords?.size ?? 0)) leave('an argument that is not known');
}

/** None counts as given. */
function firstOf(a: Value | undefined, b: Value | undefined, c: Value | undefined): Value {
  if (a !== undefined) return a;
  if (b !== undefined) return b;
  return c === undefined ? leave('an argument that is missing') : c;
}

/** In the order of their slots. */
function parameterNames(parameters: Parameters): string[] {
  const { posonlyargs, args, vararg, kwonlyargs, kwarg } = parameters;
  return [
    ...[...posonlyargs, ...args].map(({ arg }) => arg),
    ...(vararg === null ? [] : [vararg.arg]),
    ...kwonlyargs.map(({ arg }) => arg),
    ...(kwarg === null ? [] : [kwarg.arg]),
  ];
}

function compileFunctionBody(def: FunctionDef | Lambda, scope: Scope): Evaluate {
  if (def.kind === 'Lambda') return compileExpression(def.body, scope);
  const run = compileBody(def.body, scope);
  return (frame) => {
    run(frame);
    return frame.result;
  };
}
