import type { Judge } from './scan-class.ts';
import type { TablePlace } from './watched-keys.ts';

/**
 * What a kernel in another thread needs to read lines as one here does: what changed since it was last told. All of it may be
 * posted to a thread, and the bytes moved there.
 */
export interface KernelState {
  /** Copies of memory, by address. */
  readonly copies: readonly { readonly at: number; readonly bytes: Uint8Array<ArrayBuffer> }[];
  /** How much memory is handed out. */
  readonly size: number;
  readonly keys: TablePlace;
  readonly classCount: number;
  readonly targetStamps: { readonly at: number; readonly most: number };
  /** No stamp in the copies is newer. */
  readonly lastStamp: number;
  /** Addresses of stamps, those told before left out. */
  readonly stamps: readonly number[];
  /** Tests, those told before left out. */
  readonly judges: readonly Judge[];
}

/** How much of a kernel's state another has been told. */
export interface KernelMark {
  readonly version: number;
  /** Tables before this address. */
  readonly tables: number;
  readonly stamps: number;
  readonly judges: number;
}

export const NOTHING_TOLD: KernelMark = { version: 0, tables: 0, stamps: 0, judges: 0 };
