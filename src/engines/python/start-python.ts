import { harnessSource } from './harness-source.ts';
import { type ChildSetup, childProgram } from './sandbox/child.ts';
import { findPyodide } from './sandbox/launch.ts';
import { type ProcessLimits, PythonProcess } from './sandbox/python-process.ts';
import { realmProgram } from './sandbox/realm.ts';
import { SnapshotCache } from './snapshot-cache.ts';

export interface StartOptions extends ProcessLimits {
  /** After how many stops a rule is passed over. */
  readonly mostStops: number;
  /** Milliseconds since 1970; undefined: the clock goes. */
  readonly now: number | undefined;
  /** Where Python's memory after start is kept; undefined: nowhere. */
  readonly cacheFolder: string | undefined;
}

/** Starts a process with Python and the harness in it, from a snapshot where there is one; throws where that fails. */
export async function startPython(options: StartOptions): Promise<PythonProcess> {
  const { folder, version } = findPyodide();
  const harness = harnessSource();
  const realm = realmProgram;
  const { cacheFolder, timeLimitMs, loadLimitMs, mostStops } = options;
  const key = JSON.stringify([version, process.version, process.arch, harness, realm]);
  const cache = cacheFolder === undefined ? undefined : new SnapshotCache(cacheFolder, key);
  const begin = (snapshot: string | undefined) => {
    const setup: ChildSetup = {
      pyodide: folder,
      realm,
      snapshot: snapshot ?? null,
      start: { harness, makeSnapshot: cache !== undefined, now: options.now ?? null, timeLimitMs, loadLimitMs },
    };
    return PythonProcess.start(folder, snapshot, JSON.stringify({ program: childProgram, setup }), options);
  };
  const held = cache?.find();
  const made = await begin(held).catch((failed: unknown) => {
    if (held === undefined) throw failed;
    cache?.remove();
    return begin(undefined);
  });
  // Before any rule has run in it.
  if (made.snapshot !== undefined) cache?.write(made.snapshot);
  const outcome = await made.process.submit([{ method: 'configure', args: [JSON.stringify({ mostStops })] }], true);
  if (outcome.kind === 'stopped') throw new Error(outcome.reason);
  return made.process;
}
