import { InvalidAnswer, readAnswer } from '../../src/engines/python/answers.ts';
import { findPyodide } from '../../src/engines/python/sandbox/launch.ts';
import { FrameReader, frame, type Job, readReply } from '../../src/engines/python/sandbox/messages.ts';
import { type BatchOutcome, PythonProcess } from '../../src/engines/python/sandbox/python-process.ts';
import { hold, type Target } from '../engine/target.ts';
import type { Mutator } from '../mutate/mutator.ts';
import { holdSame, steers } from './oracles.ts';
import { ANSWERS, framed } from './python-answers.ts';
import { targetOf } from './target-of.ts';

const LIMITS = { timeLimitMs: 1_000, loadLimitMs: 1_000, memoryLimitBytes: 256 * 1024 ** 2 };

const JOBS: readonly Job<'run'>[] = [
  { method: 'run', args: ['{}', 'T', '[3,4]'] },
  { method: 'run', args: ['{}', 'T', '[5]'] },
];

/** Runs in the process in the place of Python: says that it is ready, waits for the first request, says what it was given, and ends. */
const PROGRAM = `(require, take, { bytes }) => {
  const { writeSync } = require('node:fs');
  const say = (all) => {
    for (let at = 0; at < all.length; ) at += writeSync(1, all, at);
  };
  const ready = Buffer.from('{"kind":"ready","snapshot":false}');
  const head = Buffer.alloc(4);
  head.writeUInt32LE(ready.length);
  say(Buffer.concat([head, ready]));
  take(take(4).readUInt32LE(0));
  say(Buffer.from(bytes, 'base64'));
  process.exit(0);
}`;

/** What must become of the jobs: their answers as far as they are in order, and whether all of them and the last look came. */
function expected(input: Buffer): { readonly results: readonly unknown[]; readonly isDone: boolean } {
  const results: unknown[] = [];
  let part = '';
  for (const message of new FrameReader().add(input)) {
    const reply = message === undefined ? undefined : readReply(message.toString('utf8'));
    if (reply?.kind !== 'answers' || reply.call !== 1) return { results, isDone: false };
    for (const [at, text] of reply.answers.entries()) {
      part += text;
      if (reply.more && at === reply.answers.length - 1) break;
      const job = JOBS[results.length];
      if (job === undefined) {
        // It stands behind the last answer, and ends the batch as soon as the message is read.
        return { results, isDone: at === reply.answers.length - 1 };
      }
      try {
        results.push(readAnswer.run(part, job.args));
      } catch (thrown) {
        if (!(thrown instanceof InvalidAnswer)) throw thrown;
        return { results, isDone: false };
      }
      part = '';
    }
  }
  return { results, isDone: false };
}

const reframe: Mutator = (input) => frame(input.subarray(4).toString('utf8'));
const [, run = ''] = ANSWERS;
const answers = (more: boolean, ...texts: readonly string[]): object => ({
  kind: 'answers',
  call: 1,
  answers: texts,
  more,
});

const target: Target = targetOf({
  name: 'python-boundary',
  about:
    'a process that says anything in the place of Python: the parent takes answers in order, ends it at the first thing that is none, and never waits for long',
  seeds: [
    framed(answers(false, run, '0 {"error":{"kind":"timeout","type":"","text":"","frames":[]}}\n', '')),
    framed(answers(false, run), answers(true, '', ''), answers(false, ''), answers(false, '')),
    framed(answers(false, ''), { kind: 'failed', call: 1, reason: 'broken' }),
    framed({ kind: 'ready', snapshot: true }, answers(false, '', '', '')),
    framed(answers(false, '', '', '', '')),
    framed({ kind: 'answers', call: 2, answers: [''], more: false }),
  ],
  words: [
    '"answers":[""]',
    '"call":1',
    '"more":false',
    '"kind":"answers"',
    '"ready"',
    '"snapshot":true',
    '"failed"',
    '0 {}',
    '\\n',
    '\\u001b',
  ],
  mutators: [reframe],
  mostBytes: 4 * 1024,
  mostMs: 20_000,
  short: 6,
  plantedWithin: 60,
  functions: {
    async submit(input: Buffer): Promise<BatchOutcome<'run'>> {
      const setup = { bytes: input.toString('base64') };
      const message = JSON.stringify({ program: PROGRAM, setup });
      const { process } = await PythonProcess.start(findPyodide().folder, undefined, message, LIMITS);
      try {
        return await process.submit(JOBS, false);
      } finally {
        await process.close();
      }
    },
  },
  // The parent takes what comes before what is none for the whole.
  planted: (own) => ({
    async submit(input) {
      const outcome = await own.submit(input);
      if (outcome.kind === 'done' || outcome.results.length < 1) return outcome;
      return { kind: 'done', results: outcome.results, touched: undefined };
    },
  }),
  async check(input, { submit }) {
    const outcome = await submit(input);
    const { results, isDone } = expected(input);
    hold(
      (outcome.kind === 'done') === isDone,
      `${outcome.kind}, where the answers are ${isDone ? 'whole' : 'not whole'}`,
    );
    holdSame(outcome.results, results, 'the answers that were taken');
    if (outcome.kind === 'stopped') hold(!steers(outcome.reason), 'a reason steers a terminal');
  },
});

export default target;
