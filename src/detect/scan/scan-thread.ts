import { parentPort, workerData } from 'node:worker_threads';
import { KernelReplica, type KernelState, type LinesRead } from '../../engines/stream/index.ts';
import { type FilePart, MOST_ODD } from '../../logs/decode/index.ts';
import { PartReader } from '../../logs/input/part-reader.ts';
import { parseRecord } from './parse-record.ts';

/** What a thread is started with. */
export interface ScanSetup {
  /** Where pieces lie: handing shared memory over with each would cost more than scanning it. */
  readonly slots: readonly SharedArrayBuffer[];
}

/** What there is to read. */
export type ScanWork =
  | { readonly kind: 'part'; readonly part: FilePart }
  /** Whole lines in a slot. */
  | { readonly kind: 'piece'; readonly slot: number; readonly offset: number; readonly length: number };

export interface ScanRequest {
  readonly id: number;
  readonly work: ScanWork;
  /** What was learned since the last request. */
  readonly state: KernelState | undefined;
}

/** `from`: where in the file the lines begin, or in the slot. */
export interface ScanFound {
  readonly from: number;
  readonly lines: LinesRead;
}

/** `found` is undefined where there is no whole line. Without an answer: the thread has started. */
export interface ScanReply {
  readonly answer: { readonly id: number; readonly found: ScanFound | undefined } | undefined;
}

const setup: ScanSetup = workerData;
const kernel = new KernelReplica(parseRecord);
const reader = new PartReader();

parentPort?.on('message', ({ id, work, state }: ScanRequest) => {
  if (state !== undefined) kernel.adopt(state);
  const found = read(work);
  const moved = found === undefined ? [] : [found.lines.words.buffer, found.lines.texts.buffer];
  parentPort?.postMessage({ answer: { id, found } } satisfies ScanReply, moved);
});
parentPort?.postMessage({ answer: undefined } satisfies ScanReply);

function read(work: ScanWork): ScanFound | undefined {
  switch (work.kind) {
    case 'part': {
      const lines = reader.read(work.part);
      return lines && { from: lines.from, lines: kernel.read(lines.bytes, MOST_ODD) };
    }
    case 'piece': {
      const memory = setup.slots[work.slot];
      if (memory === undefined) throw new Error(`there is no slot ${work.slot}`);
      return { from: 0, lines: kernel.read(Buffer.from(memory, work.offset, work.length), MOST_ODD) };
    }
  }
}
