import { deserialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { Rule } from '../ir/rule.ts';
import { PlanRules } from './plan-rules.ts';
import { PythonRules } from './python-rules.ts';
import { RuleScanner } from './rule-scanner.ts';
import type { ScanOutcome } from './scan-outcome.ts';
import { typeAs } from './typing.ts';

/** What a thread is started with. */
export interface ScanSetup {
  /** Rules, as `serialize` of node:v8 writes them. */
  readonly rules: SharedArrayBuffer;
  /** The log type of every record, instead of what each looks like. */
  readonly logType: string | undefined;
  /** Where pieces lie: handing shared memory over with each would cost more than scanning it. */
  readonly slots: readonly SharedArrayBuffer[];
}

/** Whole lines, at the start of a slot. */
export interface ScanRequest {
  readonly id: number;
  readonly slot: number;
  readonly length: number;
}

export interface ScanReply {
  readonly id: number;
  readonly outcome: ScanOutcome;
}

const setup: ScanSetup = workerData;
const rules: readonly Rule[] = deserialize(Buffer.from(setup.rules));
// Feeds have the same numbers in every thread: they come from the same rules in the same order.
const scanner = new RuleScanner(
  new PlanRules(rules, undefined, { engine: 'stream' }),
  new PythonRules(rules, {}),
  (event) => typeAs(setup.logType, event),
);

parentPort?.on('message', ({ id, slot, length }: ScanRequest) => {
  const memory = setup.slots[slot];
  if (memory === undefined) throw new Error(`there is no slot ${slot}`);
  const outcome = scanner.write(Buffer.from(memory, 0, length));
  parentPort?.postMessage({ id, outcome } satisfies ScanReply);
});
