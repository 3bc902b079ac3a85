import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../base/cache-folder.ts';

const NAME = /^python-[0-9a-f]{24}\.snapshot$/;

/**
 * Python's memory after start, kept in a file so that the next start takes a fraction of the time. A file that is not the
 * user's own counts as none, as does a damaged one, which the process finds that reads it; one that cannot be written is not
 * written.
 */
export class SnapshotCache {
  private readonly folder: string;
  private readonly path: string;

  /** `key`: everything that the snapshot depends on. */
  constructor(folder: string, key: string) {
    this.folder = folder;
    const name = createHash('sha256').update(key).digest('hex').slice(0, 24);
    this.path = join(folder, `python-${name}.snapshot`);
  }

  /** The file's path, where there is one of the user's own. Its content stands behind the SHA-256 of it. */
  find(): string | undefined {
    try {
      const path = realpathSync(this.path);
      const { uid } = statSync(path);
      return process.getuid !== undefined && uid !== process.getuid() ? undefined : path;
    } catch {
      return undefined;
    }
  }

  /** Replaces what was kept for other versions. */
  write(content: Uint8Array): void {
    const fresh = `${this.path}.${process.pid}`;
    try {
      makeFolder(this.folder);
      writeFileSync(fresh, Buffer.concat([digestOf(content), content]), { mode: 0o600 });
      renameSync(fresh, this.path);
      for (const name of readdirSync(this.folder)) {
        const other = join(this.folder, name);
        if (NAME.test(name) && other !== this.path) rmSync(other, { force: true });
      }
    } catch {
      removeIfPossible(fresh);
    }
  }

  remove(): void {
    removeIfPossible(this.path);
  }
}

/** Another process may hold the file, or its folder may be none (services have `/dev/null` for a home): then it stays. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Nothing depends on it.
  }
}

function digestOf(content: Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}
