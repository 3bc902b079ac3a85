import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { type ConformanceSet, failed, type Outcome, PASSED, skipped, unless } from '../case.ts';
import { said, withFiles } from './run-command.ts';

type Fields = Readonly<Record<string, unknown>>;

interface KibanaCase {
  readonly id: string;
  readonly group: string;
  readonly runnable: boolean;
  readonly rule: Fields & { readonly type: string; readonly index?: readonly string[] };
  readonly events?: readonly Fields[] | { readonly generate: { readonly count: number; readonly template: Fields } };
  readonly archive?: string;
  readonly mapping?: Fields;
  readonly exceptions?: readonly Fields[];
  readonly value_lists?: Readonly<Record<string, { readonly values: readonly unknown[] }>>;
  readonly runs?: readonly (Fields & { readonly at?: string; readonly manual?: readonly [string, string] })[];
  readonly expected: Expected;
}

interface Expected {
  readonly alerts?: number;
  readonly field?: string;
  readonly values?: readonly unknown[];
  readonly ordered?: boolean;
  readonly warning?: string;
  readonly alerts_after_run?: readonly number[];
  readonly shell_alerts?: number;
  readonly building_blocks?: number;
  readonly enrichments_each?: readonly (readonly Fields[])[];
  readonly enrichments_count?: readonly number[];
}

/** What Kibana's detection engine makes of documents, by Elastic's own integration tests. */
export const kibanaRules: ConformanceSet = {
  name: 'elastic/kibana-rules',
  read: (tree) => {
    const file = tree.find('elastic/kibana-rules/cases.json');
    if (file === undefined) return { absent: 'there is no elastic/kibana-rules/cases.json' };
    const archives = tree.unpack('elastic/kibana-es-archives.tar.gz');
    const cases: readonly KibanaCase[] = JSON.parse(readFileSync(file, 'utf8'));
    return { cases: cases.map((one) => ({ id: one.id, run: () => outcomeOf(one, archives) })) };
  },
};

/** What `now` means in a case: any time does. */
const NOW = '2024-01-01T12:00:00.000Z';
const INDEX = 'case';

async function outcomeOf(one: KibanaCase, archives: string | undefined): Promise<Outcome> {
  if (!one.runnable) return skipped('absent', 'the case says itself that it cannot be run');
  const documents = one.archive === undefined ? eventsOf(one) : archived(one.archive, archives);
  if (documents === undefined) return skipped('absent', `no archive is named ${one.archive}`);
  const { alerts_after_run: counts } = one.expected;
  const runs = one.runs ?? [];
  if (counts !== undefined) {
    for (const [at, wanted] of counts.entries()) {
      const { alerts } = await run(one, one.rule, documents, runs.slice(0, at + 1));
      if (alerts.length !== wanted) return failed(`${alerts.length} alerts after run ${at + 1}, not ${wanted}`);
    }
    return PASSED;
  }
  // A rule that was changed between two runs is two rules, which know nothing of each other.
  const alerts: Fields[] = [];
  let said = '';
  for (const part of partsOf(one)) {
    const found = await run(one, part.rule, documents, part.runs);
    if (found.unsupported !== undefined) return skipped('unsupported', found.unsupported);
    alerts.push(...found.alerts);
    said += found.said;
  }
  return unless(wrongWith(one.expected, alerts, said));
}

function partsOf({ rule, runs = [] }: KibanaCase): readonly { rule: Fields; runs: NonNullable<KibanaCase['runs']> }[] {
  const without = runs.findIndex((one) => typeof one['rule_without'] === 'string');
  if (without === -1) return [{ rule, runs }];
  const key = String(runs[without]?.['rule_without']);
  const changed = Object.fromEntries(Object.entries(rule).filter(([name]) => name !== key));
  return [
    { rule: changed, runs: runs.slice(0, without + 1) },
    { rule, runs: runs.slice(without + 1) },
  ];
}

interface Found {
  readonly alerts: readonly Fields[];
  readonly said: string;
  readonly unsupported?: string;
}

async function run(
  one: KibanaCase,
  rule: Fields,
  documents: readonly Fields[],
  runs: NonNullable<KibanaCase['runs']>,
): Promise<Found> {
  const identity = { rule_id: 'case', name: 'case', description: 'a case', severity: 'high', risk_score: 1 };
  const lists = Object.entries(one.value_lists ?? {});
  const files = new Map([
    ['rule.json', JSON.stringify({ ...identity, ...rule })],
    ['documents.ndjson', documents.map((document) => JSON.stringify(document)).join('\n')],
    ['mapping.json', JSON.stringify({ properties: one.mapping ?? {} })],
    ['exceptions.json', JSON.stringify(one.exceptions ?? [])],
    ...lists.map(([name, { values }], at): [string, string] => [`list-${at}-${name}`, values.join('\n')]),
  ]);
  return withFiles(files, async (folder) => {
    const at = (name: string): string => join(folder, name);
    const args = [
      ...['run', '--rules', at('rule.json'), '--index', `${indexOf(one)}=${at('documents.ndjson')}`],
      ...['--index-mapping', at('mapping.json'), '--exceptions', at('exceptions.json'), '--format', 'ecs-alert'],
      ...lists.flatMap(([name], place) => ['--value-list', `${name}=${at(`list-${place}-${name}`)}`]),
      ...runs.flatMap((each) => timesOf(each)),
    ];
    const written = await said(args);
    const unsupported = /unsupported\/[a-z-]+: 1/.exec(written.err)?.[0];
    if (!written.err.includes('1 loaded') && unsupported === undefined) throw new Error(written.err.slice(-400));
    const alerts = written.out.split('\n').filter((line) => line !== '');
    return {
      alerts: alerts.map((line): Fields => JSON.parse(line)),
      said: written.err,
      ...(unsupported !== undefined && { unsupported: unsupported.slice(0, -3) }),
    };
  });
}

/** A name that the rule's patterns mean. */
function indexOf({ rule }: KibanaCase): string {
  // A query in ES|QL names its indices itself.
  const named = rule.type === 'esql' ? /^\s*from\s+([\w-]+)/i.exec(String(rule['query']))?.[1] : undefined;
  if (named !== undefined) return named;
  return (rule.index?.[0] ?? INDEX).replace('*', INDEX);
}

function timesOf({ at, manual }: NonNullable<KibanaCase['runs']>[number]): readonly string[] {
  if (manual !== undefined) return ['--manual', manual.map(timeOf).join('..')];
  return at === undefined ? [] : ['--at', timeOf(at)];
}

function timeOf(text: string): string {
  const relative = /^now(?:-(\d+)m)?$/.exec(text);
  if (relative === null) return text;
  return new Date(Date.parse(NOW) - Number(relative[1] ?? 0) * 60_000).toISOString();
}

function eventsOf({ events = [] }: KibanaCase): readonly Fields[] {
  const all = isFieldsList(events)
    ? events
    : Array.from({ length: events.generate.count }, () => events.generate.template);
  return all.map((event) => JSON.parse(JSON.stringify(event, (_key, value) => (value === 'now' ? NOW : value))));
}

function isFieldsList(events: NonNullable<KibanaCase['events']>): events is readonly Fields[] {
  return Array.isArray(events);
}

/** The documents of the archives that a phrase names. */
function archived(phrase: string, archives: string | undefined): readonly Fields[] | undefined {
  if (archives === undefined) return undefined;
  const folders = [...phrase.matchAll(/\w+(?:\/\w+)+/g)]
    .map(([path]) => join(archives, 'x-pack/test/functional/es_archives', path))
    .filter((path) => existsSync(path));
  if (folders.length === 0) return undefined;
  return folders.flatMap((folder) =>
    textIn(folder)
      .split(/\n\s*\n/)
      .filter((text) => text.trim() !== '')
      .map((text) => {
        const { value } = JSON.parse(text);
        return { _id: value.id, _index: value.index, ...value.source };
      }),
  );
}

function textIn(folder: string): string {
  const packed = join(folder, 'data.json.gz');
  if (existsSync(packed)) return gunzipSync(readFileSync(packed)).toString('utf8');
  return readFileSync(join(folder, 'data.json'), 'utf8');
}

function wrongWith(expected: Expected, alerts: readonly Fields[], said: string): readonly string[] {
  const blocks = alerts.filter((alert) => alert['kibana.alert.building_block_type'] !== undefined);
  const { field, values } = expected;
  // The tests look at the flattened values of a field: of a document with an empty list they see nothing.
  const isSeen = (alert: Fields): boolean => field === undefined || !isDeepStrictEqual(valueAt(alert, field), []);
  const counted = values?.length === 0 ? alerts.filter(isSeen) : alerts;
  return [
    ...differs('alerts', counted.length, expected.alerts),
    ...differs('building blocks', blocks.length, expected.building_blocks),
    ...differs('shells', alerts.length - blocks.length, expected.shell_alerts),
    ...(expected.warning === undefined || said.includes(expected.warning) ? [] : [`no warning of ${expected.warning}`]),
    ...(expected.values === undefined ? [] : wrongValues(expected, expected.values, alerts)),
    ...wrongEnrichments(expected, alerts),
  ];
}

function differs(what: string, found: number, wanted: number | undefined): readonly string[] {
  return wanted === undefined || found === wanted ? [] : [`${found} ${what}, not ${wanted}`];
}

function wrongValues({ field, ordered }: Expected, values: readonly unknown[], alerts: readonly Fields[]): string[] {
  const left = alerts.map((alert) => (field === undefined ? alert : valueAt(alert, field)));
  return values.flatMap((wanted, place) => {
    const fits = (found: unknown): boolean =>
      field === undefined && isFields(found) && isFields(wanted) ? hasAll(found, wanted) : same(found, wanted);
    const at = ordered === true ? (fits(left[0]) ? 0 : -1) : left.findIndex(fits);
    if (at === -1) return [`no alert has ${JSON.stringify(wanted)} (${place}); there are ${JSON.stringify(left)}`];
    left.splice(at, 1);
    return [];
  });
}

function hasAll(alert: Fields, wanted: Fields): boolean {
  return Object.entries(wanted).every(([name, value]) => same(valueAt(alert, name), value));
}

function same(found: unknown, wanted: unknown): boolean {
  // Cases give the values of both forms of their documents as texts.
  if (typeof found === 'number' && typeof wanted === 'string') return found === Number(wanted);
  return wanted === null ? found === undefined || found === null : isDeepStrictEqual(found, wanted);
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  severity: 'kibana.alert.severity',
  risk_score: 'kibana.alert.risk_score',
};

function valueAt(alert: Fields, name: string): unknown {
  if (name === '_id') {
    const ancestors = alert['kibana.alert.ancestors'];
    const last: unknown = Array.isArray(ancestors) ? ancestors.at(-1) : undefined;
    return isFields(last) ? last['id'] : undefined;
  }
  return read(alert, OTHER_NAMES[name] ?? name);
}

function read(value: Fields, name: string): unknown {
  if (value[name] !== undefined) return value[name];
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const inner = value[name.slice(0, dot)];
    const found = isFields(inner) ? read(inner, name.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongEnrichments(
  { enrichments_each: each, enrichments_count: counts }: Expected,
  alerts: readonly Fields[],
): readonly string[] {
  const found = alerts.map((alert) => {
    const enrichments = read(alert, 'threat.enrichments');
    return Array.isArray(enrichments) ? enrichments.filter(isFields) : [];
  });
  const lengths = found.map(({ length }) => length).sort();
  const wrong = each?.flatMap((wanted, place) => {
    const left = [...(found[place] ?? [])];
    return wanted.flatMap((one) => {
      const at = left.findIndex((enrichment) => hasAll(enrichment, one));
      if (at !== -1) left.splice(at, 1);
      return at === -1 ? [`no enrichment has ${JSON.stringify(one)}: ${JSON.stringify(found[place])}`] : [];
    });
  });
  return [
    ...(wrong ?? []),
    ...(counts === undefined || isDeepStrictEqual(lengths, [...counts].sort())
      ? []
      : [`${JSON.stringify(lengths)} enrichments`]),
  ];
}
