import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { PythonBundle } from '../../ir/rule/python.ts';
import type { Answers, Method } from './answers.ts';
import { type KnownRule, suspended } from './known-rule.ts';
import type { ProcessOwner } from './process-pool.ts';
import { PythonStartError } from './python-start-error.ts';
import { explainError } from './report.ts';
import type { PythonResult } from './result.ts';
import type { Job } from './sandbox/messages.ts';
import { type BatchOutcome, type Ended, type PythonProcess, StartFailure } from './sandbox/python-process.ts';
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
  /** The tasks' only rule changed what others share: it is not run any more. */
  stop(tasks: readonly T[], rule: KnownRule, why: Diagnostic): void;
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
    /** Those that load and change nothing, once that is not so of all together: the others are brought one by one. */
    let innocent: Set<KnownRule> | undefined;
    for (;;) {
      const process = await this.ready();
      const missing = [...new Set(rules)].filter((each) => each.broken === undefined && !this.loadedRules.has(each));
      if (missing.length === 0) return;
      const known = missing.filter((each) => innocent?.has(each) !== false);
      const part = known.length > 0 ? known : missing.slice(0, 1);
      const { jobs, owners } = this.loading(part);
      const outcome = await process.submit(jobs, true);
      if (outcome.kind === 'stopped') {
        this.lost = reasonOf(outcome);
        const [only] = part;
        if (part.length > 1 || only === undefined) {
          // It may be another one's doing that this one cannot be loaded.
          innocent ??= new Set();
          continue;
        }
        const died = (deaths.get(only) ?? 0) + 1;
        deaths.set(only, died);
        if (outcome.why !== 'killed' || died >= MOST_DEATHS) {
          only.broken = endedBy(only, outcome, this.options.loadLimitMs);
        }
        continue;
      }
      if (outcome.touched !== undefined) {
        await this.leave();
        const [only] = part;
        if (part.length === 1 && only !== undefined) only.broken = tampered(only, outcome.touched);
        innocent ??= new Set();
        continue;
      }
      for (const [at, error] of outcome.results.entries()) {
        const job = jobs[at];
        const [each] = owners[at] ?? [];
        if (job?.method !== 'add_rule' || each === undefined) continue;
        innocent?.add(each);
        if (error === undefined) this.loadedRules.add(each);
        else each.broken = explainError(each.rule, each.logic, error, 'loading', this.options);
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
        for (const each of out) {
          if (each.broken === undefined || !each.reported)
            fail(item.event, each, each.broken ?? suspended(each, mostStops));
        }
        const rules = item.rules.filter((each) => !out.includes(each));
        return rules.length === 0 ? [] : [taskOf({ ...item, rules })];
      },
      split: ({ item }) => item.rules.map((each) => taskOf({ ...item, rules: [each] })),
      done: ({ item }, answer) => {
        for (const { index, error, place, again, outputs, problems } of answer) {
          const each = item.rules.find((one) => one.index === index);
          if (each === undefined) continue;
          const { rule, logic } = each;
          if (error !== undefined) {
            if (error.kind === 'timeout') each.stops += 1;
            const found = explainError(rule, logic, error, 'running', this.options);
            if (place !== undefined) each.told.set(place, found);
            fail(item.event, each, found);
          }
          // Only who forges answers tells of a place that was not told before.
          if (again !== undefined) fail(item.event, each, each.told.get(again) ?? unknownError(each));
          if (outputs !== undefined) {
            const diagnostics = problems.map((one) => explainError(rule, logic, one, 'output', this.options));
            results.push({ kind: 'matched', rule, event: item.event, outputs, diagnostics });
          }
        }
      },
      blame: ({ item }, each, why) => fail(item.event, each, why),
      stop: (_, each, why) => {
        each.reported = true;
        results.push({ kind: 'failed', rule: each.rule, event: undefined, diagnostics: [why] });
      },
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
      stop: (left, _, why) => {
        for (const { job } of left) answers.set(job, why);
      },
    });
    return answers;
  }

  /** Imports what tests need beforehand, as it takes longer than a test should. */
  async prepareTests(): Promise<void> {
    await (await this.ready()).submit([{ method: 'prepare_tests', args: [] }], true);
  }

  /**
   * Does tasks in order. No answer counts before it is known that nothing was changed meanwhile that rules share. Where
   * something was, or the process is lost, all of it runs again, rule by rule, so that the rule is found that does it.
   */
  private async drain<M extends Method, T extends Task<M>>(tasks: readonly T[], work: Work<M, T>): Promise<void> {
    let queue = tasks;
    let careful = false;
    for (let kills = 0; ; ) {
      await this.load(queue.flatMap((task) => task.rules));
      queue = queue.flatMap((task) => work.open(task));
      if (queue.length === 0) return;
      const rules = new Set(queue.flatMap((task) => task.rules));
      if (rules.size > 1) {
        const outcome = await this.submit(queue, false);
        if (outcome.kind === 'done' && outcome.touched === undefined) {
          record(queue, outcome.results, work);
          return;
        }
        if (outcome.kind === 'done') await this.leave();
        else if (outcome.why === 'killed') {
          kills += 1;
          // Others end processes, too.
          if (kills === 1) continue;
        }
        careful = outcome.kind === 'stopped';
      }
      const split = queue.flatMap((task) => work.split(task));
      for (const rule of rules) {
        await this.drainOne(
          split.filter((task) => task.rules.includes(rule)),
          rule,
          work,
          careful,
        );
      }
      return;
    }
  }

  /** Does tasks of a single rule in order. `careful`: with each answer as soon as it is there, so that it is known which one ends Python. */
  private async drainOne<M extends Method, T extends Task<M>>(
    tasks: readonly T[],
    rule: KnownRule,
    work: Work<M, T>,
    careful: boolean,
  ): Promise<void> {
    let queue = tasks;
    let each = careful;
    for (;;) {
      await this.load([rule]);
      queue = queue.flatMap((task) => work.open(task));
      if (queue.length === 0) return;
      const outcome = await this.submit(queue, each);
      if (outcome.kind === 'done' && outcome.touched !== undefined) {
        await this.leave();
        rule.broken = tampered(rule, outcome.touched);
        work.stop(queue, rule, rule.broken);
        return;
      }
      // These are about itself alone.
      record(queue, outcome.results, work);
      if (outcome.kind === 'done') return;
      const [first, ...rest] = queue.slice(outcome.results.length);
      if (first === undefined) return;
      each = true;
      if (!outcome.exact) queue = [first, ...rest];
      else if (outcome.why === 'killed' && first.deaths + 1 < MOST_DEATHS) {
        first.deaths += 1;
        queue = [first, ...rest];
      } else {
        rule.stops = outcome.why === 'killed' ? this.options.mostStops : rule.stops + 1;
        work.blame(first, rule, endedBy(rule, outcome, this.options.timeLimitMs));
        queue = rest;
      }
    }
  }

  private async submit<M extends Method>(tasks: readonly Task<M>[], each: boolean): Promise<BatchOutcome<M>> {
    const process = await this.ready();
    this.hasRun = true;
    const jobs = tasks.map(({ job }) => job);
    const outcome = await process.submit(jobs, each);
    if (outcome.kind === 'stopped') this.lost = reasonOf(outcome);
    return outcome;
  }

  /** Ends a process in which something was changed that rules share. */
  private async leave(): Promise<void> {
    this.lost = 'a rule changed what others share';
    await this.close();
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
        id: each.rule.id,
        kind: logic.kindOfRule,
        severity: logic.defaults.severity,
        module: logic.module.name,
        file: logic.module.file,
        code: logic.module.code,
        stops: each.stops,
      };
      jobs.push({ method: 'add_rule', args: [String(each.index), String(bundle), JSON.stringify(spec)] });
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

function record<M extends Method, T extends Task<M>>(
  tasks: readonly T[],
  answers: readonly Answers[M][],
  work: Work<M, T>,
): void {
  for (const [at, answer] of answers.entries()) {
    const task = tasks[at];
    if (task !== undefined) work.done(task, answer);
  }
}

function unknownError({ rule }: KnownRule): Diagnostic {
  return diagnostic('python/exception', { rule: rule.id, error: 'Exception', reason: '' }, rule.span);
}

function tampered({ rule }: KnownRule, what: string): Diagnostic {
  return diagnostic('python/tampered', { rule: rule.id, what }, rule.span);
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
