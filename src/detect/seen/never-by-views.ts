import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { pipeline } from '../../engines/pipeline.ts';
import { and, raw, TRUE } from '../../ir/construct.ts';
import { equal } from '../../ir/equal.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan, Source } from '../../ir/plan/plan.ts';
import { rowPath } from '../../ir/plan/row-path.ts';
import { describe } from '../../ir/print/describe.ts';
import { pythonOf, type Rule } from '../../ir/rule/rule.ts';
import { anywhere } from '../../ir/traverse.ts';
import type { View, ViewField } from '../../ir/view.ts';
import { bindingOf } from '../../logs/binding.ts';
import { logTypes } from '../../logs/registry.ts';
import { type Binding, viewField } from '../../passes/bind.ts';

/** Every log type that has views, in each of its shapes. */
export function declaredBindings(): readonly Binding[] {
  return logTypes.flatMap((type) => type.shapes.map((shape) => bindingOf(type, shape)));
}

/** A rule that is about a log type (its scope, or a constant of the view, says so) and can match none of its records. */
export function neverByViews(rule: Rule, bindings: readonly Binding[]): readonly Diagnostic[] {
  if (rule.logic.kind !== 'plan' || pythonOf(rule) !== undefined) return [];
  const { feeds } = pipeline.prepare(rule.logic.plan, rule.logic.columns, rule.logic.shared);
  if (feeds.length === 0) return [];
  const dead = new Set<string>();
  let cause: Expr | undefined;
  for (const given of bindings) {
    const binding = asPipelined(given);
    const about = feeds.filter((feed) => isAbout(feed.plan, binding));
    if (about.length === 0) continue;
    if (about.some((feed) => pipeline.residual(feed.plan, binding).kind !== 'never')) return [];
    dead.add(binding.logType);
    if (about.some((feed) => isAtOdds(feed.plan))) continue;
    cause ??= about.map((feed) => conditions(feed.plan).find((one) => isNever(feed.plan, one, binding))).find(Boolean);
  }
  if (dead.size === 0 || feeds.some((feed) => canBeRows(feed.plan))) return [];
  const params = { logTypes: [...dead], condition: cause === undefined ? '' : inWords(cause) };
  return [diagnostic('lint/never', params, cause?.span ?? rule.span)];
}

/** Documents that the vendor's pipeline wrote: what a view makes is in them as the view makes it, all else may be anything. */
export function asPipelined(binding: Binding): Binding {
  const { document } = binding;
  const view = document && binding.view(document.schema, undefined);
  if (document === undefined || view === undefined) return binding;
  const isMade = (name: string): boolean => viewField(view, name) !== undefined;
  return {
    ...binding,
    document: { ...document, locate: (path) => (isMade(path.join('.')) ? [] : document.locate(path)) },
  };
}

/** Whether rows of the table that a pipeline reads, exported as they are, can match: they may hold anything. */
function canBeRows(plan: Plan): boolean {
  const table = sourceOf(plan)?.table;
  if (table === undefined) return false;
  return pipeline.residual(plan, anything(table)).kind !== 'never';
}

/** Whether no record whatever can match. */
function isAtOdds(plan: Plan): boolean {
  const known = atOdds.get(plan) ?? pipeline.residual(plan, anything('anything')).kind === 'never';
  atOdds.set(plan, known);
  return known;
}

const atOdds = new WeakMap<Plan, boolean>();

/** Records whose fields may be whatever a rule asks for. */
function anything(logType: string): Binding {
  return {
    logType,
    view: (schema, table) => ({
      schema,
      ...(table !== undefined && { table }),
      logType,
      when: null,
      fields: new Map(),
      families: [],
      otherwise: 'raw',
    }),
    locate: (path) => [path],
  };
}

/** Pieces of a condition that a message names. */
const MOST_NAMED = 3;

function inWords(condition: Expr): string {
  if (condition.kind === 'not') return `not (${inWords(condition.item)})`;
  if (condition.kind !== 'and' && condition.kind !== 'or') return describe(condition);
  const named = condition.items.slice(0, MOST_NAMED).map((item) => {
    const isJoined = item.kind === 'and' || item.kind === 'or';
    return isJoined ? `(${inWords(item)})` : inWords(item);
  });
  if (condition.items.length > MOST_NAMED) named.push('…');
  return named.join(` ${condition.kind} `);
}

/**
 * Whether a pipeline is about a log type: what the view fixes for every record (dataset, product, index names) contradicts
 * none of its conditions and makes at least one of them true.
 */
function isAbout(plan: Plan, binding: Binding): boolean {
  // What documents say themselves is not looked at: it may be anything.
  const { document: _, ...others } = binding;
  const fixed: Binding = { ...others, view: (schema, table) => constantsOf(binding.view(schema, table)) };
  const source = sourceOf(plan);
  // The log source alone rules most log types out, and is quickly bound.
  if (source !== undefined && pipeline.residual(source, fixed).kind === 'never') return false;
  // What is at odds with itself is not ruled out by the log type.
  if (!isAtOdds(plan) && pipeline.residual(plan, fixed).kind === 'never') return false;
  if (source?.table !== undefined) return true;
  return conditions(plan).some((condition) => {
    const predicate = pipeline.residual(withOnly(plan, condition), fixed);
    return !equal(condition, TRUE) && predicate.kind === 'records';
  });
}

/** The view, with everything but constants left open: such a field may hold anything. */
function constantsOf(view: View | undefined): View | undefined {
  if (view === undefined) return undefined;
  const known = constants.get(view);
  if (known !== undefined) return known;
  // A scope asks only what the view names, so what is left open stays named.
  const fields = [...view.fields].map(([name, made]) => [name, isConstant(made.expr) ? made : open(name)] as const);
  const made: View = { ...view, when: null, fields: new Map(fields), families: [], otherwise: 'raw' };
  constants.set(view, made);
  return made;
}

const constants = new WeakMap<View, View>();

function open(name: string): ViewField {
  return { expr: raw(name), type: 'dynamic' };
}

function isConstant(expr: Expr): boolean {
  return expr.kind === 'literal' || (expr.kind === 'list' && expr.items.every(isConstant));
}

/** The conditions that must all hold: the scope's and the filters'. */
function conditions(plan: Plan): readonly Expr[] {
  const { below, steps } = rowPath(plan);
  const scope = below.kind === 'source' && below.scope !== null ? [below.scope] : [];
  return [...scope, ...steps.flatMap((step) => (step.kind === 'where' ? [step.predicate] : []))].flatMap(conjuncts);
}

function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === 'and' ? expr.items : [expr];
}

function isNever(plan: Plan, condition: Expr, binding: Binding): boolean {
  const usesMade = anywhere(condition, (node) => node.kind === 'column');
  return !usesMade && pipeline.residual(withOnly(plan, condition), binding).kind === 'never';
}

/** The pipeline's source with one condition alone. */
function withOnly(plan: Plan, condition: Expr): Plan {
  const source = sourceOf(plan);
  if (source === undefined) return plan;
  return { kind: 'where', predicate: and([condition]), input: { ...source, scope: null } };
}

function sourceOf(plan: Plan): Source | undefined {
  const { below } = rowPath(plan);
  return below.kind === 'source' ? below : undefined;
}
