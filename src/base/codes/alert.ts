import { type Entries, warning } from './entry.ts';

/** What happened while matches became alerts, and while rules ran by their schedules. */
export interface AlertCodes {
  'alert/evicted': { rule: string; alerts: number };
  'alert/overflow': { rule: string; matches: number };
  'schedule/too-many-runs': { rule: string; most: number };
  'schedule/untimed': { records: number };
  'alert/max-alerts': { rule: string; most: number; matches: number };
  'alert/unseen': { records: number };
}

const number = (count: number, one: string, several: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : several}`;

export const alertCodes: Entries<AlertCodes> = {
  'alert/evicted': warning(
    (p) =>
      `${p.rule}: ${number(p.alerts, 'alert was', 'alerts were')} evicted before the dedup period was over, so later matches of ${p.alerts === 1 ? 'it' : 'them'} are new alerts`,
  ),
  'alert/overflow': warning(
    (p) =>
      `${p.rule}: ${number(p.matches, 'match', 'matches')} could not be held until the threshold was known, and ${p.matches === 1 ? 'is' : 'are'} left out`,
    () => 'narrow the rule, or run it over fewer logs at a time',
  ),
  'schedule/too-many-runs': warning(
    (p) =>
      `${p.rule}: only the first ${p.most.toLocaleString('en-US')} runs of its schedule were made, so matches of later ones are missing`,
    () => 'run it over a shorter time',
  ),
  'schedule/untimed': warning(
    (p) =>
      `${number(p.records, 'record', 'records')} had no time that can be read; for schedules each was taken to be as late as the latest before it`,
  ),
  'alert/max-alerts': warning(
    (p) =>
      `${p.rule}: a run reached max alerts (max_signals of ${p.most.toLocaleString('en-US')}), and ${number(p.matches, 'match is', 'matches are')} left out`,
    () => 'narrow the rule, or raise max_signals',
  ),
  'alert/unseen': warning(
    (p) =>
      `${number(p.records, 'record has', 'records have')} no time that a rule looks at, so ${p.records === 1 ? 'it is' : 'they are'} in no run`,
  ),
};
