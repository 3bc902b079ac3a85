import type { JsonObject } from '../../base/json.ts';
import { compileExpr, type Evaluate, rowOf } from '../../engines/memory/index.ts';
import { field } from '../../ir/construct.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { bindingOf } from '../../logs/binding.ts';
import type { LogType, Shape } from '../../logs/log-type.ts';
import type { LogRecord } from '../../logs/record.ts';
import type { Typing } from '../../logs/typing.ts';
import { bind } from '../../passes/bind.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { momentOf } from '../../values/moment.ts';
import { EventTimes } from '../seen/event-times.ts';
import type { InputRecord } from '../session.ts';

interface Kind {
  readonly type: LogType;
  readonly shape: Shape;
}

/**
 * When records happened for a rule: by the field of time that it names (Elastic's `timestamp_override`), where a record has one,
 * else by the record's own time. A record that has neither is in no run's window.
 */
export class RuleTimes {
  private readonly times = new EventTimes();
  private readonly overrides = new Map<string, Map<Shape, Map<LogType, Evaluate | undefined>>>();
  private readonly without = new Set<JsonObject>();
  private readonly kinds = new WeakMap<JsonObject, Kind>();

  /** The record's own time, in ticks. */
  ofRecord(event: JsonObject, { type, shape }: Kind): bigint | undefined {
    this.times.follow(event, type, shape);
    const time = this.times.of(event, type, shape);
    return time.kind === 'moment' ? time.at.ticks : undefined;
  }

  of({ event, as }: InputRecord, rule: Rule): bigint | undefined {
    return as === undefined ? undefined : this.ofKind(event, as, rule);
  }

  ofMatch({ event }: LogRecord, rule: Rule, typing: Typing): bigint | undefined {
    return this.ofKind(event, this.kinds.get(event) ?? typing(event), rule);
  }

  /** How many records had no time for some rule. */
  get untimed(): number {
    return this.without.size;
  }

  private ofKind(event: JsonObject, kind: Kind, rule: Rule): bigint | undefined {
    this.kinds.set(event, kind);
    const override = rule.schedule?.timestamp;
    const own = override && momentOf(this.read(override.field, kind)?.(rowOf(event)));
    if (own !== undefined) return own;
    const time = override?.fallback === false ? undefined : this.ofRecord(event, kind);
    if (time === undefined) this.without.add(event);
    return time;
  }

  private read(name: string, { type, shape }: Kind): Evaluate | undefined {
    const byShape = this.overrides.get(name) ?? new Map<Shape, Map<LogType, Evaluate | undefined>>();
    this.overrides.set(name, byShape);
    const byType = byShape.get(shape) ?? new Map<LogType, Evaluate | undefined>();
    byShape.set(shape, byType);
    if (byType.has(type)) return byType.get(type);
    const input = { kind: 'source', schema: 'ecs', scope: null } as const;
    const bound = bind({ kind: 'project', input, columns: [{ name, expr: field(name) }] }, bindingOf(type, shape));
    const expr = bound.kind === 'project' ? bound.columns[0]?.expr : undefined;
    const made = expr && compileExpr(expr, { now: fromEpochMs(0) });
    byType.set(type, made);
    return made;
  }
}
