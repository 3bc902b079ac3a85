import { existsSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { type SourceText, sourceText } from '../base/source-text.ts';
import type { Rule, RuleIdentity } from '../ir/rule.ts';
import { createEngine } from './engine.ts';
import { reasonOf } from './find-files.ts';
import { decodeText } from './load-context.ts';
import { identityOf, type RuleSet } from './load-rules.ts';
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
}

export interface TestReport {
  readonly results: readonly TestResult[];
  /** What is wrong with files of tests. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Rules that load and have no test. */
  readonly untested: number;
}

/**
 * Runs the tests that rules carry and those in files beside them. A rule that is invalid counts as a failed test, one
 * that is unsupported as a skipped one: a green report means that everything was tried.
 */
export async function testRules(loaded: RuleSet): Promise<TestReport> {
  const results: TestResult[] = [];
  const diagnostics: Diagnostic[] = [];
  const sources = new Map<string, SourceText>(loaded.sources);
  for (const outcome of loaded.outcomes) {
    if (outcome.status === 'loaded') continue;
    const rule = identityOf(outcome);
    const status = outcome.status === 'invalid' ? 'failed' : 'skipped';
    const message = outcome.diagnostics.find((found) => found.severity === 'error')?.message ?? outcome.status;
    results.push({ rule, name: '(loads)', file: rule.file, status, message });
  }
  const python = loaded.rules.filter((rule) => rule.logic.kind === 'python' && rule.tests.length > 0);
  results.push(...(await testPython(python)));
  const tested = new Set<Rule>(python);
  for (const [file, rules] of byFile(loaded.rules)) {
    const beside = testFileOf(file);
    if (beside === undefined) continue;
    const source = readSource(beside, diagnostics);
    if (source === undefined) continue;
    sources.set(beside, source);
    const read = readTestFile(source);
    diagnostics.push(...read.diagnostics);
    for (const test of read.tests) {
      const rule = test.rule === undefined && rules.length === 1 ? rules[0] : rules.find((one) => one.id === test.rule);
      const identity = rule ?? rules[0];
      if (identity === undefined) continue;
      if (rule !== undefined) tested.add(rule);
      const outcome = rule === undefined ? noSuchRule(test, rules) : await runTest(rule, test);
      results.push({ rule: identity, name: test.name, file: beside, ...outcome });
    }
  }
  return { results, diagnostics, sources, untested: loaded.rules.length - tested.size };
}

async function testPython(rules: readonly Rule[]): Promise<readonly TestResult[]> {
  if (rules.length === 0) return [];
  const { createPythonEngine } = await import('../engines/python/index.ts');
  const engine = createPythonEngine();
  try {
    return (await engine.test(rules)).map(({ rule, test, status, diagnostics }) => {
      const message = diagnostics[0]?.message;
      const told = status === 'failed' && message !== undefined ? { message } : {};
      return { rule, name: test.name, file: rule.file, status, ...told, diagnostics };
    });
  } finally {
    await engine.close();
  }
}

type Verdict = Pick<TestResult, 'status' | 'message'>;

async function runTest(rule: Rule, test: FileTest): Promise<Verdict> {
  // A rule that only serves correlations is tested for what it finds.
  const { silent: _silent, ...tested } = rule;
  const engine = createEngine([tested], {
    ...(test.now && { now: test.now }),
    ...(test.logType !== undefined && { logType: test.logType }),
  });
  try {
    const records = test.events.map((event, index) => ({ event, source: { file: '<test>', line: index + 1 } }));
    const matches = [...(await engine.process(records)), ...(await engine.finish())];
    const failure = engine.diagnostics.find((found) => found.severity === 'error');
    if (failure !== undefined) return { status: 'failed', message: failure.message };
    if (matches.length > 0 === test.expected) return { status: 'passed' };
    const types = [...engine.recordsByType.keys()].join(', ');
    const said = test.expected ? 'expected a match, found none' : `expected no match, found ${matches.length}`;
    return { status: 'failed', message: `${said} (events read as ${types})` };
  } finally {
    await engine.close();
  }
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
  try {
    return sourceText(path, decodeText(readFileSync(path)));
  } catch (failed) {
    diagnostics.push(diagnostic('input/unreadable', { path, reason: reasonOf(failed) }));
    return undefined;
  }
}
