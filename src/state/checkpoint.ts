import { isJsonObject, type Json } from '../base/json.ts';
import { NotStored, readArray, readBigInt, readNumber, readText } from './plain.ts';
import type { Watermark } from './watermark.ts';

/** Stored state of one operator. It is for operators of the same fingerprint only: they mean the same. */
export interface StoredOperator {
  readonly fingerprint: string;
  readonly state: Json;
}

/** Where a run stands, so that another process goes on from there. All of it is plain data. */
export interface Checkpoint {
  /** How many records of each input were taken, by the inputs' names. */
  readonly positions: ReadonlyMap<string, number>;
  /** How many records were taken of all: the order of the next one. */
  readonly order: number;
  readonly watermark: Watermark | undefined;
  /** By the names that the run gives them. */
  readonly operators: ReadonlyMap<string, StoredOperator>;
}

/** Of the form of checkpoints: to be raised when it changes. */
const VERSION = 1;

export function writeCheckpoint({ positions, order, watermark, operators }: Checkpoint): string {
  return JSON.stringify({
    version: VERSION,
    positions: [...positions],
    order,
    watermark: watermark?.toString() ?? null,
    operators: [...operators].map(([name, { fingerprint, state }]) => [name, fingerprint, state]),
  });
}

/** Undefined for a text that is no checkpoint, or one of another version. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  try {
    const stored: Json = JSON.parse(text);
    if (!isJsonObject(stored) || stored['version'] !== VERSION) return undefined;
    const { positions, order, watermark, operators } = stored;
    return {
      positions: new Map(
        readArray(positions).map((one): [string, number] => {
          const [name, records] = readArray(one);
          return [readText(name), readNumber(records)];
        }),
      ),
      order: readNumber(order),
      watermark: watermark === null ? undefined : watermark === 'end' ? 'end' : readBigInt(watermark),
      operators: new Map(
        readArray(operators).map((one): [string, StoredOperator] => {
          const [name, fingerprint, state = null] = readArray(one);
          return [readText(name), { fingerprint: readText(fingerprint), state }];
        }),
      ),
    };
  } catch (error) {
    if (error instanceof NotStored || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
