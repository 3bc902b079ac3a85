import type { LogSource } from '../log-source.ts';

/** What the user says of the records of a path: of which log type they are, or of which log source where their type is not declared. */
export interface Said {
  readonly logType?: string;
  readonly logSource?: LogSource;
}

/** A file, folder, glob or `-`; with what the user says of what is in it. */
export type LogPath = string | { readonly path: string; readonly said: Said };
