import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { type Checkpoint, readCheckpoint, unreadable } from '../state/checkpoint.ts';
import { NotStored } from '../state/plain.ts';
import { StoredState } from '../state/stored-state.ts';
import { UnknownLogType } from './seen/stored-record.ts';
import type { Session } from './session.ts';

/** A session, as what stands over it hands on what it remembered. */
export interface Resumable {
  /** A fresh one takes its part of what was remembered. Throws `NotStored`. */
  resume(state: StoredState): void;
  /** Forgets everything. */
  reset(): void;
  /**
   * Goes on with other rules and with what of `held` is theirs; `held` is its own snapshot. `about`: those that are looked at for
   * faults of their own; all, where it is left out.
   */
  exchange(rules: readonly Rule[], held: StoredState, about?: readonly Rule[]): Promise<void>;
}

/** Goes on with other rules, with what it remembers of those that mean the same; the diagnostics say what was lost. */
export async function goOnWith(
  session: Resumable & Pick<Session, 'snapshot'>,
  rules: readonly Rule[],
): Promise<readonly Diagnostic[]> {
  const held = new StoredState(session.snapshot());
  await session.exchange(rules, held);
  return held.diagnostics();
}

/** What comes out of a file may be anything: it is taken up as a whole or not at all. */
export function resumeFrom(session: Resumable, checkpoint: Checkpoint): readonly Diagnostic[] {
  const read = readCheckpoint(checkpoint);
  if (!read.ok) return read.diagnostics;
  const state = new StoredState(read.value);
  try {
    session.resume(state);
  } catch (error) {
    session.reset();
    if (error instanceof UnknownLogType) return [diagnostic('checkpoint/log-type', { logType: error.logType })];
    if (error instanceof NotStored) return [unreadable(error.message)];
    throw error;
  }
  return state.diagnostics();
}
