import { type Entries, error, warning } from './entry.ts';

/** Microsoft Sentinel analytics rules, hunting queries and Defender custom detections. */
export interface SentinelCodes {
  'sentinel/bad-severity': { found: string };
  'sentinel/bad-duration': { key: string; found: string };
  'sentinel/bad-operator': { found: string };
  'sentinel/bad-technique': { found: string };
  'sentinel/unknown-tactic': { found: string };
  'sentinel/period-too-short': { asks: string; period: string };
  'sentinel/entity-column-missing': { column: string; entity: string };
}

export const sentinelCodes: Entries<SentinelCodes> = {
  'sentinel/bad-severity': error(
    (p) => `\`${p.found}\` is no severity`,
    () => 'severities are Informational, Low, Medium and High',
  ),
  'sentinel/bad-duration': error(
    (p) => `\`${p.key}\`: \`${p.found}\` is no duration`,
    () => 'write 5m, 1h, 14d, or PT1H',
  ),
  'sentinel/bad-operator': error(
    (p) => `\`${p.found}\` is no trigger operator`,
    () => 'operators are gt, lt, eq and ne',
  ),
  'sentinel/bad-technique': warning((p) => `\`${p.found}\` is no ATT&CK technique id`),
  'sentinel/unknown-tactic': warning((p) => `\`${p.found}\` is no ATT&CK tactic`),
  'sentinel/period-too-short': warning(
    (p) => `the query asks for the last ${p.asks}, and a run of the rule sees the last ${p.period} only`,
    () => 'a longer `queryPeriod` lets it see what it asks for',
  ),
  'sentinel/entity-column-missing': warning(
    (p) => `entity ${p.entity} is mapped to column \`${p.column}\`, which the query does not give`,
  ),
};
