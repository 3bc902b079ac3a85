import type { Expression, Stmt } from '../../../languages/python/ast.ts';
import type { Evaluate, Execute, Scope } from './compiler.ts';
import { compileExpression, compileTarget } from './expressions.ts';
import { arithmetic } from './operators.ts';
import { boundList, iterate, keyOf, leave, listOf, PyDict, PyList, Raised, truth, type Value } from './value.ts';

export function compileBody(body: readonly Stmt[], scope: Scope): Execute {
  const statements = body.map((each) => compileStatement(each, scope));
  const [only] = statements;
  if (statements.length === 1 && only !== undefined) return only;
  return (frame) => {
    for (const statement of statements) {
      const end = statement(frame);
      if (end !== undefined) return end;
    }
    return undefined;
  };
}

function compileStatement(node: Stmt, scope: Scope): Execute {
  const { machine } = scope.unit;
  switch (node.kind) {
    case 'Return': {
      const value: Evaluate = node.value === null ? () => null : compileExpression(node.value, scope);
      return (frame) => {
        frame.result = value(frame);
        return 'return';
      };
    }
    case 'Pass':
      return () => undefined;
    case 'Break':
      return () => 'break';
    case 'Continue':
      return () => 'continue';
    case 'Expr': {
      if (node.value.kind === 'Constant') return () => undefined;
      const value = compileExpression(node.value, scope);
      return (frame) => {
        value(frame);
        return undefined;
      };
    }
    case 'Assign': {
      const value = compileExpression(node.value, scope);
      const targets = node.targets.map((each) => compileAssignment(each, scope));
      return (frame) => {
        const found = value(frame);
        for (const target of targets) target(frame, found);
        return undefined;
      };
    }
    case 'AnnAssign': {
      if (node.value === null) return () => undefined;
      const value = compileExpression(node.value, scope);
      const target = compileAssignment(node.target, scope);
      return (frame) => {
        target(frame, value(frame));
        return undefined;
      };
    }
    case 'AugAssign': {
      const { op } = node;
      if (node.target.kind !== 'Name') return () => leave('this assignment');
      const held = compileExpression(node.target, scope);
      const value = compileExpression(node.value, scope);
      const target = compileAssignment(node.target, scope);
      return (frame) => {
        const before = held(frame);
        if (before instanceof PyList && op === 'Add') {
          const added = value(frame);
          // Whoever holds the list sees it grow.
          if (before.shared) leave('a change of what all events share', true);
          else extend(before, added);
          return undefined;
        }
        if (typeof before !== 'string' && typeof before !== 'number') leave('this assignment');
        target(frame, arithmetic(op, before, value(frame)));
        return undefined;
      };
    }
    case 'If': {
      const test = compileExpression(node.test, scope);
      const body = compileBody(node.body, scope);
      const orelse = node.orelse.length === 0 ? () => undefined : compileBody(node.orelse, scope);
      return (frame) => (truth(test(frame)) ? body(frame) : orelse(frame));
    }
    case 'For':
      return compileFor(node, scope);
    case 'While': {
      const test = compileExpression(node.test, scope);
      const body = compileBody(node.body, scope);
      if (node.orelse.length > 0) return () => leave('`else` of a loop');
      return (frame) => {
        while (truth(test(frame))) {
          machine.run.spend(1);
          const end = body(frame);
          if (end === 'return') return end;
          if (end === 'break') break;
        }
        return undefined;
      };
    }
    case 'Try':
      return compileTry(node, scope);
    case 'Match':
      return compileMatch(node, scope);
    case 'FunctionDef': {
      if (node.decorator_list.length > 0) return () => leave('a decorator');
      const make = machine.functionOf(node, scope);
      const place = scope.locate(node.name);
      return (frame) => {
        if (place === undefined || place.depth > 0) return leave('a function');
        frame.slots[place.slot] = make(frame);
        return undefined;
      };
    }
    case 'Raise':
    case 'Assert':
    case 'Import':
    case 'ImportFrom':
    case 'Global':
    case 'Nonlocal':
    case 'With':
    case 'AsyncWith':
    case 'AsyncFor':
    case 'AsyncFunctionDef':
    case 'ClassDef':
    case 'Delete':
      return () => leave(`a statement of kind ${node.kind}`);
  }
}

function extend(list: PyList, added: Value): void {
  const items = listOf(added);
  boundList(list.items.length + items.length);
  list.items.push(...items);
}

function compileAssignment(target: Expression, scope: Scope): (frame: Parameters<Evaluate>[0], value: Value) => void {
  if (target.kind !== 'Subscript') return compileTarget(target, scope, false);
  if (target.slice.kind === 'Slice') return () => leave('this target');
  const held = compileExpression(target.value, scope);
  const index = compileExpression(target.slice, scope);
  return (frame, value) => {
    const holder = held(frame);
    const key = index(frame);
    if (!(holder instanceof PyDict)) leave('this target');
    else if (holder.shared) leave('a change of what all events share', true);
    else holder.entries.set(keyOf(key), value);
  };
}

function compileFor(node: Stmt & { readonly kind: 'For' | 'AsyncFor' }, scope: Scope): Execute {
  const { run } = scope.unit.machine;
  const iter = compileExpression(node.iter, scope);
  const bind = compileTarget(node.target, scope, false);
  const body = compileBody(node.body, scope);
  const orelse = node.orelse.length === 0 ? () => undefined : compileBody(node.orelse, scope);
  return (frame) => {
    let end: ReturnType<Execute>;
    iterate(iter(frame), (item) => {
      run.spend(1);
      bind(frame, item);
      end = body(frame);
      return end === 'return' || end === 'break';
    });
    if (end === 'return') return end;
    return end === 'break' ? undefined : orelse(frame);
  };
}

/** Which exceptions a handler takes; undefined where that is not known. */
function handledBy(type: Expression | null, scope: Scope): readonly string[] | undefined {
  if (type === null) return ['BaseException'];
  if (type.kind === 'Tuple') {
    const parts = type.elts.map((each) => handledBy(each, scope));
    return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part ?? []);
  }
  if (type.kind === 'Name' && EXCEPTIONS.has(type.id) && !scope.unit.has(type.id)) return [type.id];
  if (type.kind !== 'Attribute' || type.value.kind !== 'Name' || type.attr !== 'JSONDecodeError') return undefined;
  const binding = scope.unit.scope.bindings.get(type.value.id);
  return binding?.kind === 'import' && binding.module === 'json' ? ['JSONDecodeError'] : undefined;
}

const EXCEPTIONS: ReadonlySet<string> = new Set(
  'AttributeError TypeError ValueError KeyError IndexError LookupError Exception BaseException'.split(' '),
);

function compileTry(node: Stmt & { readonly kind: 'Try' }, scope: Scope): Execute {
  if (node.finalbody.length > 0) return () => leave('`finally`');
  const { machine } = scope.unit;
  const body = compileBody(node.body, scope);
  const orelse = node.orelse.length === 0 ? () => undefined : compileBody(node.orelse, scope);
  const handlers = node.handlers.map(({ type, body: handler }) => ({
    takes: handledBy(type, scope),
    run: compileBody(handler, scope),
  }));
  return (frame) => {
    const { depth } = machine;
    let end: ReturnType<Execute>;
    try {
      end = body(frame);
    } catch (thrown) {
      if (!(thrown instanceof Raised)) throw thrown;
      machine.depth = depth;
      for (const { takes, run } of handlers) {
        if (takes === undefined) leave('which exceptions are handled');
        else if (takes.some((name) => thrown.classes.includes(name))) return run(frame);
      }
      throw thrown;
    }
    return end ?? orelse(frame);
  };
}

/** `match` over plain values. */
function compileMatch(node: Stmt & { readonly kind: 'Match' }, scope: Scope): Execute {
  const subject = compileExpression(node.subject, scope);
  const cases = node.cases.map(({ pattern, guard, body }) => ({
    fits: compilePattern(pattern, scope),
    guard: guard === null ? () => true : compileExpression(guard, scope),
    body: compileBody(body, scope),
  }));
  return (frame) => {
    const value = subject(frame);
    for (const each of cases) {
      if (each.fits(frame, value) && truth(each.guard(frame))) return each.body(frame);
    }
    return undefined;
  };
}

type Pattern = (Stmt & { readonly kind: 'Match' })['cases'][number]['pattern'];

function compilePattern(pattern: Pattern, scope: Scope): (frame: Parameters<Evaluate>[0], value: Value) => boolean {
  switch (pattern.kind) {
    case 'MatchValue': {
      const wanted = compileExpression(pattern.value, scope);
      return (frame, value) => {
        const other = wanted(frame);
        return typeof other === 'string' ? value === other : leave('a pattern');
      };
    }
    case 'MatchSingleton':
      return (_, value) => value === pattern.value;
    case 'MatchOr': {
      const parts = pattern.patterns.map((each) => compilePattern(each, scope));
      return (frame, value) => parts.some((part) => part(frame, value));
    }
    case 'MatchAs':
      return pattern.pattern === null && pattern.name === null ? () => true : () => leave('a pattern');
    case 'MatchSequence':
    case 'MatchMapping':
    case 'MatchClass':
    case 'MatchStar':
      return () => leave('a pattern');
  }
}
