import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';

/** Whether a path is a folder's own or lies below it; both whole, without links. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** As `isWithin`, for paths as they are written, wherever their links lead. What is not there is judged by its path. */
export function leadsWithin(folder: string, path: string): boolean {
  return isWithin(realOf(folder), realOf(path));
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
