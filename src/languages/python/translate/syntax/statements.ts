import { FALSE, TRUE } from '../../../../ir/construct.ts';
import type { Stmt } from '../../ast.ts';
import { visit } from '../../visit.ts';
import type { Ending, Translator } from '../context.ts';
import { arithmetic } from '../values/operators.ts';
import { type Env, NOTHING, sure, UNKNOWN } from '../values/value.ts';
import { assign, grows, runExpression, spoil } from './changes.ts';
import { either, goesOn, NO_LEAVING, set, unfollowed } from './ending.ts';
import { runFor } from './for.ts';
import { asTests } from './match.ts';
import { runTry } from './try.ts';

export function runStatement(node: Stmt, given: Env, of: Translator): Ending {
  of.step();
  // What `:=` sets is only known where it is the whole test of an `if`.
  const named = namedIn(node);
  const env = named.reduce((held, name) => set(held, name, sure(UNKNOWN)), given);
  if (node.kind === 'If' && node.test.kind === 'NamedExpr') {
    const { target, value, start, end } = node.test;
    const assigned = runStatement({ kind: 'Assign', targets: [target], value, start, end }, given, of);
    const rest = of.under(assigned.falls, () => runStatement({ ...node, test: target }, assigned.env, of));
    return either([{ cond: assigned.falls, ending: rest }], env, of);
  }
  switch (node.kind) {
    case 'Return': {
      const returns = node.value === null ? sure(NOTHING) : of.evaluate(node.value, env);
      return { returns, falls: FALSE, env, ...NO_LEAVING };
    }
    case 'Pass':
    case 'Global':
      return goesOn(env);
    case 'Break':
      return { returns: [], falls: FALSE, env, breaks: [{ cond: TRUE, env }], continues: [] };
    case 'Continue':
      return { returns: [], falls: FALSE, env, breaks: [], continues: [{ cond: TRUE, env }] };
    case 'Raise':
      of.raise('it is raised here', node, env);
      return goesOn(env, FALSE);
    case 'Assert': {
      const { t } = of.truth(node.test, env);
      if (t === FALSE) of.raise('this cannot be true', node, env);
      return goesOn(env, t);
    }
    case 'Expr':
      return runExpression(node.value, env, of);
    case 'Assign': {
      const value = of.evaluate(node.value, env);
      let ending = goesOn(env, of.defined(value));
      for (const target of node.targets) ending = assign(target, value, ending, of);
      return ending;
    }
    case 'AnnAssign': {
      if (node.value === null) return goesOn(env);
      const value = of.evaluate(node.value, env);
      return assign(node.target, value, goesOn(env, of.defined(value)), of);
    }
    case 'AugAssign': {
      if (node.target.kind !== 'Name') return spoil(env, of);
      const { target, op, value } = node;
      const found = of.product(of.evaluate(target, env), of.evaluate(value, env), (a, b) =>
        op === 'Add' && grows(a, b) ? of.note('a list that grows', value) : arithmetic(op, a, b, value, of),
      );
      return assign(target, found, goesOn(env, of.defined(found)), of);
    }
    case 'If': {
      const { t, f } = of.truth(node.test, env);
      const then = t === FALSE ? undefined : of.under(t, () => of.run(node.body, env));
      const otherwise = f === FALSE ? undefined : of.under(f, () => of.run(node.orelse, env));
      return either(
        [
          ...(then === undefined ? [] : [{ cond: t, ending: then }]),
          ...(otherwise === undefined ? [] : [{ cond: f, ending: otherwise }]),
        ],
        env,
        of,
      );
    }
    case 'For':
      return runFor(node, env, of);
    case 'Match': {
      const chain = asTests(node);
      if (chain === undefined) return unfollowed('a pattern of `match`', env, of);
      return of.run(chain, env);
    }
    case 'Try':
      return runTry(node, env, of);
    case 'FunctionDef':
      return goesOn(set(env, node.name, sure({ kind: 'function', def: node, module: env.module, closure: env })));
    case 'Import':
    case 'ImportFrom': {
      of.note('an import inside a function');
      const names = node.names.map(({ name, asname }) => asname ?? name.split('.')[0] ?? name);
      return goesOn(names.reduce((held, name) => set(held, name, sure(UNKNOWN)), env));
    }
    case 'While':
    case 'With':
    case 'AsyncWith':
    case 'AsyncFor':
    case 'AsyncFunctionDef':
    case 'ClassDef':
    case 'Delete':
    case 'Nonlocal':
      return unfollowed(`a statement of kind ${node.kind}`, env, of);
  }
}

const namedOf = new WeakMap<Stmt, readonly string[]>();

/** The names that `:=` sets anywhere in a statement. */
function namedIn(node: Stmt): readonly string[] {
  const known = namedOf.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  visit(node, (each) => {
    if (each['kind'] === 'NamedExpr') names.add((each['target'] as { readonly id: string }).id);
  });
  const found = [...names];
  namedOf.set(node, found);
  return found;
}
