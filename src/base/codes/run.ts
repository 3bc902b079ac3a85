import { type Entries, error, info } from './entry.ts';

/** What stops a rule while it runs; every other rule goes on. `place`: `file:line` of the first record, if it was one. */
export interface RunCodes {
  'run/limit': { rule: string; file: string; what: string; limit: number; place: string; count: number };
  'run/too-large': { rule: string; file: string; place: string; count: number };
  'run/too-deep': { rule: string; file: string; place: string; count: number };
  'run/not-given': { rule: string; file: string; reason: string };
  'run/rule-fault': { rule: string; file: string; reason: string; place: string; count: number };
  'run/record-fault': { reason: string; place: string; count: number };
  'run/more': { code: string; rule: string; count: number };
  'run/fault': { reason: string; at: string };
}

function where({ place, count }: { readonly place: string; readonly count: number }): string {
  const times = count === 1 ? '' : `, ${count.toLocaleString('en-US')} times`;
  return `${place === '' ? '' : ` on ${place}`}${times}`;
}

const REPORT = 'this is a fault in dragoman: please report it with the rule; the other rules ran';

export const runCodes: Entries<RunCodes> = {
  'run/limit': error(
    (p) =>
      p.what === 'characters kept by all rules'
        ? `${p.rule} (${p.file}) keeps the most where all rules together keep more than ${p.limit.toLocaleString('en-US')} characters${where(p)}`
        : `${p.rule} (${p.file}) took more than ${p.limit.toLocaleString('en-US')} ${p.what}${where(p)}`,
    (p) =>
      p.what === 'rows' || p.what === 'seconds'
        ? `it was stopped, and its matches may be missing; --limit-${p.what} allows for more`
        : p.what.startsWith('characters kept')
          ? 'it was stopped, and its matches may be missing; let it keep fewer values, or shorter ones'
          : 'no such value is made; its matches on these records are missing',
  ),
  'run/too-large': error(
    (p) => `${p.rule} (${p.file}) made a value that is too large${where(p)}`,
    () => 'its matches on these records are missing',
  ),
  'run/too-deep': error(
    (p) => `${p.rule} (${p.file}) is nested too deep to be run${where(p)}`,
    () => 'its matches on these records are missing',
  ),
  'run/not-given': error(
    (p) => `${p.rule} (${p.file}) did not run: ${p.reason}`,
    () => 'a rule without its rows would find too little, so it finds nothing; the other rules ran',
  ),
  'run/rule-fault': error(
    (p) => `${p.rule} (${p.file}) failed${where(p)}: ${p.reason}`,
    () => REPORT,
  ),
  'run/record-fault': error(
    (p) => `a record could not be given to rules${where(p)}: ${p.reason}`,
    () => 'this is a fault in dragoman: please report it with the record; all others were read',
  ),
  'run/more': info(
    (p) =>
      `${p.count.toLocaleString('en-US')} more of ${p.code}${p.rule === '' ? '' : ` in ${p.rule}`}, counted but not kept`,
  ),
  'run/fault': error(
    (p) => `the run ended early: ${p.reason}${p.at === '' ? '' : ` (${p.at})`}`,
    () => 'this is a fault in dragoman: please report it; what was found before it is given',
  ),
};
