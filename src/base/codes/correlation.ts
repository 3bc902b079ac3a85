import { type Entries, warning } from './entry.ts';

/** What happened to correlations while they ran. */
export interface CorrelationCodes {
  'correlation/evicted': { rule: string; rows: number; rowLimit: number; groupLimit: number; weightLimit: number };
  'correlation/late': { rule: string; rows: number };
  'correlation/untimed': { rule: string; rows: number };
  'correlation/abandoned': { rule: string; rows: number };
}

const count = (rows: number): string => `${rows.toLocaleString('en-US')} event${rows === 1 ? '' : 's'}`;

export const correlationCodes: Entries<CorrelationCodes> = {
  'correlation/evicted': warning(
    (p) => `${p.rule}: ${count(p.rows)} were evicted before their window closed, so matches may be missing`,
    (p) =>
      `a correlation remembers ${p.rowLimit.toLocaleString('en-US')} events and ${p.groupLimit.toLocaleString('en-US')} groups, and ${Math.round(p.weightLimit / 1024 ** 2).toLocaleString('en-US')} MB of them, all correlations together twice that: narrow the rules it refers to, or group by fields with fewer values`,
  ),
  'correlation/late': warning(
    (p) => `${p.rule}: ${count(p.rows)} came after the watermark had passed them and were left out`,
    () => 'allow for more lateness, or sort the logs by time',
  ),
  'correlation/abandoned': warning(
    (p) => `${p.rule}: the search for events that follow was given up for ${count(p.rows)}, so matches may be missing`,
    () => 'narrow the rules that it refers to, or make them agree on more values',
  ),
  'correlation/untimed': warning(
    (p) =>
      `${p.rule}: ${count(p.rows)} had no time that can be read; each was taken to be as late as the latest before it`,
  ),
};
