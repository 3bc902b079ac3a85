import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../base/json.ts';
import { failure, type Result, success } from '../base/result.ts';
import { NotStored, readArray, readBigInt, readObject, readText } from './plain.ts';
import type { Watermark } from './watermark.ts';

/** To be raised whenever what is stored changes its form or its meaning. */
export const CHECKPOINT_VERSION = 1;

/** What one part of a session remembers of one rule. */
export interface StoredOperator {
  /** The part of the session: `plan`, `alerts`, … */
  readonly part: string;
  readonly rule: StoredRule;
  /** Of what the rule means to that part: state is for an operator of the same fingerprint only. */
  readonly fingerprint: string;
  readonly state: Json;
}

export interface StoredRule {
  readonly format: string;
  readonly id: string;
  readonly name: string;
}

/**
 * All that a session remembers, to go on from in another process. Plain JSON: any JSON writer keeps it as it is.
 */
export interface Checkpoint {
  /** Of this form. */
  readonly version: number;
  /** The caller's own: how far it has read its inputs. */
  readonly positions: Json;
  /** How far event time has come: ticks of 100 ns since the year 1, as decimal text, or `end`; null where nothing said so. */
  readonly watermark: string | null;
  /** What is of no rule: how many records there were, and of which log types. By the parts of the session. */
  readonly session: JsonObject;
  /** The records that rules may still tell of. */
  readonly records: readonly Json[];
  readonly operators: readonly StoredOperator[];
}

/** A checkpoint as it comes out of a file: of this version, and of the form of one. */
export function readCheckpoint(stored: unknown): Result<Checkpoint> {
  const version = isJsonObject(stored) ? stored['version'] : undefined;
  if (!isJsonObject(stored) || typeof version !== 'number') return failure(unreadable('it has no version'));
  if (version !== CHECKPOINT_VERSION) {
    return failure(diagnostic('checkpoint/version', { found: version, known: CHECKPOINT_VERSION }));
  }
  try {
    const { positions = null, watermark = null, session, records, operators } = stored;
    return success({
      version,
      positions,
      watermark: watermark === null ? null : storeWatermark(readWatermark(watermark)),
      session: readObject(session),
      records: readArray(records),
      operators: readArray(operators).map(readOperator),
    });
  } catch (error) {
    if (error instanceof NotStored) return failure(unreadable(error.message));
    throw error;
  }
}

export function unreadable(reason: string): Diagnostic {
  return diagnostic('checkpoint/unreadable', { reason });
}

export function storeWatermark(watermark: Watermark | undefined): string | null {
  return watermark?.toString() ?? null;
}

/** Throws `NotStored`. */
export function readWatermark(stored: Json): Watermark | undefined {
  if (stored === null) return undefined;
  return stored === 'end' ? 'end' : readBigInt(stored);
}

function readOperator(stored: Json): StoredOperator {
  const { part, rule, fingerprint, state = null } = readObject(stored);
  const { format, id, name } = readObject(rule);
  return {
    part: readText(part),
    rule: { format: readText(format), id: readText(id), name: readText(name) },
    fingerprint: readText(fingerprint),
    state,
  };
}
