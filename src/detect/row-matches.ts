import { tellerOf } from '../alerts/alert-template.ts';
import type { Match } from '../alerts/match.ts';
import { recordRuleOf, toldOfRecords } from '../alerts/record-template.ts';
import { isJsonObject, type Json } from '../base/json.ts';
import { type Row, rowOf } from '../engines/memory/index.ts';
import type { Rule } from '../ir/rule/rule.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import { toJson } from '../values/text-of.ts';
import { DateTime, TimeSpan, type Value } from '../values/value.ts';
import type { RuleFaults } from './plans/rule-faults.ts';
import type { RuleRow } from './plans/rule-row.ts';
import type { EventTimes } from './seen/event-times.ts';

/** What a record is, by the names that it carries. */
export type KindOf = (record: LogRecord) => { readonly type: LogType; readonly shape: Shape };

/** Makes the matches of rows that rules give. */
export class RowMatches {
  private readonly kindOf: KindOf;
  private readonly times: EventTimes;
  private readonly faults: RuleFaults;

  constructor(kindOf: KindOf, times: EventTimes, faults: RuleFaults) {
    this.kindOf = kindOf;
    this.times = times;
    this.faults = faults;
  }

  of({ rule, row, record, members }: RuleRow): Match {
    const time = (): string | undefined => record && this.timeOf(record);
    const isTold = row !== undefined && tellsColumns(rule, row);
    const match = isTold ? new ColumnsMatch(rule, record, time, row) : new RowMatch(rule, record, time);
    if (members !== undefined) Object.assign(match, { members });
    // A match stays one, whatever is to be said of it.
    const tell = (): void => {
      if (match instanceof ColumnsMatch) match.prepare();
      Object.assign(match, this.told(rule, row, record));
      if (members !== undefined) Object.assign(match, toldOfRecords(rule, members, this.kindOf));
    };
    this.faults.guard(rule, undefined, tell, record);
    return match;
  }

  /** When a record happened, as it is written there or in a standard form. */
  timeOf(record: LogRecord): string | undefined {
    const { type, shape } = this.kindOf(record);
    const time = this.times.of(record.event, type, shape);
    return time.kind === 'missing' ? undefined : time.text;
  }

  /** What a rule that says how its alerts read says of a record or row. */
  private told(rule: Rule, row: Row | undefined, record: LogRecord | undefined): Partial<Match> {
    if (rule.alert?.of === 'record' && record !== undefined) {
      return tellerOf(recordRuleOf(rule))?.(rowOf(record.event), this.kindOf(record)) ?? {};
    }
    const tell = tellerOf(rule);
    if (tell === undefined) return {};
    if (record === undefined) return row === undefined ? {} : tell(row, undefined);
    return tell(row ?? rowOf(record.event), this.kindOf(record));
  }
}

/** Its time is read when it is asked for. */
class RowMatch implements Match {
  readonly rule: Rule;
  readonly record: LogRecord | undefined;
  private readonly readTime: () => string | undefined;

  constructor(rule: Rule, record: LogRecord | undefined, readTime: () => string | undefined) {
    this.rule = rule;
    this.record = record;
    this.readTime = readTime;
  }

  get time(): string | undefined {
    return this.readTime();
  }
}

/** A match that has the rule's output columns; they are written out when they are asked for. */
class ColumnsMatch extends RowMatch {
  private readonly row: Row;
  private written: Readonly<Record<string, Json>> | undefined;

  constructor(rule: Rule, record: LogRecord | undefined, readTime: () => string | undefined, row: Row) {
    super(rule, record, readTime);
    this.row = row;
  }

  /** What may fail to be written, as lists and maps may, is written now, where the failure is the rule's. */
  prepare(): void {
    if ([...this.row.columns.values()].some(mayFail)) this.written = written(this.row);
  }

  get fields(): Readonly<Record<string, Json>> {
    this.written ??= written(this.row);
    return this.written;
  }
}

function written({ columns }: Row): Readonly<Record<string, Json>> {
  // What a language makes for itself on the way begins with `$`.
  const told = [...columns].filter(([name]) => !name.startsWith('$'));
  return Object.fromEntries(told.map(([name, value]) => [name, toJson(value)]));
}

function mayFail(value: Value): boolean {
  return Array.isArray(value) || (isJsonObject(value) && !(value instanceof DateTime || value instanceof TimeSpan));
}

/** Whether a rule's columns are told; not where a match is simply the event. */
function tellsColumns({ logic }: Rule, { columns }: Row): boolean {
  return logic.kind === 'plan' && logic.columns !== undefined && columns.size > 0;
}

/** What other rules may read of a match of a Python rule, beside its record. */
export function columnsOf({ alertContext }: Match): ReadonlyMap<string, Value> {
  return new Map(alertContext === undefined ? [] : [['p_alert_context', alertContext]]);
}

/** Python answers for a batch at once; its matches go to where their records stand. */
export function sortByRecord(matches: Match[], places: ReadonlyMap<LogRecord, number>): void {
  const placeOf = ({ record }: Match): number => (record === undefined ? 0 : (places.get(record) ?? 0));
  matches.sort((a, b) => placeOf(a) - placeOf(b));
}
