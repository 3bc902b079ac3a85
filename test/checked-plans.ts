import { basename } from 'node:path';
import type { Diagnostic } from '../src/base/diagnostic.ts';
import { pipeline } from '../src/engines/pipeline.ts';
import { equal, fingerprint } from '../src/ir/equal.ts';
import type { Plan, Source } from '../src/ir/plan/plan.ts';
import type { Rule } from '../src/ir/rule/rule.ts';
import { planNodes } from '../src/ir/traverse.ts';
import { bindingOf } from '../src/logs/binding.ts';
import { logTypes } from '../src/logs/registry.ts';
import type { Binding } from '../src/passes/bind.ts';
import { checkPlan } from '../src/passes/check.ts';
import type { Schemas } from '../src/passes/columns.ts';
import { checkRule } from '../src/rules/check-plans.ts';
import { ecsSchema } from '../src/schemas/ecs.ts';
import { kustoSchema } from '../src/schemas/kusto.ts';
import { sigmaSchema } from '../src/schemas/sigma.ts';

/** Every lowered rule is checked in tests, as it is lowered and as it is bound. */

const KNOWN = new Map([ecsSchema, kustoSchema, sigmaSchema].map((schema) => [schema.name, schema]));
export const schemas: Schemas = (name) => KNOWN.get(name);

const bindings: readonly Binding[] = logTypes.flatMap((type) => type.shapes.map((shape) => bindingOf(type, shape)));

/** What the check finds in a rule: in its plans as they are lowered, split, bound to log types, and folded. */
export function findingsIn(rule: Rule): readonly Diagnostic[] {
  if (rule.logic.kind !== 'plan') return [];
  const { plan, columns, shared } = rule.logic;
  const { feeds, shared: left, rest } = pipeline.prepare(plan, columns, shared);
  const bound = feeds.flatMap((feed) =>
    someThatConcern(feed.plan, basename(rule.file)).flatMap((binding) => [
      ...checkPlan(pipeline.bound(feed.plan, binding), { bound: true }),
      ...checkPlan(pipeline.residual(feed.plan, binding), { bound: true }),
    ]),
  );
  const subqueries = left.flatMap((one) => checkPlan(one.plan, { bound: true }));
  return [...checkRule(rule, schemas), ...subqueries, ...checkPlan(rest, { bound: true, columns }), ...bound];
}

/** To how many log types a plan is bound: of a set of rules, each has others. */
const MOST_BINDINGS = 6;

/**
 * Most rules are about other logs than most log types: their sources alone say so. Where the search begins goes by the name of the rule's
 * file alone: its folder may be another one each time.
 */
function someThatConcern(plan: Plan, file: string): readonly Binding[] {
  const sources = [...planNodes(plan)].filter((node) => node.kind === 'source').map(known);
  const seed = Number(process.env['DRAGOMAN_SEED'] ?? 0);
  const start = [...file].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % bindings.length, seed);
  const found: Binding[] = [];
  for (const binding of [...bindings.slice(start), ...bindings.slice(0, start)]) {
    if (found.length === MOST_BINDINGS) break;
    if (sources.some((source) => concerns(source, binding))) found.push(binding);
  }
  return found;
}

interface KnownSource {
  readonly source: Source;
  readonly verdicts: Map<Binding, boolean>;
}

/** Many rules are about the same. */
const knownSources = new Map<number, KnownSource[]>();

function known(source: Source): KnownSource {
  const print = fingerprint(source);
  const alike = knownSources.get(print) ?? [];
  const same = alike.find((one) => equal(one.source, source));
  if (same !== undefined) return same;
  const made = { source, verdicts: new Map<Binding, boolean>() };
  knownSources.set(print, [...alike, made]);
  return made;
}

function concerns({ source, verdicts }: KnownSource, binding: Binding): boolean {
  const verdict = verdicts.get(binding) ?? pipeline.residual(source, binding).kind !== 'never';
  verdicts.set(binding, verdict);
  return verdict;
}
