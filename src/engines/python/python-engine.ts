import { defaultCacheFolder } from '../../base/cache-folder.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { type JsonObject, stringifyJson } from '../../base/json.ts';
import { pythonOf, type Rule, type RuleTest } from '../../ir/rule/rule.ts';
import type { DateTime } from '../../values/value.ts';
import { judgeTest, type PlannedTest, planTest } from './inline-test.ts';
import { filterOf, type KnownRule } from './known-rule.ts';
import { ProcessPool } from './process-pool.ts';
import { type Item, Repository, type RuleJob } from './repository.ts';
import type { FunctionCoverage, PythonEvent, PythonResult, PythonTrace, TestResult } from './result.ts';
import type { Job } from './sandbox/messages.ts';
import type { StartOptions } from './start-python.ts';
import { NOT_TRACED, traceOf } from './trace.ts';

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

/**
 * Runs Python rules in a sandbox: no network, no files, no processes, bounded time and memory. The rules of each repository
 * have a process of their own, the loose ones below one path together; more than four take turns.
 */
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
  /** What was to be said of the engine itself since the last call: that what rules kept was lost. */
  notices(): readonly Diagnostic[];
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

const TIME_LIMIT_MS = 5_000;
const LOAD_LIMIT_MS = 15_000;
const MEMORY_LIMIT_BYTES = 1024 ** 3;
const MOST_STOPS = 3;
/** How many processes are alive at once; each takes some 200 MB. */
const MOST_PROCESSES = 4;
/** Events that go to a process at once, and about how many characters of them. */
const BATCH_EVENTS = 500;
const BATCH_CHARACTERS = 4_000_000;
const EPOCH_TICKS = 621_355_968_000_000_000n;

class Engine implements PythonEngine {
  private readonly options: StartOptions;
  private readonly known = new Map<Rule, KnownRule>();
  private readonly repositories = new Map<string, Repository>();
  private readonly pool = new ProcessPool(MOST_PROCESSES);
  private readonly covered = new Map<Rule, readonly FunctionCoverage[]>();
  private unsaid: Diagnostic[] = [];
  private busy: Promise<unknown> = Promise.resolve();

  constructor(options: PythonEngineOptions) {
    const { now } = options;
    this.options = {
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
      const places = new Map(known.map(({ rule }, place) => [rule, place]));
      const found = await this.inRepositories(known, (repository, own) => evaluateIn(repository, own, events));
      // What does not load comes first.
      return found.sort(
        (a, b) => (a.event ?? -1) - (b.event ?? -1) || (places.get(a.rule) ?? 0) - (places.get(b.rule) ?? 0),
      );
    });
  }

  test(rules: readonly Rule[], options: TestOptions = {}): Promise<readonly TestResult[]> {
    return this.alone(async () => {
      const { only = () => true, coverage = false } = options;
      const known = this.know(rules.filter((rule) => rule.tests.some(only)));
      const tests = known.flatMap((each) =>
        each.rule.tests.filter(only).map((test): PlannedTest => planTest(each, test, coverage)),
      );
      const judged = new Map<PlannedTest, TestResult>();
      await this.inRepositories(known, async (repository, own) => {
        await repository.load(own);
        const mine = tests.filter(({ each }) => own.includes(each));
        for (let at = 0; at < mine.length; at += BATCH_EVENTS) {
          const part = mine.slice(at, at + BATCH_EVENTS);
          const runnable = part.filter(({ each, passes }) => each.broken === undefined && passes);
          if (runnable.length > 0) await repository.prepareTests();
          const answers = await repository.answers(runnable);
          for (const test of part) judged.set(test, judgeTest(test, answers.get(test.job), this.options));
        }
        // At once, as another repository may need the process next.
        if (coverage) await this.cover(repository, own);
        return [];
      });
      return tests.flatMap((test) => judged.get(test) ?? []);
    });
  }

  coverage(rules: readonly Rule[]): Promise<ReadonlyMap<Rule, readonly FunctionCoverage[]>> {
    return this.alone(async () => {
      const missing = this.know(rules).filter(({ rule }) => !this.covered.has(rule));
      await this.inRepositories(missing, async (repository, own) => {
        await repository.load(own);
        await this.cover(repository, own);
        return [];
      });
      const found = new Map<Rule, readonly FunctionCoverage[]>();
      for (const rule of rules) {
        const reached = this.covered.get(rule);
        if (reached !== undefined) found.set(rule, reached);
      }
      return found;
    });
  }

  trace(rule: Rule, event: JsonObject, logType: string): Promise<PythonTrace> {
    return this.alone(async () => {
      const [each] = this.know([rule]);
      if (each === undefined) throw new Error(`rule ${rule.id} is not Python`);
      if (each.filter?.(event, logType) === false) return { ...NOT_TRACED, filtered: true };
      const job: Job<'trace'> = { method: 'trace', args: [String(each.index), stringifyJson(event), logType] };
      const [answer] = await this.inRepositories([each], async (repository) => {
        const answers = await repository.answers([{ each, job }]);
        return [...answers.values()];
      });
      return traceOf(each, answer, this.options);
    });
  }

  notices(): readonly Diagnostic[] {
    const { unsaid } = this;
    this.unsaid = [];
    return unsaid;
  }

  async close(): Promise<void> {
    await this.busy.catch(() => {});
    await Promise.all([...this.repositories.values()].map((each) => each.close()));
  }

  /** One use of the engine at a time, in the order of the calls. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.busy.then(work, work);
    this.busy = next.catch(() => {});
    return next;
  }

  private know(rules: readonly Rule[]): KnownRule[] {
    const found: KnownRule[] = [];
    for (const rule of rules) {
      const logic = pythonOf(rule);
      if (logic === undefined) continue;
      let each = this.known.get(rule);
      if (each === undefined) {
        each = {
          rule,
          logic,
          index: this.known.size,
          filter: filterOf(logic),
          told: new Map(),
          stops: 0,
          reported: false,
        };
        this.known.set(rule, each);
      }
      found.push(each);
    }
    return found;
  }

  /** Does the work of each repository that has some of the rules, several at once. */
  private async inRepositories<T>(
    rules: readonly KnownRule[],
    work: (repository: Repository, own: readonly KnownRule[]) => Promise<readonly T[]>,
  ): Promise<T[]> {
    const groups = new Map<Repository, KnownRule[]>();
    for (const each of rules) {
      const repository = this.repositoryOf(each);
      const group = groups.get(repository);
      if (group === undefined) groups.set(repository, [each]);
      else group.push(each);
    }
    const done = [...groups].map(([repository, own]) => this.pool.use(repository, () => work(repository, own)));
    // All have ended before a failure goes on: none works for a call that is over.
    await Promise.allSettled(done);
    return (await Promise.all(done)).flat();
  }

  private repositoryOf({ logic }: KnownRule): Repository {
    const name = logic.bundle.repository ?? '';
    let repository = this.repositories.get(name);
    if (repository === undefined) {
      repository = new Repository(name, this.options, (notice) => this.unsaid.push(notice));
      this.repositories.set(name, repository);
    }
    return repository;
  }

  private async load(rules: readonly KnownRule[]): Promise<void> {
    await this.inRepositories(rules, async (repository, own) => {
      await repository.load(own);
      return [];
    });
  }

  /** Keeps what tests have reached of the rules; what a process before this one has seen counts, too. */
  private async cover(repository: Repository, rules: readonly KnownRule[]): Promise<void> {
    const jobs = rules
      .filter((each) => each.broken === undefined)
      .map((each): RuleJob<'coverage'> => ({ each, job: { method: 'coverage', args: [String(each.index)] } }));
    const answers = await repository.answers(jobs);
    for (const { each, job } of jobs) {
      const answer = answers.get(job);
      if (answer === undefined || !('found' in answer)) continue;
      const before = this.covered.get(each.rule);
      const reached = answer.found.map((one, at) => {
        const missed = before?.[at]?.missed;
        return missed === undefined ? one : { ...one, missed: one.missed.filter((line) => missed.includes(line)) };
      });
      this.covered.set(each.rule, reached);
    }
  }
}

/** What the rules of one repository make of events. */
async function evaluateIn(
  repository: Repository,
  rules: readonly KnownRule[],
  events: readonly PythonEvent[],
): Promise<PythonResult[]> {
  const byType = new Map<string, KnownRule[]>();
  for (const each of rules) {
    for (const logType of new Set(each.logic.logTypes)) {
      const group = byType.get(logType);
      if (group === undefined) byType.set(logType, [each]);
      else group.push(each);
    }
  }
  const rulesFor = ({ logType, rules: only }: PythonEvent): readonly KnownRule[] => {
    const group = byType.get(logType) ?? [];
    return only === undefined ? group : group.filter((one) => only.has(one.rule));
  };
  const wanted = new Set(events.flatMap(rulesFor));
  if (wanted.size === 0) return [];
  const needed = rules.filter((each) => wanted.has(each));
  await repository.load(needed);
  const results: PythonResult[] = [];
  for (const each of needed) {
    if (each.broken === undefined || each.reported) continue;
    each.reported = true;
    results.push({ kind: 'failed', rule: each.rule, event: undefined, diagnostics: [each.broken] });
  }
  let batch: Item[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    for (const result of await repository.evaluate(batch)) results.push(result);
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
}
