import { deserialize } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { Rule } from '../ir/rule.ts';
import type { FilePart } from '../logs/decode/index.ts';
import { PartReader } from '../logs/input/part-reader.ts';
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

/** What there is to scan. */
export type ScanWork =
  | { readonly kind: 'part'; readonly part: FilePart }
  /** Whole lines in a slot. */
  | { readonly kind: 'piece'; readonly slot: number; readonly offset: number; readonly length: number }
  /** Lines that are scanned elsewhere, to learn from. */
  | { readonly kind: 'lesson'; readonly lines: Uint8Array };

export interface ScanRequest {
  readonly id: number;
  readonly work: ScanWork;
}

/** What was found. `from`: where in the file the lines begin, or in the slot. Undefined where there is no whole line. */
export interface ScanFound {
  readonly from: number;
  readonly outcome: ScanOutcome;
}

export interface ScanReply {
  readonly id: number;
  readonly found: ScanFound | undefined;
  /** Whether there were records of a kind that was new to the thread. */
  readonly learned: boolean;
}

const setup: ScanSetup = workerData;
const rules: readonly Rule[] = deserialize(Buffer.from(setup.rules));
// Feeds have the same numbers in every thread: they come from the same rules in the same order.
const scanner = new RuleScanner(
  new PlanRules(rules, undefined, { engine: 'stream' }),
  new PythonRules(rules, {}),
  (event) => typeAs(setup.logType, event),
);
const reader = new PartReader();

parentPort?.on('message', ({ id, work }: ScanRequest) => {
  const { known } = scanner;
  const found = scan(work);
  const learned = scanner.known > known;
  const moved = found === undefined ? [] : [found.outcome.words.buffer, found.outcome.texts.buffer];
  parentPort?.postMessage({ id, found, learned } satisfies ScanReply, moved);
});

function scan(work: ScanWork): ScanFound | undefined {
  switch (work.kind) {
    case 'part': {
      const lines = reader.read(work.part);
      return lines && { from: lines.from, outcome: scanner.write(lines.bytes) };
    }
    case 'piece': {
      const memory = setup.slots[work.slot];
      if (memory === undefined) throw new Error(`there is no slot ${work.slot}`);
      return { from: 0, outcome: scanner.write(new Uint8Array(memory, work.offset, work.length)) };
    }
    case 'lesson':
      scanner.write(work.lines);
      return undefined;
  }
}
