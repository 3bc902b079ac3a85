import type { Drops } from '../../alerts/drops.ts';
import type { Match } from '../../alerts/match.ts';
import { isSeen, type RunWindow, replayedSchedule, withHistory } from '../../alerts/schedule.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { type TypingOptions, typingOf } from '../../logs/typing.ts';
import { momentOf } from '../../values/moment.ts';
import { DateTime } from '../../values/value.ts';
import { createSession } from '../alerts/alert-session.ts';
import { EventTimes } from '../seen/event-times.ts';
import type { SourceReport } from '../seen/source-report.ts';
import type { InputRecord, SessionOptions } from '../session.ts';
import { feedingRules, seesSomeAlways } from './replay-feeds.ts';

/** What one run of one rule came to. */
export interface OneRun {
  readonly matches: readonly Match[];
  readonly drops: Drops;
  readonly diagnostics: readonly Diagnostic[];
  readonly recordsByType: ReadonlyMap<string, number>;
  /** What the run saw, where the rule has a schedule: nothing is known of its end where no record has a time. */
  readonly window: RunWindow | undefined;
  /** Records outside of it. */
  readonly unseen: number;
  /** Whether the rule is about any of the records. */
  readonly isReached: boolean;
}

/**
 * One run of a rule as its schedule makes it, at `now` or else at the time of the last record: it sees what its look-back
 * reaches. A record without a time is taken to have happened just then.
 */
export async function runOnce(
  rule: Rule,
  records: readonly InputRecord[],
  options: TypingOptions & Pick<SessionOptions, 'now' | 'rowLimits'> = {},
): Promise<OneRun> {
  const times = new EventTimes();
  const typing = typingOf(options, [rule]);
  const placed = records.map((record) => {
    const as = record.as ?? typing(record.event);
    times.follow(record.event, as.type, as.shape);
    const time = times.of(record.event, as.type, as.shape);
    return { record: { ...record, as }, at: time.kind === 'moment' ? time.at.ticks : undefined };
  });
  const now = options.now ?? times.latest;
  const schedule = replayedSchedule(rule);
  const window =
    schedule === undefined || now === undefined
      ? undefined
      : { from: now.ticks - BigInt(schedule.lookback), to: now.ticks };
  const read = window && withHistory(rule, window);
  const always = read === undefined ? NONE : await alwaysSeen(rule, placed, options);
  const isRead = ({ record, at }: (typeof placed)[number]): boolean => {
    return read === undefined || at === undefined || isSeen(read, at) || always.has(record.event);
  };
  const seen = placed.filter(isRead);
  const session = createSession([rule], { ...options, ...(now && { now: new DateTime(now.ticks) }) });
  try {
    const found = await session.process(seen.map(({ record }) => record));
    const all = [...found, ...(await session.advance('end'))];
    const isOfRun = ({ time }: Match): boolean => window === undefined || isSeen(window, momentOf(time) ?? window.to);
    return {
      matches: rule.schedule?.history === undefined && always.size === 0 ? all : all.filter(isOfRun),
      drops: session.drops(rule),
      diagnostics: session.diagnostics,
      recordsByType: session.recordsByType,
      window,
      unseen: placed.length - seen.length,
      isReached: unreached(session.sourceReport()) < seen.length,
    };
  } finally {
    await session.close();
  }
}

const NONE: ReadonlySet<InputRecord['event']> = new Set();

/** The records that every run of a rule sees, whenever they happened. */
async function alwaysSeen(
  rule: Rule,
  placed: readonly { readonly record: InputRecord }[],
  options: TypingOptions,
): Promise<ReadonlySet<InputRecord['event']>> {
  if (!seesSomeAlways(rule)) return NONE;
  const feeds = feedingRules(rule).filter(({ isAlwaysSeen }) => isAlwaysSeen);
  const session = createSession(
    feeds.map((feed) => feed.rule),
    options,
  );
  try {
    const found = [...(await session.process(placed.map(({ record }) => record))), ...(await session.advance('end'))];
    return new Set(found.flatMap(({ record }) => (record === undefined ? [] : [record.event])));
  } finally {
    await session.close();
  }
}

/** How many records no rule looked at. */
function unreached(report: SourceReport): number {
  return report.unreached.reduce((sum, { records, general }) => sum + (general === 0 ? records : 0), 0);
}
