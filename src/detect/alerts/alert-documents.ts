import { tellerOf } from '../../alerts/alert-template.ts';
import { type EcsAlert, type EcsSource, isoOf } from '../../alerts/ecs/ecs-alert.ts';
import { EcsAlerts } from '../../alerts/ecs/ecs-alerts.ts';
import { ecsDocument } from '../../alerts/ecs/ecs-document.ts';
import type { Match } from '../../alerts/match.ts';
import { recordRuleOf } from '../../alerts/record-template.ts';
import { rowOf } from '../../engines/memory/index.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import type { LogRecord } from '../../logs/record.ts';
import { anyTypeOf } from '../../logs/registry.ts';
import { shapeOf } from '../../logs/typing.ts';
import { formatDateTime } from '../../values/date-time.ts';
import type { GivenIndex } from '../index-inputs.ts';
import { EventTimes } from '../seen/event-times.ts';
import type { Session } from '../session.ts';

/** Makes the alerts of a session into documents. */
export class AlertDocuments {
  private readonly alerts = new EcsAlerts();
  private readonly given: ReadonlyMap<string, LogType>;
  private readonly session: Pick<Session, 'now'>;
  private readonly times = new EventTimes();

  constructor(indices: readonly GivenIndex[], session: Pick<Session, 'now'>) {
    this.given = new Map(indices.map(({ type: { type } }) => [type.name, type]));
    this.session = session;
  }

  take(match: Match): void {
    const { rule, members } = match;
    const isSequence = rule.format === 'elastic' && rule.logic.plan.kind === 'sequence' && members !== undefined;
    this.alerts.take({
      match,
      source: this.sourceOf(match, match.record),
      members: isSequence ? members.map((record) => this.memberOf(match, record)) : undefined,
    });
  }

  all(): readonly EcsAlert[] {
    return this.alerts.documents();
  }

  /** An event of a sequence, as a match of a rule that asks of events what that rule asks of its own. */
  private memberOf(of: Match, record: LogRecord): { readonly match: Match; readonly source: EcsSource } {
    const { rule, run } = of;
    const kind = this.kindOf(record);
    const told = tellerOf(recordRuleOf(rule))?.(rowOf(record.event), kind) ?? {};
    const time = this.times.of(record.event, kind.type, kind.shape);
    const match: Match = {
      rule,
      record,
      time: time.kind === 'missing' ? undefined : time.text,
      ...(told.title !== undefined && { title: told.title }),
      ...(told.severity !== undefined && { severity: told.severity }),
      ...(told.riskScore !== undefined && { riskScore: told.riskScore }),
      ...(run !== undefined && { run }),
    };
    return { match, source: this.sourceOf(of, record) };
  }

  /** Where no run is known, an alert is made when its match happened. */
  private sourceOf({ rule, run, time }: Match, record: LogRecord | undefined): EcsSource {
    const now = isoOf(run?.to ?? time ?? formatDateTime(this.session.now)) ?? '';
    if (record === undefined) return { document: undefined, id: rule.id, index: rule.schema, now };
    const { type, shape } = this.kindOf(record);
    const { _id: id, _index: index } = record.event;
    const { file, line, record: place } = record.source;
    return {
      document: ecsDocument(record.event, type, shape),
      id: typeof id === 'string' ? id : `${file}:${line}${place === undefined ? '' : `[${place}]`}`,
      index: typeof index === 'string' ? index : type.name.replace(/^index\./, ''),
      now,
    };
  }

  private kindOf(record: LogRecord): { readonly type: LogType; readonly shape: Shape } {
    const type = this.given.get(record.logType) ?? anyTypeOf(record.logType);
    return { type, shape: type.shapes.find(({ name }) => name === record.shape) ?? shapeOf(type, record.event) };
  }
}
