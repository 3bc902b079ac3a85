import { type Aspect, dropsInWords, notApplied, type Rule, type Runner, type RunSummary } from '../../index.ts';
import { count } from './table.ts';

/** What stands on a rule's line beside its matches: what was dropped or missed, and what was not applied. */
export function ruleNote(rule: Rule, summary: RunSummary, runner: Runner): string {
  const drops = summary.drops.get(rule);
  const missed = summary.missed.get(rule)?.length ?? 0;
  const said = [
    ...(drops === undefined ? [] : dropsInWords(rule, drops)),
    ...(missed > 0 ? [`${count(missed, 'match', 'matches')} of the whole range missed by its look-back`] : []),
  ];
  const left = notApplied(rule, runner).map(({ words }) => words);
  return [...said, ...(left.length > 0 ? [`not applied: ${left.join('; ')}`] : [])].join('; ');
}

/** Whether a rule found something that is no match, or missed one. */
export function hasLosses(rule: Rule, summary: RunSummary): boolean {
  const { threshold = 0, exceptions = 0, overMost = 0 } = summary.drops.get(rule) ?? {};
  return threshold + exceptions + overMost + (summary.missed.get(rule)?.length ?? 0) > 0;
}

const NAMES: Readonly<Record<Aspect, string>> = {
  schedule: 'schedules and look-backs',
  'ingestion-time': 'ingestion time',
  'max-signals': 'max_signals',
  threshold: 'thresholds',
  'exception-lists': 'exception lists kept elsewhere',
  'scheduled-queries': 'scheduled queries',
  suppressions: 'suppressions',
  'alert-suppression': 'suppression',
};

/** What was not applied of all rules: `schedules and look-backs of 12 rules`. */
export function notAppliedOf(rules: readonly Rule[], runner: Runner): string[] {
  const counts = new Map<Aspect, number>();
  for (const rule of rules) {
    for (const aspect of new Set(notApplied(rule, runner).map((one) => one.aspect))) {
      counts.set(aspect, (counts.get(aspect) ?? 0) + 1);
    }
  }
  return [...counts].map(([aspect, number]) => `${NAMES[aspect]} of ${count(number, 'rule')}`);
}
