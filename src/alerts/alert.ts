import { createHash } from 'node:crypto';
import { stringifyJson } from '../base/json.ts';
import type { Rule, RuleSeverity } from '../ir/rule/rule.ts';
import type { RecordSource } from '../logs/record.ts';
import { momentOf } from '../values/moment.ts';
import type { AlertRef, Match } from './match.ts';
import { tellsRowsApart } from './match-identity.ts';

/** An alert, as far as its matches have come. */
export interface Alert {
  readonly id: string;
  readonly rule: Rule;
  /** What its first match says. */
  readonly title: string;
  readonly severity: RuleSeverity | undefined;
  readonly riskScore: number | undefined;
  readonly dedup: string | undefined;
  /** The times of its first and its latest match, as text; null where a match has none. */
  readonly first: string | null;
  readonly last: string | null;
  readonly count: number;
  /** Where its first match was read; null for a row made of several records. */
  readonly source: RecordSource | null;
}

/** The id of the alert that begins with a match: the same whenever the same rule runs over the same logs. */
export function alertId(match: Match, group: string): string {
  const { rule, record, run } = match;
  const source = record === undefined ? [] : [record.source.file, record.source.line, record.source.record ?? 0];
  const isOfRow = record === undefined || tellsRowsApart(rule);
  const row = isOfRow ? (match.fields ?? {}) : {};
  const said = [rule.format, rule.id, group, match.time ?? '', source, row, run?.to ?? ''];
  return createHash('sha256').update(stringifyJson(said)).digest('hex').slice(0, 16);
}

/** The alert of a match that stands alone: worked out when it is asked for, since most are never printed. */
class OwnAlert implements AlertRef {
  readonly count = 1;
  private readonly match: Match;

  constructor(match: Match) {
    this.match = match;
  }

  get id(): string {
    return alertId(this.match, '');
  }

  get first(): string | null {
    return this.match.time ?? null;
  }
}

export function ownAlert(match: Match): AlertRef {
  return new OwnAlert(match);
}

/** A match that has found its alert. The match is new here, and given on as the same object. */
export function withAlert(match: Match, alert: AlertRef | null): Match {
  return Object.assign(match, { alert });
}

/** Alerts in the order of their first matches; those without a time last. */
export function inOrderOfTime(alerts: readonly Alert[]): readonly Alert[] {
  const timed = alerts.map((alert) => ({ alert, at: alert.first === null ? undefined : momentOf(alert.first) }));
  timed.sort(({ at: a }, { at: b }) => {
    if (a === b) return 0;
    if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
    return a < b ? -1 : 1;
  });
  return timed.map(({ alert }) => alert);
}
