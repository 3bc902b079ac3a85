import { ALERTS_INDEX } from '../../alerts/ecs/ecs-sequence.ts';
import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { pipeline } from '../../engines/pipeline.ts';
import type { Expr } from '../../ir/expr.ts';
import type { Plan } from '../../ir/plan/plan.ts';
import { plansOf, type Rule } from '../../ir/rule/rule.ts';
import { anywhere, sourceNodes } from '../../ir/traverse.ts';
import { bindingOf } from '../../logs/binding.ts';
import { type IndexType, indexType, indexTypeOfConstants } from '../../logs/index-documents.ts';
import type { Binding } from '../../passes/bind.ts';

/** In which order rules run that read the alerts of other rules. */
export interface AlertOrder {
  /** The rules that read no alerts, then layer by layer those that read the alerts of the layers before. */
  readonly layers: readonly (readonly Rule[])[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Alerts as documents of Kibana's index for them. */
export const ALERTS: IndexType = indexType(ALERTS_INDEX, undefined);

/**
 * A rule comes after those whose alerts it may match, by what each of those says of all its alerts: its id, its name, its type. Rules that
 * may match each other's alerts are in a circle: they run together, and see the alerts of the rules before them, not each other's.
 */
export function alertOrder(rules: readonly Rule[]): AlertOrder {
  const reads = new Map(rules.filter(namesAlerts).map((rule) => [rule, feedsOf(rule)] as const));
  const reading = [...reads].flatMap(([rule, feeds]) => (readsAny(feeds) ? [rule] : []));
  if (reading.length === 0) return { layers: [rules], diagnostics: [] };
  const others = rules.filter((rule) => !reading.includes(rule));
  const bindings = new Map(reading.map((rule) => [rule, bindingOf(alertsOf(rule).type, alertsOf(rule).shape)]));
  const before = new Map(
    reading.map((rule) => [
      rule,
      reading.filter((other) => other !== rule && mayMatch(reads.get(rule) ?? [], bindings.get(other))),
    ]),
  );
  const groups = circles(reading, before);
  const depth = new Map<Rule, number>();
  for (const group of groups) {
    const depths = group.flatMap((rule) => (before.get(rule) ?? []).flatMap((other) => depth.get(other) ?? []));
    for (const rule of group) depth.set(rule, Math.max(0, ...depths) + 1);
  }
  const most = Math.max(...depth.values());
  const layers = Array.from({ length: most }, (_, at) => reading.filter((rule) => depth.get(rule) === at + 1));
  return {
    layers: [others, ...layers],
    diagnostics: groups.flatMap((group) => {
      const [first] = group;
      if (first === undefined || group.length < 2) return [];
      return [diagnostic('elastic/alert-cycle', { rules: group.map(({ name }) => name) }, first.span)];
    }),
  };
}

/** Whether one of a rule's indices may be Kibana's of alerts: patterns for hidden indices begin with a dot. */
function namesAlerts(rule: Rule): boolean {
  return rule.format === 'elastic' && scopesOf(rule).some((scope) => namesIndex(scope, (text) => text.startsWith('.')));
}

/** The plans that read records; none of a rule that cannot be prepared, which is told of where it runs. */
function feedsOf({ logic }: Rule): readonly Plan[] {
  try {
    return pipeline.prepare(logic.plan, logic.columns, logic.shared).feeds.map(({ plan }) => plan);
  } catch {
    return [];
  }
}

/** Whether any of the plans looks at alerts. */
function readsAny(feeds: readonly Plan[]): boolean {
  return mayMatch(feeds.flatMap(sourceNodes), bindingOf(ALERTS.type, ALERTS.shape));
}

/** Whether a rule reads any index beside that of alerts. */
export function readsLogs(rule: Rule): boolean {
  return plansOf(rule.logic)
    .flatMap(sourceNodes)
    .some(({ scope }) => scope === null || namesIndex(scope, (text) => !text.startsWith('.')));
}

function scopesOf({ logic }: Rule): readonly Expr[] {
  return plansOf(logic)
    .flatMap(sourceNodes)
    .flatMap(({ scope }) => scope ?? []);
}

function namesIndex(scope: Expr, fits: (text: string) => boolean): boolean {
  return anywhere(scope, (node) => {
    if (node.kind !== 'match') return false;
    const { pattern } = node;
    if (pattern.kind === 'equals') return fits(String(pattern.value));
    const [first] = pattern.kind === 'wildcard' ? pattern.parts : [];
    return first !== undefined && fits('text' in first ? first.text : '');
  });
}

/** Whether some record of a kind may come out of the plans; of those that cannot be bound it is not known. */
function mayMatch(plans: readonly Plan[], binding: Binding | undefined): boolean {
  if (binding === undefined) return false;
  return plans.some((plan) => {
    try {
      return pipeline.residual(plan, binding).kind !== 'never';
    } catch {
      return false;
    }
  });
}

/** The alerts of one rule: what all of them say. */
function alertsOf({ id, name, alert }: Rule): IndexType {
  const said = new Map([
    ['event.kind', 'signal'],
    ['kibana.alert.rule.uuid', id],
    ['kibana.alert.rule.rule_id', id],
    ['kibana.alert.rule.type', alert?.ruleType ?? 'query'],
  ]);
  if (alert?.title === undefined) said.set('kibana.alert.rule.name', name);
  return indexTypeOfConstants(ALERTS_INDEX, said);
}

/** The strongly connected parts of a graph, those that others come after first (Tarjan). */
function circles(rules: readonly Rule[], before: ReadonlyMap<Rule, readonly Rule[]>): readonly (readonly Rule[])[] {
  const found: Rule[][] = [];
  const order = new Map<Rule, { readonly index: number; low: number }>();
  const open: Rule[] = [];
  const visit = (rule: Rule): { low: number } => {
    const own = { index: order.size, low: order.size };
    order.set(rule, own);
    open.push(rule);
    for (const other of before.get(rule) ?? []) {
      const known = order.get(other);
      if (known === undefined) own.low = Math.min(own.low, visit(other).low);
      else if (open.includes(other)) own.low = Math.min(own.low, known.index);
    }
    if (own.low === own.index) found.push(open.splice(open.indexOf(rule)));
    return own;
  };
  for (const rule of rules) if (!order.has(rule)) visit(rule);
  return found;
}
