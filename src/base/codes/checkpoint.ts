import { type Entries, error, info, warning } from './entry.ts';

/** What became of a checkpoint that a session was to go on from. */
export interface CheckpointCodes {
  'checkpoint/version': { found: number; known: number };
  'checkpoint/unreadable': { reason: string };
  'checkpoint/log-type': { logType: string };
  'checkpoint/dropped': { rule: string };
  'checkpoint/python': { rules: readonly string[] };
}

export const checkpointCodes: Entries<CheckpointCodes> = {
  'checkpoint/version': error(
    (p) => `the checkpoint is of version ${p.found}, and this version of dragoman reads version ${p.known} only`,
    () => 'begin without it, and read the logs that it was over again',
  ),
  'checkpoint/unreadable': error((p) => `not a checkpoint, or a damaged one: ${p.reason}`),
  'checkpoint/log-type': error(
    (p) => `the checkpoint holds records of the log type \`${p.logType}\`, which this session does not know`,
    () => 'give the session that log type (`logTypes`)',
  ),
  'checkpoint/dropped': warning(
    (p) => `${p.rule}: the rule has changed or is not there any more, so what it remembered is dropped`,
  ),
  'checkpoint/python': info(
    (p) =>
      `what Python modules keep from one event to the next is not stored: ${p.rules.length === 1 ? 'one rule ran' : `${p.rules.length} rules ran`} as Python before the checkpoint`,
  ),
};
