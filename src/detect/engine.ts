import { tellerOf } from '../alerts/alert-template.ts';
import type { Match } from '../alerts/match.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { compileExpr, type Evaluate, type Row, rowOf } from '../engines/memory/index.ts';
import { hasKernel } from '../engines/stream/index.ts';
import type { Rule } from '../ir/rule.ts';
import { bindingOf } from '../logs/binding.ts';
import type { DecodedEvent, LinesAhead } from '../logs/decode/index.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord, RecordSource } from '../logs/record.ts';
import { anyTypeOf, logType } from '../logs/registry.ts';
import { shapeOf, type Typing, type TypingOptions, typingOf } from '../logs/typing.ts';
import { relocate } from '../passes/bind.ts';
import { formatDateTime, fromEpochMs, parseDateTime } from '../values/date-time.ts';
import { momentOf } from '../values/moment.ts';
import { displayText, toJson } from '../values/text-of.ts';
import type { DateTime, Value } from '../values/value.ts';
import { PantherSignals } from './panther-signals.ts';
import { type PlanEngine, PlanRules, type RuleRow } from './plan-rules.ts';
import { PythonRules, pantherLogType } from './python-rules.ts';
import type { InOrder } from './rule-correlation.ts';
import { RuleScanner } from './scan/rule-scanner.ts';
import { ScanPool } from './scan/scan-pool.ts';
import { SeenCounts, type SeenKind } from './seen-counts.ts';
import { type SourceReport, sourceReport } from './source-report.ts';
import type { RuleStats } from './stream-stats.ts';

export type { Match } from '../alerts/match.ts';

export interface EngineOptions extends TypingOptions {
  /** Runs every Python rule as Python, so that no error of a rule is hidden by what is known of it without Python. */
  readonly strictErrors?: boolean;
  /** The time that `now()` and `ago()` mean; without it, the time of the last event read. */
  readonly now?: DateTime;
  /**
   * Records come in the order of their times, but for `slack` seconds: matches of correlations then come out while records
   * stream by, and memory holds open windows only. Without it correlations wait for `finish` and sort what they have.
   */
  readonly inOrder?: InOrder;
  /** What decides rules that are plans: `stream` (the default) all at once by an index, `memory` one after the other. */
  readonly engine?: PlanEngine;
  /** Whether to count what each rule costs; it takes time itself. */
  readonly stats?: boolean;
  /** How many threads read lines; with one, this thread does. */
  readonly workers?: number;
}

/** Runs rules of every dialect over records, in order. */
export interface Engine {
  /** The matches that these records alone decide. */
  process(records: readonly DecodedEvent[]): Promise<readonly Match[]>;
  /** The matches that needed all records, or the time of the last one. Call it once, after the last `process`. */
  finish(): Promise<readonly Match[]>;
  /**
   * Reads lines of JSON without parsing most of them, and gives `process` those that matter; undefined where the engine has
   * to see every record, or the machine cannot run it.
   */
  readonly scanner: LinesAhead | undefined;
  /** What went wrong in rules while they ran. */
  readonly diagnostics: readonly Diagnostic[];
  /** How many records of each log type were seen. */
  readonly recordsByType: ReadonlyMap<string, number>;
  /** What became of the records that were seen: what they were taken for, and whether any rule is about them. */
  sourceReport(): SourceReport;
  /** What each rule that is a plan has cost; empty without `stats`. */
  stats(): ReadonlyMap<Rule, RuleStats>;
  close(): Promise<void>;
}

export function createEngine(rules: readonly Rule[], options: EngineOptions = {}): Engine {
  return new RuleEngine(rules, options);
}

class RuleEngine implements Engine {
  readonly diagnostics: Diagnostic[] = [];
  readonly scanner: ScanPool | undefined;
  private scannerHere: RuleScanner | undefined;
  private readonly counts = new SeenCounts();
  private readonly plans: PlanRules;
  private readonly python: PythonRules;
  private readonly signals: PantherSignals;
  private readonly rules: readonly Rule[];
  private readonly options: EngineOptions;
  private readonly typeOf: Typing;
  private readonly followsTime: boolean;
  private readonly times = new Map<Shape, Evaluate>();
  private latest: DateTime | undefined;

  constructor(rules: readonly Rule[], options: EngineOptions) {
    this.rules = rules;
    this.options = options;
    this.typeOf = typingOf(options, rules);
    this.plans = new PlanRules(rules, options.now && { now: options.now }, {
      engine: options.engine ?? 'stream',
      inOrder: options.inOrder,
      stats: options.stats === true,
    });
    this.python = new PythonRules(rules, { now: options.now, strictErrors: options.strictErrors ?? false });
    this.signals = new PantherSignals(rules);
    this.followsTime = options.now === undefined && this.plans.needsTime;
    const isAnyWanted =
      this.plans.isEmpty || this.followsTime || options.inOrder !== undefined || options.stats === true;
    if (!isAnyWanted && options.engine !== 'memory' && hasKernel()) {
      const here = (): RuleScanner => {
        this.scannerHere ??= new RuleScanner(this.plans, this.python, this.typeOf);
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

  sourceReport(): SourceReport {
    const seen = this.seen().map(({ type, shape, records }) => {
      const { rules, general } = this.plans.rulesFor(type, shape);
      return { type, records, rules: rules + this.python.rulesFor(type), general };
    });
    return sourceReport(this.rules, seen);
  }

  private seen(): readonly SeenKind[] {
    const all = new SeenCounts();
    for (const { type, shape, records } of this.counts.kinds()) all.add(type, shape, records);
    for (const [{ type, shape }, records] of this.scannerHere?.counts ?? []) all.add(type, shape, records);
    return all.kinds();
  }

  async process(records: readonly DecodedEvent[]): Promise<readonly Match[]> {
    const matches: Match[] = [];
    const forPython: { record: LogRecord; type: LogType }[] = [];
    const places = new Map<LogRecord, number>();
    for (const decoded of records) {
      if (decoded.scanned !== undefined) {
        const { type, shape, rules } = decoded.scanned;
        const record = new ScannedLogRecord(decoded, type.name, shape.name);
        for (const found of this.plans.process(record, type, shape, rules)) matches.push(this.planMatch(found));
        places.set(record, places.size);
        continue;
      }
      const { event, source } = decoded;
      const { type, shape } = this.typeOf(event);
      const record: LogRecord = { event, logType: type.name, shape: shape.name, source };
      this.counts.add(type, shape, 1);
      if (this.followsTime) this.follow(event, type, shape);
      for (const found of this.plans.process(record, type, shape)) matches.push(this.planMatch(found));
      if (this.options.inOrder !== undefined) {
        const time = momentOf(this.readTime(event, type, shape));
        if (time !== undefined) for (const found of this.plans.reach(time)) matches.push(this.planMatch(found));
      }
      if (this.python.concerns(type, event)) forPython.push({ record, type });
      places.set(record, places.size);
    }
    if (forPython.length > 0) {
      const { found, diagnostics } = await this.python.process(forPython);
      this.diagnostics.push(...diagnostics);
      for (const match of found) matches.push({ ...match, time: match.record && this.timeOf(match.record) });
      sortByRecord(matches, places);
    }
    for (const match of matches) this.signals.add(match);
    return matches;
  }

  async finish(): Promise<readonly Match[]> {
    const now = this.options.now ?? this.latest ?? fromEpochMs(Date.now());
    const found = this.plans.finish({ now }).map((one) => this.planMatch(one));
    for (const match of found) this.signals.add(match);
    const correlated = this.signals.finish();
    this.diagnostics.push(...this.plans.diagnostics(), ...this.signals.diagnostics());
    return [...found, ...correlated];
  }

  stats(): ReadonlyMap<Rule, RuleStats> {
    return this.plans.stats();
  }

  async close(): Promise<void> {
    await Promise.all([this.python.close(), this.scanner?.close()]);
  }

  private planMatch({ rule, row, record }: RuleRow): Match {
    const time = (): string | undefined => record && this.timeOf(record);
    return Object.assign(new PlanMatch(rule, record, time), fieldsOf(rule, row), told(rule, record));
  }

  private timeOf(record: LogRecord): string | undefined {
    const type = anyTypeOf(record.logType);
    const shape = type.shapes.find((one) => one.name === record.shape) ?? shapeOf(type, record.event);
    const written = displayText(this.readTime(record.event, type, shape));
    return written === undefined ? undefined : timeText(written);
  }

  private readTime(event: JsonObject, type: LogType, shape: Shape): Value {
    const read =
      this.times.get(shape) ?? compileExpr(relocate(type.time, bindingOf(type, shape)), { now: fromEpochMs(0) });
    this.times.set(shape, read);
    return read(rowOf(event));
  }

  /** Keeps the time of the last event, for rules that ask what time it is. */
  private follow(event: JsonObject, type: LogType, shape: Shape): void {
    const moment = parseDateTime(displayText(this.readTime(event, type, shape)) ?? '');
    if (moment !== undefined && (this.latest === undefined || moment.ticks > this.latest.ticks)) this.latest = moment;
  }
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

/** The record's own text where it is ISO 8601 with a `T`; other spellings of a moment come out like that. */
export function timeText(written: string): string {
  if (written.includes('T')) return written;
  const moment = parseDateTime(written);
  return moment === undefined ? written : formatDateTime(moment);
}

/** What a rule that says how its alerts read says of a record. */
function told(rule: Rule, record: LogRecord | undefined): Partial<Match> {
  if (rule.alert === undefined || record === undefined) return {};
  return tellerOf(rule, rule.alert)(record.event, pantherLogType(logType(record.logType), record.event));
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
