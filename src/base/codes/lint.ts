import { type Entries, warning } from './entry.ts';

/** What is wrong with rules that load: found by comparing them with the views, and with logs. */
export interface LintCodes {
  'lint/never': { logTypes: readonly string[]; condition: string };
  'lint/case-only': { field: string; written: string; seen: string; records: number };
  'lint/several-values': { field: string; records: number };
  'lint/unserved-source': { pattern: string };
}

export const lintCodes: Entries<LintCodes> = {
  'lint/never': warning(
    (p) =>
      `the rule can never match: ${p.condition === '' ? 'its conditions exclude each other' : `\`${p.condition}\` is false`} for every record of ${p.logTypes.join(', ')}`,
    (p) =>
      p.condition === ''
        ? ''
        : 'compare the condition with what the log type gives: `dragoman explain --rule … --event …` on one record shows it',
  ),
  'lint/several-values': warning(
    (p) =>
      `\`${p.field}\` has several values in ${p.records} ${p.records === 1 ? 'record' : 'records'}: this is unknown there, never true`,
    () => 'use MV_CONTAINS, `:` or MV_EXPAND to look at each of the values',
  ),
  'lint/unserved-source': warning(
    (p) => `no log type gives records of \`${p.pattern}\`: only documents as they were indexed are looked at`,
    () =>
      'give such documents with --index, or as logs that name their data stream; `dragoman types` lists the log types',
  ),
  'lint/case-only': warning(
    (p) =>
      `${p.records} ${p.records === 1 ? 'record differs' : 'records differ'} from ${p.written} only in case: ${p.field} is "${p.seen}" there, and this field is case-sensitive`,
    () => 'list the spellings that occur, or match without regard to case where the language can',
  ),
};
