import { Worker } from 'node:worker_threads';

/** How often the main thread says that it is not stuck, and how long it may be silent. */
const BEAT_MS = 200;
const SILENCE_MS = 1_000;
const CALLBACK = Symbol.for('dragoman.stuck');

/**
 * The program of the thread that watches. It cannot take signals itself; through the inspector it runs a function in the midst
 * of what the main thread is computing, also within a built-in function of JavaScript.
 */
const WATCH = `'use strict';
const { workerData: beats } = require('node:worker_threads');
const { Session } = require('node:inspector');
let session;
let last = -1;
while (Atomics.wait(beats, 1, 0, ${SILENCE_MS}) === 'timed-out') {
  const now = Atomics.load(beats, 0);
  if (now === last) {
    if (session === undefined) {
      session = new Session();
      session.connectToMainThread();
    }
    session.post('Runtime.evaluate', { expression: 'globalThis[Symbol.for("dragoman.stuck")]()' });
  }
  last = now;
}`;

/**
 * Calls `stuck` while the main thread computes and hears of nothing, and `goesOn` once it hears again. Gives what ends that.
 * Where no thread can be had, neither is called.
 */
export function watchForStuck(stuck: () => void, goesOn: () => void): () => void {
  const beats = new Int32Array(new SharedArrayBuffer(8));
  let isStuck = false;
  Object.defineProperty(globalThis, CALLBACK, {
    configurable: true,
    value: () => {
      if (isStuck) return;
      isStuck = true;
      stuck();
    },
  });
  const worker = new Worker(WATCH, { eval: true, workerData: beats, execArgv: [] });
  worker.on('error', () => {});
  worker.unref();
  const timer = setInterval(() => {
    Atomics.add(beats, 0, 1);
    if (!isStuck) return;
    isStuck = false;
    goesOn();
  }, BEAT_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    Atomics.store(beats, 1, 1);
    Atomics.notify(beats, 1);
    Reflect.deleteProperty(globalThis, CALLBACK);
  };
}
