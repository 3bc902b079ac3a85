import { availableParallelism } from 'node:os';
import { type JsonObject, stringifyJson } from '../../base/json.ts';
import {
  canMatch,
  loadRules,
  logType,
  type Match,
  notApplied,
  type Rule,
  type RuleSet,
  type Runner,
  type RunSummary,
  recogniseLogs,
  runRules,
  type TimeRange,
  type TypingOptions,
} from '../../index.ts';
import {
  besideOptions,
  type ElasticArguments,
  elasticOptions,
  type RunTimes,
  requestedRuns,
} from '../elastic-options.ts';
import { type EsqlArguments, esqlOptions } from '../esql-options.ts';
import { type ExitCode, exit, UsageError } from '../exit.ts';
import { interruption } from '../interruption.ts';
import type { Io } from '../io.ts';
import { type KustoArguments, kustoOptions } from '../kusto-options.ts';
import { logPaths } from '../log-paths.ts';
import { parseNow, rowLimitsOf, timeRange } from '../options.ts';
import { sayConfinement } from '../python.ts';
import { alertJson, matchJson } from '../render/matches-as/json.ts';
import { isMatchForm, type MatchForm, matchWriter } from '../render/matches-as/writers.ts';
import { progressBar } from '../render/progress.ts';
import { countCodes, termsOf, writeDiagnostics } from '../render/report.ts';
import { notAppliedOf } from '../render/rule-notes.ts';
import { alertTable, matchTable, reportMissed, ruleTable, SHOWN } from '../render/run-tables.ts';
import { ShownMatches, type Sort } from '../render/shown-matches.ts';
import { sourceHints, sourceLines, sourcesJson, typesText } from '../render/sources.ts';
import { statsJson, statsLines } from '../render/stats.ts';
import { count, labelled } from '../render/table.ts';
import { notSelected, type SelectionArguments, saidNothingSelected, selectionOf } from '../selection.ts';
import { type SigmaArguments, sigmaOptions } from '../sigma-options.ts';
import { type TypingArguments, typingOptions } from '../typing.ts';

interface RunArguments
  extends SigmaArguments,
    KustoArguments,
    EsqlArguments,
    TypingArguments,
    ElasticArguments,
    RunTimes,
    SelectionArguments {
  readonly verbose?: boolean;
  readonly rules: readonly string[];
  readonly logs?: readonly string[];
  readonly now?: string;
  readonly since?: string;
  readonly until?: string;
  readonly workers?: number;
  readonly limitRows?: number;
  readonly limitSeconds?: number;
  readonly engine: 'stream' | 'memory';
  readonly stats?: boolean;
  readonly strictErrors?: boolean;
  readonly schedule?: boolean;
  readonly alerts?: boolean;
  readonly limit?: number;
  readonly sort: Sort;
  readonly wide?: boolean;
  readonly format: 'table' | 'ndjson' | 'json' | 'ecs-alert' | MatchForm;
}

const SHOWN_DIAGNOSTICS = 10;
/** Threads that are taken without being asked for. */
const MOST_WORKERS = 4;

/** `dragoman run`: every rule over the logs. */
export async function run(given: RunArguments, _command: unknown, io: Io): Promise<ExitCode> {
  const now = parseNow(given.now);
  if (given.logs === undefined && given.index === undefined) {
    throw new UsageError('--logs must be given, or --index', 'dragoman run --help shows every option');
  }
  const within = timeRange(given, now);
  const runs = requestedRuns(given, given.index !== undefined && given.schedule !== true);
  if (given.schedule === true && runs !== undefined) {
    throw new UsageError('--schedule makes its own runs', 'give one of --schedule, --at and --manual');
  }
  if (given.alerts === true && isMatchForm(given.format)) {
    throw new UsageError(`--format ${given.format} is of matches`, 'alerts are printed as table, ndjson or json');
  }
  const typing = await typingOptions(given, io);
  const elastic = await elasticOptions(given, io);
  const loading = progressBar(io.stderr, 'loading rules');
  const loaded = await loadRules(given.rules, {
    ...sigmaOptions(given),
    ...besideOptions(elastic.beside),
    ...kustoOptions(given),
    ...esqlOptions(given),
    ...selectionOf(given),
    onProgress: (done, total) => loading.update(done, total, count(total, 'file')),
  });
  loading.stop();
  if (await saidNothingSelected(loaded, io)) return exit.input;
  await reportLoading(loaded, given.rules, io);
  if (loaded.rules.length === 0) {
    await io.stderr.write('error: no rule could be loaded\n');
    return exit.input;
  }

  const terms = termsOf(io, 'stdout');
  const shown = new ShownMatches(given.limit ?? SHOWN, given.sort);
  let written = 0;
  const what = given.alerts === true ? 'alerts' : 'matches';
  const writer = isMatchForm(given.format) ? matchWriter(given.format, loaded.rules) : undefined;
  const print = async (json: JsonObject): Promise<void> => {
    const isLines = given.format === 'ndjson' || given.format === 'ecs-alert';
    const start = isLines ? '' : written === 0 ? `{"${what}":[\n` : ',\n';
    await io.stdout.write(start + stringifyJson(json) + (isLines ? '\n' : ''));
    written += 1;
  };
  const onMatch = async (match: Match): Promise<void> => {
    shown.add(match);
    if (given.format === 'table') return;
    if (writer !== undefined) {
      await io.stdout.write(writer.match(match));
    } else if (given.alerts !== true && given.format !== 'ecs-alert') {
      await print(matchJson(match));
    }
  };
  const interrupted = interruption(io);
  const reading = progressBar(io.stderr, 'reading logs');
  const summary = await runRules({
    rules: loaded.rules,
    logs: logPaths(given.logs ?? []),
    indices: elastic.indices,
    ...(runs && { runs }),
    ecsAlerts: given.format === 'ecs-alert',
    engine: given.engine,
    stats: given.stats === true,
    strictErrors: given.strictErrors === true,
    workers: given.workers ?? Math.min(availableParallelism(), MOST_WORKERS),
    ...typing.options,
    ...(now && { now }),
    rowLimits: rowLimitsOf(given),
    within,
    schedule: given.schedule === true,
    alerts: given.alerts === true,
    onMatch,
    signal: interrupted.signal,
    onProgress: ({ bytes, totalBytes, records }) => reading.update(bytes, totalBytes, count(records, 'record')),
  });
  reading.stop();

  const runner: Runner = given.schedule === true || runs !== undefined ? 'scheduled-run' : 'run';
  if (given.format === 'ecs-alert') for (const alert of summary.ecsAlerts) await print(alert);
  else if (writer !== undefined) await io.stdout.write(writer.end(summary.matches));
  else if (given.format !== 'table') for (const alert of summary.alerts) await print(alertJson(alert));
  if (given.format === 'json') {
    const unknown = await unknownKeys(given.logs ?? [], typing.options, loaded.rules, summary);
    const json = summaryJson(loaded, summary, runner, unknown);
    await io.stdout.write(`${written === 0 ? `{"${what}":[` : '\n'}],"summary":${json}}\n`);
  } else if (given.format === 'table') {
    const rows =
      given.alerts === true ? alertTable(summary.alerts, terms) : matchTable(shown, given.wide === true, terms);
    await io.stdout.write(`${[...ruleTable(loaded.rules, summary, runner, terms), ...rows].join('\n')}\n`);
  }
  await reportMissed(summary, io);
  const leftOut = writer?.leftOut?.();
  if (leftOut !== undefined) await io.stderr.write(`warning: ${leftOut}\n`);
  await reportRun(loaded, summary, runner, within, shown, io);
  if (summary.stats !== undefined) {
    await io.stderr.write(`\n${statsLines(summary.stats, summary, termsOf(io, 'stderr')).join('\n')}\n`);
  }
  if (given.verbose === true) await sayConfinement(io);
  const ended = await interrupted.finish();
  if (ended !== undefined) return ended;
  const failed = [...loaded.diagnostics, ...summary.logDiagnostics, ...summary.ruleDiagnostics].some(
    (found) => found.severity === 'error',
  );
  const isWhole =
    !failed && !typing.failed && !elastic.failed && loaded.outcomes.every((outcome) => outcome.status !== 'invalid');
  // Nothing read is nothing found out.
  return isWhole && summary.records > 0 ? exit.done : exit.input;
}

async function reportLoading(loaded: RuleSet, paths: readonly string[], io: Io): Promise<void> {
  const invalid = loaded.outcomes.filter((outcome) => outcome.status === 'invalid');
  await writeDiagnostics(
    io,
    [...loaded.diagnostics, ...invalid.flatMap((outcome) => outcome.diagnostics)],
    loaded.sources,
    SHOWN_DIAGNOSTICS,
    `\`dragoman check ${paths.join(' ')}\` shows all`,
  );
}

interface Totals {
  readonly loaded: number;
  readonly unsupported: number;
  readonly invalid: number;
}

function totalsOf(loaded: RuleSet): Totals {
  const of = (status: string): number => loaded.outcomes.filter((outcome) => outcome.status === status).length;
  return { loaded: of('loaded'), unsupported: of('unsupported'), invalid: of('invalid') };
}

/** Of so many records the commonest key sets of those that nothing fits are looked for. */
const MOST_LOOKED_AT = 100_000;

/** The commonest key sets of what stayed unknown, by another look at the beginning of the logs; a stream cannot be read twice. */
async function unknownKeys(
  logs: readonly string[],
  options: TypingOptions,
  rules: readonly Rule[],
  { sources }: RunSummary,
): Promise<JsonObject> {
  const taken = new Set(sources.taken.map(({ logType: name }) => name));
  const isUnknown = sources.forms.some(({ logType: name }) => !logType(name).declared && !taken.has(name));
  if (!isUnknown || logs.includes('-')) return {};
  const { unknown, records } = await recogniseLogs(logPaths(logs), options, rules, MOST_LOOKED_AT);
  const sets = unknown.map(({ keys, records: number, first }) => ({
    keys: [...keys],
    records: number,
    first: { ...first },
  }));
  return { unknown: { records_looked_at: records, key_sets: sets } };
}

function summaryJson(loaded: RuleSet, summary: RunSummary, runner: Runner, unknown: JsonObject): string {
  return stringifyJson({
    rules: {
      files: loaded.files,
      ...totalsOf(loaded),
      unreadable: loaded.unreadable,
      ...(loaded.keptOut !== undefined && { not_selected: loaded.keptOut }),
    },
    logs: {
      files: summary.files,
      lines: summary.lines,
      records: summary.records,
      undecodable: summary.undecodable,
      by_type: Object.fromEntries(summary.recordsByType),
      ...sourcesJson(summary.sources),
      ...unknown,
    },
    matches: loaded.rules.map((rule) => ruleJson(rule, summary, runner)),
    ...(runner === 'scheduled-run' && { missed: [...summary.missed.values()].flat().map(matchJson) }),
    rule_errors: errorsIn(summary),
    ...(summary.stats !== undefined && { stats: statsJson(summary.stats, summary) }),
  });
}

/** What became of one rule. */
function ruleJson(rule: Rule, summary: RunSummary, runner: Runner): JsonObject {
  const { threshold = 0, exceptions = 0, overMost = 0 } = summary.drops.get(rule) ?? {};
  const left = notApplied(rule, runner).map(({ words }) => words);
  return {
    rule_id: rule.id,
    file: rule.file,
    matches: summary.matches.get(rule) ?? 0,
    ...(threshold > 0 && { under_threshold: threshold }),
    ...(exceptions > 0 && { excepted: exceptions }),
    ...(overMost > 0 && { over_max_signals: overMost }),
    ...(runner === 'scheduled-run' && { missed: summary.missed.get(rule)?.length ?? 0 }),
    ...(left.length > 0 && { not_applied: left }),
  };
}

/** A rule that raises on every record is told once, and counted for each. */
function errorsIn({ ruleDiagnostics }: RunSummary): number {
  return ruleDiagnostics.reduce((sum, { code, params }) => {
    if (code === 'python/always-raises') return sum + Number(params['records']);
    return sum + (code === 'run/more' ? Number(params['count']) : 1);
  }, 0);
}

/** How many rules match nothing for a reason that is told already: they cannot, or they failed. */
function hopeless({ ruleDiagnostics }: RunSummary): number {
  const failed = new Set(ruleDiagnostics.flatMap(({ params }) => String(params['rule'] ?? '') || []));
  return failed.size + ruleDiagnostics.filter(({ code }) => code === 'lint/never').length;
}

/** What was read, loaded and lost, on stderr: nothing is lost silently. */
async function reportRun(
  loaded: RuleSet,
  summary: RunSummary,
  runner: Runner,
  within: TimeRange | undefined,
  shown: ShownMatches,
  io: Io,
): Promise<void> {
  const { paint } = termsOf(io, 'stderr');
  await writeDiagnostics(
    io,
    summary.logDiagnostics,
    loaded.sources,
    SHOWN_DIAGNOSTICS,
    'the others are of the same kinds',
  );
  await writeDiagnostics(
    io,
    summary.ruleDiagnostics,
    loaded.sources,
    SHOWN_DIAGNOSTICS,
    'the others are of the same kinds',
  );
  const totals = totalsOf(loaded);
  const unsupported = countCodes(
    loaded.outcomes.flatMap((outcome) => (outcome.status === 'unsupported' ? outcome.diagnostics : [])),
  );
  const total = [...summary.matches.values()].reduce((sum, number) => sum + number, 0);
  const kept = notSelected(loaded);
  const severities = shown.severitiesInWords();
  const lines = labelled([
    [
      'rules',
      `${totals.loaded} loaded, ${totals.unsupported} unsupported, ${totals.invalid} invalid, ${unreadableOf(loaded)}in ${count(loaded.files, 'file')}${kept === undefined ? '' : `; ${kept}`}`,
    ],
    ...unsupported.slice(0, 3).map(([code, number]): [string, string] => ['', `${code}: ${number}`]),
    [
      'logs',
      `${count(summary.files, 'file')}, ${count(summary.lines, 'line')} read, ${count(summary.records, 'record')}, ${summary.undecodable.toLocaleString('en-US')} undecodable`,
    ],
    ...timesLines(within),
    ['types', typesText(summary.recordsByType)],
    ...sourceLines(summary.sources),
    [
      'matches',
      `${total.toLocaleString('en-US')}${severities === '' ? '' : ` (${severities})`}, from ${summary.matches.size} of ${count(totals.loaded, 'rule')}`,
    ],
    ['errors', `${count(errorsIn(summary), 'error')} while rules ran`],
  ]);
  const left = notAppliedOf(loaded.rules, runner);
  if (left.length > 0) lines.push(`${paint('yellow', 'not applied:')} ${left.join(', ')}`);
  for (const hint of hintsFor(loaded, summary, runner)) lines.push(`${paint('cyan', 'hint:')} ${hint}`);
  await io.stderr.write(`\n${lines.join('\n')}\n`);
}

/** Records that no rule wants are not looked at, and so not counted. */
function timesLines(
  { outside, untimed }: Pick<TimeRange, 'outside' | 'untimed'> = { outside: 0, untimed: 0 },
): [string, string][] {
  if (outside + untimed === 0) return [];
  const without = untimed === 0 ? '' : `, and ${count(untimed, 'record')} without a time`;
  return [
    ['times', `${count(outside, 'record')} that rules ask for outside of --since and --until${without}, left out`],
  ];
}

function unreadableOf({ unreadable }: RuleSet): string {
  return unreadable === 0 ? '' : `${count(unreadable, 'file')} unreadable, `;
}

/** Describing a rule for all log types takes a while; beyond so many rules nobody waits for it. */
const MOST_DESCRIBED = 200;

function whyNothing(rules: readonly Rule[], summary: RunSummary): string {
  // Of a type that nobody declared every field may be there.
  const seen = [...summary.recordsByType.keys()].filter((type) => logType(type).declared && type !== 'generic');
  const isBlind = (rule: Rule): boolean => !canMatch(rule, seen);
  const isAll = seen.length > 0 && seen.length === summary.recordsByType.size;
  if (isAll && rules.length <= MOST_DESCRIBED && rules.every(isBlind)) {
    const rule = rules.length === 1 ? 'the rule' : 'no rule';
    return `${rule} can${rules.length === 1 ? 'not' : ''} match records of ${seen.join(', ')}: \`dragoman show RULE\` says which log types a rule can match`;
  }
  return '`dragoman explain --rule RULE --event LOG` says, condition by condition, why a rule did not match';
}

/** What a user most likely wants to know when nothing came of a run. */
function hintsFor(loaded: RuleSet, summary: RunSummary, runner: Runner): string[] {
  const hints: string[] = [];
  const isUnscheduled = (rule: Rule): boolean => notApplied(rule, 'run').some(({ aspect }) => aspect === 'schedule');
  if (runner === 'run' && loaded.rules.some(isUnscheduled)) {
    hints.push('--schedule runs rules by their own schedules, each run with its look-back only');
  }
  const generic = summary.recordsByType.get('generic') ?? 0;
  const isUnknown = generic === summary.records && summary.sources.taken.length === 0;
  if (summary.records > 0 && isUnknown && summary.matches.size === 0) {
    hints.push('no record was recognised as a known log type: `dragoman types` lists the types; --log-type names one');
  }
  hints.push(...sourceHints(summary.sources));
  if (summary.records === 0) hints.push('no record was read: are these the log files?');
  if (summary.matches.size === 0 && summary.records > generic && hopeless(summary) < loaded.rules.length)
    hints.push(whyNothing(loaded.rules, summary));
  if (loaded.outcomes.some((outcome) => outcome.status === 'unsupported')) {
    hints.push('`dragoman check` says what the unsupported rules ask for');
  }
  return hints;
}
