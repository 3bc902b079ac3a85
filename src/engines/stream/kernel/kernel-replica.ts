import type { JsonObject } from '../../../base/json.ts';
import { KernelReader } from './kernel-reader.ts';
import type { KernelState } from './kernel-state.ts';
import { type LinesRead, readLines } from './lines-read.ts';
import { ScanKernel } from './scan-kernel.ts';

/** A kernel that knows what another, in a thread that has the rules, was taught. */
export class KernelReplica {
  private readonly reader: KernelReader;

  /** `parse`: a JSON object as the decoder reads it. */
  constructor(parse: (text: string) => JsonObject, capacity?: number) {
    this.reader = new KernelReader(new ScanKernel(parse, capacity));
  }

  adopt(state: KernelState): void {
    this.reader.kernel.adopt(state);
  }

  /** Reads whole lines, for the other to tell; to an end after so many odd lines in a row. */
  read(bytes: Buffer, mostOdd: number): LinesRead {
    return readLines(bytes, mostOdd, this.reader);
  }
}
