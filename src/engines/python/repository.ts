import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { PythonBundle } from '../../ir/python.ts';
import type { Answers, Method } from './answers.ts';
import { type KnownRule, suspended } from './known-rule.ts';
import type { ProcessOwner } from './process-pool.ts';
import { PythonStartError } from './python-start-error.ts';
import { explainError } from './report.ts';
import type { PythonResult } from './result.ts';
import type { Job } from './sandbox/messages.ts';
import { type Ended, type PythonProcess, StartFailure } from './sandbox/python-process.ts';
import { type StartOptions, startPython } from './start-python.ts';

/** One event and the rules to run on it. */
export interface Item {
  readonly event: number;
  readonly text: string;
  readonly logType: string;
  readonly rules: readonly KnownRule[];
}

/** A job that belongs to one rule. */
export interface RuleJob<M extends Method> {
  readonly each: KnownRule;
  readonly job: Job<M>;
}

/** The answer to a job, or why there is none. */
export type Answered<M extends Method> = { readonly found: Answers[M] } | Diagnostic;

/** A rule that is alone in a process when that vanishes may be innocent: others end processes, too. */
const MOST_DEATHS = 3;

/** A job, the rules that may be guilty of its end, and how often it ended with its process for no known reason. */
interface Task<M extends Method> {
  readonly job: Job<M>;
  readonly rules: readonly KnownRule[];
  deaths: number;
}

interface EventTask extends Task<'run'> {
  readonly item: Item;
}

interface Work<M extends Method, T extends Task<M>> {
  /** What is left of tasks, without the rules that are not run any more. */
  open(task: T): readonly T[];
  /** A task for each of the rules of one. */
  split(task: T): readonly T[];
  done(task: T, answer: Answers[M]): void;
  /** The task's only rule ended the process. */
  blame(task: T, rule: KnownRule, why: Diagnostic): void;
}

/** The Python rules that share a process and what they keep in it: those of one repository of rules. */
export class Repository implements ProcessOwner {
  private readonly name: string;
  private readonly options: StartOptions;
  private readonly notice: (notice: Diagnostic) => void;
  private process: PythonProcess | undefined;
  /** What the present process holds, and whether rules have run in it. */
  private loadedRules = new Set<KnownRule>();
  private loadedBundles = new Map<PythonBundle, number>();
  private hasRun = false;
  private restartSaid = false;
  /** Why the last process is gone. */
  private lost = '';

  constructor(name: string, options: StartOptions, notice: (notice: Diagnostic) => void) {
    this.name = name;
    this.options = options;
    this.notice = notice;
  }

  get alive(): boolean {
    return this.process?.usable === true;
  }

  async release(): Promise<void> {
    this.lost = 'more repositories than have a process each took turns';
    await this.close();
  }

  async close(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    await process?.close();
  }

  /** Brings the rules that are not there yet, and their bundles, into the process. Sets `broken` on those that fail. */
  async load(rules: readonly KnownRule[]): Promise<void> {
    const deaths = new Map<KnownRule, number>();
    for (;;) {
      const process = await this.ready();
      const missing = [...new Set(rules)].filter((each) => each.broken === undefined && !this.loadedRules.has(each));
      if (missing.length === 0) return;
      const { jobs, owners } = this.loading(missing);
      const outcome = await process.submit(jobs, true);
      for (const [at, error] of outcome.results.entries()) {
        const job = jobs[at];
        const [each] = owners[at] ?? [];
        if (job?.method !== 'add_rule' || each === undefined) continue;
        if (error === undefined) this.loadedRules.add(each);
        else each.broken = explainError(each.rule, each.logic, error, 'loading', this.options);
      }
      if (outcome.kind === 'done') return;
      this.lost = reasonOf(outcome);
      // The process is gone: what it stopped at is broken, the others are brought to the next process.
      const guilty = owners[outcome.results.length] ?? [];
      for (const each of guilty) {
        const died = (deaths.get(each) ?? 0) + 1;
        deaths.set(each, died);
        if (outcome.why === 'killed' && died < MOST_DEATHS) continue;
        each.broken = endedBy(each, outcome, this.options.loadLimitMs);
      }
    }
  }

  /** What the rules make of the events, in the order of these, as far as all goes well. */
  async evaluate(items: readonly Item[]): Promise<PythonResult[]> {
    const results: PythonResult[] = [];
    const { mostStops } = this.options;
    const taskOf = (item: Item): EventTask => {
      const indexes = JSON.stringify(item.rules.map((each) => each.index));
      return {
        item,
        rules: item.rules,
        job: { method: 'run', args: [item.text, item.logType, indexes] },
        deaths: 0,
      };
    };
    const fail = (event: number, { rule }: KnownRule, found: Diagnostic): void => {
      results.push({ kind: 'failed', rule, event, diagnostics: [found] });
    };
    await this.drain<'run', EventTask>(items.map(taskOf), {
      open: (task) => {
        const { item } = task;
        const out = item.rules.filter((each) => each.broken !== undefined || each.stops >= mostStops);
        if (out.length === 0) return [task];
        for (const each of out) fail(item.event, each, each.broken ?? suspended(each, mostStops));
        const rules = item.rules.filter((each) => !out.includes(each));
        return rules.length === 0 ? [] : [taskOf({ ...item, rules })];
      },
      split: ({ item }) => item.rules.map((each) => taskOf({ ...item, rules: [each] })),
      done: ({ item }, answer) => {
        for (const { index, error, outputs, problems } of answer) {
          const each = item.rules.find((one) => one.index === index);
          if (each === undefined) continue;
          const { rule, logic } = each;
          if (error !== undefined) {
            if (error.kind === 'timeout') each.stops += 1;
            fail(item.event, each, explainError(rule, logic, error, 'running', this.options));
          }
          if (outputs !== undefined) {
            const diagnostics = problems.map((one) => explainError(rule, logic, one, 'output', this.options));
            results.push({ kind: 'matched', rule, event: item.event, outputs, diagnostics });
          }
        }
      },
      blame: ({ item }, each, why) => fail(item.event, each, why),
    });
    return results;
  }

  /** Runs jobs of single rules. */
  async answers<M extends Method>(jobs: readonly RuleJob<M>[]): Promise<Map<Job<M>, Answered<M>>> {
    const answers = new Map<Job<M>, Answered<M>>();
    const tasks = jobs.map(({ each, job }): Task<M> => ({ job, rules: [each], deaths: 0 }));
    await this.drain<M, Task<M>>(tasks, {
      open: (task) => {
        const [broken] = task.rules.flatMap((each) => each.broken ?? []);
        if (broken === undefined) return [task];
        answers.set(task.job, broken);
        return [];
      },
      split: (task) => [task],
      done: ({ job }, found) => answers.set(job, { found }),
      blame: ({ job }, _, why) => answers.set(job, why),
    });
    return answers;
  }

  /** Imports what tests need beforehand, as it takes longer than a test should. */
  async prepareTests(): Promise<void> {
    await (await this.ready()).submit([{ method: 'prepare_tests', args: [] }], true);
  }

  /**
   * Does tasks in order. When a process is lost, what it has not answered runs again, rule by rule and each answer as soon as it
   * is there, so that the rule is found that does it.
   */
  private async drain<M extends Method, T extends Task<M>>(tasks: readonly T[], work: Work<M, T>): Promise<void> {
    let queue = tasks;
    let careful = false;
    for (;;) {
      await this.load(queue.flatMap((task) => task.rules));
      queue = queue.flatMap((task) => work.open(task));
      if (queue.length === 0) return;
      const process = await this.ready();
      this.hasRun = true;
      const outcome = await process.submit(
        queue.map(({ job }) => job),
        careful,
      );
      for (const [at, answer] of outcome.results.entries()) {
        const task = queue[at];
        if (task !== undefined) work.done(task, answer);
      }
      if (outcome.kind === 'done') return;
      this.lost = reasonOf(outcome);
      const [first, ...rest] = queue.slice(outcome.results.length);
      if (first === undefined) return;
      const [rule, ...others] = first.rules;
      if (!outcome.exact) {
        queue = [first, ...rest].flatMap((task) => work.split(task));
        careful = true;
      } else if (rule === undefined || others.length > 0) {
        queue = [...work.split(first), ...rest];
        careful = true;
      } else if (outcome.why === 'killed' && first.deaths + 1 < MOST_DEATHS) {
        first.deaths += 1;
        queue = [first, ...rest];
        careful = true;
      } else {
        rule.stops = outcome.why === 'killed' ? this.options.mostStops : rule.stops + 1;
        work.blame(first, rule, endedBy(rule, outcome, this.options.timeLimitMs));
        queue = rest;
        careful = false;
      }
    }
  }

  /** The jobs that load rules, and the rules that each of them is for. */
  private loading(missing: readonly KnownRule[]): {
    readonly jobs: readonly Job<'add_bundle' | 'add_rule'>[];
    readonly owners: readonly (readonly KnownRule[])[];
  } {
    const jobs: Job<'add_bundle' | 'add_rule'>[] = [];
    const owners: (readonly KnownRule[])[] = [];
    for (const each of missing) {
      const { logic } = each;
      let bundle = this.loadedBundles.get(logic.bundle);
      if (bundle === undefined) {
        bundle = this.loadedBundles.size;
        this.loadedBundles.set(logic.bundle, bundle);
        jobs.push({ method: 'add_bundle', args: [JSON.stringify(logic.bundle)] });
        owners.push(missing.filter((other) => other.logic.bundle === logic.bundle));
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
        stops: each.stops,
      };
      jobs.push({ method: 'add_rule', args: [JSON.stringify(spec)] });
      owners.push([each]);
    }
    return { jobs, owners };
  }

  /** The process, started where there is none. */
  private async ready(): Promise<PythonProcess> {
    if (this.process?.usable === true) return this.process;
    if (this.hasRun && !this.restartSaid) {
      this.restartSaid = true;
      this.notice(diagnostic('python/restarted', { repository: this.name, reason: this.lost }));
    }
    this.hasRun = false;
    this.loadedRules = new Set();
    this.loadedBundles = new Map();
    try {
      this.process = await startPython(this.options);
    } catch (failed) {
      if (!(failed instanceof StartFailure)) throw failed;
      throw new PythonStartError(failed.message);
    }
    return this.process;
  }
}

function endedBy({ rule }: KnownRule, ended: Ended, milliseconds: number): Diagnostic {
  switch (ended.why) {
    case 'timeout':
      return diagnostic('python/timeout', { rule: rule.id, milliseconds }, rule.span);
    case 'memory':
      return diagnostic('python/memory', { rule: rule.id }, rule.span);
    case 'crash':
    case 'killed': {
      const reason = ended.reason.trim().split('\n').at(-1) ?? '';
      return diagnostic('python/crash', { rule: rule.id, reason }, rule.span);
    }
  }
}

function reasonOf(ended: Ended): string {
  switch (ended.why) {
    case 'timeout':
      return 'a rule took too long and could not be stopped otherwise';
    case 'memory':
      return 'its process took more memory than it may';
    case 'crash':
    case 'killed':
      return ended.reason.trim().split('\n').at(-1) ?? '';
  }
}
