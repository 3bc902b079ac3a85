/** What takes the lines of a table, or of something else that is longer than a line, once its first line was seen. */
export interface TableReader {
  /** Whether what comes next is its, whatever it looks like. */
  readonly isOpen: boolean;
  /** Takes a line without its end; false where it is not its, or is a `Misfit` of which more comes. */
  take(text: string, line: number): boolean;
  /** Lines that it took and found not to be its, to be called after it refused one. */
  released(): readonly (readonly [text: string, line: number])[];
  /** To be called at the text's end. */
  end(): void;
}

/**
 * Reads a line among a table's rows that is none, as what it is by itself; where it is nothing known it is reported, for the table's
 * reason. False where it begins something longer than a line: the reader of the text is to read it, and the table goes on behind.
 */
export type Misfit = (text: string, line: number, reason: string) => boolean;
