import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The user's own cache folder for Dragoman. */
export function defaultCacheFolder(): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (process.platform === 'win32' && local) return join(local, 'dragoman');
  return join(xdg ? xdg : join(homedir(), '.cache'), 'dragoman');
}

/**
 * Makes a folder for the user alone, one level after the other: Node's own way of it never ends below folders that take none, such
 * as those of `/proc`. Throws where there can be none.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}
