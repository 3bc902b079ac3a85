import { diagnostic } from '../base/diagnostic.ts';
import type { LoadOutcome } from '../formats/rule-file.ts';
import type { Rule } from '../ir/rule/rule.ts';
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
  const { overCorrelations } = await import('../formats/panther/sequence.ts');
  const membersIn = (outcome: Loaded): readonly Loaded[] => membersOf(outcome.rule).flatMap((id) => byId.get(id) ?? []);
  const isCorrelation = (id: string): boolean => byId.get(id)?.some((member) => correlations.has(member)) === true;
  const made = new Map<Loaded, LoadOutcome>();
  const make = (outcome: Loaded): LoadOutcome => {
    const known = made.get(outcome);
    if (known !== undefined || !correlations.has(outcome)) return known ?? outcome;
    const { rule, diagnostics } = outcome;
    const circle = circleOf(outcome, membersIn);
    let result: LoadOutcome;
    if (circle === undefined) {
      const uses = membersIn(outcome).flatMap((member) => {
        const used = make(member);
        return used.status === 'loaded' ? [used.rule] : [];
      });
      const logic = { ...rule.logic, plan: overCorrelations(rule.logic.plan, isCorrelation) };
      result = { ...outcome, rule: { ...rule, logic, uses } };
    } else {
      const found = diagnostic('panther/correlation-cycle', { path: circle.map((one) => one.rule.id) }, rule.span);
      result = { status: 'invalid', identity: rule, diagnostics: [...diagnostics, found] };
    }
    made.set(outcome, result);
    return result;
  };
  return outcomes.map((outcome) => (outcome.status === 'loaded' ? make(outcome) : outcome));
}

/** The way from a correlation back to itself; undefined where there is none. */
function circleOf(outcome: Loaded, membersIn: (outcome: Loaded) => readonly Loaded[]): readonly Loaded[] | undefined {
  const seen = new Set<Loaded>();
  const open: (readonly Loaded[])[] = [[outcome]];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const member of membersIn(path.at(-1) ?? outcome)) {
      if (member === outcome) return [...path, member];
      if (seen.has(member)) continue;
      seen.add(member);
      open.push([...path, member]);
    }
  }
  return undefined;
}

/** The ids of the rules whose matches a rule is over, each once. */
function membersOf({ logic }: Rule): readonly string[] {
  const ids = [...planNodes(logic.plan)].flatMap((node) => (node.kind === 'matches' ? [node.rule.id] : []));
  return [...new Set(ids)];
}
