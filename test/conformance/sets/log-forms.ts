import { readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { readLogs } from '../../../src/logs/input/index.ts';
import { type ConformanceSet, disputed, type Outcome, unless } from '../case.ts';
import { type Form, rulesOf, type Wanted } from './form-rules.ts';
import { MISTAKES, type Mistake } from './log-forms-mistakes.ts';
import { type MatchAnswer, type RunAnswer, runCommand, withFiles } from './run-command.ts';

/** Raw logs in their forms: the fields, log sources, tables and times that come out, and the rules that match and do not. */
export const logForms: ConformanceSet = {
  name: 'log-forms',
  read: (tree) => {
    const file = tree.find('log-forms/forms.json');
    const logs = tree.find('log-forms/logs');
    if (file === undefined || logs === undefined) return { absent: 'there is no log-forms/forms.json, or no logs' };
    const forms: readonly Form[] = JSON.parse(readFileSync(file, 'utf8'));
    return { cases: forms.map((form) => ({ id: `form/${form.file}`, run: () => run(form, join(logs, form.file)) })) };
  },
};

async function run(form: Form, log: string): Promise<Outcome> {
  const { files, wanted } = rulesOf(form);
  const said = Object.entries(form.options?.log_source ?? {}).map(([key, value]) => `${key}=${value}`);
  const options = said.length === 0 ? [] : ['--log-source', said.join(',')];
  const answer = await withFiles(files, (folder) => runCommand(folder, log, options));
  const number = await numbering(log, form);
  const outcome = (expected: ReadonlyMap<string, Wanted>): Outcome =>
    unless([
      ...wrongRecords(form, answer),
      ...wrongMatches(form, expected, answer, number),
      ...wrongTimes(form, answer, number),
    ]);
  const mistakes = MISTAKES.filter(({ files }) => files.includes(form.file));
  if (mistakes.length === 0) return outcome(wanted);
  // All else holds, and the records that match are those that the rule's words say.
  const otherwise = outcome(corrected(wanted, mistakes));
  const reason = mistakes.map(({ what, reason }) => `${what}: ${reason}`).join('; ');
  return otherwise.status === 'passed' ? disputed(outcome(wanted), reason) : otherwise;
}

function wrongRecords({ records }: Form, { summary }: RunAnswer): string[] {
  return summary.logs.records === records ? [] : [`${summary.logs.records} records, not ${records}`];
}

function wrongMatches(form: Form, wanted: ReadonlyMap<string, Wanted>, answer: RunAnswer, number: Numbering): string[] {
  const hits = new Map<string, Set<number | 'row'>>();
  const hit = (id: string, what: number | 'row'): void => {
    const known = hits.get(id) ?? new Set();
    known.add(what);
    hits.set(id, known);
  };
  for (const match of answer.matches) hit(match.rule_id, match.source === null ? 'row' : number(match.source));
  // A query's rule is named by its file.
  for (const { file, matches } of answer.summary.matches) {
    const id = basename(file, extname(file));
    if (wanted.has(id) && matches > 0 && !hits.has(id)) hit(id, 'row');
  }
  return [...wanted].flatMap(([id, { what, must }]) => {
    const found = hits.get(id) ?? new Set();
    return fits(must, found, form) ? [] : [found.size === 0 ? what : `${what} (matched ${[...found].join(', ')})`];
  });
}

function fits(must: Wanted['must'], found: ReadonlySet<number | 'row'>, { records }: Form): boolean {
  switch (must.how) {
    case 'match-record':
      return found.has(must.record);
    case 'match-row':
      return found.has(must.record) || found.has('row');
    case 'not-match':
      return found.size === 0;
    case 'match':
      if (found.size === 0) return false;
      if (must.records === undefined || records === 1) return true;
      return must.records.length === found.size && must.records.every((record) => found.has(record));
  }
}

function wrongTimes(form: Form, answer: RunAnswer, number: Numbering): string[] {
  const times = new Map<number, string | null>();
  for (const { source, time } of answer.matches) if (source !== null) times.set(number(source), time);
  return form.expect.flatMap(({ record, time }) => {
    const found = times.get(record);
    if (time === undefined || !times.has(record)) return [];
    return instant(time) === instant(found ?? null) ? [] : [`time ${record}: ${found}, not ${time}`];
  });
}

type Source = Exclude<MatchAnswer['source'], null>;

/** What is wanted, with the mistakes of the expectations put right. */
function corrected(wanted: ReadonlyMap<string, Wanted>, mistakes: readonly Mistake[]): ReadonlyMap<string, Wanted> {
  return new Map(
    [...wanted].map(([id, one]) => {
      const mistake = mistakes.find(({ what }) => what === one.what);
      return [id, mistake === undefined ? one : { ...one, must: { how: 'match', records: mistake.records } }];
    }),
  );
}

type Numbering = (source: Source) => number;

/** The number of a record in its file: its rank by place among all that are read there. Records of several lines are read late. */
async function numbering(log: string, { options }: Form): Promise<Numbering> {
  const typing = options?.log_source === undefined ? {} : { typing: { logSource: options.log_source } };
  const places: number[] = [];
  for await (const { events } of readLogs([log], typing)) places.push(...events.map(({ source }) => placeOf(source)));
  const numbers = new Map(places.sort((a, b) => a - b).map((place, at) => [place, at]));
  return (source) => numbers.get(placeOf(source)) ?? -1;
}

/** Orders places by line, then by record. */
function placeOf({ line, record = 0 }: Source): number {
  return line * 1_000_000 + record;
}

/** Milliseconds since 1970, to the nearest; times without a zone are UTC, numbers seconds to nanoseconds by their size. */
function instant(text: string | null): number | string | null {
  if (text === null) return null;
  const trimmed = text.trim();
  if (/^-?\d+(?:\.\d+)?$/.test(trimmed)) {
    const value = Number(trimmed);
    const perSecond = value > 1e17 ? 1e9 : value > 1e14 ? 1e6 : value > 1e11 ? 1e3 : 1;
    return Math.round((value / perSecond) * 1000);
  }
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)? ?(Z|[+-]\d\d:?\d\d)?$/.exec(trimmed);
  if (found === null) return `unreadable ${trimmed}`;
  const [, day, time, fraction = '0', zone = 'Z'] = found;
  const whole = Date.parse(`${day}T${time}${zone.replace(/^(...)(\d\d)$/, '$1:$2')}`);
  return whole + Math.round(Number(fraction) * 1000);
}
