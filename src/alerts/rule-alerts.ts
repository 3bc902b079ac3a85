import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import type { AlertTemplate } from '../ir/rule/alert.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { readArray, readBigInt, readNumber, readObject } from '../state/plain.ts';
import { type Alert, alertId, ownAlert, withAlert } from './alert.ts';
import { AlertWindows } from './alert-windows.ts';
import type { Drops } from './drops.ts';
import { GroupThreshold, type OnOutOfReach, type PlacedMatch } from './group-threshold.ts';
import type { AlertRef, Match } from './match.ts';
import { RunThreshold } from './run-threshold.ts';
import { readAlert, storeAlert } from './stored-match.ts';

/** What a rule without a template does: each match is an alert. */
const PLAIN: AlertTemplate = {
  context: [],
  severities: [],
  group: { by: 'match', fields: [], missing: 'match', period: null },
  createAlert: true,
};

export interface AlertingOptions {
  /** When a match happened, in ticks; undefined where it has no time that can be read. */
  readonly momentOf: (match: Match) => bigint | undefined;
  /** Whether runs are those of the rules' own schedules, so that what they limit for one run holds. */
  readonly scheduled: boolean;
  /** Whether to keep alerts, not only to number them. */
  readonly keepAlerts: boolean;
  /** Told of each match beyond the alerts that a run may make. */
  readonly onOverMost?: (match: Match) => void;
  /** Told of each match whose group does not reach the threshold, with what was counted of the group. */
  readonly onOutOfReach?: OnOutOfReach;
}

/** Makes one rule's matches into alerts: thresholds first, then which matches are one alert. */
export class RuleAlerts {
  private readonly rule: Rule;
  private readonly template: AlertTemplate;
  private readonly options: AlertingOptions;
  private readonly runThreshold: RunThreshold | undefined;
  private readonly groupThreshold: GroupThreshold | undefined;
  private readonly windows: AlertWindows;
  /** By the windows and matches that they are of. */
  private readonly kept = new Map<object, Alert>();
  private latest = 0n;
  private order = 0;
  private excepted = 0;
  private overMost = 0;
  private startedInRun = 0;

  constructor(rule: Rule, options: AlertingOptions) {
    this.rule = rule;
    this.options = options;
    this.template = rule.alert ?? PLAIN;
    const { threshold, group } = this.template;
    const period = group.period === null ? null : BigInt(group.period);
    this.windows = new AlertWindows(period);
    if (threshold?.of === 'run') this.runThreshold = new RunThreshold(rule, threshold);
    // What makes no alert has no threshold of matches for one either.
    if (threshold?.of === 'group' && this.template.createAlert)
      this.groupThreshold = new GroupThreshold(threshold, period, options.onOutOfReach);
  }

  /** The matches that are sure now, with their alerts. */
  take(match: Match): Match[] {
    return this.group(this.runThreshold === undefined ? [match] : this.runThreshold.take(match));
  }

  /** `time`: of the end of the run, as text. */
  endRun(time: string | undefined): Match[] {
    const found = this.group(this.runThreshold?.endRun(time) ?? []);
    this.startedInRun = 0;
    if (this.template.group.period === null && this.groupThreshold === undefined) this.windows.clear();
    return found;
  }

  /** What waited for all matches; in the order in which they came. */
  finish(): Match[] {
    const placed = this.groupThreshold?.finish() ?? [];
    const found = placed.flatMap((one) => (this.assign(one) === undefined ? [] : [one]));
    return found.sort((a, b) => a.order - b.order).map(({ match }) => match);
  }

  /** Counts a record that the rule's exceptions keep out. */
  except(): void {
    this.excepted += 1;
  }

  get drops(): Drops {
    const threshold = (this.runThreshold?.dropped ?? 0) + (this.groupThreshold?.dropped ?? 0);
    return { threshold, exceptions: this.excepted, overMost: this.overMost };
  }

  alerts(): Alert[] {
    return [...this.kept.values()];
  }

  diagnostics(): Diagnostic[] {
    const { name: rule, span } = this.rule;
    const { evicted } = this.windows;
    const overflown = this.groupThreshold?.overflown ?? 0;
    return [
      ...(evicted > 0 ? [diagnostic('alert/evicted', { rule, alerts: evicted }, span)] : []),
      ...(overflown > 0 ? [diagnostic('alert/overflow', { rule, matches: overflown }, span)] : []),
    ];
  }

  /** Everything that is remembered. */
  snapshot(): Json {
    const windows = this.windows.all();
    const places = new Map<object, number>(windows.map((window, place) => [window, place]));
    return {
      latest: this.latest.toString(),
      order: this.order,
      excepted: this.excepted,
      overMost: this.overMost,
      startedInRun: this.startedInRun,
      windows: this.windows.snapshot(),
      kept: [...this.kept].map(([of, alert]) => [places.get(of) ?? null, storeAlert(alert)]),
      runThreshold: this.runThreshold?.snapshot() ?? null,
      groupThreshold: this.groupThreshold?.snapshot() ?? null,
    };
  }

  /** A fresh one takes what another of the same rule remembered. Throws `NotStored`. */
  restore(stored: Json): void {
    const state = readObject(stored);
    this.latest = readBigInt(state['latest']);
    this.order = readNumber(state['order']);
    this.excepted = readNumber(state['excepted']);
    this.overMost = readNumber(state['overMost']);
    this.startedInRun = readNumber(state['startedInRun']);
    this.windows.restore(state['windows']);
    const windows = this.windows.all();
    for (const one of readArray(state['kept'])) {
      const [place, alert] = readArray(one);
      const window = typeof place === 'number' ? windows[place] : undefined;
      this.kept.set(window ?? {}, readAlert(alert, this.rule));
    }
    this.runThreshold?.restore(state['runThreshold']);
    this.groupThreshold?.restore(state['groupThreshold'], this.rule);
  }

  private group(matches: readonly Match[]): Match[] {
    if (!this.template.createAlert) return matches.map((match) => withAlert(match, null));
    return matches.flatMap((match) => {
      const group = this.groupOf(match);
      if (group === undefined && this.groupThreshold === undefined) return this.alone(match) ?? [];
      const placed: PlacedMatch = { match, group: group ?? '', at: this.momentOf(match), order: this.order };
      this.order += 1;
      if (this.groupThreshold === undefined) return this.assign(placed) ?? [];
      this.groupThreshold.take(placed);
      return [];
    });
  }

  /** Undefined: the match is an alert by itself. */
  private groupOf(match: Match): string | undefined {
    switch (this.template.group.by) {
      case 'match':
        return undefined;
      case 'all':
        return '';
      case 'dedup':
        return match.dedup ?? '';
      case 'fields':
        return match.group;
    }
  }

  /** A match without a time happened when the latest before it did. Times are read only where they decide something. */
  private momentOf(match: Match): bigint {
    if (this.template.group.period === null) return this.latest;
    const moment = this.options.momentOf(match);
    if (moment !== undefined && moment > this.latest) this.latest = moment;
    return moment ?? this.latest;
  }

  private alone(match: Match): Match | undefined {
    if (this.isOverMost(match)) return undefined;
    const alert = ownAlert(match);
    const found = withAlert(match, alert);
    if (this.options.keepAlerts) this.kept.set(match, alertOf(match, alert));
    return found;
  }

  private assign({ match, group, at }: PlacedMatch): Match | undefined {
    let window = this.windows.find(group, at);
    if (window === undefined) {
      if (this.isOverMost(match)) return undefined;
      window = this.windows.open(group, at, { id: alertId(match, group), first: match.time ?? null });
    }
    window.count += 1;
    const { id, first, count } = window;
    const alert: AlertRef = { id, first, count };
    if (this.options.keepAlerts) {
      const known = this.kept.get(window);
      const last = match.time ?? known?.last ?? null;
      this.kept.set(window, known === undefined ? alertOf(match, alert) : { ...known, last, count });
    }
    return withAlert(match, alert);
  }

  /** Whether a run makes no further alert; the match is counted then. */
  private isOverMost(match: Match): boolean {
    const { mostPerRun } = this.template;
    if (this.options.scheduled && mostPerRun !== undefined && this.startedInRun >= mostPerRun.alerts) {
      this.overMost += 1;
      this.options.onOverMost?.(match);
      return true;
    }
    this.startedInRun += 1;
    return false;
  }
}

function alertOf(match: Match, { id, first, count }: AlertRef): Alert {
  return {
    id,
    rule: match.rule,
    title: match.title ?? match.rule.name,
    severity: match.severity ?? match.rule.severity,
    riskScore: match.riskScore,
    dedup: match.dedup,
    first,
    last: match.time ?? null,
    count,
    source: match.record?.source ?? null,
  };
}
