import { type Entries, warning } from './entry.ts';

/** What happened while matches became alerts. */
export interface AlertCodes {
  'alert/evicted': { rule: string; alerts: number };
  'alert/overflow': { rule: string; matches: number };
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
};
