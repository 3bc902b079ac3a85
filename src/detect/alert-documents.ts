import { type EcsAlert, EcsAlerts, type EcsSource, isoOf } from '../alerts/ecs-alert.ts';
import { ecsDocument } from '../alerts/ecs-document.ts';
import type { Match } from '../alerts/match.ts';
import type { LogType } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import { anyTypeOf } from '../logs/registry.ts';
import { shapeOf } from '../logs/typing.ts';
import { formatDateTime } from '../values/date-time.ts';
import type { GivenIndex } from './run-rules.ts';
import type { Session } from './session.ts';

/** Makes the alerts of a session into documents. */
export class AlertDocuments {
  private readonly alerts = new EcsAlerts();
  private readonly given: ReadonlyMap<string, LogType>;
  private readonly session: Pick<Session, 'now'>;

  constructor(indices: readonly GivenIndex[], session: Pick<Session, 'now'>) {
    this.given = new Map(indices.map(({ type: { type } }) => [type.name, type]));
    this.session = session;
  }

  take(match: Match): EcsAlert | undefined {
    return this.alerts.take(match, this.sourceOf(match));
  }

  all(): readonly EcsAlert[] {
    return this.alerts.documents();
  }

  private sourceOf({ record, rule, run }: Match): EcsSource {
    const now = isoOf(run?.to ?? formatDateTime(this.session.now)) ?? '';
    if (record === undefined) return { document: undefined, id: rule.id, index: rule.schema, now };
    const { type, document } = this.documentOf(record);
    const { _id: id, _index: index } = record.event;
    const { file, line, record: place } = record.source;
    return {
      document,
      id: typeof id === 'string' ? id : `${file}:${line}${place === undefined ? '' : `[${place}]`}`,
      index: typeof index === 'string' ? index : type.name.replace(/^index\./, ''),
      now,
    };
  }

  private documentOf(record: LogRecord): { readonly type: LogType; readonly document: EcsSource['document'] } {
    const type = this.given.get(record.logType) ?? anyTypeOf(record.logType);
    const shape = type.shapes.find(({ name }) => name === record.shape) ?? shapeOf(type, record.event);
    return { type, document: ecsDocument(record.event, type, shape) };
  }
}
