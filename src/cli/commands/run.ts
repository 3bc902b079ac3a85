import { availableParallelism } from 'node:os';
import {
  loadRules,
  logType,
  type Match,
  profileRule,
  type Rule,
  type RuleSet,
  type RunSummary,
  runRules,
} from '../../index.ts';
import { type ExitCode, exit } from '../exit.ts';
import type { Io } from '../io.ts';
import { parseNow } from '../options.ts';
import { matchJson, sourceText } from '../render/matches.ts';
import { progressBar } from '../render/progress.ts';
import { countCodes, type Terms, termsOf, writeDiagnostics } from '../render/report.ts';
import { severityCell } from '../render/severity.ts';
import { sourceHints, sourceLines, sourcesJson } from '../render/sources.ts';
import { statsJson, statsLines } from '../render/stats.ts';
import { count, labelled, table } from '../render/table.ts';
import { tellingFields } from '../render/telling.ts';
import { type SigmaArguments, sigmaOptions } from '../sigma-options.ts';
import { type TypingArguments, typingOptions } from '../typing.ts';

interface RunArguments extends SigmaArguments, TypingArguments {
  readonly rules: readonly string[];
  readonly logs: readonly string[];
  readonly now?: string;
  readonly workers?: number;
  readonly engine: 'stream' | 'memory';
  readonly stats?: boolean;
  readonly strictErrors?: boolean;
  readonly format: 'table' | 'ndjson' | 'json';
}

/** Matches that the table shows; all are counted. */
const SHOWN = 50;
const SHOWN_DIAGNOSTICS = 10;
/** Threads that are taken without being asked for. */
const MOST_WORKERS = 4;

/** `dragoman run`: every rule over the logs. */
export async function run(given: RunArguments, _command: unknown, io: Io): Promise<ExitCode> {
  const now = parseNow(given.now);
  const typing = await typingOptions(given, io);
  const loading = progressBar(io.stderr, 'loading rules');
  const loaded = await loadRules(given.rules, {
    ...sigmaOptions(given),
    onProgress: (done, total) => loading.update(done, total, count(total, 'file')),
  });
  loading.stop();
  await reportLoading(loaded, given.rules, io);
  if (loaded.rules.length === 0) {
    await io.stderr.write('error: no rule could be loaded\n');
    return exit.input;
  }

  const terms = termsOf(io, 'stdout');
  const shown: Match[] = [];
  let written = 0;
  const onMatch = async (match: Match): Promise<void> => {
    if (given.format === 'table') {
      if (shown.length < SHOWN) shown.push(match);
      return;
    }
    const start = given.format === 'ndjson' ? '' : written === 0 ? '{"matches":[\n' : ',\n';
    await io.stdout.write(start + matchJson(match) + (given.format === 'ndjson' ? '\n' : ''));
    written += 1;
  };
  const reading = progressBar(io.stderr, 'reading logs');
  const summary = await runRules({
    rules: loaded.rules,
    logs: given.logs,
    engine: given.engine,
    stats: given.stats === true,
    strictErrors: given.strictErrors === true,
    workers: given.workers ?? Math.min(availableParallelism(), MOST_WORKERS),
    ...typing.options,
    ...(now && { now }),
    onMatch,
    onProgress: ({ bytes, totalBytes, records }) => reading.update(bytes, totalBytes, count(records, 'record')),
  });
  reading.stop();

  if (given.format === 'json') {
    await io.stdout.write(`${written === 0 ? '{"matches":[' : '\n'}],"summary":${summaryJson(loaded, summary)}}\n`);
  } else if (given.format === 'table') {
    await io.stdout.write(`${matchTables(loaded.rules, summary, shown, terms).join('\n')}\n`);
  }
  await reportRun(loaded, summary, io);
  if (summary.stats !== undefined) {
    await io.stderr.write(`\n${statsLines(summary.stats, summary, termsOf(io, 'stderr')).join('\n')}\n`);
  }
  const failed = [...loaded.diagnostics, ...summary.logDiagnostics, ...summary.ruleDiagnostics].some(
    (found) => found.severity === 'error',
  );
  return typing.failed || failed || loaded.outcomes.some((outcome) => outcome.status === 'invalid')
    ? exit.input
    : exit.done;
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

function matchTables(rules: readonly Rule[], summary: RunSummary, shown: readonly Match[], terms: Terms): string[] {
  const { paint, columns } = terms;
  const found = (rule: Rule): number => summary.matches.get(rule) ?? 0;
  const ordered = [...rules].sort((a, b) => found(b) - found(a));
  // A big rule set is mostly rules that did not match: they are counted, not listed.
  const listed = ordered.length <= 25 ? ordered : ordered.filter((rule) => found(rule) > 0);
  const lines = table(
    [{ head: 'SEVERITY' }, { head: 'RULE', flexible: true }, { head: 'FORMAT' }, { head: 'MATCHES', align: 'right' }],
    listed.map((rule) => [
      severityCell(rule.severity),
      rule.name,
      rule.format,
      { text: found(rule).toLocaleString('en-US'), ink: found(rule) > 0 ? 'bold' : 'gray' },
    ]),
    paint,
    columns,
  );
  if (listed.length < ordered.length) {
    lines.push(paint('gray', `(${count(ordered.length - listed.length, 'rule')} without a match)`));
  }
  if (shown.length === 0) return listed.length === 0 ? ['no matches'] : [...lines, '', 'no matches'];
  lines.push(
    '',
    ...table(
      [
        { head: 'TIME' },
        { head: 'RULE', flexible: true },
        { head: 'LOG TYPE' },
        { head: 'WHERE', flexible: true, keeps: 'end' },
        { head: 'WHAT', flexible: true },
      ],
      shown.map((match) => [
        (match.time ?? '-').replace(/\.\d+Z$/, 'Z'),
        match.title ?? match.rule.name,
        match.record?.logType ?? '-',
        sourceText(match),
        tellingFields(match.fields, match.record?.event),
      ]),
      paint,
      columns,
    ),
  );
  const total = [...summary.matches.values()].reduce((sum, number) => sum + number, 0);
  if (total > shown.length) {
    lines.push(
      paint('gray', `(${count(total - shown.length, 'more match', 'more matches')}: --format ndjson gives all)`),
    );
  }
  return lines;
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

function summaryJson(loaded: RuleSet, summary: RunSummary): string {
  return JSON.stringify({
    rules: { files: loaded.files, ...totalsOf(loaded) },
    logs: {
      files: summary.files,
      lines: summary.lines,
      records: summary.records,
      undecodable: summary.undecodable,
      by_type: Object.fromEntries(summary.recordsByType),
      ...sourcesJson(summary.sources),
    },
    matches: loaded.rules.map((rule) => ({
      rule_id: rule.id,
      file: rule.file,
      matches: summary.matches.get(rule) ?? 0,
    })),
    rule_errors: summary.ruleDiagnostics.length,
    ...(summary.stats !== undefined && { stats: statsJson(summary.stats, summary) }),
  });
}

/** What was read, loaded and lost, on stderr: nothing is lost silently. */
async function reportRun(loaded: RuleSet, summary: RunSummary, io: Io): Promise<void> {
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
  const types = [...summary.recordsByType].sort((a, b) => b[1] - a[1]);
  const lines = labelled([
    [
      'rules',
      `${totals.loaded} loaded, ${totals.unsupported} unsupported, ${totals.invalid} invalid, in ${count(loaded.files, 'file')}`,
    ],
    ...unsupported.slice(0, 3).map(([code, number]): [string, string] => ['', `${code}: ${number}`]),
    [
      'logs',
      `${count(summary.files, 'file')}, ${count(summary.lines, 'line')} read, ${count(summary.records, 'record')}, ${summary.undecodable.toLocaleString('en-US')} undecodable`,
    ],
    ['types', types.map(([type, number]) => `${type} ${number.toLocaleString('en-US')}`).join(', ') || '-'],
    ...sourceLines(summary.sources),
    ['matches', `${total.toLocaleString('en-US')}, from ${summary.matches.size} of ${count(totals.loaded, 'rule')}`],
    ['errors', `${count(summary.ruleDiagnostics.length, 'error')} while rules ran`],
  ]);
  for (const hint of hintsFor(loaded, summary)) lines.push(`${paint('cyan', 'hint:')} ${hint}`);
  await io.stderr.write(`\n${lines.join('\n')}\n`);
}

/** Describing a rule for all log types takes a while; beyond so many rules nobody waits for it. */
const MOST_DESCRIBED = 200;

function whyNothing(rules: readonly Rule[], summary: RunSummary): string {
  // Of a type that nobody declared every field may be there.
  const seen = [...summary.recordsByType.keys()].filter((type) => logType(type).declared && type !== 'generic');
  const isBlind = (rule: Rule): boolean => !profileRule(rule).logTypes.some((type) => seen.includes(type));
  const isAll = seen.length > 0 && seen.length === summary.recordsByType.size;
  if (isAll && rules.length <= MOST_DESCRIBED && rules.every(isBlind)) {
    const rule = rules.length === 1 ? 'the rule' : 'no rule';
    return `${rule} can${rules.length === 1 ? 'not' : ''} match records of ${seen.join(', ')}: \`dragoman show RULE\` says which log types a rule can match`;
  }
  return '`dragoman explain --rule RULE --event LOG` says, condition by condition, why a rule did not match';
}

/** What a user most likely wants to know when nothing came of a run. */
function hintsFor(loaded: RuleSet, summary: RunSummary): string[] {
  const hints: string[] = [];
  const generic = summary.recordsByType.get('generic') ?? 0;
  if (summary.records > 0 && generic === summary.records && summary.matches.size === 0) {
    hints.push('no record was recognised as a known log type: `dragoman types` lists the types; --log-type names one');
  }
  hints.push(...sourceHints(summary.sources));
  if (summary.records === 0) hints.push('no record was read: are these the log files?');
  if (summary.logDiagnostics.some((found) => /\.[ct]sv(?:\.\w+)?$/i.test(String(found.params['file'] ?? '')))) {
    hints.push('CSV is not read: export the same rows as JSON, an array or one object a line');
  }
  if (summary.matches.size === 0 && summary.records > generic) hints.push(whyNothing(loaded.rules, summary));
  if (loaded.outcomes.some((outcome) => outcome.status === 'unsupported')) {
    hints.push('`dragoman check` says what the unsupported rules ask for');
  }
  return hints;
}
