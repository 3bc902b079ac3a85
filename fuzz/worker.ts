import { parentPort, workerData } from 'node:worker_threads';
import { BlockCoverage } from './coverage/block-coverage.ts';
import { fuzz, type Progress } from './engine/fuzz.ts';
import { inputOf, writtenOf } from './engine/inputs.ts';
import { addFound, readCorpus, readFound, writeCorpus } from './engine/store.ts';
import { WatchedInput } from './engine/watched-input.ts';
import { loadTarget } from './targets/index.ts';

/** What the thread that fuzzes one target is told. */
export interface Task {
  readonly target: string;
  readonly seed: number;
  readonly mostInputs: number;
  readonly seconds: number;
  readonly planted: boolean;
  readonly watched: SharedArrayBuffer;
}

/** What it tells. */
export type Told =
  | { readonly kind: 'progress'; readonly inputs: number; readonly kept: number; readonly reached: number }
  | { readonly kind: 'finding'; readonly message: string; readonly input: string; readonly file: string | undefined }
  | { readonly kind: 'done' };

const task = workerData as Task;
const tell = (told: Told): void => parentPort?.postMessage(told);
const told = ({ inputs, kept, reached }: Progress): void =>
  tell({ kind: 'progress', inputs, kept: kept.length, reached });

const TOLD_EVERY_MS = 500;

const coverage = new BlockCoverage((url) => /\/\.fuzz\/src\//.test(url));
coverage.start();
const target = await loadTarget(task.target);
const subject = await target.open(task.planted);
const watched = new WatchedInput(task.watched);
const end = performance.now() + task.seconds * 1000;
let next = 0;
const done = await fuzz(target, subject, {
  seed: task.seed,
  mostInputs: task.mostInputs,
  isOver: () => performance.now() > end,
  corpus: [...readCorpus(target.name), ...readFound(target.name).map(({ input }) => inputOf(input))],
  coverage,
  minimiseTries: 3_000,
  onInput: (input) => watched.begin(input),
  onFinding: ({ input, failure }) => {
    const file = task.planted ? undefined : addFound(target.name, input, failure.message);
    tell({ kind: 'finding', message: failure.message, input: JSON.stringify(writtenOf(input)), file });
  },
  onProgress: (progress) => {
    if (performance.now() < next) return;
    next = performance.now() + TOLD_EVERY_MS;
    told(progress);
  },
});
told(done);
await subject.close?.();
coverage.stop();
const seeds = new Set(target.seeds.map((seed) => inputOf(seed).toString('latin1')));
if (!task.planted)
  writeCorpus(
    target.name,
    done.kept.filter((input) => !seeds.has(input.toString('latin1'))),
  );
tell({ kind: 'done' });
