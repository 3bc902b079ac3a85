import type { AlertThreshold } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { SIGNS } from './threshold.ts';

/** What a rule found and its file says is no match: counted, never shown as matches. */
export interface Drops {
  /** Rows and matches that the threshold or trigger does not let pass. */
  readonly threshold: number;
  /** Records that the rule's exceptions keep out. */
  readonly exceptions: number;
  /** Matches beyond the alerts that one run may make. */
  readonly overMost: number;
}

export const NO_DROPS: Drops = { threshold: 0, exceptions: 0, overMost: 0 };

/** What was dropped, in words: `5 rows under the trigger of > 5`. */
export function dropsInWords(rule: Rule, { threshold, exceptions, overMost }: Drops): string[] {
  const { alert } = rule;
  const said: string[] = [];
  if (threshold > 0 && alert?.threshold !== undefined) said.push(thresholdInWords(alert.threshold, threshold));
  if (exceptions > 0) said.push(`${number(exceptions, 'record')} excepted`);
  if (overMost > 0)
    said.push(`${number(overMost, 'match', 'matches')} over ${mostInWords(alert?.mostPerRun?.alerts ?? 0)}`);
  return said;
}

export function mostInWords(most: number): string {
  return `max_signals of ${most.toLocaleString('en-US')}`;
}

function thresholdInWords(threshold: AlertThreshold, dropped: number): string {
  const { of, operator, called } = threshold;
  const what = of === 'run' ? number(dropped, 'row') : number(dropped, 'match', 'matches');
  // More of them would not have helped where the limit is not one from below.
  const where = operator === 'gt' || operator === 'ge' ? 'under' : 'outside';
  return `${what} ${where} the ${called} of ${limitInWords(threshold)}`;
}

export function limitInWords({ operator, count }: AlertThreshold): string {
  return operator === 'ge' ? count.toLocaleString('en-US') : `${SIGNS[operator]} ${count.toLocaleString('en-US')}`;
}

function number(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : several}`;
}
