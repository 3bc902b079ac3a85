import { call, FALSE, TRUE } from '../../../ir/construct.ts';
import type { Expr } from '../../../ir/expr.ts';
import type { DataModel, PythonBundle } from '../../../ir/python.ts';
import type { Expression, FunctionDef, Parameters, Stmt } from '../ast.ts';
import { callForeign, textOf } from './calls.ts';
import { compareValues } from './compare.ts';
import { pathOf, placeAt } from './event-path.ts';
import { all, any, refill, TooLarge } from './logic.ts';
import { scan } from './loops.ts';
import { attributeOf, callMethod, itemOf } from './methods.ts';
import { type ModuleScope, moduleScope } from './module-scope.ts';
import { runBody } from './statements.ts';
import { ANY, DICT, FLOAT, INT, LIST, NONE, NUMBER, STR } from './types.ts';
import {
  boolean,
  constant,
  type Dynamic,
  defined,
  definedValue,
  dynamic,
  type Env,
  expressionOf,
  guard,
  isOf,
  keyable,
  literal,
  madeOfItems,
  maskOf,
  merged,
  NOTHING,
  type Outcomes,
  operation,
  type Pair,
  type PyValue,
  pairOf,
  sure,
  UNKNOWN,
} from './value.ts';

/** Something that was not understood, and where. */
export interface Note {
  readonly reason: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

const MOST_STEPS = 60_000;
const MOST_CALLS = 24;
/** How many parts may turn out too large, and how much work the rest may be after each. */
const MOST_REFILLS = 4;
const REFILL = 15_000;
const BUILTINS: ReadonlySet<string> = new Set(
  'abs all any ascii bin bool bytes callable chr dict dir divmod enumerate filter float format frozenset getattr hasattr hash hex id int isinstance issubclass iter len list map max min next object oct ord pow print range repr reversed round set setattr slice sorted str sum tuple type vars zip Exception ValueError TypeError KeyError AttributeError IndexError'.split(
    ' ',
  ),
);
/** Beyond this many alternatives a value is not followed any more. */
const MOST_OUTCOMES = 24;

/**
 * Evaluates Python on an event that is not known: every value is a set of alternatives under conditions on the record.
 * What is not understood is noted, and stands for anything at all: then the conditions are only necessary.
 */
export class Translator {
  readonly notes: Note[] = [];
  /** Conditions under which something is done that outlives the call. */
  readonly effects: Expr[] = [];
  readonly logType: string;
  readonly bundle: PythonBundle;
  readonly model: DataModel | undefined;
  private steps = 0;
  private calls = 0;
  private refills = 0;
  private frames = 0;
  private loops = 0;
  private loopDepth = 0;
  private readonly path: Expr[] = [];
  private here: { readonly source: string; readonly start: number; readonly end: number } = {
    source: '',
    start: 0,
    end: 0,
  };

  constructor(bundle: PythonBundle, logType: string) {
    this.bundle = bundle;
    this.logType = logType;
    this.model = bundle.dataModels.find((model) => model.enabled && model.logTypes.includes(logType));
  }

  note(reason: string, node?: Expression): Outcomes {
    const place = node === undefined ? this.here : { ...this.here, start: node.start, end: node.end };
    this.notes.push({ reason, ...place });
    return sure(UNKNOWN);
  }

  /** What raises on every event that comes to it, innermost first; `always`: every event does. */
  private readonly raises: (Note & { readonly always: boolean })[] = [];

  /** Notes that nothing goes on from here. */
  raise(reason: string, { start, end }: Expression | Stmt, env: Env): void {
    const always = this.loopDepth === 0 && this.path.every((cond) => cond === TRUE);
    this.raises.push({ reason, source: env.module.source.name, start, end, always });
  }

  firstRaise(): Note | undefined {
    return this.raises.find((each) => each.always) ?? this.raises[0];
  }

  /** Notes something whose effect is seen after the call. */
  effect(reason: string): Outcomes {
    this.effects.push(all(this.path));
    return this.note(reason);
  }

  /** Runs a part that is only reached under a condition. */
  under<T>(cond: Expr, run: () => T): T {
    if (this.loopDepth > 0) return run();
    this.path.push(cond);
    try {
      return run();
    } finally {
      this.path.pop();
    }
  }

  inLoop<T>(run: (variable: string) => T): T {
    this.loops += 1;
    this.loopDepth += 1;
    try {
      return run(`item${this.loops}`);
    } finally {
      this.loopDepth -= 1;
    }
  }

  /** Runs a part; where it takes too much to follow, it is as if it were not understood. */
  attempt<T>(run: () => T, otherwise: () => T): T {
    try {
      return run();
    } catch (thrown) {
      if (!(thrown instanceof TooLarge) || this.refills >= MOST_REFILLS) throw thrown;
      this.refills += 1;
      this.steps = 0;
      refill(REFILL);
      return otherwise();
    }
  }

  step(): void {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new TooLarge();
  }

  evaluate(node: Expression, env: Env): Outcomes {
    this.step();
    this.here = { source: env.module.source.name, start: node.start, end: node.end };
    const found = merged(this.evaluateNode(node, env));
    if (found.length === 0) this.raise(failure(node), node, env);
    return found.length > MOST_OUTCOMES ? this.note('too many alternatives', node) : found;
  }

  /** The condition that an expression is true, and that it is false. */
  truth(node: Expression, env: Env): Pair {
    if (node.kind === 'UnaryOp' && node.op === 'Not') {
      const { t, f } = this.truth(node.operand, env);
      return { t: f, f: t };
    }
    if (node.kind === 'BoolOp') {
      // What decides is the last operand, or the first that ends the row.
      const [first, ...rest] = node.values;
      if (first === undefined) return { t: TRUE, f: FALSE };
      let { t, f } = this.truth(first, env);
      for (const value of rest) {
        const goesOn = node.op === 'And' ? t : f;
        if (goesOn === FALSE) break;
        const next = this.under(goesOn, () => this.truth(value, env));
        if (node.op === 'And') [t, f] = [all([t, next.t]), any([f, all([t, next.f])])];
        else [t, f] = [any([t, all([f, next.t])]), all([f, next.f])];
      }
      return { t, f };
    }
    return this.truthOf(this.evaluate(node, env));
  }

  truthOf(outcomes: Outcomes): Pair {
    const pairs = outcomes.map(({ cond, value }) => {
      const { t, f } = this.truthOfValue(value);
      return { t: all([cond, t]), f: all([cond, f]) };
    });
    return { t: any(pairs.map((pair) => pair.t)), f: any(pairs.map((pair) => pair.f)) };
  }

  truthOfValue(value: PyValue): Pair {
    const always: Pair = { t: TRUE, f: FALSE };
    const never: Pair = { t: FALSE, f: TRUE };
    switch (value.kind) {
      case 'const':
        return value.value === null || value.value === '' || value.value === 0 || value.value === false
          ? never
          : always;
      case 'seq':
        return value.items.length > 0 ? always : never;
      case 'map':
        return value.entries.size > 0 ? always : never;
      case 'dynamic':
        if (value.mask === NONE) return never;
        return pairOf(call('python.truthy', [value.expr]));
      case 'bool':
      case 'maybe':
        return { t: value.t, f: value.f };
      case 'comprehension': {
        if (value.node.kind === 'GeneratorExp') return always;
        const found = scan(value, this, () => ({ hit: TRUE, cont: FALSE }));
        return { t: found.hit, f: found.cont };
      }
      case 'function':
      case 'lambda':
      case 'foreign':
      case 'method':
      case 'regex':
        return always;
      case 'unknown':
        this.note('a value that is not known');
        return { t: TRUE, f: TRUE };
    }
  }

  private evaluateNode(node: Expression, env: Env): Outcomes {
    switch (node.kind) {
      case 'Constant':
        switch (node.type) {
          case 'str':
            return sure(constant(String(node.value)));
          case 'bool':
            return sure(constant(node.value === true));
          case 'none':
            return sure(NOTHING);
          case 'int': {
            const number = Number(node.value);
            return Number.isSafeInteger(number) ? sure(constant(number)) : this.note('a very large number', node);
          }
          case 'float':
            return sure(constant(Number(node.value)));
          case 'bytes':
          case 'complex':
          case 'ellipsis':
            return this.note(`a constant of type ${node.type}`, node);
        }
        break;
      case 'Name':
        return this.lookUp(node.id, env, node);
      case 'JoinedStr':
        return this.format(node.values, env, node);
      case 'List':
      case 'Tuple':
      case 'Set':
        return this.sequence(node.kind === 'List' ? 'list' : node.kind === 'Set' ? 'set' : 'tuple', node.elts, env);
      case 'Dict': {
        const entries = new Map<string, Outcomes>();
        let cond: Expr = TRUE;
        for (const [at, key] of node.keys.entries()) {
          const value = node.values[at];
          const name = key === null ? [] : this.evaluate(key, env);
          const [only] = name;
          if (
            value === undefined ||
            name.length !== 1 ||
            only?.value.kind !== 'const' ||
            typeof only.value.value !== 'string'
          ) {
            return this.note('a dict whose keys are not known', node);
          }
          const found = this.evaluate(value, env);
          cond = all([cond, defined(found)]);
          entries.set(only.value.value, found);
        }
        return [{ cond, value: { kind: 'map', entries, frame: env.frame } }];
      }
      case 'UnaryOp': {
        if (node.op === 'Not') {
          const { t, f } = this.truth(node.operand, env);
          return [{ cond: any([t, f]), value: boolean({ t: f, f: t }) }];
        }
        const [only] = this.evaluate(node.operand, env);
        if (node.op === 'USub' && only?.value.kind === 'const' && typeof only.value.value === 'number') {
          return sure(constant(-only.value.value));
        }
        return this.note('this operator', node);
      }
      case 'BinOp': {
        const left = this.evaluate(node.left, env);
        const right = this.evaluate(node.right, env);
        return this.product(left, right, (a, b) => this.arithmetic(node.op, a, b, node));
      }
      case 'BoolOp':
        return this.boolOp(node.op, node.values, env);
      case 'Compare': {
        let left = this.evaluate(node.left, env);
        let ended: Outcomes = [];
        let goesOn: Expr = TRUE;
        for (const [at, op] of node.ops.entries()) {
          const comparator = node.comparators[at];
          if (comparator === undefined) break;
          const right = this.under(goesOn, () => this.evaluate(comparator, env));
          const found = this.product(left, right, (a, b) => {
            if (a.kind === 'unknown' || b.kind === 'unknown')
              return this.note('a comparison with what is not known', node);
            const compared = compareValues(op, a, b, this) ?? this.note('this comparison', node);
            // What says nothing of its operands must not forget that they may raise.
            if (compared.every(({ value }) => value.kind === 'bool')) return compared;
            return guard(all([definedValue(a), definedValue(b)]), compared);
          });
          if (at === node.ops.length - 1) return [...ended, ...guard(goesOn, found)];
          const { t, f } = this.truthOf(found);
          ended = [...ended, { cond: all([goesOn, f]), value: constant(false) }];
          goesOn = all([goesOn, t]);
          left = right;
        }
        return ended;
      }
      case 'Call':
        return this.call(node, env);
      case 'Attribute':
        return this.each(this.evaluate(node.value, env), (value) => attributeOf(value, node.attr, node, this));
      case 'Subscript': {
        const value = this.evaluate(node.value, env);
        if (node.slice.kind === 'Slice') {
          if (node.slice.step !== null) return this.note('a slice with a step', node);
          const from = this.whole(node.slice.lower, env);
          const to = this.whole(node.slice.upper, env);
          if (from === undefined || to === undefined) return this.note('a slice', node);
          return this.each(value, (each) => {
            if (each.kind === 'const' && typeof each.value === 'string') {
              return sure(constant([...each.value].slice(from ?? 0, to ?? undefined).join('')));
            }
            if (each.kind === 'seq') return sure({ ...each, items: each.items.slice(from ?? 0, to ?? undefined) });
            if (each.kind !== 'dynamic') return this.note('a slice', node);
            const part = call('python.slice', [each.expr, literal(from), literal(to)]);
            // A part of one of the event's lists is a tuple of plain values.
            const made = each.made === 'event' ? 'tuple' : each.made;
            return guard(isOf(each, STR | LIST), sure(dynamic(part, each.mask & (STR | LIST), made)));
          });
        }
        const index = this.evaluate(node.slice, env);
        return this.product(value, index, (a, b) => itemOf(a, b, node, this));
      }
      case 'IfExp': {
        const { t, f } = this.truth(node.test, env);
        const then = t === FALSE ? [] : this.under(t, () => this.evaluate(node.body, env));
        const otherwise = f === FALSE ? [] : this.under(f, () => this.evaluate(node.orelse, env));
        return this.asPath(node, [...guard(t, then), ...guard(f, otherwise)]);
      }
      case 'Lambda':
        return sure({ kind: 'lambda', def: node, module: env.module, closure: env });
      case 'ListComp':
      case 'SetComp':
      case 'GeneratorExp': {
        if (node.generators.some((each) => each.is_async)) return this.note('an asynchronous loop', node);
        const value: PyValue = { kind: 'comprehension', node, env };
        if (node.kind === 'GeneratorExp') return sure(value);
        // A list is made at once: where an item raises there is no list.
        const keeps = (item: Outcomes): Expr => (node.kind === 'SetComp' ? keyable(item) : defined(item));
        const { cont } = scan(value, this, (item) => ({ hit: FALSE, cont: keeps(item) }));
        return [{ cond: cont, value }];
      }
      case 'DictComp':
        return this.note('a dict comprehension', node);
      case 'NamedExpr':
        return this.note('an assignment inside an expression', node);
      case 'Slice':
      case 'Starred':
      case 'FormattedValue':
      case 'Await':
      case 'YieldFrom':
      case 'Yield':
        return this.note('this expression', node);
    }
  }

  /** `x.get(k) if isinstance(x, Mapping) else None` over a place in the event is that place and one step more. */
  private asPath(_node: Expression, outcomes: Outcomes): Outcomes {
    const [a, b] = outcomes;
    if (outcomes.length !== 2 || a === undefined || b === undefined) return outcomes;
    if (a.value.kind !== 'dynamic' || b.value.kind !== 'const' || b.value.value !== null) return outcomes;
    const path = pathOf(a.value.expr);
    if (path === undefined || path.length < 2) return outcomes;
    const above: Dynamic = { ...a.value, expr: placeAt(a.value.expr, path.slice(0, -1)) };
    const test = pairOf(isOf({ ...above, mask: 127 }, DICT));
    const same = (x: Expr, y: Expr): boolean => JSON.stringify(x) === JSON.stringify(y);
    return same(a.cond, test.t) && same(b.cond, test.f) ? [{ cond: TRUE, value: a.value }] : outcomes;
  }

  private sequence(type: 'list' | 'tuple' | 'set', elts: readonly Expression[], env: Env): Outcomes {
    const items: Outcomes[] = [];
    let cond: Expr = TRUE;
    for (const elt of elts) {
      if (elt.kind === 'Starred') {
        const [only] = this.evaluate(elt.value, env);
        if (only?.value.kind !== 'seq') return this.note('a list of parts that are not known', elt);
        cond = all([cond, only.cond]);
        items.push(...only.value.items);
        continue;
      }
      const found = this.evaluate(elt, env);
      cond = all([cond, type === 'set' ? keyable(found) : defined(found)]);
      items.push(found);
    }
    return [{ cond, value: { kind: 'seq', type, items, frame: env.frame } }];
  }

  /** An index that is known: null where it is left out, undefined where it is not known. */
  private whole(node: Expression | null, env: Env): number | null | undefined {
    if (node === null) return null;
    const [only] = this.evaluate(node, env);
    return only?.value.kind === 'const' && typeof only.value.value === 'number' ? only.value.value : undefined;
  }

  private boolOp(op: 'And' | 'Or', values: readonly Expression[], env: Env): Outcomes {
    let found: Outcomes = [];
    let goesOn: Expr = TRUE;
    for (const [at, value] of values.entries()) {
      const outcomes = guard(
        goesOn,
        this.under(goesOn, () => this.evaluate(value, env)),
      );
      if (at === values.length - 1) {
        found = [...found, ...outcomes];
        break;
      }
      const ends: Outcomes = outcomes.flatMap(({ cond, value: each }) => {
        const { t, f } = this.truthOfValue(each);
        const ended = all([cond, op === 'And' ? f : t]);
        return ended === FALSE ? [] : [{ cond: ended, value: settled(each, op) }];
      });
      found = [...found, ...ends];
      const { t, f } = this.truthOf(outcomes);
      goesOn = op === 'And' ? t : f;
      if (goesOn === FALSE) break;
    }
    return merged(found);
  }

  private lookUp(id: string, env: Env, node: Expression): Outcomes {
    for (let scope: Env | undefined = env; scope !== undefined; scope = scope.parent) {
      if (scope.globals.has(id) && !scope.vars.has(id)) {
        if (scope.module.bindings.get(id)?.kind === 'statement') return this.ofModule(id, scope.module, node);
        return this.effect(`the global \`${id}\` is read before it is set`);
      }
      const found = scope.vars.get(id);
      if (found !== undefined) return found;
      if (scope.locals.has(id)) return [];
    }
    return this.ofModule(id, env.module, node);
  }

  /** What a module's name stands for. */
  ofModule(id: string, module: ModuleScope, node: Expression | undefined): Outcomes {
    const binding = module.bindings.get(id);
    if (binding === undefined) {
      // A name that nobody sets may still be there: set in a way that is not followed.
      return BUILTINS.has(id)
        ? sure({ kind: 'foreign', name: `builtins.${id}` })
        : this.note(`the name \`${id}\``, node);
    }
    if (binding.kind === 'unclear') return this.note(`\`${id}\` changes`, node);
    if (binding.kind === 'import') {
      const own = this.bundle.modules.find((each) => each.name === binding.module);
      if (own === undefined) {
        return sure({
          kind: 'foreign',
          name: binding.name === null ? binding.module : `${binding.module}.${binding.name}`,
        });
      }
      const scope = moduleScope(own);
      if (!('bindings' in scope)) return this.effect(`module \`${own.name}\` is not understood: ${scope.reason}`);
      if (binding.name === null) return sure({ kind: 'foreign', name: `module:${own.name}` });
      return scope.bindings.has(binding.name) ? this.ofModule(binding.name, scope, node) : [];
    }
    const { node: statement } = binding;
    if (statement.kind === 'FunctionDef') return sure({ kind: 'function', def: statement, module, closure: undefined });
    if ((statement.kind === 'Assign' || statement.kind === 'AnnAssign') && statement.value !== null) {
      const { value } = statement;
      return this.nested(() => this.evaluate(value, globalEnv(module)));
    }
    return this.note(`\`${id}\``, node);
  }

  /** A name of one of the bundle's modules. */
  attributeOfModule(name: string, attr: string, node: Expression | undefined): Outcomes {
    const own = this.bundle.modules.find((each) => each.name === name);
    const scope = own === undefined ? undefined : moduleScope(own);
    return scope !== undefined && 'bindings' in scope
      ? this.ofModule(attr, scope, node)
      : this.effect(`module \`${name}\``);
  }

  private nested<T>(run: () => T): T {
    this.calls += 1;
    try {
      if (this.calls > MOST_CALLS) throw new TooLarge();
      return run();
    } finally {
      this.calls -= 1;
    }
  }

  private call(node: Expression & { readonly kind: 'Call' }, env: Env): Outcomes {
    const callees = this.evaluate(node.func, env);
    const args: Outcomes[] = [];
    let cond: Expr = TRUE;
    for (const arg of node.args) {
      if (arg.kind === 'Starred') {
        const [only] = this.evaluate(arg.value, env);
        if (only?.value.kind !== 'seq') return this.effect('arguments that are not known');
        cond = all([cond, only.cond]);
        args.push(...only.value.items);
      } else args.push(this.evaluate(arg, env));
    }
    const keywords = new Map<string, Outcomes>();
    for (const { arg, value } of node.keywords) {
      if (arg === null) return this.effect('arguments that are not known');
      keywords.set(arg, this.evaluate(value, env));
    }
    cond = all([cond, ...args.map(defined), ...[...keywords.values()].map(defined)]);
    this.here = { source: env.module.source.name, start: node.start, end: node.end };
    return guard(
      cond,
      this.each(callees, (callee) => this.apply(callee, args, keywords, node)),
    );
  }

  /** Calls a value. */
  apply(
    callee: PyValue,
    args: readonly Outcomes[],
    keywords: ReadonlyMap<string, Outcomes>,
    node: Expression | undefined,
  ): Outcomes {
    switch (callee.kind) {
      case 'function':
        return this.inline(callee.def, callee.module, callee.closure, args, keywords);
      case 'lambda': {
        const env = this.bindParameters(
          callee.def.args,
          callee.module,
          callee.closure,
          args,
          keywords,
          new Set(),
          new Set(),
        );
        if (env === undefined) return [];
        return this.nested(() => this.evaluate(callee.def.body, env));
      }
      case 'foreign':
        return callForeign(callee.name, args, keywords, node, this);
      case 'method':
        return callMethod(callee.self, callee.name, args, keywords, node, this);
      case 'unknown':
        return this.effect('a call of what is not known');
      case 'const':
      case 'seq':
      case 'map':
      case 'dynamic':
      case 'bool':
      case 'maybe':
      case 'regex':
      case 'comprehension':
        return [];
    }
  }

  inline(
    def: FunctionDef,
    module: ModuleScope,
    closure: Env | undefined,
    args: readonly Outcomes[],
    keywords: ReadonlyMap<string, Outcomes>,
  ): Outcomes {
    const names = namesSet(def.body);
    if (names.yields) return this.effect('a generator function');
    const env = this.bindParameters(def.args, module, closure, args, keywords, names.locals, names.globals);
    if (env === undefined) return [];
    const here = this.here;
    const found = this.nested(() => runBody(def.body, env, this));
    this.here = here;
    return merged([...found.returns, ...guard(found.falls, sure(NOTHING))]);
  }

  private bindParameters(
    parameters: Parameters,
    module: ModuleScope,
    closure: Env | undefined,
    args: readonly Outcomes[],
    keywords: ReadonlyMap<string, Outcomes>,
    locals: ReadonlySet<string>,
    globals: ReadonlySet<string>,
  ): Env | undefined {
    this.frames += 1;
    const vars = new Map<string, Outcomes>();
    const positional = [...parameters.posonlyargs, ...parameters.args];
    const used = new Set<string>();
    const defaultsFrom = positional.length - parameters.defaults.length;
    const outer = closure ?? globalEnv(module);
    for (const [at, { arg }] of positional.entries()) {
      const named = keywords.get(arg);
      const given = args[at] ?? named;
      if (args[at] !== undefined && named !== undefined) return undefined;
      if (named !== undefined) used.add(arg);
      const fallback = parameters.defaults[at - defaultsFrom];
      const value = given ?? (fallback === undefined ? undefined : this.evaluate(fallback, outer));
      if (value === undefined) return undefined;
      vars.set(arg, value);
    }
    if (args.length > positional.length) {
      if (parameters.vararg === null) return undefined;
    }
    if (parameters.vararg !== null) {
      vars.set(
        parameters.vararg.arg,
        sure({ kind: 'seq', type: 'tuple', items: args.slice(positional.length), frame: this.frames }),
      );
    }
    for (const [at, { arg }] of parameters.kwonlyargs.entries()) {
      const fallback = parameters.kw_defaults[at] ?? null;
      const value = keywords.get(arg) ?? (fallback === null ? undefined : this.evaluate(fallback, outer));
      if (value === undefined) return undefined;
      used.add(arg);
      vars.set(arg, value);
    }
    const others = [...keywords].filter(([name]) => !used.has(name));
    if (parameters.kwarg !== null)
      vars.set(parameters.kwarg.arg, sure({ kind: 'map', entries: new Map(others), frame: this.frames }));
    else if (others.length > 0) return undefined;
    return { vars, module, parent: closure, frame: this.frames, locals, globals };
  }

  each(outcomes: Outcomes, run: (value: PyValue) => Outcomes): Outcomes {
    return merged(
      outcomes.flatMap(({ cond, value }) =>
        guard(
          cond,
          this.under(cond, () => run(value)),
        ),
      ),
    );
  }

  product(left: Outcomes, right: Outcomes, run: (a: PyValue, b: PyValue) => Outcomes): Outcomes {
    return this.each(left, (a) => this.each(right, (b) => run(a, b)));
  }

  /** What an assignment's target binds. */
  bindTarget(target: Expression, value: Outcomes, env: Env): { readonly env: Env; readonly cond: Expr } | undefined {
    if (target.kind === 'Name') {
      return { env: { ...env, vars: new Map(env.vars).set(target.id, value) }, cond: TRUE };
    }
    if (target.kind !== 'Tuple' && target.kind !== 'List') return undefined;
    const [only] = value;
    if (value.length !== 1 || only === undefined) return undefined;
    let items: readonly Outcomes[];
    let cond = only.cond;
    if (only.value.kind === 'seq') items = only.value.items;
    else if (only.value.kind === 'dynamic' && (only.value.mask & LIST) !== 0) {
      // Only lists: a text or a map could be taken apart as well, which nobody means.
      const { value: whole } = only;
      if (whole.kind !== 'dynamic') return undefined;
      const length = call('python.len', [whole.expr]);
      if (whole.mask !== LIST) return undefined;
      cond = all([cond, isOf(whole, LIST), call('python.equals', [length, literal(target.elts.length)])]);
      const made = madeOfItems(whole);
      items = target.elts.map((_, at) => sure(dynamic(call('python.item', [whole.expr, literal(at)]), ANY, made)));
    } else return undefined;
    if (items.length !== target.elts.length || target.elts.some((each) => each.kind === 'Starred')) return undefined;
    let bound = env;
    for (const [at, each] of target.elts.entries()) {
      const next = this.bindTarget(each, items[at] ?? [], bound);
      if (next === undefined) return undefined;
      bound = next.env;
      cond = all([cond, next.cond]);
    }
    return { env: bound, cond };
  }

  arithmetic(op: string, a: PyValue, b: PyValue, node: Expression | undefined): Outcomes {
    if (a.kind === 'const' && b.kind === 'const') {
      if (op === 'Add' && typeof a.value === 'string' && typeof b.value === 'string')
        return sure(constant(a.value + b.value));
      if (typeof a.value === 'number' && typeof b.value === 'number') {
        if (op === 'Add') return sure(constant(a.value + b.value));
        if (op === 'Sub') return sure(constant(a.value - b.value));
        if (op === 'Mult') return sure(constant(a.value * b.value));
      }
    }
    if (op === 'Add' && a.kind === 'seq' && b.kind === 'seq' && a.type === b.type) {
      return sure({ ...a, items: [...a.items, ...b.items] });
    }
    if (op === 'BitOr' && a.kind === 'seq' && b.kind === 'seq' && a.type === 'set' && b.type === 'set') {
      return sure({ ...a, items: [...a.items, ...b.items] });
    }
    return (op === 'Add' ? sum(a, b) : undefined) ?? this.note('this operator', node);
  }

  private format(values: readonly Expression[], env: Env, node: Expression): Outcomes {
    let alternatives: { readonly cond: Expr; readonly parts: readonly PyValue[] }[] = [{ cond: TRUE, parts: [] }];
    for (const value of values) {
      if (value.kind === 'FormattedValue' && (value.format_spec !== null || value.conversion !== '')) {
        return this.note('a formatted value', node);
      }
      const found = this.evaluate(value.kind === 'FormattedValue' ? value.value : value, env);
      alternatives = alternatives.flatMap(({ cond, parts }) =>
        guard(cond, found).map((outcome) => ({ cond: outcome.cond, parts: [...parts, outcome.value] })),
      );
      if (alternatives.length > MOST_OUTCOMES) return this.note('a formatted value', node);
    }
    return alternatives.flatMap(({ cond, parts }) => guard(cond, this.concatenation(parts, node)));
  }

  private concatenation(parts: readonly PyValue[], node: Expression): Outcomes {
    if (parts.every((part) => part.kind === 'const' && typeof part.value === 'string')) {
      return sure(constant(parts.map((part) => (part.kind === 'const' ? part.value : '')).join('')));
    }
    const texts: Expr[] = [];
    for (const part of parts) {
      const [text] = textOf(part) ?? [];
      const expr = text === undefined ? undefined : expressionOf(text.value);
      if (expr === undefined) return this.note('a formatted value', node);
      texts.push(expr);
    }
    return sure(dynamic(call('text.concat', texts), STR, 'plain'));
  }
}

/** Why an expression that gives nothing raises. */
function failure(node: Expression): string {
  switch (node.kind) {
    case 'Attribute':
      return `what stands there has no attribute \`${node.attr}\``;
    case 'Name':
      return `\`${node.id}\` is not set`;
    case 'Subscript':
      return 'there is no such item';
    case 'Call':
      return 'this call cannot succeed';
    case 'BinOp':
      return 'these cannot be combined';
    case 'Compare':
      return 'these cannot be compared';
    default:
      return 'this cannot be worked out';
  }
}

/** `+` of which one side is not known; undefined where it is not understood. */
function sum(a: PyValue, b: PyValue): Outcomes | undefined {
  const left = expressionOf(a);
  const right = expressionOf(b);
  if (left === undefined || right === undefined) return undefined;
  const masks = [a, b].map(maskOf);
  if (masks.includes(STR)) return operation('python.add', [left, right], STR);
  // A tuple is no list, and nothing can be added to the event's own lists, nor they to anything.
  const sides = [a, b].filter((each) => (maskOf(each) & LIST) !== 0);
  if (sides.some((each) => (each.kind === 'dynamic' ? each.made : knownType(each)) === 'tuple')) return undefined;
  const lists = sides.length < 2 || sides.some((each) => each.kind === 'dynamic' && each.made === 'event') ? 0 : LIST;
  const conds = [a, b].map((each) => (each.kind === 'dynamic' && lists === 0 ? isOf(each, STR | NUMBER) : TRUE));
  const made = sides.some((each) => each.kind === 'dynamic' && each.made === 'list') ? 'list' : 'plain';
  return guard(all(conds), operation('python.add', [left, right], STR | INT | FLOAT | lists, made));
}

function knownType(value: PyValue): string {
  return value.kind === 'seq' ? value.type : '';
}

/** What is left of a value where its truth is known. */
function settled(value: PyValue, op: 'And' | 'Or'): PyValue {
  if (value.kind === 'bool') return constant(op === 'Or');
  return value;
}

function globalEnv(module: ModuleScope): Env {
  return { vars: new Map(), module, parent: undefined, frame: 0, locals: new Set(), globals: new Set() };
}

interface NamesSet {
  readonly locals: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
  readonly yields: boolean;
}

const namesOfBodies = new WeakMap<object, NamesSet>();

/** The names that a function's body sets, those it declares global, and whether it yields. */
function namesSet(body: FunctionDef['body']): NamesSet {
  const known = namesOfBodies.get(body);
  if (known !== undefined) return known;
  const locals = new Set<string>();
  const globals = new Set<string>();
  let yields = false;
  const open: unknown[] = [...body];
  const targets = (node: unknown): void => {
    const target = node as Expression;
    if (target.kind === 'Name') locals.add(target.id);
    else if (target.kind === 'Tuple' || target.kind === 'List') target.elts.forEach(targets);
    else if (target.kind === 'Starred') targets(target.value);
  };
  while (open.length > 0) {
    const each = open.pop();
    if (Array.isArray(each)) {
      open.push(...each);
      continue;
    }
    if (typeof each !== 'object' || each === null) continue;
    const node = each as Record<string, unknown>;
    const kind = node['kind'];
    if (kind === 'FunctionDef' || kind === 'ClassDef') {
      locals.add(String(node['name']));
      continue;
    }
    if (kind === 'Lambda') continue;
    if (kind === 'Yield' || kind === 'YieldFrom') yields = true;
    if (kind === 'Global') for (const name of node['names'] as string[]) globals.add(name);
    if (kind === 'NamedExpr' || kind === 'AugAssign' || kind === 'AnnAssign' || kind === 'For' || kind === 'AsyncFor') {
      targets(node['target']);
    }
    if ('optional_vars' in node && node['optional_vars'] !== null) targets(node['optional_vars']);
    if (kind === 'MatchAs' || kind === 'MatchStar') if (typeof node['name'] === 'string') locals.add(node['name']);
    if (kind === 'MatchMapping' && typeof node['rest'] === 'string') locals.add(node['rest']);
    if (kind === 'Assign') (node['targets'] as unknown[]).forEach(targets);
    open.push(...Object.values(node));
  }
  for (const name of globals) locals.delete(name);
  const found = { locals, globals, yields };
  namesOfBodies.set(body, found);
  return found;
}
