import type { AlertGroup } from './alert.ts';
import type { RuleFormat } from './rule.ts';

/** How a product runs rules and makes alerts, where the rule's file says nothing else. Durations in seconds. */
export interface AlertSemantics {
  /** What is one alert. */
  readonly group: AlertGroup['by'];
  /** What a record that two runs see gives: one match, or one in each run. */
  readonly seenAgain: 'once' | 'each-run';
  /** Undefined: rules see each record as it comes, or the file must say. */
  readonly schedule?: { readonly every: number; readonly lookback: number; readonly delay: number };
  /** How many alerts one run makes at the most. */
  readonly mostPerRun?: number;
  /** How long an alert takes further matches, from the first. */
  readonly period?: number;
  /** What the period of an alert is counted by: when its matches happened, or the ends of the runs that found them. */
  readonly periodBy: 'event' | 'run';
  /** Where this is from. */
  readonly source: string;
}

/** The gaps between the products, in one place. `docs/alerts.md` explains them. */
export const ALERT_SEMANTICS: Readonly<Record<RuleFormat, AlertSemantics>> = {
  elastic: {
    group: 'match',
    // The id of an alert is made of the document's, so that a document that is found again gives no second alert.
    seenAgain: 'once',
    // An alert is looked for among those that were made (`kibana.alert.start`) within the period before a run.
    periodBy: 'run',
    schedule: { every: 300, lookback: 360, delay: 0 },
    mostPerRun: 100,
    source: 'Elastic Security, "Create a detection rule": `interval`, `from`, `max_signals`, alert suppression',
  },
  panther: {
    group: 'dedup',
    seenAgain: 'each-run',
    periodBy: 'event',
    period: 3600,
    source: 'Panther, "Rules and scheduled rules": `Threshold`, `DedupPeriodMinutes`',
  },
  sigma: {
    group: 'match',
    seenAgain: 'each-run',
    periodBy: 'event',
    source: 'Sigma specification: a rule says nothing of alerts; the `timespan` of a correlation is part of its logic',
  },
  sentinel: {
    group: 'all',
    seenAgain: 'each-run',
    periodBy: 'event',
    source:
      'Microsoft Sentinel, "Create a scheduled analytics rule": query scheduling, alert threshold, event grouping',
  },
  defender: {
    group: 'match',
    seenAgain: 'each-run',
    periodBy: 'event',
    source: 'Microsoft Defender XDR, "Create custom detection rules": frequency and look-back',
  },
  kusto: {
    group: 'match',
    seenAgain: 'each-run',
    periodBy: 'event',
    source: 'a bare query has no schedule and makes no alerts',
  },
};

/** Sentinel waits so long for records that arrive late, before it looks at the time of a run. */
export const SENTINEL_DELAY: Readonly<Record<'Scheduled' | 'NRT', number>> = { Scheduled: 300, NRT: 120 };

/** How far Defender looks back for each frequency, where the rule does not say; by frequency, largest first. */
export const DEFENDER_LOOKBACK: readonly { readonly every: number; readonly lookback: number }[] = [
  { every: 86_400, lookback: 30 * 86_400 },
  { every: 43_200, lookback: 2 * 86_400 },
  { every: 10_800, lookback: 43_200 },
  { every: 3_600, lookback: 14_400 },
];
