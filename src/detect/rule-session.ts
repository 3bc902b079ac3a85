import type { Match } from '../alerts/match.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { DiagnosticKinds } from '../base/diagnostic-kinds.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { recordEngines } from '../engines/record-engines.ts';
import { pythonOf, type Rule } from '../ir/rule/rule.ts';
import { type DecodedEvent, type LinesAhead, ScannedEvent } from '../logs/decode/index.ts';
import type { LogType, Shape } from '../logs/log-type.ts';
import type { LogRecord, RecordSource } from '../logs/record.ts';
import { anyTypeOf } from '../logs/registry.ts';
import { schemaEvent } from '../logs/schema-event.ts';
import { shapeOf, type Typing, typingOf } from '../logs/typing.ts';
import { CHECKPOINT_VERSION, type Checkpoint, readWatermark, storeWatermark } from '../state/checkpoint.ts';
import { readArray, readBigInt, readNumber, readText } from '../state/plain.ts';
import type { StoredState } from '../state/stored-state.ts';
import { isAhead, type Watermark } from '../state/watermark.ts';
import { fromEpochMs } from '../values/date-time.ts';
import { DateTime } from '../values/value.ts';
import { PlanRules } from './plans/plan-rules.ts';
import { RuleFaults, runFault } from './plans/rule-faults.ts';
import type { RuleRow } from './plans/rule-row.ts';
import type { RuleStats } from './plans/rule-stats.ts';
import { withUsed } from './plans/with-used.ts';
import { pantherLogTypes, wantedOf } from './python/panther-log-type.ts';
import { type Candidate, PythonRules } from './python/python-rules.ts';
import { goOnWith, type Resumable, resumeFrom } from './resuming.ts';
import { columnsOf, type KindOf, RowMatches, sortByRecord } from './row-matches.ts';
import { RuleScanner } from './scan/rule-scanner.ts';
import { ScanPool } from './scan/scan-pool.ts';
import { EventTimes } from './seen/event-times.ts';
import { type NeverMatching, neverMatching } from './seen/never-matching.ts';
import { Examples, readCounts, SeenCounts, type SeenKind, storeCounts } from './seen/seen-counts.ts';
import type { Kinds } from './seen/seen-record.ts';
import { type SourceReport, sourceReport } from './seen/source-report.ts';
import { readSeen, storeSeen } from './seen/stored-record.ts';
import type { InputRecord, Lead, Session, SessionOptions } from './session.ts';

export type { Session, SessionOptions } from './session.ts';

/** A session that can read lines itself. */
export interface Scanning {
  /**
   * Reads lines of JSON without parsing most of them, and gives `process` those that matter; undefined where the session has
   * to see every record, or the machine cannot run it.
   */
  readonly scanner: LinesAhead | undefined;
  /** What others go by that see only what comes of that. */
  readonly lead?: Lead;
}

/** A session that others stand over. */
export interface RuleSession extends Session, Scanning, Resumable {
  /** How it finds the kinds of records again. */
  readonly kinds: Kinds;
  readonly lead: Lead;
}

/** What runs, for as long as the rules are the same. */
interface Running {
  /** Those given, and those that they use. */
  readonly rules: readonly Rule[];
  /** Those that are looked at for faults of their own. */
  readonly about: readonly Rule[];
  readonly faults: RuleFaults;
  readonly plans: PlanRules;
  readonly python: PythonRules;
  readonly typeOf: Typing;
  readonly examples: Examples;
  readonly followsTime: boolean;
  readonly times: EventTimes;
  readonly made: RowMatches;
  readonly counts: SeenCounts;
  readonly scanner: ScanPool | undefined;
  watermark: Watermark | undefined;
  /** Known at the end. */
  never: readonly NeverMatching[];
}

/** How this part of a session is known in checkpoints. */
const PART = 'rules';

export function createRuleSession(rules: readonly Rule[], options: SessionOptions = {}): RuleSession {
  return new PlainSession(rules, options);
}

class PlainSession implements RuleSession {
  private readonly problems = new DiagnosticKinds();
  private hasNoPython = false;
  private readonly options: SessionOptions;
  /** In ticks. */
  private readonly lateness: bigint | undefined;
  /** Types that the caller gave, in the options or with records; no registry has them. */
  private readonly given: Map<string, LogType>;
  /** Scanners whose rules are not those any more. */
  private readonly retired = new WeakSet<object>();
  private running: Running;

  constructor(rules: readonly Rule[], options: SessionOptions) {
    this.options = options;
    this.lateness = options.allowedLateness === undefined ? undefined : ticksOf(options.allowedLateness);
    this.given = new Map(options.logTypes?.map((type) => [type.name, type]));
    this.running = this.begin(rules, options.about, undefined);
  }

  /** Runs rules from nothing; `python` goes on where it has the same ones. */
  private begin(given: readonly Rule[], about: readonly Rule[] | undefined, python: PythonRules | undefined): Running {
    const { options } = this;
    const engine = recordEngines[options.engine ?? 'stream'];
    const rules = [...withUsed(given), ...(options.witnesses ?? [])];
    const typing = typingOf(options, rules);
    const examples = new Examples();
    const typeOf: Typing = (event) => {
      const kind = typing(event);
      examples.note(kind.type, event);
      return kind;
    };
    const faults = new RuleFaults();
    const times = new EventTimes();
    const plans = new PlanRules(rules, options.now && { now: options.now }, {
      faults,
      rowLimits: options.rowLimits,
      failures: options.failures,
      engine: engine.name,
      stats: options.stats === true,
      strictErrors: options.strictErrors === true,
    });
    const followsTime = options.now === undefined && (plans.needsTime || options.leads === true);
    const isAnyWanted = plans.isEmpty || this.lateness !== undefined || options.stats === true;
    const canScan = !isAnyWanted && engine.scans;
    const followed = followsTime ? times : undefined;
    const scanPool = (): ScanPool => new ScanPool(options.workers ?? 1, () => new RuleScanner(plans, typeOf, followed));
    return {
      rules,
      about: about ?? rules,
      faults,
      plans,
      python: python?.isFor(rules) === true ? python : new PythonRules(rules, options),
      typeOf,
      examples,
      followsTime,
      times,
      made: new RowMatches((record) => this.kindOf(record), times, faults),
      counts: new SeenCounts(),
      scanner: canScan ? scanPool() : undefined,
      watermark: undefined,
      never: [],
    };
  }

  get scanner(): LinesAhead | undefined {
    return this.running.scanner;
  }

  get recordsByType(): ReadonlyMap<string, number> {
    const all = new Map<string, number>();
    for (const { type, records } of this.seen()) all.set(type.name, (all.get(type.name) ?? 0) + records);
    return all;
  }

  sourceReport(about: readonly Rule[] = this.running.rules): SourceReport {
    const { plans } = this.running;
    const never = new Set(this.running.never.map(({ rule }) => rule));
    const seen = this.seen().map(({ type, shape, records }) => ({
      type,
      form: shape.name,
      records,
      ...plans.rulesFor(type, shape, never),
    }));
    return sourceReport(about, seen);
  }

  private seen(): readonly SeenKind[] {
    const { counts, scanner } = this.running;
    const all = new SeenCounts();
    for (const { type, shape, records } of counts.kinds()) all.add(type, shape, records);
    for (const [{ type, shape }, records] of scanner?.counts ?? []) all.add(type, shape, records);
    const own = all.kinds();
    const lead = this.options.lead?.seen() ?? [];
    const isLed = ({ type, shape }: SeenKind): boolean => lead.some((one) => one.type === type && one.shape === shape);
    return [...lead, ...own.filter((one) => !isLed(one))];
  }

  get lead(): Lead {
    return { latest: () => this.running.times.latest, seen: () => this.seen() };
  }

  async process(records: readonly InputRecord[]): Promise<readonly Match[]> {
    const { plans, python, faults, watermark } = this.running;
    if (watermark === 'end') throw new Error('a session that was told of its end takes no more records');
    const matches: Match[] = [];
    const candidates: Candidate[] = [];
    const places = new Map<LogRecord, number>();
    let reached: bigint | undefined;
    for (const decoded of records) {
      faults.spare(decoded.source, () => {
        const { record, moment } = this.take(decoded, matches, candidates);
        if (this.lateness !== undefined && moment !== undefined) reached = moment - this.lateness;
        // What Python has still to decide comes before what is sure.
        if (reached !== undefined && candidates.length === 0) matches.push(...this.reach(reached));
        places.set(record, places.size);
      });
    }
    if (candidates.length > 0) {
      const { found, diagnostics } = await this.ask(python, candidates);
      for (const one of diagnostics) this.problems.add(one);
      for (const match of found) {
        if (match.record !== undefined) plans.decided(match.rule, match.record, columnsOf(match));
        if (match.rule.silent !== true)
          matches.push({ ...match, time: match.record && this.running.made.timeOf(match.record) });
      }
      sortByRecord(matches, places);
      if (reached !== undefined) matches.push(...this.reach(reached));
    }
    return matches;
  }

  /** Decides one record; what comes of it is added. `moment`: when it happened, in ticks, where it matters. */
  private take(
    decoded: InputRecord,
    matches: Match[],
    candidates: Candidate[],
  ): { readonly record: LogRecord; readonly moment?: bigint } {
    const { plans, counts, times, examples, typeOf, followsTime } = this.running;
    if (decoded instanceof ScannedEvent) {
      const { type, shape, rules } = decoded.scanned;
      const record = new ScannedLogRecord(decoded, type.name, shape.name);
      const known = this.retired.has(decoded.scanned.by) ? undefined : rules;
      if (this.options.within?.takes(decoded.event, type, shape, times) === false) return { record };
      this.sort(plans.process(record, type, shape, known), type, shape, matches, candidates);
      return { record };
    }
    const { event, source } = decoded;
    const { type, shape } = decoded.as ?? typeOf(event);
    if (decoded.as !== undefined) {
      this.given.set(type.name, type);
      examples.note(type, event);
    }
    const record: LogRecord = { event, logType: type.name, shape: shape.name, source };
    counts.add(type, shape, 1);
    if (followsTime) times.follow(event, type, shape);
    if (this.options.within?.takes(event, type, shape, times) === false) return { record };
    this.sort(plans.process(record, type, shape), type, shape, matches, candidates);
    if (this.lateness === undefined) return { record };
    const time = times.of(event, type, shape);
    return time.kind === 'moment' ? { record, moment: time.at.ticks } : { record };
  }

  /** Without Python, as where it cannot start, the other rules go on. */
  private async ask(python: PythonRules, candidates: readonly Candidate[]): ReturnType<PythonRules['process']> {
    if (this.hasNoPython) return { found: [], diagnostics: [] };
    try {
      return await python.process(candidates);
    } catch (failed) {
      this.hasNoPython = true;
      return { found: [], diagnostics: [isDiagnosed(failed) ? failed.diagnostic : runFault(failed)] };
    }
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.problems.all();
  }

  private reach(watermark: bigint): readonly Match[] {
    const { running } = this;
    if (!isAhead(watermark, running.watermark)) return [];
    running.watermark = watermark;
    return running.plans.advance(watermark).map((found) => running.made.of(found));
  }

  /** Rows that are matches, and those that Python has to decide. */
  private sort(rows: readonly RuleRow[], type: LogType, shape: Shape, matches: Match[], candidates: Candidate[]): void {
    // Many rules ask about one record, whose names are the same for all.
    let named: RuleRow['record'];
    let names: readonly string[] = [];
    for (const row of rows) {
      const { rule, record } = row;
      if (row.asks !== true) matches.push(this.running.made.of(row));
      else if (record !== undefined) {
        const ask = (): void => {
          if (named !== record) {
            names = pantherLogTypes(type, shape, record.event);
            named = record;
          }
          const logType = wantedOf(names, pythonOf(rule)?.logTypes ?? []) ?? type.name;
          const event = schemaEvent('panther', type, shape.name, record.event);
          candidates.push({ rule, record, event, logType });
        };
        this.running.faults.guard(rule, undefined, ask, record);
      }
    }
  }

  async advance(watermark: DateTime | 'end'): Promise<readonly Match[]> {
    const { running } = this;
    const { plans, about } = running;
    if (running.watermark === 'end') return [];
    if (watermark !== 'end') return this.reach(watermark.ticks);
    running.watermark = 'end';
    const found = plans.end({ now: this.now }).map((one) => running.made.of(one));
    for (const one of [...plans.diagnostics(), ...plans.failures()]) this.problems.add(one);
    const judged = this.seen().map(({ type, shape, records }) => ({ records, ...plans.judged(type, shape) }));
    running.never = neverMatching(about, judged);
    for (const one of running.never) this.problems.add(one.diagnostic);
    return found;
  }

  snapshot(positions: Json = null): Checkpoint {
    const { plans, python, times, examples, watermark } = this.running;
    const seen = storeCounts(this.seen(), examples, this.kinds);
    return {
      version: CHECKPOINT_VERSION,
      positions,
      watermark: storeWatermark(watermark),
      session: {
        [PART]: {
          taken: plans.taken,
          latest: times.latest === undefined ? null : times.latest.ticks.toString(),
          seen,
          python: python.ran.map(({ id }) => id),
        },
      },
      records: plans.kept().map((record) => storeSeen(record, this.kinds)),
      operators: plans.snapshot(),
    };
  }

  restore(checkpoint: Checkpoint): readonly Diagnostic[] {
    return resumeFrom(this, checkpoint);
  }

  replaceRules(rules: readonly Rule[]): Promise<readonly Diagnostic[]> {
    return goOnWith(this, rules);
  }

  async exchange(rules: readonly Rule[], held: StoredState, about?: readonly Rule[]): Promise<void> {
    const before = this.running;
    this.running = this.begin(rules, about, before.python);
    this.resume(held);
    for (const scanner of before.scanner?.retire() ?? []) this.retired.add(scanner);
    await before.scanner?.close();
    if (this.running.python !== before.python) await before.python.close();
  }

  resume(state: StoredState): void {
    const { running, kinds } = this;
    const { plans, times, counts } = running;
    const { taken, latest = null, seen, python } = state.session(PART);
    if (latest !== null) times.goOn(new DateTime(readBigInt(latest)));
    for (const { type, shape, records } of readCounts(seen, kinds)) counts.add(type, shape, records);
    const records = state.checkpoint.records.map((one) => readSeen(one, kinds));
    plans.restore(state, readNumber(taken), records);
    running.watermark = readWatermark(state.checkpoint.watermark);
    const ran = readArray(python).map(readText);
    // Where Python goes on, nothing is lost.
    if (ran.length > 0 && running.python.ran.length === 0) {
      state.notes.push(diagnostic('checkpoint/python', { rules: ran }));
    }
  }

  reset(): void {
    const { rules, about, python, scanner } = this.running;
    for (const one of scanner?.retire() ?? []) this.retired.add(one);
    this.running = this.begin(rules, about, python);
  }

  get now(): DateTime {
    return this.options.now ?? this.options.lead?.latest() ?? this.running.times.latest ?? fromEpochMs(Date.now());
  }

  stats(): ReadonlyMap<Rule, RuleStats> {
    return this.running.plans.stats();
  }

  async close(): Promise<void> {
    const { python, scanner } = this.running;
    await Promise.all([python.close(), scanner?.close()]);
  }

  get kinds(): Kinds {
    return {
      recognise: this.running.typeOf,
      named: ({ type: name, shape: shapeName, declared }) => {
        const type = this.typeNamed(name);
        const shape = type.shapes.find((one) => one.name === shapeName);
        return shape === undefined || type.declared !== declared ? undefined : { type, shape };
      },
    };
  }

  private kindOf(record: LogRecord): ReturnType<KindOf> {
    const type = this.typeNamed(record.logType);
    return { type, shape: type.shapes.find((one) => one.name === record.shape) ?? shapeOf(type, record.event) };
  }

  private typeNamed(name: string): LogType {
    return this.given.get(name) ?? anyTypeOf(name);
  }
}

/** Whether an error says itself what it is: Python that cannot start. */
function isDiagnosed(failed: unknown): failed is { readonly diagnostic: Diagnostic } {
  return failed instanceof Error && 'diagnostic' in failed;
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
