import { stringifyJson } from '../base/json.ts';
import type { Expr } from '../ir/expr.ts';
import type { Plan } from '../ir/plan.ts';
import type { Rule } from '../ir/rule.ts';
import { anywhere } from '../ir/traverse.ts';
import type { Match } from './match.ts';

const keysOf = new WeakMap<Rule, ReadonlySet<string> | undefined>();

/**
 * A text that two runs of one rule share for what is the same match to them: that of one record, or of one group, whatever
 * numbers it comes to in either.
 */
export function matchIdentity(match: Match): string {
  const keys = groupKeys(match.rule);
  if (keys === undefined && match.record !== undefined) {
    const { file, line, record } = match.record.source;
    return JSON.stringify([file, line, record ?? 0]);
  }
  const fields = Object.entries(match.fields ?? {}).filter(([name]) => keys?.has(name) === true);
  return stringifyJson(Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Whether what a rule finds are groups, not records. */
export function findsGroups(rule: Rule): boolean {
  return groupKeys(rule) !== undefined;
}

function groupKeys(rule: Rule): ReadonlySet<string> | undefined {
  if (keysOf.has(rule)) return keysOf.get(rule);
  const found = rule.logic.kind === 'plan' ? keyColumns(rule.logic.plan) : undefined;
  keysOf.set(rule, found);
  return found;
}

/** The columns of a plan that say which group a row is of; undefined where its rows are records still. */
function keyColumns(plan: Plan): ReadonlySet<string> | undefined {
  switch (plan.kind) {
    case 'source':
    case 'records':
    case 'never':
    case 'rows':
    case 'input':
    case 'ask':
    case 'matches':
    case 'first-seen':
      return undefined;
    case 'where':
    case 'unnest':
    case 'order':
    case 'limit':
    case 'distinct':
      return keyColumns(plan.input);
    case 'extend': {
      const keys = keyColumns(plan.input);
      if (keys === undefined) return undefined;
      const made = plan.columns.filter(({ expr }) => readsOnly(expr, keys)).map(({ name }) => name);
      const replaced = new Set(plan.columns.map(({ name }) => name));
      return new Set([...[...keys].filter((name) => !replaced.has(name)), ...made]);
    }
    case 'project': {
      const keys = keyColumns(plan.input);
      if (keys === undefined) return undefined;
      return new Set(plan.columns.filter(({ expr }) => readsOnly(expr, keys)).map(({ name }) => name));
    }
    case 'summarize':
      return new Set(plan.by.map(({ name }) => name));
    case 'threshold':
    case 'sequence':
      return new Set(plan.by.map(({ name }) => name));
    case 'correlate':
      return new Set(plan.by);
    case 'union': {
      const keys = plan.inputs.flatMap((input) => keyColumns(input) ?? []);
      return keys.length === 0 ? undefined : new Set(keys.flatMap((names) => [...names]));
    }
  }
}

/** Whether an expression is made of some columns and nothing else. */
function readsOnly(expr: Expr, names: ReadonlySet<string>): boolean {
  let reads = false;
  const other = anywhere(expr, (node) => {
    if (node.kind !== 'field' && node.kind !== 'column') return node.kind === 'raw' || node.kind === 'leaves';
    reads = true;
    return !names.has(node.name);
  });
  return reads && !other;
}
