import { diagnostic } from '../base/diagnostic.ts';
import type { LoadOutcome } from '../formats/rule-file.ts';
import type { Rule } from '../ir/rule.ts';
import { planNodes } from '../ir/traverse.ts';

type Loaded = Extract<LoadOutcome, { readonly status: 'loaded' }>;

/**
 * Gives correlation rules of Panther the rules whose matches they are over, where those are loaded. Correlations may be over
 * correlations, but not over themselves.
 */
export async function resolveSignals(outcomes: readonly LoadOutcome[]): Promise<readonly LoadOutcome[]> {
  const byId = new Map<string, Loaded[]>();
  for (const outcome of outcomes) {
    if (outcome.status !== 'loaded' || outcome.rule.format !== 'panther') continue;
    const same = byId.get(outcome.rule.id) ?? [];
    same.push(outcome);
    byId.set(outcome.rule.id, same);
  }
  const correlations = new Set([...byId.values()].flat().filter(({ rule }) => membersOf(rule).length > 0));
  if (correlations.size === 0) return outcomes;
  const { overCorrelations } = await import('../formats/panther-sequence.ts');
  const made = new Map<Loaded, LoadOutcome>();
  const open: Loaded[] = [];
  const make = (outcome: Loaded): LoadOutcome => {
    const known = made.get(outcome);
    if (known !== undefined || !correlations.has(outcome)) return known ?? outcome;
    const { rule, diagnostics } = outcome;
    open.push(outcome);
    const members = membersOf(rule).flatMap((id) => byId.get(id) ?? []);
    const circle = members.find((member) => open.includes(member));
    const found = circle === undefined ? linked(outcome, members.map(make)) : undefined;
    open.pop();
    const path = [...open.slice(Math.max(0, circle === undefined ? 0 : open.indexOf(circle))), outcome, circle];
    const ids = path.flatMap((one) => one?.rule.id ?? []);
    const result: LoadOutcome = found ?? {
      status: 'invalid',
      identity: rule,
      diagnostics: [...diagnostics, diagnostic('panther/correlation-cycle', { path: ids }, rule.span)],
    };
    made.set(outcome, result);
    return result;
  };
  const linked = (outcome: Loaded, members: readonly LoadOutcome[]): LoadOutcome => {
    const { rule } = outcome;
    const isCorrelation = (id: string): boolean => byId.get(id)?.some((member) => correlations.has(member)) === true;
    const plan = overCorrelations(rule.logic.plan, isCorrelation);
    const uses = members.flatMap((member) => (member.status === 'loaded' ? [member.rule] : []));
    return { ...outcome, rule: { ...rule, logic: { ...rule.logic, plan }, uses } };
  };
  return outcomes.map((outcome) => (outcome.status === 'loaded' ? make(outcome) : outcome));
}

/** The ids of the rules whose matches a rule is over, each once. */
function membersOf({ logic }: Rule): readonly string[] {
  const ids = [...planNodes(logic.plan)].flatMap((node) => (node.kind === 'matches' ? [node.rule.id] : []));
  return [...new Set(ids)];
}
