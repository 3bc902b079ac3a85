import type { MatchRow } from '../../../../state/state-row.ts';
import type { Row } from '../../row.ts';

/** A match as a row of its record, which happened when the match did. */
export function rowOfMatch({ id, at, columns }: MatchRow, event: Row['event']): Row {
  return { event, columns, at, ...(id !== undefined && { id }) };
}
