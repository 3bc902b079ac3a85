import { ALERT_SEMANTICS } from '../ir/rule/alert-semantics.ts';
import { momentOf } from '../values/moment.ts';
import type { Match } from './match.ts';

/** When a match counts towards the period of an alert, in ticks. */
export function periodMoment({ rule, run, time }: Match): bigint | undefined {
  const isByRun = ALERT_SEMANTICS[rule.format].periodBy === 'run';
  return momentOf(isByRun && run !== undefined ? run.to : time);
}
