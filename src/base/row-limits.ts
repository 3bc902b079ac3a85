/** What rules over many rows may take. */
export interface RowLimits {
  /** Rows that a rule keeps over a run, and rows that it makes of one record or at the end. */
  readonly rows: number;
  /** What a rule may take for one record, or at the end. */
  readonly seconds: number;
}

export const ROW_LIMITS: RowLimits = { rows: 10_000_000, seconds: 300 };
