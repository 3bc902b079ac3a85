import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { writtenOf } from './engine/inputs.ts';
import { addFound } from './engine/store.ts';
import { workedMs } from './engine/try-input.ts';
import { WatchedInput } from './engine/watched-input.ts';
import { loadTarget, targetNames } from './targets/index.ts';
import type { Task, Told } from './worker.ts';

const USAGE = `npm run fuzz -- [target …] [seconds] [options]

Fuzzes the targets, all of them by default, one after the other, each for so many seconds (10 by default).
  --list         what there is to fuzz
  --seed N       another seed than 1: the same seed and number of inputs try the same inputs
  --inputs N     so many inputs each, however long they take
  --planted      with the target's own fault in it, which has to be found
Inputs that reach something new go into fuzz/corpus, failures into fuzz/found, where \`npm test\` tries them from then on.
Exit code 0: nothing was found; 1: something was.`;

/** An input that takes longer than this is a hang, where the process worked for a part of that: others may keep the machine busy. */
const HANG_MS = 30_000;
const HANG_WORK = 1 / 4;
/** So many times as long, and it is one even if nothing worked: it waits for what does not come. */
const HANG_IDLE = 6;
const LOOK_MS = 500;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string' },
  },
});

interface Outcome {
  readonly findings: number;
  /** The thread was ended or has died on an input. */
  readonly broken: boolean;
}

/** Fuzzes one target in a thread of its own, which is ended where an input hangs. */
function fuzzOne(task: Task, mostMs: number): Promise<Outcome> {
  const watched = new WatchedInput(task.watched);
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 2048 },
  });
  const began = performance.now();
  let findings = 0;
  let last: Told & { kind: 'progress' } = { kind: 'progress', inputs: 0, kept: 0, reached: 0 };
  const status = (): string => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    return `${task.target}: ${seconds} s, ${last.inputs} inputs, ${last.kept} kept, ${last.reached} places reached, ${findings} found`;
  };
  const report = (message: string, input: string, file: string | undefined): void => {
    findings += 1;
    process.stdout.write(`\nFOUND in ${task.target}: ${message}\n  input: ${input.slice(0, 2_000)}\n`);
    if (file !== undefined) process.stdout.write(`  kept in ${file}\n`);
  };
  const reportLast = (message: string): void => {
    const { input } = watched;
    const file = task.planted ? undefined : addFound(task.target, input, message);
    report(message, JSON.stringify(writtenOf(input)), file);
  };
  return new Promise((resolve) => {
    let seen = 0;
    let since = performance.now();
    let used = process.cpuUsage();
    const look = setInterval(() => {
      if (watched.begun !== seen) {
        seen = watched.begun;
        since = performance.now();
        used = process.cpuUsage();
      }
      const most = Math.max(HANG_MS, 5 * mostMs);
      const took = performance.now() - since;
      if (seen > 0 && took > most && (workedMs(used) > most * HANG_WORK || took > most * HANG_IDLE)) {
        reportLast(`a hang: the input has not ended after ${Math.round(took)} ms`);
        finish(true);
      }
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${status()}`);
    }, LOOK_MS);
    const finish = (broken: boolean): void => {
      clearInterval(look);
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
      process.stdout.write(`${status()}\n`);
      worker.removeAllListeners();
      worker.terminate().then(
        () => resolve({ findings, broken }),
        () => resolve({ findings, broken }),
      );
    };
    worker.on('message', (told: Told) => {
      switch (told.kind) {
        case 'progress':
          last = told;
          break;
        case 'finding':
          report(told.message, told.input, told.file);
          break;
        case 'done':
          finish(false);
          break;
      }
    });
    worker.on('error', (error) => {
      reportLast(`the thread died: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      finish(true);
    });
  });
}

async function main(): Promise<number> {
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.list) {
    for (const name of targetNames) console.log(`${name.padEnd(18)} ${(await loadTarget(name)).about}`);
    return 0;
  }
  const numbers = positionals.filter((each) => /^\d+(\.\d+)?$/.test(each));
  const names = positionals.filter((each) => !numbers.includes(each));
  const unknown = names.find((name) => !targetNames.includes(name));
  const most = values.inputs === undefined ? Number.POSITIVE_INFINITY : Number(values.inputs);
  const seed = Number(values.seed);
  if (unknown !== undefined || numbers.length > 1 || !Number.isInteger(seed) || Number.isNaN(most)) {
    console.error(unknown === undefined ? USAGE : `there is no target ${unknown}; see \`npm run fuzz -- --list\``);
    return 2;
  }
  let found = 0;
  for (const name of names.length === 0 ? targetNames : names) {
    const seconds = values.inputs === undefined ? Number(numbers[0] ?? 10) : Number.POSITIVE_INFINITY;
    const { mostMs } = await loadTarget(name);
    const end = performance.now() + seconds * 1000;
    // After an input that ended the thread, another thread goes on with other inputs.
    for (let round = 0; ; round += 1) {
      const outcome = await fuzzOne(
        {
          target: name,
          seed: seed + round * 1_000_003,
          mostInputs: most,
          seconds: (end - performance.now()) / 1000,
          planted: values.planted,
          watched: new WatchedInput().memory,
        },
        mostMs,
      );
      found += outcome.findings;
      if (!outcome.broken || performance.now() >= end || round >= 5) break;
    }
  }
  return found > 0 ? 1 : 0;
}

process.exit(await main());
