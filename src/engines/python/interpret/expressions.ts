import type { Comprehension, Expression } from '../../../languages/python/ast.ts';
import { callForeign } from './builtins.ts';
import type { Evaluate, Frame, Scope } from './compiler.ts';
import { childOf } from './event.ts';
import { callMethod } from './methods.ts';
import { arithmetic, compareBy, itemAt, sliceOf } from './operators.ts';
import type { Run } from './run.ts';
import { reprOf, textOf } from './text.ts';
import {
  boundText,
  Foreign,
  isMap,
  isMapping,
  itemsOf,
  iterate,
  type Key,
  keyOf,
  leave,
  listOf,
  PyDict,
  PyFunction,
  PyGenerator,
  PyList,
  PyModule,
  PySet,
  PyTuple,
  raise,
  truth,
  type Value,
} from './value.ts';

const never =
  (reason: string): Evaluate =>
  () =>
    leave(reason);

export function compileExpression(node: Expression, scope: Scope): Evaluate {
  switch (node.kind) {
    case 'Constant': {
      switch (node.type) {
        case 'str': {
          const value = String(node.value);
          return () => value;
        }
        case 'bool': {
          const value = node.value === true;
          return () => value;
        }
        case 'none':
          return () => null;
        case 'int':
        case 'float': {
          const value = Number(node.value);
          const whole = Number.isSafeInteger(value);
          return whole === (node.type === 'int') ? () => value : never('a whole float, or a very large number');
        }
        case 'bytes':
        case 'complex':
        case 'ellipsis':
          return never(`a constant of type ${node.type}`);
      }
      break;
    }
    case 'Name':
      return compileName(node.id, scope);
    case 'JoinedStr':
      return compileText(node.values, scope);
    case 'List': {
      const items = compileItems(node.elts, scope);
      return (frame) => new PyList(items(frame));
    }
    case 'Tuple': {
      const items = compileItems(node.elts, scope);
      return (frame) => new PyTuple(items(frame));
    }
    case 'Set': {
      const items = compileItems(node.elts, scope);
      return (frame) => new PySet(new Set(items(frame).map(keyOf)));
    }
    case 'Dict':
      return compileDict(node.keys, node.values, scope);
    case 'UnaryOp': {
      const operand = compileExpression(node.operand, scope);
      if (node.op === 'Not') return (frame) => !truth(operand(frame));
      if (node.op !== 'USub') return never('this operator');
      return (frame) => {
        const value = operand(frame);
        return typeof value === 'number' && value !== 0 ? -value : leave('a sign');
      };
    }
    case 'BinOp': {
      const left = compileExpression(node.left, scope);
      const right = compileExpression(node.right, scope);
      const { op } = node;
      return (frame) => arithmetic(op, left(frame), right(frame));
    }
    case 'BoolOp': {
      const values = node.values.map((each) => compileExpression(each, scope));
      const ends = node.op === 'Or';
      return (frame) => {
        let value: Value = null;
        for (const each of values) {
          value = each(frame);
          if (truth(value) === ends) return value;
        }
        return value;
      };
    }
    case 'Compare': {
      const first = compileExpression(node.left, scope);
      const others = node.comparators.map((each) => compileExpression(each, scope));
      const [op = 'Eq'] = node.ops;
      const [second = first] = others;
      if (others.length === 1) {
        const compare = compareBy(op, scope.unit.machine.run);
        return (frame) => compare(first(frame), second(frame));
      }
      const compares = node.ops.map((each) => compareBy(each, scope.unit.machine.run));
      return (frame) => {
        let left = first(frame);
        for (const [at, compare] of compares.entries()) {
          const right = others[at]?.(frame) ?? null;
          if (!compare(left, right)) return false;
          left = right;
        }
        return true;
      };
    }
    case 'Call':
      return compileCall(node, scope);
    case 'Attribute': {
      const held = compileExpression(node.value, scope);
      const { attr } = node;
      return (frame) => {
        const value = held(frame);
        if (value instanceof Foreign) return new Foreign(`${value.name}.${attr}`);
        if (value instanceof PyModule) return value.attribute(attr);
        return value === null ? raise('AttributeError') : leave(`the attribute \`${attr}\``);
      };
    }
    case 'Subscript': {
      const held = compileExpression(node.value, scope);
      if (node.slice.kind === 'Slice') {
        if (node.slice.step !== null) return never('a slice with a step');
        const lower = node.slice.lower === null ? () => null : compileExpression(node.slice.lower, scope);
        const upper = node.slice.upper === null ? () => null : compileExpression(node.slice.upper, scope);
        return (frame) => sliceOf(held(frame), lower(frame), upper(frame));
      }
      const index = compileExpression(node.slice, scope);
      return (frame) => itemAt(held(frame), index(frame));
    }
    case 'IfExp': {
      const test = compileExpression(node.test, scope);
      const body = compileExpression(node.body, scope);
      const orelse = compileExpression(node.orelse, scope);
      return (frame) => (truth(test(frame)) ? body(frame) : orelse(frame));
    }
    case 'Lambda':
      return scope.unit.machine.functionOf(node, scope);
    case 'ListComp': {
      const each = compileComprehension(node, scope);
      return (frame) => {
        const items: Value[] = [];
        each(
          frame,
          (item) => {
            items.push(item);
            return false;
          },
          false,
        );
        return new PyList(items);
      };
    }
    case 'SetComp': {
      const each = compileComprehension(node, scope);
      return (frame) => {
        const keys = new Set<Key>();
        each(
          frame,
          (item) => {
            keys.add(keyOf(item));
            return false;
          },
          true,
        );
        return new PySet(keys);
      };
    }
    case 'DictComp': {
      const each = compileComprehension(node, scope);
      return (frame) => {
        const entries = new Map<Key, Value>();
        each(
          frame,
          (item, value) => {
            entries.set(keyOf(item), value);
            return false;
          },
          false,
        );
        return new PyDict(entries);
      };
    }
    case 'GeneratorExp':
      return never('a generator that is kept');
    case 'NamedExpr': {
      const place = scope.locate(node.target.id);
      const value = compileExpression(node.value, scope);
      if (place === undefined || place.depth > 0) return never('an assignment inside an expression');
      return (frame) => {
        const found = value(frame);
        frame.slots[place.slot] = found;
        return found;
      };
    }
    case 'Slice':
    case 'Starred':
    case 'FormattedValue':
    case 'Await':
    case 'YieldFrom':
    case 'Yield':
      return never('this expression');
  }
}

function compileName(name: string, scope: Scope): Evaluate {
  const place = scope.locate(name);
  if (place === undefined) {
    const { unit } = scope;
    let known: Value | undefined;
    return () => {
      if (known === undefined) known = unit.global(name);
      return known;
    };
  }
  const { depth, slot } = place;
  if (depth === 0) {
    return (frame) => {
      const value = frame.slots[slot];
      return value === undefined ? leave(`\`${name}\` is not set`) : value;
    };
  }
  return (frame) => {
    let at: Frame | undefined = frame;
    for (let left = depth; left > 0; left -= 1) at = at?.parent;
    const value = at?.slots[slot];
    return value === undefined ? leave(`\`${name}\` is not set`) : value;
  };
}

function compileText(values: readonly Expression[], scope: Scope): Evaluate {
  const { run } = scope.unit.machine;
  const parts = values.map((part): ((frame: Frame) => string) => {
    if (part.kind === 'Constant') {
      const value = String(part.value);
      return () => value;
    }
    if (part.kind !== 'FormattedValue' || part.format_spec !== null || part.conversion === 'a') {
      return () => leave('a formatted value');
    }
    const value = compileExpression(part.value, scope);
    if (part.conversion === 'r') return (frame) => reprOf(value(frame), run);
    return (frame) => textOf(value(frame), run);
  });
  return (frame) => {
    let text = '';
    for (const part of parts) text += part(frame);
    boundText(text.length);
    return text;
  };
}

function compileItems(nodes: readonly Expression[], scope: Scope): (frame: Frame) => Value[] {
  if (nodes.every((node) => node.kind !== 'Starred')) {
    const items = nodes.map((node) => compileExpression(node, scope));
    return (frame) => items.map((item) => item(frame));
  }
  const parts = nodes.map((node) => ({
    spread: node.kind === 'Starred',
    evaluate: compileExpression(node.kind === 'Starred' ? node.value : node, scope),
  }));
  return (frame) => parts.flatMap(({ spread, evaluate }) => (spread ? listOf(evaluate(frame)) : [evaluate(frame)]));
}

function compileDict(keys: readonly (Expression | null)[], values: readonly Expression[], scope: Scope): Evaluate {
  const parts = values.map((value, at) => {
    const key = keys[at] ?? null;
    return {
      key: key === null ? undefined : compileExpression(key, scope),
      value: compileExpression(value, scope),
    };
  });
  return (frame) => {
    const entries = new Map<Key, Value>();
    for (const { key, value } of parts) {
      if (key !== undefined) {
        const name = keyOf(key(frame));
        entries.set(name, value(frame));
      } else copyEntries(value(frame), entries);
    }
    return new PyDict(entries);
  };
}

/** Every entry of a mapping into another. */
function copyEntries(from: Value, to: Map<Key, Value>): void {
  if (from instanceof PyDict) for (const [key, value] of from.entries) to.set(key, value);
  else if (isMap(from)) for (const key of Object.keys(from)) to.set(key, from[key] ?? null);
  else raise('TypeError');
}

type Visit = (item: Value, value: Value) => boolean;

/** Goes through what a comprehension makes; for a dict, keys and values. */
function compileComprehension(
  node: Comprehension,
  scope: Scope,
): (frame: Frame, visit: Visit, anyOrder: boolean) => void {
  const { run } = scope.unit.machine;
  const [outermost] = node.generators;
  if (outermost === undefined || node.generators.some((each) => each.is_async)) {
    return () => leave('this comprehension');
  }
  const first = compileExpression(outermost.iter, scope);
  scope.inner.push(new Map());
  const levels = node.generators.map((generator, at) => {
    const source = at === 0 ? first : compileExpression(generator.iter, scope);
    const bind = compileTarget(generator.target, scope, true);
    const tests = generator.ifs.map((test) => compileExpression(test, scope));
    return { source, bind, tests };
  });
  const element = compileExpression(node.elt, scope);
  const value = node.value === null ? () => null : compileExpression(node.value, scope);
  scope.inner.pop();
  return (frame, visit, anyOrder) => {
    const level = (depth: number): boolean => {
      const here = levels[depth];
      if (here === undefined) {
        const item = element(frame);
        return visit(item, value(frame));
      }
      let done = false;
      iterate(
        here.source(frame),
        (item) => {
          run.spend(1);
          here.bind(frame, item);
          if (here.tests.every((test) => truth(test(frame)))) done = level(depth + 1);
          return done;
        },
        anyOrder,
      );
      return done;
    };
    level(0);
  };
}

/** What an assignment binds. `inner`: the variables are a comprehension's own. */
export function compileTarget(target: Expression, scope: Scope, inner: boolean): (frame: Frame, value: Value) => void {
  if (target.kind === 'Name') {
    const place = inner ? { depth: 0, slot: scope.addInner(target.id) } : scope.locate(target.id);
    if (place === undefined || place.depth > 0) return () => leave('this target');
    const { slot } = place;
    return (frame, value) => {
      frame.slots[slot] = value;
    };
  }
  if ((target.kind !== 'Tuple' && target.kind !== 'List') || target.elts.some((each) => each.kind === 'Starred')) {
    return () => leave('this target');
  }
  const parts = target.elts.map((each) => compileTarget(each, scope, inner));
  return (frame, value) => {
    const items = itemsOf(value) ?? listOf(value);
    if (items.length !== parts.length) raise('ValueError');
    for (const [at, part] of parts.entries()) part(frame, items[at] ?? null);
  };
}

function compileGenerator(node: Comprehension, scope: Scope): Evaluate {
  const each = compileComprehension(node, scope);
  return (frame) => new PyGenerator((visit, anyOrder) => each(frame, visit, anyOrder));
}

function compileCall(node: Expression & { readonly kind: 'Call' }, scope: Scope): Evaluate {
  const { machine } = scope.unit;
  const args = compileArguments(node.args, scope);
  const named = compileNamed(node, scope);
  if (node.func.kind === 'Attribute') {
    const { attr } = node.func;
    const held = compileExpression(node.func.value, scope);
    const [key, ...rest] = node.args;
    if (attr === 'get' && named === undefined && key?.kind === 'Constant' && key.type === 'str' && rest.length < 2) {
      const name = String(key.value);
      const [fallback] = rest;
      if (fallback?.kind !== 'Starred') {
        const otherwise = fallback === undefined ? () => null : compileExpression(fallback, scope);
        return (frame) => {
          const self = held(frame);
          if (!isMapping(self)) {
            if (self === null) return raise('AttributeError');
            return callMethod(
              self,
              attr,
              fallback === undefined ? [name] : [name, otherwise(frame)],
              undefined,
              machine,
            );
          }
          // What is given instead is worked out, whether it is needed or not.
          const other = otherwise(frame);
          const found = self instanceof PyDict ? self.entries.get(name) : childOf(self, name);
          return found === undefined ? other : found;
        };
      }
    }
    return (frame) => {
      const self = held(frame);
      if (self instanceof Foreign) return callForeign(`${self.name}.${attr}`, args(frame), named?.(frame), machine.run);
      if (self instanceof PyModule) return callValue(self.attribute(attr), args(frame), named?.(frame), machine.run);
      if (self === null) return raise('AttributeError');
      return callMethod(self, attr, args(frame), named?.(frame), machine);
    };
  }
  const callee = compileExpression(node.func, scope);
  return (frame) => callValue(callee(frame), args(frame), named?.(frame), machine.run);
}

function callValue(
  callee: Value,
  args: readonly Value[],
  named: ReadonlyMap<string, Value> | undefined,
  run: Run,
): Value {
  if (callee instanceof PyFunction) {
    if (args.some((arg) => arg instanceof PyGenerator)) leave('a generator that is kept');
    return callee.call(args, named);
  }
  if (callee instanceof Foreign) return callForeign(callee.name, args, named, run);
  return leave('a call of something else');
}

function compileArguments(nodes: readonly Expression[], scope: Scope): (frame: Frame) => Value[] {
  if (!nodes.some((node) => node.kind === 'GeneratorExp')) return compileItems(nodes, scope);
  if (nodes.some((node) => node.kind === 'Starred')) return () => leave('these arguments');
  const items = nodes.map((node) =>
    node.kind === 'GeneratorExp' ? compileGenerator(node, scope) : compileExpression(node, scope),
  );
  return (frame) => items.map((item) => item(frame));
}

function compileNamed(
  node: Expression & { readonly kind: 'Call' },
  scope: Scope,
): ((frame: Frame) => ReadonlyMap<string, Value>) | undefined {
  if (node.keywords.length === 0) return undefined;
  const parts = node.keywords.map(({ arg, value }) => ({ arg, evaluate: compileExpression(value, scope) }));
  return (frame) => {
    const found = new Map<string, Value>();
    for (const { arg, evaluate } of parts) {
      const value = evaluate(frame);
      if (arg !== null) found.set(arg, value);
      else {
        const entries = new Map<Key, Value>();
        copyEntries(value, entries);
        for (const [key, each] of entries) {
          if (typeof key !== 'string' || found.has(key)) leave('these arguments');
          else found.set(key, each);
        }
      }
    }
    return found;
  };
}
