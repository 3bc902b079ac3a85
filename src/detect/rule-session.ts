import { tellerOf } from '../alerts/alert-template.ts';
import type { Match } from '../alerts/match.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { type Row, rowOf } from '../engines/memory/index.ts';
import { hasKernel } from '../engines/stream/index.ts';
import type { Rule } from '../ir/rule.ts';
import { type DecodedEvent, type LinesAhead, ScannedEvent } from '../logs/decode/index.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord, RecordSource } from '../logs/record.ts';
import { anyTypeOf } from '../logs/registry.ts';
import { schemaEvent } from '../logs/schema-event.ts';
import { shapeOf, type Typing, typingOf } from '../logs/typing.ts';
import { fromEpochMs } from '../values/date-time.ts';
import { toJson } from '../values/text-of.ts';
import type { DateTime, Value } from '../values/value.ts';
import { EventTimes } from './event-times.ts';
import { type NeverMatching, neverMatching } from './never-matching.ts';
import { PlanRules } from './plan-rules.ts';
import { type Candidate, PythonRules, pantherLogType } from './python-rules.ts';
import type { RuleRow } from './rule-row.ts';
import type { RuleStats } from './rule-stats.ts';
import { RuleScanner } from './scan/rule-scanner.ts';
import { ScanPool } from './scan/scan-pool.ts';
import { SeenCounts, type SeenKind } from './seen-counts.ts';
import type { InputRecord, Session, SessionOptions } from './session.ts';
import { type SourceReport, sourceReport } from './source-report.ts';
import { withUsed } from './with-used.ts';

export type { Session, SessionOptions } from './session.ts';

/** A session that can read lines itself. */
export interface LineSession extends Session {
  /**
   * Reads lines of JSON without parsing most of them, and gives `process` those that matter; undefined where the session has
   * to see every record, or the machine cannot run it.
   */
  readonly scanner: LinesAhead | undefined;
}

export function createRuleSession(rules: readonly Rule[], options: SessionOptions = {}): LineSession {
  return new PlainSession(rules, options);
}

class PlainSession implements LineSession {
  readonly diagnostics: Diagnostic[] = [];
  readonly scanner: ScanPool | undefined;
  private scannerHere: RuleScanner | undefined;
  private readonly counts = new SeenCounts();
  private readonly plans: PlanRules;
  private readonly python: PythonRules;
  private readonly rules: readonly Rule[];
  private readonly options: SessionOptions;
  private readonly typeOf: Typing;
  private readonly followsTime: boolean;
  /** In ticks. */
  private readonly lateness: bigint | undefined;
  private readonly times = new EventTimes();
  /** Known after `advance('end')`. */
  private never: readonly NeverMatching[] = [];
  private hasEnded = false;
  /** Types that the caller gave with records; no registry has them. */
  private readonly given = new Map<string, LogType>();

  constructor(given: readonly Rule[], options: SessionOptions) {
    const rules = withUsed(given);
    this.rules = rules;
    this.options = options;
    this.typeOf = typingOf(options, rules);
    this.lateness = options.allowedLateness === undefined ? undefined : ticksOf(options.allowedLateness);
    this.plans = new PlanRules(rules, options.now && { now: options.now }, {
      engine: options.engine ?? 'stream',
      stats: options.stats === true,
      strictErrors: options.strictErrors === true,
    });
    this.python = new PythonRules(rules, { now: options.now, strictErrors: options.strictErrors ?? false });
    this.followsTime = options.now === undefined && this.plans.needsTime;
    const isAnyWanted =
      this.plans.isEmpty || this.followsTime || options.allowedLateness !== undefined || options.stats === true;
    if (!isAnyWanted && options.engine !== 'memory' && hasKernel()) {
      const here = (): RuleScanner => {
        this.scannerHere ??= new RuleScanner(this.plans, this.typeOf);
        return this.scannerHere;
      };
      this.scanner = new ScanPool(options.workers ?? 1, here);
    }
  }

  get recordsByType(): ReadonlyMap<string, number> {
    const all = new Map<string, number>();
    for (const { type, records } of this.seen()) all.set(type.name, (all.get(type.name) ?? 0) + records);
    return all;
  }

  sourceReport(about: readonly Rule[] = this.rules): SourceReport {
    const never = new Set(this.never.map(({ rule }) => rule));
    const seen = this.seen().map(({ type, shape, records }) => ({
      type,
      records,
      ...this.plans.rulesFor(type, shape, never),
    }));
    return sourceReport(about, seen);
  }

  private seen(): readonly SeenKind[] {
    const all = new SeenCounts();
    for (const { type, shape, records } of this.counts.kinds()) all.add(type, shape, records);
    for (const [{ type, shape }, records] of this.scannerHere?.counts ?? []) all.add(type, shape, records);
    return all.kinds();
  }

  async process(records: readonly InputRecord[]): Promise<readonly Match[]> {
    if (this.hasEnded) throw new Error('a session that was told of its end takes no more records');
    const matches: Match[] = [];
    const candidates: Candidate[] = [];
    const places = new Map<LogRecord, number>();
    let reached: bigint | undefined;
    for (const decoded of records) {
      if (decoded instanceof ScannedEvent) {
        const { type, shape, rules } = decoded.scanned;
        const record = new ScannedLogRecord(decoded, type.name, shape.name);
        this.sort(this.plans.process(record, type, shape, rules), type, shape, matches, candidates);
        places.set(record, places.size);
        continue;
      }
      const { event, source } = decoded;
      const { type, shape } = decoded.as ?? this.typeOf(event);
      if (decoded.as !== undefined) this.given.set(type.name, type);
      const record: LogRecord = { event, logType: type.name, shape: shape.name, source };
      this.counts.add(type, shape, 1);
      if (this.followsTime) this.times.follow(event, type, shape);
      this.sort(this.plans.process(record, type, shape), type, shape, matches, candidates);
      if (this.lateness !== undefined) {
        const time = this.times.of(event, type, shape);
        if (time.kind === 'moment') reached = time.at.ticks - this.lateness;
        // What Python has still to decide comes before what is sure.
        if (reached !== undefined && candidates.length === 0) matches.push(...this.reach(reached));
      }
      places.set(record, places.size);
    }
    if (candidates.length > 0) {
      const { found, diagnostics } = await this.python.process(candidates);
      this.diagnostics.push(...diagnostics);
      for (const match of found) {
        if (match.record !== undefined) this.plans.decided(match.rule, match.record, columnsOf(match));
        if (match.rule.silent !== true) matches.push({ ...match, time: match.record && this.timeOf(match.record) });
      }
      sortByRecord(matches, places);
      if (reached !== undefined) matches.push(...this.reach(reached));
    }
    return matches;
  }

  private reach(watermark: bigint): readonly Match[] {
    return this.plans.advance(watermark).map((found) => this.planMatch(found));
  }

  /** Rows that are matches, and those that Python has to decide. */
  private sort(rows: readonly RuleRow[], type: LogType, shape: Shape, matches: Match[], candidates: Candidate[]): void {
    for (const row of rows) {
      if (row.asks !== true) matches.push(this.planMatch(row));
      else if (row.record !== undefined) {
        const logType = pantherLogType(type, row.record.event) ?? type.name;
        const event = schemaEvent('panther', type, shape.name, row.record.event);
        candidates.push({ rule: row.rule, record: row.record, event, logType });
      }
    }
  }

  async advance(watermark: DateTime | 'end'): Promise<readonly Match[]> {
    if (this.hasEnded) return [];
    if (watermark !== 'end') return this.reach(watermark.ticks);
    this.hasEnded = true;
    const found = this.plans.end({ now: this.now }).map((one) => this.planMatch(one));
    this.diagnostics.push(...this.plans.diagnostics());
    const judged = this.seen().map(({ type, shape, records }) => ({ records, ...this.plans.judged(type, shape) }));
    this.never = neverMatching(this.options.about ?? this.rules, judged);
    this.diagnostics.push(...this.never.map(({ diagnostic }) => diagnostic));
    return found;
  }

  get now(): DateTime {
    return this.options.now ?? this.times.latest ?? fromEpochMs(Date.now());
  }

  stats(): ReadonlyMap<Rule, RuleStats> {
    return this.plans.stats();
  }

  async close(): Promise<void> {
    await Promise.all([this.python.close(), this.scanner?.close()]);
  }

  private planMatch({ rule, row, record, members }: RuleRow): Match {
    const time = (): string | undefined => record && this.timeOf(record);
    return Object.assign(
      new PlanMatch(rule, record, time),
      fieldsOf(rule, row),
      this.told(rule, row, record),
      members && { members },
    );
  }

  private timeOf(record: LogRecord): string | undefined {
    const { type, shape } = this.kindOf(record);
    const time = this.times.of(record.event, type, shape);
    return time.kind === 'missing' ? undefined : time.text;
  }

  /** What a rule that says how its alerts read says of a record or row. */
  private told(rule: Rule, row: Row | undefined, record: LogRecord | undefined): Partial<Match> {
    const tell = tellerOf(rule);
    if (tell === undefined) return {};
    if (record === undefined) return row === undefined ? {} : tell(row, undefined);
    return tell(row ?? rowOf(record.event), this.kindOf(record));
  }

  private kindOf(record: LogRecord): { readonly type: LogType; readonly shape: Shape } {
    const type = this.given.get(record.logType) ?? anyTypeOf(record.logType);
    return { type, shape: type.shapes.find((one) => one.name === record.shape) ?? shapeOf(type, record.event) };
  }
}

const TICKS_PER_MS = 10_000n;

function ticksOf(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1000)) * TICKS_PER_MS;
}

/** A record that a scanner found: it is parsed when its event is first asked for. */
class ScannedLogRecord implements LogRecord {
  readonly logType: string;
  readonly shape: string;
  private readonly decoded: DecodedEvent;

  constructor(decoded: DecodedEvent, logTypeName: string, shape: string) {
    this.decoded = decoded;
    this.logType = logTypeName;
    this.shape = shape;
  }

  get event(): JsonObject {
    return this.decoded.event;
  }

  get source(): RecordSource {
    return this.decoded.source;
  }
}

/** A match of a plan; its time is read when it is asked for. */
class PlanMatch implements Match {
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

/** What other rules may read of a match of a Python rule, beside its record. */
function columnsOf({ alertContext }: Match): ReadonlyMap<string, Value> {
  return new Map(alertContext === undefined ? [] : [['p_alert_context', alertContext]]);
}

/** Python answers for a batch at once; its matches go to where their records stand. */
function sortByRecord(matches: Match[], places: ReadonlyMap<LogRecord, number>): void {
  const placeOf = ({ record }: Match): number => (record === undefined ? 0 : (places.get(record) ?? 0));
  matches.sort((a, b) => placeOf(a) - placeOf(b));
}

/** The rule's output columns of a row; nothing where a match is simply the event. */
function fieldsOf(rule: Rule, row: Row | undefined): { fields?: Readonly<Record<string, Json>> } {
  if (row === undefined || rule.logic.kind !== 'plan' || rule.logic.columns === undefined || row.columns.size === 0)
    return {};
  return { fields: Object.fromEntries([...row.columns].map(([name, value]) => [name, toJson(value)])) };
}
