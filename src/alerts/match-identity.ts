import { type Json, stringifyJson } from '../base/json.ts';
import type { Expr } from '../ir/expr.ts';
import type { Join, Plan } from '../ir/plan/plan.ts';
import { keptSide } from '../ir/plan/relational.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { anywhere, planNodes } from '../ir/traverse.ts';
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
    return stringifyJson([file, line, record ?? 0, ...termOf(match)]);
  }
  const fields = Object.entries(match.fields ?? {}).filter(([name]) => keys?.has(name) === true);
  return stringifyJson(Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/**
 * One record may be several matches: of a rule that looks for new terms one for each of its terms, of an ES|QL rule one for each row
 * that differs where its values are expanded.
 */
function termOf({ rule, fields = {} }: Match): readonly Json[] {
  const { plan } = rule.logic;
  if (plan.kind === 'first-seen') return plan.by.map(({ name }) => fields[name] ?? null);
  return tellsRowsApart(rule) ? Object.values(fields) : [];
}

/** Whether rows of one record are matches of their own. */
export function tellsRowsApart({ language, logic: { plan } }: Rule): boolean {
  if (plan.kind === 'first-seen') return true;
  return language === 'esql' && [...planNodes(plan)].some(({ kind }) => kind === 'unnest');
}

/** Whether a rule may match where there is nothing to see: a count of all rows is a row, too. */
export function mayMatchNothing({ logic: { plan }, alert }: Rule): boolean {
  if (alert?.threshold?.of === 'run') return true;
  return [...planNodes(plan)].some(
    (node) => node.kind === 'rows' || (node.kind === 'summarize' && node.by.length === 0),
  );
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
    case 'table':
    case 'shared':
    case 'ask':
    case 'matches':
    case 'first-seen':
      return undefined;
    case 'where':
    case 'unnest':
    case 'unpack':
    case 'scan':
    case 'order':
    case 'limit':
    case 'distinct':
    case 'window':
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
    case 'series':
      return new Set(plan.by.map(({ name }) => name));
    case 'join':
      return joinKeys(plan);
    case 'apply': {
      const keys = keyColumns(plan.body);
      return keys && new Set([...plan.keep.map(({ name }) => name), ...keys]);
    }
    case 'threshold':
      return new Set(plan.by.map(({ name }) => name));
    case 'sequence':
      return new Set([
        ...plan.by.map(({ name }) => name),
        ...(plan.summary.shared === undefined ? [] : [plan.summary.shared]),
      ]);
    case 'union': {
      const keys = plan.inputs.flatMap((input) => keyColumns(input) ?? []);
      return keys.length === 0 ? undefined : new Set(keys.flatMap((names) => [...names]));
    }
  }
}

/** A pair is told from others by what it has of records, and by what says which group a row is of. */
function joinKeys(plan: Join): ReadonlySet<string> | undefined {
  const kept = keptSide(plan.flavour);
  if (kept !== undefined) return keyColumns(plan[kept]);
  const sides = { left: keyColumns(plan.left), right: keyColumns(plan.right) };
  const told = plan.columns.filter(({ side, expr }) => {
    const keys = sides[side];
    return keys === undefined || readsOnly(expr, keys);
  });
  return new Set(told.map(({ name }) => name));
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
