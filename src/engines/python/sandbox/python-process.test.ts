import { expect, onTestFinished, test } from 'vitest';
import { findPyodide } from './launch.ts';
import { type ProcessLimits, PythonProcess } from './python-process.ts';

const limits: ProcessLimits = { timeLimitMs: 60_000, loadLimitMs: 60_000, memoryLimitBytes: 128 * 1024 ** 2 };

/** A process as Python's, in which another program answers: what code could do that had left the interpreter and its realm. */
async function processOf(answer: string): Promise<PythonProcess> {
  const program = `(require, take) => {
    const { writeSync } = require('node:fs');
    const say = (reply) => {
      const message = Buffer.from(JSON.stringify(reply));
      const head = Buffer.alloc(4);
      head.writeUInt32LE(message.length);
      writeSync(1, Buffer.concat([head, message]));
    };
    say({ kind: 'ready', snapshot: false });
    const { call, jobs } = JSON.parse(take(take(4).readUInt32LE(0)).toString());
    ${answer}
  }`;
  const message = JSON.stringify({ program, setup: {} });
  const { process: made } = await PythonProcess.start(findPyodide().folder, undefined, message, limits);
  onTestFinished(() => made.close());
  return made;
}

const RUN = { method: 'run', args: ['{}', 'T', '[0]'] } as const;

test('a process that answers is heard', async () => {
  const made = await processOf("say({ kind: 'answers', call, answers: jobs.map(() => ''), more: false })");
  expect(await made.submit([RUN], true)).toEqual({ kind: 'done', results: [[]], touched: undefined });
});

test.skipIf(process.platform !== 'linux')(
  'memory that is neither Python nor JavaScript heap is seen from outside, and ends the process',
  { tags: 'large', timeout: 120_000 },
  async () => {
    const made = await processOf(`
      const held = [];
      for (;;) held.push(Buffer.alloc(16_000_000, 1));`);
    const outcome = await made.submit([RUN], true);
    expect(outcome).toMatchObject({ kind: 'stopped', why: 'memory', results: [] });
    expect(made.usable).toBe(false);
  },
);
