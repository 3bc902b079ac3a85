import { type Alert, inOrderOfTime } from '../alerts/alert.ts';
import type { Drops } from '../alerts/drops.ts';
import type { EcsAlert } from '../alerts/ecs/ecs-alert.ts';
import type { Match } from '../alerts/match.ts';
import type { RequestedRun } from '../alerts/requested-runs.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { DiagnosticKinds } from '../base/diagnostic-kinds.ts';
import type { RowLimits } from '../base/row-limits.ts';
import type { Rule } from '../ir/rule/rule.ts';
import type { DecodedBatch } from '../logs/decode/batch.ts';
import { type ReadProgress, readLogs } from '../logs/input/index.ts';
import type { LogPath } from '../logs/input/log-path.ts';
import { type TypingOptions, typingsOf } from '../logs/typing.ts';
import type { DateTime } from '../values/value.ts';
import { AlertDocuments } from './alerts/alert-documents.ts';
import { alertOrder } from './alerts/alert-order.ts';
import { createSession } from './alerts/alert-session.ts';
import { type BeginLayer, LayeredRun } from './alerts/layered-run.ts';
import { type GivenIndex, readIndices } from './index-inputs.ts';
import { runFault } from './plans/rule-faults.ts';
import type { RuleStats } from './plans/rule-stats.ts';
import { withUsed } from './plans/with-used.ts';
import { createRunAtTimes } from './schedule/run-at-times.ts';
import { createScheduledSession, type ScheduledSession } from './schedule/scheduled-session.ts';
import type { SourceReport } from './seen/source-report.ts';
import type { TimeRange } from './seen/time-range.ts';
import type { InputRecord, SessionOptions } from './session.ts';

export interface RunOptions extends TypingOptions {
  readonly rules: readonly Rule[];
  /** Files, folders, globs; `-` is standard input. */
  readonly logs: readonly LogPath[];
  /** The time that rules take for now; without it, the time of the last event read. */
  readonly now?: DateTime;
  /** What decides rules that are plans; see `SessionOptions`. */
  readonly engine?: SessionOptions['engine'];
  /** Whether to count what each rule costs; it takes time itself. */
  readonly stats?: boolean;
  /** Runs every Python rule as Python. */
  readonly strictErrors?: boolean;
  /** How many threads read lines of JSON; see `SessionOptions`. */
  readonly workers?: number;
  /** Runs rules by their own schedules over the time of the logs, instead of over the logs as one range. */
  readonly schedule?: boolean;
  /** Documents of indices, as they were indexed: they are read beside the logs. */
  readonly indices?: readonly GivenIndex[];
  /** Runs every rule so often, one run after the other, instead of over the logs as one range. */
  readonly runs?: readonly RequestedRun[];
  /** Whether to make alerts into documents as Kibana's detection engine writes them. */
  readonly ecsAlerts?: boolean;
  /** Whether to keep the alerts that matches make, for the summary. */
  readonly alerts?: boolean;
  /** Called with each match, in the order of records; the run waits for it. */
  readonly onMatch: (match: Match) => void | Promise<void>;
  readonly onProgress?: (done: RunProgress) => void;
  /** Ends the reading of logs: the summary is of what was read until then. */
  readonly signal?: AbortSignal;
  /** What a rule over many rows may take: rows, and seconds for one record or at the end. */
  readonly rowLimits?: RowLimits;
  /** When records must have happened to reach rules; it counts those that did not. */
  readonly within?: TimeRange | undefined;
}

/** How far a run has come. */
export interface RunProgress {
  /** Bytes of the logs read, and all there are where it is known. */
  readonly bytes: number;
  readonly totalBytes: number | undefined;
  readonly records: number;
}

/** What a run read and found. */
export interface RunSummary {
  readonly files: number;
  readonly lines: number;
  readonly records: number;
  /** Lines, and elements of envelopes, that gave no record. */
  readonly undecodable: number;
  readonly recordsByType: ReadonlyMap<string, number>;
  /** What records were taken for, and which of them no rule is about. */
  readonly sources: SourceReport;
  readonly matches: ReadonlyMap<Rule, number>;
  /** What rules found and is no match, by what their files say. */
  readonly drops: ReadonlyMap<Rule, Drops>;
  /** With `schedule`: matches of the logs as one range that no run of a rule's schedule finds. */
  readonly missed: ReadonlyMap<Rule, readonly Match[]>;
  /** With `alerts`; in the order of their first matches. */
  readonly alerts: readonly Alert[];
  /** With `ecsAlerts`; in the order in which they were made. */
  readonly ecsAlerts: readonly EcsAlert[];
  /** What could not be read of the logs. */
  readonly logDiagnostics: readonly Diagnostic[];
  /** Rules that failed while they ran. */
  readonly ruleDiagnostics: readonly Diagnostic[];
  /** Where the time went; with `stats` only. */
  readonly stats: RunStats | undefined;
}

/** Times are in milliseconds. */
export interface RunStats {
  readonly bytes: number;
  readonly total: number;
  /** Reading, decompressing and decoding. */
  readonly read: number;
  /** Deciding the rules. */
  readonly match: number;
  /** Handing out matches. */
  readonly output: number;
  /** Of the rules that are plans. */
  readonly rules: ReadonlyMap<Rule, RuleStats>;
}

/** Of each kind of damage in logs so many are kept: each is a place to look at. */
const MOST_OF_LOGS = 1_000;

/** Runs rules over logs, batch by batch: memory does not grow with the logs, but for what rules themselves must keep. */
export async function runRules(options: RunOptions): Promise<RunSummary> {
  const sessionOptions = {
    ...(options.now && { now: options.now }),
    ...(options.logType !== undefined && { logType: options.logType }),
    ...(options.logSource && { logSource: options.logSource }),
    ...(options.declaredSources && { declaredSources: options.declaredSources }),
    ...(options.engine !== undefined && { engine: options.engine }),
    ...(options.workers !== undefined && { workers: options.workers }),
    ...(options.rowLimits && { rowLimits: options.rowLimits }),
    ...(options.within && { within: options.within }),
    stats: options.stats === true,
    strictErrors: options.strictErrors === true,
    keepAlerts: options.alerts === true,
  };
  const missedBy: ScheduledSession[] = [];
  const begin: BeginLayer = (rules, layer) => {
    if (options.schedule === true) {
      const scheduled = createScheduledSession(rules, sessionOptions);
      missedBy.push(scheduled);
      return scheduled;
    }
    return options.runs === undefined
      ? createSession(rules, { ...sessionOptions, ...layer })
      : createRunAtTimes(rules, options.runs, sessionOptions);
  };
  const { indices = [] } = options;
  const order = alertOrder(options.rules);
  const layered = order.layers.length > 1 ? new LayeredRun(order, begin, indices) : undefined;
  const session = layered ?? begin(options.rules, {});
  const documents =
    layered?.documents ?? (options.ecsAlerts === true ? new AlertDocuments(indices, session) : undefined);
  const began = performance.now();
  let matching = 0;
  let output = 0;
  const match = async (decide: () => Promise<readonly Match[]>): Promise<void> => {
    const start = performance.now();
    const found = await decide();
    const decided = performance.now();
    await take(found);
    matching += decided - start;
    output += performance.now() - decided;
  };
  const matches = new Map<Rule, number>();
  const take = async (found: readonly Match[]): Promise<void> => {
    for (const match of found) {
      matches.set(match.rule, (matches.get(match.rule) ?? 0) + 1);
      if (layered === undefined) documents?.take(match);
      await options.onMatch(match);
    }
  };
  const typings = typingsOf(options, withUsed(options.rules));
  const files = new Set<string>();
  const logDiagnostics = new DiagnosticKinds(MOST_OF_LOGS);
  let bytes = 0;
  let totalBytes: number | undefined;
  let lines = 0;
  let records = 0;
  let undecodable = 0;
  try {
    const onProgress = (read: ReadProgress): void => {
      bytes = read.bytes;
      if (read.total > 0) totalBytes = read.total;
    };
    const read = async (batch: DecodedBatch, events: readonly InputRecord[]): Promise<void> => {
      if (batch.lines > 0 || batch.diagnostics.length === 0) files.add(batch.file);
      lines += batch.lines;
      records += batch.events.length + batch.quiet;
      undecodable += batch.undecodable;
      for (const found of batch.diagnostics) logDiagnostics.add(found);
      if (events.length > 0) await match(() => session.process(events));
      options.onProgress?.({ bytes, totalBytes, records });
    };
    // A fault of ours must not take with it what was found before.
    const faults: Diagnostic[] = [];
    const attempt = (work: () => Promise<void>): Promise<void> =>
      work().catch((failed: unknown) => {
        faults.push(runFault(failed));
      });
    const { signal } = options;
    await attempt(async () => {
      if (options.logs.length > 0) {
        const logs = readLogs(options.logs, { onProgress, scanner: session.scanner, signal, typing: options });
        for await (const batch of logs) await read(batch, asSaid(batch, typings));
      }
      for await (const { batch, records } of readIndices(indices, { onProgress, signal })) await read(batch, records);
    });
    for (const found of session.scanner?.diagnostics ?? []) logDiagnostics.add(found);
    await attempt(() => match(() => session.advance('end')));
    const total = performance.now() - began;
    return {
      files: files.size,
      lines,
      records,
      undecodable,
      recordsByType: new Map(session.recordsByType),
      sources: session.sourceReport(),
      matches,
      drops: new Map(options.rules.map((rule) => [rule, session.drops(rule)])),
      missed: new Map(options.rules.map((rule) => [rule, missedBy.flatMap((one) => one.missed(rule))])),
      alerts: inOrderOfTime(session.alerts()),
      ecsAlerts: options.ecsAlerts === true ? (documents?.all() ?? []) : [],
      logDiagnostics: logDiagnostics.all(),
      ruleDiagnostics: [...faults, ...session.diagnostics],
      stats:
        options.stats === true
          ? { bytes, total, read: total - matching - output, match: matching, output, rules: session.stats() }
          : undefined,
    };
  } finally {
    await session.close();
  }
}

/** Records of a path, typed by what the user says of it where that is something. */
export function asSaid({ events, said }: DecodedBatch, typings: ReturnType<typeof typingsOf>): readonly InputRecord[] {
  if (said === undefined) return events;
  const typing = typings(said);
  return events.map(({ event, source }) => ({ event, source, as: typing(event) }));
}
