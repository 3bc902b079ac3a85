import {
  checkPython,
  identityOf,
  type LoadOutcome,
  loadRules,
  notApplied,
  type Rule,
  type RuleSet,
  tierOf,
} from '../../index.ts';
import { besideOptions, type ElasticArguments, elasticOptions } from '../elastic-options.ts';
import { type EsqlArguments, esqlOptions } from '../esql-options.ts';
import { type ExitCode, exit } from '../exit.ts';
import type { Io } from '../io.ts';
import { type KustoArguments, kustoOptions } from '../kusto-options.ts';
import { sayPythonNotRun } from '../python.ts';
import { printable } from '../render/cells.ts';
import { diagnosticJson } from '../render/diagnostics.ts';
import { progressBar } from '../render/progress.ts';
import { type Terms, termsOf, writeDiagnostics } from '../render/report.ts';
import { count, table } from '../render/table.ts';
import { notSelected, type SelectionArguments, saidNothingSelected, selectionOf } from '../selection.ts';
import { type SigmaArguments, sigmaOptions } from '../sigma-options.ts';

interface CheckArguments extends SigmaArguments, ElasticArguments, KustoArguments, EsqlArguments, SelectionArguments {
  readonly runPython?: boolean;
  readonly format: 'table' | 'json';
}

const SHOWN_DIAGNOSTICS = 20;
/** Examples of rules that the table names for each code. */
const EXAMPLES = 3;
/** Kinds of what is not applied that the table names. */
const SHOWN_GROUPS = 10;

/** `dragoman check`: what becomes of each rule when it is loaded. */
export async function check(
  paths: readonly string[],
  given: CheckArguments,
  _command: unknown,
  io: Io,
): Promise<ExitCode> {
  const elastic = await elasticOptions(given, io);
  const progress = progressBar(io.stderr, 'loading rules');
  const read = await loadRules(paths, {
    ...sigmaOptions(given),
    ...besideOptions(elastic.beside),
    ...kustoOptions(given),
    ...esqlOptions(given),
    ...selectionOf(given),
    onProgress: (done, total) => progress.update(done, total, count(total, 'file')),
  });
  const loaded = given.runPython === true ? await checkPython(read) : read;
  progress.stop();
  if (await saidNothingSelected(read, io)) return exit.input;
  const totals = totalsOf(loaded.outcomes);
  if (given.format === 'json') {
    await io.stdout.write(`${reportJson(loaded)}\n`);
  } else {
    await io.stdout.write(`${reportTable(loaded, termsOf(io, 'stdout')).join('\n')}\n`);
  }
  if (given.runPython !== true) await sayPythonNotRun(loaded, io);
  const invalid = loaded.outcomes.filter((outcome) => outcome.status === 'invalid');
  await writeDiagnostics(
    io,
    [...loaded.diagnostics, ...invalid.flatMap((outcome) => outcome.diagnostics)],
    loaded.sources,
    SHOWN_DIAGNOSTICS,
    '--format json gives all',
  );
  if (elastic.failed || loaded.files === 0 || loaded.diagnostics.some((found) => found.severity === 'error'))
    return exit.input;
  return totals.invalid > 0 ? exit.findings : exit.done;
}

export interface LoadTotals {
  readonly loaded: number;
  readonly unsupported: number;
  readonly invalid: number;
}

export function totalsOf(outcomes: readonly LoadOutcome[]): LoadTotals {
  const totals = { loaded: 0, unsupported: 0, invalid: 0 };
  for (const { status } of outcomes) if (status !== 'part') totals[status] += 1;
  return totals;
}

function codesOf(outcome: LoadOutcome): string[] {
  return [...new Set(outcome.diagnostics.map((found) => found.code))];
}

/** How much of a Python rule is known without Python. */
function tierJson(rule: Rule): object {
  const found = tierOf(rule);
  return found === undefined ? {} : { tier: found.tier, tier_reasons: found.reasons.map((reason) => reason.text) };
}

function reportJson(loaded: RuleSet): string {
  const isRule = (outcome: LoadOutcome): boolean => outcome.status !== 'part';
  const parts = loaded.outcomes.flatMap((outcome) => {
    if (outcome.status !== 'part') return [];
    const { id, name, file, format } = outcome.identity;
    return [{ id, name, file, format, part: outcome.part, codes: codesOf(outcome) }];
  });
  const rules = loaded.outcomes.filter(isRule).map((outcome) => {
    const { id, name, file, format, language } = identityOf(outcome);
    return {
      id,
      name,
      file,
      format,
      language,
      status: outcome.status,
      codes: codesOf(outcome),
      ...(outcome.status === 'loaded' && tierJson(outcome.rule)),
      ...(outcome.status === 'loaded' && notAppliedJson(outcome.rule)),
      ...unknownJson(outcome),
      diagnostics: outcome.diagnostics.map((found) => diagnosticJson(found, loaded.sources)),
    };
  });
  const diagnostics = loaded.diagnostics.map((found) => diagnosticJson(found, loaded.sources));
  const totals = { ...totalsOf(loaded.outcomes), unreadable: loaded.unreadable };
  return JSON.stringify({ rules, parts, totals, files: loaded.files, diagnostics });
}

function reportTable(loaded: RuleSet, { paint, columns }: Terms): string[] {
  const kinds = new Map<string, LoadOutcome[]>();
  for (const outcome of loaded.outcomes) {
    if (outcome.status === 'part') continue;
    const { format, language } = identityOf(outcome);
    const kind = `${format}\0${language}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), outcome]);
  }
  const number = (value: number, bad: boolean) =>
    ({ text: value.toLocaleString('en-US'), ink: value === 0 ? 'gray' : bad ? 'yellow' : 'green' }) as const;
  const totals = totalsOf(loaded.outcomes);
  const lines = table(
    [
      { head: 'FORMAT' },
      { head: 'LANGUAGE' },
      { head: 'LOADED', align: 'right' },
      { head: 'UNSUPPORTED', align: 'right' },
      { head: 'INVALID', align: 'right' },
    ],
    [
      ...[...kinds].sort().map(([kind, outcomes]) => {
        const [format = '', language = ''] = kind.split('\0');
        const of = totalsOf(outcomes);
        return [format, language, number(of.loaded, false), number(of.unsupported, true), number(of.invalid, true)];
      }),
      ['all', '', number(totals.loaded, false), number(totals.unsupported, true), number(totals.invalid, true)],
    ],
    paint,
    columns,
  );
  const kept = notSelected(loaded);
  if (kept !== undefined) lines.push('', paint('gray', kept));
  if (loaded.unreadable > 0) lines.push('', paint('yellow', `${count(loaded.unreadable, 'file')} unreadable`));
  lines.push(...partLines(loaded.outcomes), ...notAppliedLines(loaded.rules, paint));
  lines.push(...unknownLines(loaded.outcomes, { paint, columns }));
  const byCode = rulesByCode(loaded.outcomes.filter((outcome) => outcome.status !== 'loaded'));
  if (byCode.size === 0) return lines;
  lines.push('', paint('bold', 'Why rules do not run'));
  for (const [message, outcomes] of [...byCode].sort((a, b) => b[1].length - a[1].length)) {
    lines.push(`${String(outcomes.length).padStart(6)}  ${message}`);
    lines.push(
      ...examples(
        outcomes.map((outcome) => identityOf(outcome).file),
        paint,
      ),
    );
  }
  return lines;
}

/** Fields that nobody knows of: that their names are right, only data can show. */
function unknownJson(outcome: LoadOutcome): object {
  const unknown = outcome.status === 'loaded' ? (outcome.unknownFields?.() ?? []) : [];
  return unknown.length === 0 ? {} : { unknown_fields: unknown };
}

/** The fields that neither ECS nor a mapping that was given knows, those that most rules ask for first. */
function unknownLines(outcomes: readonly LoadOutcome[], { paint }: Terms): string[] {
  const byField = new Map<string, number>();
  let rules = 0;
  for (const outcome of outcomes) {
    const unknown = outcome.status === 'loaded' ? (outcome.unknownFields?.() ?? []) : [];
    if (unknown.length > 0) rules += 1;
    for (const name of unknown) byField.set(name, (byField.get(name) ?? 0) + 1);
  }
  if (byField.size === 0) return [];
  const named = [...byField].sort((a, b) => b[1] - a[1]).slice(0, SHOWN_GROUPS);
  return [
    '',
    paint('bold', `Fields that neither ECS nor a given mapping knows: ${byField.size}, in ${count(rules, 'rule')}`),
    ...named.map(([name, of]) => `${String(of).padStart(6)}  ${printable(name)}`),
    ...(byField.size > named.length
      ? [paint('gray', `${byField.size - named.length} more: --format json gives all`)]
      : []),
  ];
}

function notAppliedJson(rule: Rule): object {
  const left = notApplied(rule, 'check').map(({ words }) => words);
  return left.length === 0 ? {} : { not_applied: left };
}

/** What rules ask for beside their queries and no command does. */
function notAppliedLines(rules: readonly Rule[], paint: Terms['paint']): string[] {
  const byWords = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const { words } of notApplied(rule, 'check')) byWords.set(words, [...(byWords.get(words) ?? []), rule]);
  }
  if (byWords.size === 0) return [];
  const lines = ['', paint('bold', 'What of rules is not applied')];
  const groups = [...byWords].sort((a, b) => b[1].length - a[1].length);
  for (const [words, of] of groups.slice(0, SHOWN_GROUPS)) {
    lines.push(`${String(of.length).padStart(6)}  ${printable(words)}`);
    lines.push(
      ...examples(
        of.map(({ file }) => file),
        paint,
      ),
    );
  }
  if (groups.length > SHOWN_GROUPS)
    lines.push(paint('gray', `${groups.length - SHOWN_GROUPS} more kinds: --format json gives all`));
  return lines;
}

/** A few files of many. */
function examples(files: readonly string[], paint: Terms['paint']): string[] {
  const shown = files.slice(0, EXAMPLES).map((file) => paint('gray', `        ${printable(file)}`));
  const left = files.length - shown.length;
  return left <= 0 ? shown : [...shown, paint('gray', `        … and ${left.toLocaleString('en-US')} more`)];
}

/** What was read beside rules: `also read: 34 datamodel, 64 pack`. */
function partLines(outcomes: readonly LoadOutcome[]): string[] {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    if (outcome.status === 'part') counts.set(outcome.part, (counts.get(outcome.part) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const said = [...counts].sort().map(([part, number]) => `${number.toLocaleString('en-US')} ${part}`);
  return ['', `also read: ${said.join(', ')}`];
}

/** Rules that do not run, by what they are told; messages that quote the rule are cut to their code. */
function rulesByCode(outcomes: readonly LoadOutcome[]): Map<string, LoadOutcome[]> {
  const found = new Map<string, LoadOutcome[]>();
  for (const outcome of outcomes) {
    const reasons = new Set(
      outcome.diagnostics
        .filter((one) => one.severity === 'error')
        .map((one) => (one.code.startsWith('unsupported/') ? `${one.code}: ${one.message}` : one.code)),
    );
    for (const reason of reasons) found.set(reason, [...(found.get(reason) ?? []), outcome]);
  }
  return found;
}
