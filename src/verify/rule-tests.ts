import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { dropsInWords } from '../alerts/drops.ts';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { RowLimits } from '../base/row-limits.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import { RuleFaults } from '../detect/plans/rule-faults.ts';
import { type OneRun, runOnce } from '../detect/schedule/one-run.ts';
import type { FunctionCoverage, TestResult as PythonTestResult } from '../engines/python/index.ts';
import { pythonOf, type Rule, type RuleIdentity, type RuleTest } from '../ir/rule/rule.ts';
import type { TypingOptions } from '../logs/typing.ts';
import { checkPython } from '../rules/check-python.ts';
import { identityOf, type RuleSet } from '../rules/load-rules.ts';
import { readTextFile } from '../rules/read-text.ts';
import { formatDateTime } from '../values/date-time.ts';
import { durationInWords } from '../values/duration.ts';
import { DateTime } from '../values/value.ts';
import { runInlineTest, unmetExpectations, withGivenEvents } from './panther-tests.ts';
import { type FileTest, readTestFile } from './test-file.ts';

export interface TestResult {
  readonly rule: RuleIdentity;
  readonly name: string;
  /** The file that holds the test. */
  readonly file: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly message?: string;
  /** What the engine says of it, with places. */
  readonly diagnostics?: readonly Diagnostic[];
  /** Whether the rule should match, and whether it did; absent where it did not get that far. */
  readonly expected?: boolean;
  readonly found?: boolean;
}

export interface TestOptions extends Omit<TypingOptions, 'logType'> {
  /** Only tests whose names contain one of these, without regard to case. */
  readonly names?: readonly string[];
  /** Also says what of each Python rule no test reaches. */
  readonly coverage?: boolean;
  /** What a rule over many rows may take. */
  readonly rowLimits?: RowLimits;
}

/** What the tests of a Python rule reach of one function of it. */
export interface RuleCoverage {
  readonly rule: RuleIdentity;
  /** The Python file. */
  readonly file: string;
  readonly functions: readonly FunctionCoverage[];
}

export interface TestReport {
  readonly results: readonly TestResult[];
  /** What is wrong with files of tests. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Rules that load and have no test. */
  readonly untested: number;
  /** Where it was asked for: of each Python rule with tests. */
  readonly coverage?: readonly RuleCoverage[];
}

/**
 * Runs the tests that rules carry and those in files beside them. A rule that is invalid counts as a failed test, one
 * that is unsupported as a skipped one: a green report means that everything was tried.
 */
export async function testRules(loaded: RuleSet, options: TestOptions = {}): Promise<TestReport> {
  const wanted = nameFilter(options.names);
  const results: TestResult[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceText>(loaded.sources);
  for (const outcome of loaded.outcomes) {
    if (outcome.status === 'loaded' || outcome.status === 'part') continue;
    const rule = identityOf(outcome);
    // Queries carry no tests: there is nothing that was skipped.
    if (outcome.status === 'unsupported' && (rule.language === 'sql' || rule.language === 'pantherflow')) continue;
    const status = outcome.status === 'invalid' ? 'failed' : 'skipped';
    const message = outcome.diagnostics.find((found) => found.severity === 'error')?.message ?? outcome.status;
    results.push({ rule, name: '(loads)', file: rule.file, status, message });
  }
  const inline = loaded.rules.filter((rule) => rule.tests.some((test) => wanted(test.name)));
  const python = await testPython(
    inline.filter((rule) => pythonOf(rule) !== undefined),
    wanted,
    options,
  );
  results.push(...python.results);
  diagnostics.push(...python.notices);
  for (const rule of inline.filter((each) => pythonOf(each) === undefined)) {
    for (const test of rule.tests.filter((each) => wanted(each.name))) results.push(await inlineResult(rule, test));
  }
  if (options.names === undefined || options.names.length === 0) results.push(...(await loadUntested(loaded)));
  const tested = new Set<Rule>(loaded.rules.filter((rule) => rule.tests.length > 0));
  for (const [file, rules] of byFile(loaded.rules)) {
    const beside = testFileOf(file);
    if (beside === undefined) continue;
    const source = readSource(beside, diagnostics);
    if (source === undefined) continue;
    sources.set(beside, source);
    const read = readTestFile(source);
    diagnostics.push(...read.diagnostics);
    for (const test of read.tests.filter((each) => wanted(each.name))) {
      const rule = test.rule === undefined && rules.length === 1 ? rules[0] : rules.find((one) => one.id === test.rule);
      const identity = rule ?? rules[0];
      if (identity === undefined) continue;
      if (rule !== undefined) tested.add(rule);
      const outcome = rule === undefined ? noSuchRule(test, rules) : await runTest(rule, test, options);
      results.push({ rule: identity, name: test.name, file: beside, ...outcome });
    }
  }
  const untested = loaded.rules.length - tested.size;
  return { results, diagnostics, sources, untested, ...(python.coverage && { coverage: python.coverage }) };
}

/** A Python rule without tests must load at least. */
async function loadUntested(loaded: RuleSet): Promise<readonly TestResult[]> {
  const rules = loaded.rules.filter((rule) => pythonOf(rule) !== undefined && rule.tests.length === 0);
  if (rules.length === 0) return [];
  const checked = await checkPython({ ...loaded, rules });
  return checked.outcomes.flatMap((outcome, index): TestResult[] => {
    if (outcome.status !== 'invalid' || loaded.outcomes[index]?.status !== 'loaded') return [];
    const rule = identityOf(outcome);
    const { diagnostics } = outcome;
    const message = diagnostics.find((found) => found.severity === 'error')?.message ?? outcome.status;
    return [{ rule, name: '(loads)', file: rule.file, status: 'failed', message, diagnostics }];
  });
}

function nameFilter(names: readonly string[] | undefined): (name: string) => boolean {
  if (names === undefined || names.length === 0) return () => true;
  const parts = names.map((name) => name.toLowerCase());
  return (name) => parts.some((part) => name.toLowerCase().includes(part));
}

async function inlineResult(rule: Rule, test: RuleTest): Promise<TestResult> {
  const faults = new RuleFaults();
  const ran = await faults.guardAll(rule, undefined, () => runInlineTest(rule, test));
  if (ran === undefined) {
    // It costs this test alone.
    const told = faults.diagnostics();
    const message = told[0]?.message ?? 'failed';
    return { rule, name: test.name, file: rule.file, status: 'failed', message, diagnostics: told };
  }
  const { status, found, diagnostics } = ran;
  const message = diagnostics[0]?.message;
  const told = message === undefined ? {} : { message };
  return { rule, name: test.name, file: rule.file, status, ...told, diagnostics, expected: test.expected, found };
}

async function testPython(
  loaded: readonly Rule[],
  wanted: (name: string) => boolean,
  options: TestOptions,
): Promise<{
  readonly results: readonly TestResult[];
  readonly notices: readonly Diagnostic[];
  readonly coverage?: readonly RuleCoverage[];
}> {
  if (loaded.length === 0) return { results: [], notices: [], ...(options.coverage && { coverage: [] }) };
  const rules = loaded.map(withGivenEvents);
  const { createPythonEngine } = await import('../engines/python/index.ts');
  const engine = createPythonEngine();
  try {
    const coverage = options.coverage === true;
    const ran = await engine.test(rules, { coverage, only: (test) => wanted(test.name) });
    const results = ran.map(pythonResult);
    if (!coverage) return { results, notices: engine.notices() };
    const covered = await engine.coverage(rules);
    const files = (rule: Rule): string => pythonOf(rule)?.module.file ?? rule.file;
    return {
      results,
      notices: engine.notices(),
      coverage: [...covered].map(([rule, functions]) => ({ rule, file: files(rule), functions })),
    };
  } finally {
    await engine.close();
  }
}

function pythonResult({ rule, test, status, diagnostics, output, outputs, returned }: PythonTestResult): TestResult {
  const unmet =
    outputs === undefined ? [] : unmetExpectations(rule, test, { ...outputs } satisfies Record<string, unknown>);
  const all = [...diagnostics, ...unmet];
  const ended = status === 'failed' || unmet.length > 0 ? 'failed' : 'passed';
  const message = all.find((found) => ended === 'failed' && found.severity === 'error')?.message ?? all[0]?.message;
  const place = returned === undefined ? '' : ` (${basename(returned.file)}:${returned.line}: ${returned.text})`;
  return {
    rule,
    name: test.name,
    file: rule.file,
    status: ended,
    ...(ended === 'failed' && message !== undefined && { message: message + place }),
    diagnostics: all,
    expected: test.expected,
    ...(output !== undefined && { found: output }),
  };
}

type Verdict = Pick<TestResult, 'status' | 'message'>;

const UNREACHED = 'no event is of its log source; log_type or log_source says what they are';

/** A test is one run of the rule: its look-back, threshold and exceptions hold. */
async function runTest(rule: Rule, test: FileTest, options: TestOptions): Promise<Verdict> {
  // A rule that only serves correlations is tested for what it finds.
  const { silent: _silent, ...tested } = rule;
  const logSource = test.logSource ?? options.logSource;
  const records = test.events.map((event, index) => ({ event, source: { file: '<test>', line: index + 1 } }));
  const run = await runOnce(tested, records, {
    ...(test.now && { now: test.now }),
    ...(test.logType !== undefined && { logType: test.logType }),
    ...(options.declaredSources && { declaredSources: options.declaredSources }),
    ...(logSource && { logSource }),
    ...(options.rowLimits && { rowLimits: options.rowLimits }),
  });
  const failure = run.diagnostics.find((found) => found.severity === 'error');
  if (failure !== undefined) return { status: 'failed', message: failure.message };
  if (run.matches.length > 0 === test.expected) {
    const message = `whatever the rule says: ${UNREACHED}`;
    return run.isReached || records.length === 0 ? { status: 'passed' } : { status: 'passed', message };
  }
  const said = test.expected ? 'expected a match, found none' : `expected no match, found ${run.matches.length}`;
  return { status: 'failed', message: `${said} (${aboutRun(tested, run).join('; ')})` };
}

/** What a run saw and left out. */
function aboutRun(rule: Rule, { recordsByType, window, unseen, drops, isReached }: OneRun): string[] {
  const types = [...recordsByType.keys()].join(', ');
  const lookback = rule.schedule === undefined ? '' : durationInWords(BigInt(rule.schedule.lookback));
  return [
    ...(types === '' ? [] : [`events read as ${types}`]),
    ...(isReached ? [] : [UNREACHED]),
    ...(window !== undefined && unseen > 0
      ? [
          `${unseen} ${unseen === 1 ? 'event lies' : 'events lie'} outside the look-back of ${lookback} before ${formatDateTime(new DateTime(window.to))}`,
        ]
      : []),
    ...dropsInWords(rule, drops),
  ];
}

function noSuchRule(test: FileTest, rules: readonly Rule[]): Verdict {
  const message =
    test.rule === undefined
      ? `the rule file holds ${rules.length} rules: name one with \`rule:\``
      : `the rule file holds no rule that loads with the id ${test.rule}`;
  return { status: 'failed', message };
}

function byFile(rules: readonly Rule[]): Map<string, Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) found.set(rule.file, [...(found.get(rule.file) ?? []), rule]);
  return found;
}

/** `x.tests.yaml` or `x.tests.yml` beside `x.toml`. */
function testFileOf(ruleFile: string): string | undefined {
  const base = ruleFile.slice(0, ruleFile.length - extname(ruleFile).length);
  return [`${base}.tests.yaml`, `${base}.tests.yml`].find((path) => existsSync(path));
}

function readSource(path: string, diagnostics: Diagnostic[]): SourceText | undefined {
  const read = readTextFile(path);
  if (!read.ok) {
    diagnostics.push(diagnostic('input/unreadable', { path, reason: read.reason }));
    return undefined;
  }
  diagnostics.push(...read.diagnostics);
  return sourceText(path, read.text);
}
