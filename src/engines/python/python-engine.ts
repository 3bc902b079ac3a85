import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import { type Json, type JsonObject, stringifyJson } from '../../base/json.ts';
import type { PythonBundle, PythonProgram } from '../../ir/python.ts';
import { pythonOf, type Rule, type RuleTest } from '../../ir/rule.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import type { DateTime } from '../../values/value.ts';
import { compilePredicate } from '../memory/index.ts';
import type { Answers, Method, RunAnswer, TestAnswer } from './answers.ts';
import { explainError, lineOf, lineSpan } from './report.ts';
import type { FunctionCoverage, PythonEvent, PythonResult, PythonTrace, TestResult } from './result.ts';
import type { Job } from './sandbox/messages.ts';
import { type ProcessLimits, PythonProcess } from './sandbox/python-process.ts';
import { defaultCacheFolder } from './snapshot-cache.ts';

export interface PythonEngineOptions {
  /** The time that Python's clock stands at; without it the clock goes. */
  readonly now?: DateTime;
  /** How long one rule may take on one event. */
  readonly timeLimitMs?: number;
  /** How long a module may take to load, with what it imports. */
  readonly loadLimitMs?: number;
  /** How much memory Python may have in all. */
  readonly memoryLimitBytes?: number;
  /** After how many stops a rule is not run any more. */
  readonly mostStops?: number;
  /** Where Python's memory after start is kept, so that later starts are fast. Null: nowhere; default: the user's cache folder. */
  readonly cacheFolder?: string | null;
}

/** Runs Python rules in a sandbox: no network, no files, no processes, bounded time and memory. */
export interface PythonEngine {
  /** Loads the rules' modules and gives what is wrong with them. */
  check(rules: readonly Rule[]): Promise<readonly Diagnostic[]>;
  /** Those of the rules whose modules load. Nothing is reported of the others: `evaluate` does. */
  loadable(rules: readonly Rule[]): Promise<ReadonlySet<Rule>>;
  /**
   * Every rule on every event of its log types: what matched and what failed, by event, then in the order of the rules.
   * A rule that cannot be loaded is reported once.
   */
  evaluate(rules: readonly Rule[], events: readonly PythonEvent[]): Promise<readonly PythonResult[]>;
  /** The rules' own tests, in order. */
  test(rules: readonly Rule[], options?: TestOptions): Promise<readonly TestResult[]>;
  /** What the tests that `test` ran with `coverage` have reached of each rule; undefined for a rule that does not load. */
  coverage(rules: readonly Rule[]): Promise<ReadonlyMap<Rule, readonly FunctionCoverage[]>>;
  /** Runs one rule on one event and says what happened, whatever log types the rule names. */
  trace(rule: Rule, event: JsonObject, logType: string): Promise<PythonTrace>;
  close(): Promise<void>;
}

export interface TestOptions {
  /** Notes which lines run, for `coverage`. */
  readonly coverage?: boolean;
  /** Which tests run; all without it. */
  readonly only?: (test: RuleTest) => boolean;
}

/** Makes an engine. Python starts when it is first needed; `close` ends it. Throws `PythonStartError` where it cannot start. */
export function createPythonEngine(options: PythonEngineOptions = {}): PythonEngine {
  return new Engine(options);
}

/** Python cannot be started: the installation is damaged. */
export class PythonStartError extends Error {
  readonly diagnostic: Diagnostic;
  constructor(reason: string) {
    const found = diagnostic('python/start', { reason });
    super(found.message);
    this.diagnostic = found;
  }
}

const TIME_LIMIT_MS = 5_000;
const LOAD_LIMIT_MS = 15_000;
const MEMORY_LIMIT_BYTES = 1024 ** 3;
const MOST_STOPS = 3;
/** Events that go to the worker at once, and about how many characters of them. */
const BATCH_EVENTS = 500;
const BATCH_CHARACTERS = 4_000_000;
const EPOCH_TICKS = 621_355_968_000_000_000n;

/** A rule that the engine knows. Its `index` names it in every worker. */
interface Known {
  readonly rule: Rule;
  readonly logic: PythonProgram;
  readonly index: number;
  /** Whether an event is for the rule at all; undefined where it takes all. */
  readonly filter: EventFilter | undefined;
  stops: number;
  /** Why it does not load. */
  broken?: Diagnostic;
  reported: boolean;
}

type EventFilter = (event: JsonObject, logType: string | undefined) => boolean;

/** One event and the rules to run on it. */
interface Item {
  readonly event: number;
  readonly text: string;
  readonly logType: string;
  readonly rules: readonly Known[];
}

class Engine implements PythonEngine {
  private readonly limits: ProcessLimits;
  private worker: PythonProcess | undefined;
  private readonly known = new Map<Rule, Known>();
  private readonly byIndex: Known[] = [];
  /** What the present worker holds. */
  private loadedRules = new Set<Known>();
  private loadedBundles = new Map<PythonBundle, number>();
  private busy: Promise<unknown> = Promise.resolve();

  constructor(options: PythonEngineOptions) {
    const { now } = options;
    this.limits = {
      timeLimitMs: options.timeLimitMs ?? TIME_LIMIT_MS,
      loadLimitMs: options.loadLimitMs ?? LOAD_LIMIT_MS,
      memoryLimitBytes: options.memoryLimitBytes ?? MEMORY_LIMIT_BYTES,
      mostStops: options.mostStops ?? MOST_STOPS,
      cacheFolder: options.cacheFolder === null ? undefined : (options.cacheFolder ?? defaultCacheFolder()),
      now: now === undefined ? undefined : Number((now.ticks - EPOCH_TICKS) / 10_000n),
    };
  }

  check(rules: readonly Rule[]): Promise<readonly Diagnostic[]> {
    return this.alone(async () => {
      const known = this.know(rules);
      await this.load(known);
      return known.flatMap((each) => (each.broken === undefined ? [] : [each.broken]));
    });
  }

  loadable(rules: readonly Rule[]): Promise<ReadonlySet<Rule>> {
    return this.alone(async () => {
      const known = this.know(rules);
      await this.load(known);
      return new Set(known.filter((each) => each.broken === undefined).map(({ rule }) => rule));
    });
  }

  evaluate(rules: readonly Rule[], events: readonly PythonEvent[]): Promise<readonly PythonResult[]> {
    return this.alone(async () => {
      const known = this.know(rules);
      const results: PythonResult[] = [];
      const byType = new Map<string, Known[]>();
      for (const each of known) {
        for (const logType of new Set(each.logic.logTypes)) {
          const group = byType.get(logType);
          if (group === undefined) byType.set(logType, [each]);
          else group.push(each);
        }
      }
      const rulesFor = (each: PythonEvent): readonly Known[] => {
        const group = byType.get(each.logType) ?? [];
        const { rules: only } = each;
        return only === undefined ? group : group.filter((one) => only.has(one.rule));
      };
      const wanted = new Set(events.flatMap(rulesFor));
      if (wanted.size === 0) return results;
      const needed = known.filter((each) => wanted.has(each));
      await this.load(needed);
      for (const each of needed) {
        if (each.broken === undefined || each.reported) continue;
        each.reported = true;
        results.push({ kind: 'failed', rule: each.rule, event: undefined, diagnostics: [each.broken] });
      }
      let batch: Item[] = [];
      let characters = 0;
      const flush = async (): Promise<void> => {
        const found = await this.runItems(batch);
        found.sort((a, b) => (a.event ?? 0) - (b.event ?? 0));
        for (const result of found) results.push(result);
        batch = [];
        characters = 0;
      };
      for (const [event, each] of events.entries()) {
        const group = rulesFor(each).filter(
          (one) => one.broken === undefined && one.filter?.(each.event, each.logType) !== false,
        );
        if (group.length === 0) continue;
        const text = stringifyJson(each.event);
        batch.push({ event, text, logType: each.logType, rules: group });
        characters += text.length;
        if (batch.length >= BATCH_EVENTS || characters >= BATCH_CHARACTERS) await flush();
      }
      if (batch.length > 0) await flush();
      return results;
    });
  }

  test(rules: readonly Rule[], options: TestOptions = {}): Promise<readonly TestResult[]> {
    return this.alone(async () => {
      const { only = () => true, coverage = false } = options;
      const known = this.know(rules.filter((rule) => rule.tests.some(only)));
      const results: TestResult[] = [];
      await this.load(known);
      const pending: {
        readonly each: Known;
        readonly test: RuleTest;
        readonly job: Job<'test'>;
        readonly passes: boolean;
      }[] = [];
      for (const each of known) {
        for (const test of each.rule.tests.filter(only)) {
          const { event, mocks, expected } = test;
          const spec = { event, mocks: mocks as unknown as Json, expected, coverage };
          const job: Job<'test'> = { method: 'test', args: [String(each.index), stringifyJson(spec)] };
          pending.push({ each, test, job, passes: each.filter?.(event, undefined) !== false });
        }
      }
      for (let at = 0; at < pending.length; at += BATCH_EVENTS) {
        const part = pending.slice(at, at + BATCH_EVENTS);
        const runnable = part.filter(({ each, passes }) => each.broken === undefined && passes);
        if (runnable.length > 0) await (await this.ready()).submit([{ method: 'prepare_tests', args: [] }]);
        const answers = await this.runEach(runnable.map(({ each, job }) => ({ each, job })));
        for (const { each, test, job, passes } of part) {
          // An event that the rule's filter keeps out does not match, whatever the rule would say.
          const unasked = { found: { output: false, problems: [] } };
          const answer = each.broken ?? (passes ? answers.get(job) : unasked);
          results.push(this.judge(each, test, answer));
        }
      }
      return results;
    });
  }

  coverage(rules: readonly Rule[]): Promise<ReadonlyMap<Rule, readonly FunctionCoverage[]>> {
    return this.alone(async () => {
      const known = this.know(rules);
      await this.load(known);
      const jobs = known
        .filter((each) => each.broken === undefined)
        .map((each): { each: Known; job: Job<'coverage'> } => ({
          each,
          job: { method: 'coverage', args: [String(each.index)] },
        }));
      const answers = await this.runEach(jobs);
      const found = new Map<Rule, readonly FunctionCoverage[]>();
      for (const { each, job } of jobs) {
        const answer = answers.get(job);
        if (answer !== undefined && 'found' in answer) found.set(each.rule, answer.found);
      }
      return found;
    });
  }

  trace(rule: Rule, event: JsonObject, logType: string): Promise<PythonTrace> {
    return this.alone(async () => {
      const none = {
        matched: false,
        output: undefined,
        returned: undefined,
        lines: [],
        reads: [],
        calls: [],
        outputs: undefined,
        truncated: false,
      };
      const [each] = this.know([rule]);
      if (each === undefined) throw new Error(`rule ${rule.id} is not Python`);
      if (each.filter?.(event, logType) === false) return { ...none, diagnostics: [], filtered: true };
      await this.load([each]);
      if (each.broken !== undefined) return { ...none, diagnostics: [each.broken] };
      const job: Job<'trace'> = { method: 'trace', args: [String(each.index), stringifyJson(event), logType] };
      const answer = (await this.runEach([{ each, job }])).get(job);
      if (answer === undefined || !('found' in answer)) {
        return { ...none, diagnostics: answer === undefined ? [] : [answer] };
      }
      const { found } = answer;
      const { logic } = each;
      const problems = [
        ...(found.error === undefined ? [] : [explainError(each.rule, logic, found.error, 'running', this.limits)]),
        ...found.problems.map((problem) => explainError(each.rule, logic, problem, 'output', this.limits)),
      ];
      const steps = found.steps.filter(([file, line], at) => {
        const before = found.steps[at - 1];
        return before === undefined || before[0] !== file || before[1] !== line;
      });
      return {
        matched: found.output !== undefined && alerts(logic, found.output),
        output: found.output,
        returned: found.returned === undefined ? undefined : lineOf(logic, logic.module.file, found.returned),
        lines: steps.map(([file, line]) => lineOf(logic, file, line)),
        reads: found.reads,
        calls: found.calls,
        outputs: found.outputs,
        diagnostics: problems,
        truncated: found.truncated,
      };
    });
  }

  async close(): Promise<void> {
    await this.busy.catch(() => {});
    await this.worker?.close();
    this.worker = undefined;
  }

  /** One use of the worker at a time, in the order of the calls. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.busy.then(work, work);
    this.busy = next.catch(() => {});
    return next;
  }

  private know(rules: readonly Rule[]): Known[] {
    const found: Known[] = [];
    for (const rule of rules) {
      const logic = pythonOf(rule);
      if (logic === undefined) continue;
      let each = this.known.get(rule);
      if (each === undefined) {
        each = { rule, logic, index: this.byIndex.length, filter: filterOf(logic), stops: 0, reported: false };
        this.byIndex.push(each);
        this.known.set(rule, each);
      }
      found.push(each);
    }
    return found;
  }

  private async ready(): Promise<PythonProcess> {
    if (this.worker?.usable === true) return this.worker;
    this.loadedRules = new Set();
    this.loadedBundles = new Map();
    try {
      this.worker = await PythonProcess.start(this.limits);
    } catch (thrown) {
      throw new PythonStartError(thrown instanceof Error ? thrown.message : String(thrown));
    }
    return this.worker;
  }

  /** Brings the rules that are not there yet, and their bundles, into the worker. Sets `broken` on those that fail. */
  private async load(rules: readonly Known[]): Promise<void> {
    for (;;) {
      const worker = await this.ready();
      const missing = [...new Set(rules)].filter((each) => each.broken === undefined && !this.loadedRules.has(each));
      if (missing.length === 0) return;
      const jobs: Job<'add_bundle' | 'add_rule'>[] = [];
      const owners: (Known | undefined)[] = [];
      for (const each of missing) {
        const { logic } = each;
        let bundle = this.loadedBundles.get(logic.bundle);
        if (bundle === undefined) {
          bundle = this.loadedBundles.size;
          this.loadedBundles.set(logic.bundle, bundle);
          jobs.push({ method: 'add_bundle', args: [JSON.stringify(logic.bundle)] });
          owners.push(undefined);
        }
        const spec = {
          index: each.index,
          bundle,
          id: each.rule.id,
          kind: logic.kindOfRule,
          severity: logic.defaults.severity,
          module: logic.module.name,
          file: logic.module.file,
          code: logic.module.code,
        };
        jobs.push({ method: 'add_rule', args: [JSON.stringify(spec)] });
        owners.push(each);
      }
      const outcome = await worker.submit(jobs);
      if (outcome.kind === 'done') {
        for (const [at, error] of outcome.results.entries()) {
          const each = owners[at];
          if (each === undefined) continue;
          if (error === undefined) this.loadedRules.add(each);
          else each.broken = explainError(each.rule, each.logic, error, 'loading', this.limits);
        }
        return;
      }
      // The worker is gone: the rule it stopped at is broken, the others are brought to the next worker.
      const guilty = owners[outcome.at];
      if (guilty === undefined) throw new PythonStartError(outcome.reason);
      guilty.broken = this.stopped(guilty.rule, outcome.why, outcome.reason, this.limits.loadLimitMs);
    }
  }

  private stopped(
    rule: Rule,
    why: 'timeout' | 'crash',
    reason: string,
    milliseconds = this.limits.timeLimitMs,
  ): Diagnostic {
    if (why === 'timeout') return diagnostic('python/timeout', { rule: rule.id, milliseconds }, rule.span);
    return diagnostic('python/crash', { rule: rule.id, reason: reason.trim().split('\n').at(-1) ?? '' }, rule.span);
  }

  /** Runs items; when a worker is lost, the item it was lost at is taken apart, rule by rule, to find the one that did it. */
  private async runItems(items: readonly Item[]): Promise<PythonResult[]> {
    const results: PythonResult[] = [];
    let queue = [...items];
    while (queue.length > 0) {
      queue = queue.flatMap((item) => this.withoutSuspended(item, results));
      if (queue.length === 0) break;
      const batch = queue;
      await this.load(batch.flatMap((item) => item.rules));
      const worker = await this.ready();
      const jobs = batch.map((item): Job<'run'> => {
        const indexes = JSON.stringify(item.rules.map((each) => each.index));
        return { method: 'run', args: [item.text, item.logType, indexes] };
      });
      const outcome = await worker.submit(jobs);
      for (const [at, answer] of outcome.results.entries()) {
        const item = batch[at];
        if (item !== undefined) this.collect(item, answer, results);
      }
      if (outcome.kind === 'done') break;
      const guilty = batch[outcome.at];
      const rest = [...batch.slice(outcome.results.length, outcome.at), ...batch.slice(outcome.at + 1)];
      queue = rest;
      if (guilty === undefined) continue;
      const [only] = guilty.rules;
      if (guilty.rules.length === 1 && only !== undefined) {
        only.stops += 1;
        const found = this.stopped(only.rule, outcome.why, outcome.reason);
        results.push({ kind: 'failed', rule: only.rule, event: guilty.event, diagnostics: [found] });
      } else {
        const parts = guilty.rules.map((each): Item => ({ ...guilty, rules: [each] }));
        queue = [
          ...rest.slice(0, outcome.at - outcome.results.length),
          ...parts,
          ...rest.slice(outcome.at - outcome.results.length),
        ];
      }
    }
    return results;
  }

  /** The item without the rules that are not run any more; each of those is reported. */
  private withoutSuspended(item: Item, results: PythonResult[]): Item[] {
    const { mostStops } = this.limits;
    if (!item.rules.some((each) => each.stops >= mostStops || each.broken !== undefined)) return [item];
    const rules: Known[] = [];
    for (const each of item.rules) {
      if (each.broken !== undefined) {
        results.push({ kind: 'failed', rule: each.rule, event: item.event, diagnostics: [each.broken] });
      } else if (each.stops >= mostStops) {
        const found = diagnostic('python/suspended', { rule: each.rule.id, times: mostStops }, each.rule.span);
        results.push({ kind: 'failed', rule: each.rule, event: item.event, diagnostics: [found] });
      } else rules.push(each);
    }
    return rules.length === 0 ? [] : [{ ...item, rules }];
  }

  private collect(item: Item, answer: readonly RunAnswer[], results: PythonResult[]): void {
    for (const { index, error, outputs, problems } of answer) {
      const each = this.byIndex[index];
      if (each === undefined) continue;
      const { rule, logic } = each;
      if (error !== undefined) {
        if (error.kind === 'timeout') each.stops += 1;
        const reported = explainError(rule, logic, error, 'running', this.limits);
        results.push({ kind: 'failed', rule, event: item.event, diagnostics: [reported] });
      }
      if (outputs !== undefined) {
        const diagnostics = problems.map((problem) => explainError(rule, logic, problem, 'output', this.limits));
        results.push({ kind: 'matched', rule, event: item.event, outputs, diagnostics });
      }
    }
  }

  /** Runs jobs of single rules: the answer's text, or why there is none. */
  private async runEach<M extends Method>(
    items: readonly { readonly each: Known; readonly job: Job<M> }[],
  ): Promise<Map<Job, { readonly found: Answers[M] } | Diagnostic>> {
    const answers = new Map<Job, { readonly found: Answers[M] } | Diagnostic>();
    let queue = items;
    while (queue.length > 0) {
      await this.load(queue.map(({ each }) => each));
      for (const { each, job } of queue) if (each.broken !== undefined) answers.set(job, each.broken);
      queue = queue.filter(({ each }) => each.broken === undefined);
      if (queue.length === 0) break;
      const worker = await this.ready();
      const outcome = await worker.submit(queue.map(({ job }) => job));
      for (const [at, found] of outcome.results.entries()) {
        const item = queue[at];
        if (item !== undefined) answers.set(item.job, { found });
      }
      if (outcome.kind === 'done') break;
      const guilty = queue[outcome.at];
      if (guilty !== undefined) answers.set(guilty.job, this.stopped(guilty.each.rule, outcome.why, outcome.reason));
      queue = queue.filter(({ job }) => !answers.has(job));
    }
    return answers;
  }

  /**
   * Panther's rule for tests: one that expects an alert passes when the rule alerts and no other function fails; one
   * that expects none passes when the output is the expected one.
   */
  private judge(
    { rule, logic }: Known,
    test: RuleTest,
    answer: { readonly found: TestAnswer } | Diagnostic | undefined,
  ): TestResult {
    if (answer === undefined || !('found' in answer)) {
      return {
        rule,
        test,
        status: 'failed',
        diagnostics: answer === undefined ? [] : [answer],
        output: undefined,
        outputs: undefined,
      };
    }
    const { found } = answer;
    const diagnostics = [
      ...(found.error === undefined ? [] : [explainError(rule, logic, found.error, 'running', this.limits)]),
      ...found.problems.map((problem) => explainError(rule, logic, problem, 'output', this.limits)),
    ];
    const { output, outputs } = found;
    const returned = found.returned !== undefined ? lineOf(logic, logic.module.file, found.returned) : undefined;
    const right = output === test.expected;
    const passed = right && (!alerts(logic, test.expected) || found.problems.length === 0);
    if (!right) {
      const params = {
        rule: rule.id,
        test: test.name,
        expected: test.expected,
        found: output === undefined ? 'an error' : String(output),
      };
      const place = returned && lineSpan([logic.module], returned.file, returned.line);
      const context = place === undefined ? [] : [{ span: place, text: `returned ${output} here` }];
      diagnostics.unshift(diagnostic('python/test-failed', params, test.span, { context }));
    }
    const status = passed ? 'passed' : 'failed';
    return { rule, test, status, diagnostics, output, outputs, ...(returned !== undefined && { returned }) };
  }
}

/** What the rule's filter makes of an event. It sees the log type as the module does. */
function filterOf({ filter }: PythonProgram): EventFilter | undefined {
  if (filter === undefined) return undefined;
  const holds = compilePredicate(filter, { now: fromEpochMs(0) });
  return (event, logType) => {
    const added = logType !== undefined && !Object.hasOwn(event, 'p_log_type');
    return holds({ event, columns: new Map(added ? [['p_log_type', logType]] : []) }) === true;
  };
}

/** A policy alerts when it is not met. */
function alerts(logic: PythonProgram, output: boolean): boolean {
  return logic.kindOfRule === 'policy' ? !output : output;
}
