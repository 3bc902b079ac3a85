import type { NotApplied, Schedule } from '../ir/rule/alert.ts';
import { pythonOf, type Rule } from '../ir/rule/rule.ts';
import { durationInWords } from '../values/duration.ts';
import { limitInWords, mostInWords } from './drops.ts';
import { replayedSchedule } from './schedule.ts';

/** What runs rules: over logs as one range, by their schedules, in tests of their own files or of Panther's; or only loads them. */
export type Runner = 'run' | 'scheduled-run' | 'test' | 'inline-test' | 'check';

/** What a rule's file says beside the query, and is not done everywhere. */
export type Aspect = 'schedule' | 'ingestion-time' | 'max-signals' | 'threshold' | NotApplied['what'];

/** Which of it each runner applies. What is a property of the result holds wherever there is a result. */
const APPLIES: Readonly<Record<Runner, Readonly<Record<Exclude<Aspect, NotApplied['what']>, boolean>>>> = {
  run: { schedule: false, 'ingestion-time': true, 'max-signals': false, threshold: true },
  // Logs say when something happened, and seldom when a product got to know of it.
  'scheduled-run': { schedule: true, 'ingestion-time': false, 'max-signals': true, threshold: true },
  // A test is one run, whose look-back holds: that there are others plays no part.
  test: { schedule: true, 'ingestion-time': true, 'max-signals': true, threshold: true },
  // Panther's own tests ask whether the rule's function is true of one event.
  'inline-test': { schedule: true, 'ingestion-time': true, 'max-signals': true, threshold: false },
  // What some command applies is no loss.
  check: { schedule: true, 'ingestion-time': true, 'max-signals': true, threshold: true },
};

/** Something of a rule's file that is not applied: `max_signals of 100`. */
export interface Unapplied {
  readonly aspect: Aspect;
  readonly words: string;
}

/** What of a rule's file a runner does not apply; nothing where it applies all of it. */
export function notApplied(rule: Rule, runner: Runner): readonly Unapplied[] {
  const { schedule, alert } = rule;
  const applies = APPLIES[runner];
  const said: Unapplied[] = [];
  // The rows of a Python rule with a schedule come from its queries, and that those are not run is said.
  if (schedule !== undefined && pythonOf(rule) === undefined) {
    const isReplayed = applies.schedule && replayedSchedule(rule) !== undefined;
    if (!isReplayed && schedule.stated) said.push({ aspect: 'schedule', words: scheduleInWords(schedule) });
    if (isReplayed && !applies['ingestion-time'] && schedule.by === 'ingestion') {
      said.push({ aspect: 'ingestion-time', words: 'ingestion time (event time instead)' });
    }
  }
  if (!applies['max-signals'] && alert?.mostPerRun?.stated === true) {
    said.push({ aspect: 'max-signals', words: mostInWords(alert.mostPerRun.alerts) });
  }
  if (!applies.threshold && alert?.threshold !== undefined) {
    said.push({ aspect: 'threshold', words: `${alert.threshold.called} of ${limitInWords(alert.threshold)}` });
  }
  return [...said, ...(rule.notApplied ?? []).map((one) => ({ aspect: one.what, words: inWords(one) }))];
}

/** `every 1h, look-back 14d` */
export function scheduleInWords({ every, lookback }: Schedule): string {
  return `every ${durationInWords(BigInt(every))}, look-back ${durationInWords(BigInt(lookback))}`;
}

function inWords({ what, names }: NotApplied): string {
  const listed = names.join(', ');
  switch (what) {
    case 'exception-lists':
      return `exception lists kept elsewhere (${listed})`;
    case 'scheduled-queries':
      return `the scheduled queries themselves (${listed})`;
    case 'suppressions':
      return `suppressions (${listed})`;
    case 'alert-suppression':
      return `suppression of ${listed}`;
  }
}
