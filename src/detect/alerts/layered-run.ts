import type { Alert } from '../../alerts/alert.ts';
import type { Drops } from '../../alerts/drops.ts';
import type { EcsAlert } from '../../alerts/ecs/ecs-alert.ts';
import { ALERTS_INDEX } from '../../alerts/ecs/ecs-sequence.ts';
import type { Match } from '../../alerts/match.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { LinesAhead } from '../../logs/decode/index.ts';
import type { DateTime } from '../../values/value.ts';
import type { GivenIndex } from '../index-inputs.ts';
import type { RuleStats } from '../plans/rule-stats.ts';
import type { Scanning } from '../rule-session.ts';
import type { SourceReport } from '../seen/source-report.ts';
import type { InputRecord, SessionOptions } from '../session.ts';
import { AlertDocuments } from './alert-documents.ts';
import { ALERTS, type AlertOrder, readsLogs } from './alert-order.ts';
import type { AlertRun } from './alert-session.ts';
import { witnessesOf } from './witnesses.ts';

/** A run of the rules of one layer. */
export type LayerRun = AlertRun & Scanning;

/** Begins the run of a layer. */
export type BeginLayer = (
  rules: readonly Rule[],
  options: Pick<SessionOptions, 'witnesses' | 'lead' | 'leads'>,
) => LayerRun;

/**
 * Runs rules in layers: those of a layer see the alerts of the layers before it, as documents of Kibana's index for alerts, when
 * those have ended.
 */
export class LayeredRun implements AlertRun, Scanning {
  readonly documents: AlertDocuments;
  private readonly layers: readonly { readonly run: LayerRun; readonly readsLogs: boolean }[];
  private readonly byRule: ReadonlyMap<Rule, LayerRun>;
  private readonly first: LayerRun;
  private readonly order: AlertOrder;

  constructor(order: AlertOrder, begin: BeginLayer, indices: readonly GivenIndex[]) {
    this.order = order;
    const [firstRules = [], ...laterRules] = order.layers;
    const witnesses = witnessesOf(laterRules.flat());
    const first = begin(firstRules, { witnesses, leads: true });
    const runs = [
      { rules: firstRules, run: first },
      ...laterRules.map((rules) => ({ rules, run: begin(rules, { lead: first.lead }) })),
    ];
    const hasAlerts = indices.some(({ type: { type } }) => type.name.startsWith('index..'));
    this.layers = runs.map(({ rules, run }, at) => ({
      run,
      readsLogs: at === 0 || hasAlerts || rules.some(readsLogs),
    }));
    this.byRule = new Map(runs.flatMap(({ rules, run }) => rules.map((rule) => [rule, run] as const)));
    this.first = first;
    this.documents = new AlertDocuments([...indices, { paths: [], type: ALERTS }], this.first);
  }

  /** Records that no rule of any layer wants are those that a scanner leaves out. */
  get scanner(): LinesAhead | undefined {
    return this.first.scanner;
  }

  async process(records: readonly InputRecord[]): Promise<readonly Match[]> {
    const matches: Match[] = [];
    for (const { run, readsLogs } of this.layers) {
      if (readsLogs) matches.push(...(await run.process(run === this.first ? records : records.map(plain))));
    }
    return this.take(matches);
  }

  async advance(watermark: DateTime | 'end'): Promise<readonly Match[]> {
    if (watermark !== 'end') return this.take(await this.first.advance(watermark));
    const matches: Match[] = [];
    for (const { run } of this.layers) {
      const alerts = run === this.first ? [] : this.documents.all().map(asRecord);
      if (alerts.length > 0) matches.push(...this.take(await run.process(alerts)));
      matches.push(...this.take(await run.advance('end')));
    }
    return matches;
  }

  private take(matches: readonly Match[]): readonly Match[] {
    for (const match of matches) this.documents.take(match);
    return matches;
  }

  get now(): DateTime {
    return this.first.now;
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.layers.flatMap(({ run }) => run.diagnostics), ...this.order.diagnostics];
  }

  get recordsByType(): ReadonlyMap<string, number> {
    return this.first.recordsByType;
  }

  /** The records of the logs are those that the first layer saw; rules of any layer may look at them. */
  sourceReport(about: readonly Rule[] = this.order.layers.flat()): SourceReport {
    const report = this.first.sourceReport(about);
    const others = this.layers.slice(1).filter((layer) => layer.readsLogs);
    const unreached = others.map(({ run }) => new Set(run.sourceReport().unreached.map(({ logType }) => logType)));
    return {
      ...report,
      unreached: report.unreached.filter(({ logType }) => unreached.every((one) => one.has(logType))),
    };
  }

  drops(rule: Rule): Drops {
    return (this.byRule.get(rule) ?? this.first).drops(rule);
  }

  alerts(): readonly Alert[] {
    return this.layers.flatMap(({ run }) => run.alerts());
  }

  stats(): ReadonlyMap<Rule, RuleStats> {
    return new Map(this.layers.flatMap(({ run }) => [...run.stats()]));
  }

  async close(): Promise<void> {
    await Promise.all(this.layers.map(({ run }) => run.close()));
  }
}

/** Without what the scanner of the first layer found: the numbers of that layer's rules. */
function plain({ event, source, as }: InputRecord): InputRecord {
  return { event, source, ...(as && { as }) };
}

function asRecord(alert: EcsAlert, at: number): InputRecord {
  const event = { ...alert, _id: alert['kibana.alert.uuid'] ?? null, _index: ALERTS_INDEX };
  return { event, source: { file: ALERTS_INDEX, line: at + 1 }, as: ALERTS };
}
