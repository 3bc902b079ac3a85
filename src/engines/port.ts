import type { JsonObject } from '../base/json.ts';
import type { Expr } from '../ir/expr.ts';
import type { Program } from './stream/program.ts';

/**
 * What an engine does for rules: it decides filters, record by record. What is left of a rule beyond its filter is the memory
 * engine's, over the records that pass.
 */
export interface RecordEngine {
  readonly name: EngineName;
  /** Whether lines can be scanned by its programs, without parsing most records. */
  readonly scans: boolean;
  /**
   * Filters bound to one log type in one shape as one program. Throws where one of them cannot be compiled. `work`: filled as
   * records are decided.
   */
  compile(filters: readonly Expr[], work: FilterWork | undefined): RecordProgram;
}

export type EngineName = 'memory' | 'stream';

export interface RecordProgram {
  /** The filters that a record may pass, by their places, ascending. */
  candidates(event: JsonObject): Iterable<number>;
  /** Whether the candidates pass for sure, and their costs are counted. Otherwise each is to be asked again. */
  readonly decides: boolean;
  /** What scans lines, of an engine that does. */
  readonly scanned: Program | undefined;
}

/** What was done for each filter of a program, by its place. */
export interface FilterWork {
  /** Records for which the index put the filter forward, or that had to be checked anyway. */
  readonly candidates: Float64Array;
  /** Candidates that the index alone could not decide. */
  readonly verified: Float64Array;
  readonly matched: Float64Array;
  /** Nanoseconds of checking. */
  readonly time: Float64Array;
}

export function filterWork(filters: number): FilterWork {
  const counts = (): Float64Array => new Float64Array(filters);
  return { candidates: counts(), verified: counts(), matched: counts(), time: counts() };
}
