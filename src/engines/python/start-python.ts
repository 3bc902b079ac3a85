import { harnessSource } from './harness-source.ts';
import { type ChildSetup, childProgram } from './sandbox/child.ts';
import { findPyodide } from './sandbox/launch.ts';
import { type ProcessLimits, PythonProcess, StartFailure } from './sandbox/python-process.ts';
import { realmProgram } from './sandbox/realm/realm.ts';
import { SnapshotCache } from './snapshot-cache.ts';

export interface StartOptions extends ProcessLimits {
  /** After how many stops a rule is passed over. */
  readonly mostStops: number;
  /** Milliseconds since 1970; undefined: the clock goes. */
  readonly now: number | undefined;
  /** Where Python's memory after start is kept; undefined: nowhere. */
  readonly cacheFolder: string | undefined;
}

/** How often it is tried to start a process that others end meanwhile. */
const MOST_STARTS = 5;

/** Starts a process with Python and the harness in it, from a snapshot where there is one. Throws `StartFailure`. */
export async function startPython(options: StartOptions): Promise<PythonProcess> {
  const { version } = findPyodide();
  const harness = harnessSource();
  const { cacheFolder } = options;
  const key = JSON.stringify([version, process.version, process.arch, harness, realmProgram]);
  const cache = cacheFolder === undefined ? undefined : new SnapshotCache(cacheFolder, key);
  let snapshot = cache?.find();
  for (let starts = 1; ; starts += 1) {
    try {
      return await startFrom(snapshot, cache, harness, options);
    } catch (failed) {
      if (!(failed instanceof StartFailure)) throw failed;
      if (failed.killed && starts < MOST_STARTS) continue;
      if (snapshot === undefined) throw failed;
      cache?.remove();
      snapshot = undefined;
    }
  }
}

async function startFrom(
  snapshot: string | undefined,
  cache: SnapshotCache | undefined,
  harness: string,
  options: StartOptions,
): Promise<PythonProcess> {
  const { folder } = findPyodide();
  const { timeLimitMs, loadLimitMs, mostStops, now } = options;
  const setup: ChildSetup = {
    pyodide: folder,
    realm: realmProgram,
    snapshot: snapshot ?? null,
    start: { harness, makeSnapshot: cache !== undefined, now: now ?? null, timeLimitMs, loadLimitMs },
  };
  const message = JSON.stringify({ program: childProgram, setup });
  const made = await PythonProcess.start(folder, snapshot, message, options);
  // Before any rule has run in it.
  if (made.snapshot !== undefined) cache?.write(made.snapshot);
  const settings = JSON.stringify({ mostStops });
  const outcome = await made.process.submit([{ method: 'configure', args: [settings] }], true);
  if (outcome.kind === 'stopped') throw new StartFailure(outcome.reason, outcome.why === 'killed');
  return made.process;
}
