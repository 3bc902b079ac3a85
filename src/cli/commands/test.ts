import {
  loadRules,
  notApplied,
  type Rule,
  type RuleCoverage,
  type RuleIdentity,
  type RuleSet,
  type TestReport,
  type TestResult,
  testRules,
} from '../../index.ts';
import { besideOptions, type ElasticArguments, elasticOptions } from '../elastic-options.ts';
import { type EsqlArguments, esqlOptions } from '../esql-options.ts';
import { type ExitCode, exit } from '../exit.ts';
import type { Io } from '../io.ts';
import { type KustoArguments, kustoOptions } from '../kusto-options.ts';
import { rowLimitsOf } from '../options.ts';
import { sayConfinement } from '../python.ts';
import { printable } from '../render/cells.ts';
import { diagnosticJson } from '../render/diagnostics.ts';
import { junitXml } from '../render/junit.ts';
import { progressBar } from '../render/progress.ts';
import { type Terms, termsOf, writeDiagnostics } from '../render/report.ts';
import { count } from '../render/table.ts';
import { type SelectionArguments, saidNothingSelected, selectionOf } from '../selection.ts';
import { type TypingArguments, typingOptions } from '../typing.ts';

interface TestArguments
  extends Omit<TypingArguments, 'logType'>,
    Omit<ElasticArguments, 'index'>,
    KustoArguments,
    EsqlArguments,
    SelectionArguments {
  readonly verbose?: boolean;
  readonly format: 'table' | 'json' | 'junit';
  readonly testNames?: readonly string[];
  readonly coverage?: boolean;
  readonly limitRows?: number;
  readonly limitSeconds?: number;
}

const SHOWN_DIAGNOSTICS = 20;
/** Lines that the coverage names for each function. */
const SHOWN_LINES = 10;

/** `dragoman test`: the rules' own tests. */
export async function test(
  paths: readonly string[],
  given: TestArguments,
  _command: unknown,
  io: Io,
): Promise<ExitCode> {
  const typing = await typingOptions(given, io);
  const elastic = await elasticOptions(given, io);
  const progress = progressBar(io.stderr, 'loading rules');
  const loaded = await loadRules(paths, {
    ...besideOptions(elastic.beside),
    ...kustoOptions(given),
    ...esqlOptions(given),
    ...selectionOf(given),
    onProgress: (done, total) => progress.update(done, total, count(total, 'file')),
  });
  progress.stop();
  if (await saidNothingSelected(loaded, io)) return exit.input;
  const report = await testRules(loaded, {
    ...(given.testNames && { names: given.testNames }),
    ...typing.options,
    coverage: given.coverage === true,
    rowLimits: rowLimitsOf(given),
  });
  const totals = totalsOf(report.results);
  switch (given.format) {
    case 'json':
      await io.stdout.write(`${reportJson(report, loaded)}\n`);
      break;
    case 'junit':
      await io.stdout.write(`${junitXml(report.results)}\n`);
      break;
    case 'table':
      await io.stdout.write(`${testLines(report, loaded, termsOf(io, 'stdout')).join('\n')}\n`);
  }
  const invalid = loaded.outcomes.filter((outcome) => outcome.status === 'invalid');
  const wrong = [...loaded.diagnostics, ...report.diagnostics];
  await writeDiagnostics(
    io,
    [
      ...wrong,
      ...invalid.flatMap((outcome) => outcome.diagnostics),
      ...report.results.flatMap((result) => result.diagnostics ?? []),
    ],
    report.sources,
    SHOWN_DIAGNOSTICS,
    '`dragoman check` shows all',
  );
  if (given.verbose === true) await sayConfinement(io);
  if (typing.failed || elastic.failed || loaded.files === 0 || wrong.some((found) => found.severity === 'error'))
    return exit.input;
  if (totals.failed > 0) return exit.findings;
  if (totals.passed > 0) return exit.done;
  const hint = given.testNames === undefined ? 'tests stand in the rule, or in RULE.tests.yaml beside it' : undefined;
  const named = given.testNames === undefined ? '' : ' of these names';
  await io.stderr.write(`error: there is no test${named} to run\n${hint === undefined ? '' : `hint: ${hint}\n`}`);
  return exit.input;
}

/** What of each tested rule its tests do not apply, in words; by `keyOf`. */
function notAppliedOf(results: readonly TestResult[], loaded: RuleSet): ReadonlyMap<string, readonly string[]> {
  const rules = new Map(loaded.rules.map((rule): [string, Rule] => [keyOf(rule), rule]));
  const found = new Map<string, Set<string>>();
  for (const { rule: identity, file } of results) {
    const rule = rules.get(keyOf(identity));
    if (rule === undefined) continue;
    const said = found.get(keyOf(rule)) ?? new Set<string>();
    found.set(keyOf(rule), said);
    for (const { words } of notApplied(rule, file === rule.file ? 'inline-test' : 'test')) said.add(words);
  }
  return new Map([...found].flatMap(([rule, said]) => (said.size === 0 ? [] : [[rule, [...said]]])));
}

/** What tells rules apart in a report. */
function keyOf({ file, id }: Pick<RuleIdentity, 'file' | 'id'>): string {
  return `${file}\0${id}`;
}

function totalsOf(results: readonly TestResult[]): Record<TestResult['status'], number> {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { status } of results) totals[status] += 1;
  return totals;
}

function reportJson(report: TestReport, loaded: RuleSet): string {
  const { coverage } = report;
  const unapplied = notAppliedOf(report.results, loaded);
  const left = loaded.rules.flatMap(({ id, file }) => {
    const aspects = unapplied.get(keyOf({ id, file }));
    return aspects === undefined ? [] : [{ rule_id: id, file, not_applied: aspects }];
  });
  return JSON.stringify({
    ...totalsOf(report.results),
    unreadable: loaded.unreadable,
    ...(left.length > 0 && { not_applied: left }),
    cases: report.results.map(caseJson),
    failures: report.results.flatMap((result) => failureJson(result, report)),
    ...(coverage && { coverage: coverage.map(coverageJson) }),
  });
}

function caseJson({ rule, name, file, status, message }: TestResult): object {
  return { rule_id: rule.id, name, file, status, ...(message !== undefined && { message }) };
}

/** What is known of a failed test beyond its message. */
function failureJson({ rule, name, status, expected, found, diagnostics }: TestResult, report: TestReport): object[] {
  if (status !== 'failed' || expected === undefined) return [];
  const told = (diagnostics ?? []).map((one) => diagnosticJson(one, report.sources));
  return [{ rule_id: rule.id, name, expected, found: found ?? null, diagnostics: told }];
}

function coverageJson({ rule, file, functions }: RuleCoverage): object {
  return { rule_id: rule.id, file, functions };
}

/** The rules of which some lines of `rule()` run in no test, with those lines. */
function coverageLines(coverage: readonly RuleCoverage[], { paint }: Terms): string[] {
  const lines: string[] = ['', paint('bold', 'What no test reaches')];
  let whole = 0;
  for (const { rule, file, functions } of coverage) {
    const missing = functions.filter(({ missed }) => missed.length > 0);
    if (missing.length === 0) {
      whole += 1;
      continue;
    }
    lines.push(`${printable(rule.id)} ${paint('gray', printable(file))}`);
    for (const { function: name, lines: all, missed } of missing) {
      const shown = missed.slice(0, SHOWN_LINES).join(', ') + (missed.length > SHOWN_LINES ? ', …' : '');
      lines.push(`  ${printable(name)}(): ${missed.length} of ${count(all.length, 'line')}: ${shown}`);
    }
  }
  lines.push(`${whole.toLocaleString('en-US')} of ${count(coverage.length, 'rule')} are reached in every line`);
  return lines;
}

const marks = { passed: ['green', '✓'], failed: ['red', '✗'], skipped: ['yellow', '-'] } as const;

/** Each rule with its tests; of rules whose tests all pass only the number, when there are many. */
function testLines(report: TestReport, loaded: RuleSet, { paint, columns }: Terms): string[] {
  const left = notAppliedOf(report.results, loaded);
  const byRule = new Map<string, TestResult[]>();
  for (const result of report.results) {
    const key = keyOf(result.rule);
    byRule.set(key, [...(byRule.get(key) ?? []), result]);
  }
  const lines: string[] = [];
  for (const results of byRule.values()) {
    const rule = results[0]?.rule;
    if (rule === undefined) continue;
    const passed = results.every((result) => result.status === 'passed');
    const unapplied = left.get(keyOf(rule))?.join('; ');
    const note = unapplied === undefined ? '' : ` ${paint('yellow', `not applied: ${printable(unapplied)}`)}`;
    lines.push(`${paint('bold', printable(rule.name))} ${paint('gray', printable(rule.file))}${note}`);
    if (passed && byRule.size > 10) {
      lines.push(`  ${paint('green', '✓')} ${count(results.length, 'test')}`);
      continue;
    }
    for (const { name, status, message } of results) {
      const [ink, mark] = marks[status];
      lines.push(`  ${paint(ink, mark)} ${printable(name)}${message === undefined ? '' : `: ${printable(message)}`}`);
    }
  }
  const { passed, failed, skipped } = totalsOf(report.results);
  if (lines.length > 0) lines.push('');
  lines.push(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  if (report.coverage !== undefined) lines.push(...coverageLines(report.coverage, { paint, columns }));
  if (loaded.unreadable > 0) lines.push(paint('yellow', `${count(loaded.unreadable, 'file')} unreadable`));
  if (report.untested > 0) lines.push(paint('gray', `${count(report.untested, 'rule')} without tests`));
  return lines;
}
