import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { createSession } from '../../src/detect/alerts/alert-session.ts';
import type { InputRecord } from '../../src/detect/session.ts';
import { explainRule } from '../../src/explain/explain.ts';
import { pythonOf, type Rule } from '../../src/ir/rule/rule.ts';
import { decodeText } from '../../src/logs/decode/index.ts';
import type { TypingOptions } from '../../src/logs/typing.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import { corpora, openTree } from './tree.ts';

/**
 * What `explain` says of a record is what a run of the rule over the same records says: on published rules and events of every
 * dialect, a sample of them (`DRAGOMAN_SEED` takes another).
 */
const tree = openTree(corpora);
afterAll(() => tree.close());

/** Numbers from 0 up to 1, the same for a seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomOf(Number(process.env['DRAGOMAN_SEED'] ?? 2026));

/** So many of the items, in their order. */
function sample<T>(items: readonly T[], count: number): readonly T[] {
  const places = items.map((_, at) => ({ at, by: random() })).sort((a, b) => a.by - b.by);
  const taken = new Set(places.slice(0, count).map(({ at }) => at));
  return items.filter((_, at) => taken.has(at));
}

interface Ran {
  /** Places of records that are matches themselves. */
  readonly records: ReadonlySet<number>;
  readonly matches: number;
}

async function ran(rule: Rule, records: readonly InputRecord[], options: TypingOptions): Promise<Ran> {
  const session = createSession([rule], options);
  try {
    const matches = [...(await session.process(records)), ...(await session.advance('end'))];
    const places = new Map(records.map(({ source }, at) => [source, at]));
    const found = matches.flatMap(({ record }) => (record && places.get(record.source)) ?? []);
    return { records: new Set(found), matches: matches.length };
  } finally {
    await session.close();
  }
}

/** Whether each match of a rule is one record, which it is decided by alone. */
function isRecordWise(rule: Rule): boolean {
  return pythonOf(rule) !== undefined || (rule.logic.columns === undefined && rule.alert?.threshold === undefined);
}

interface Told {
  readonly rules: number;
  /** Pairs of a rule and a record that it explains as a match, or as part of one. */
  readonly matching: number;
  readonly wrong: readonly string[];
}

/** Where explain and a run of each rule by itself disagree. */
async function told(
  rules: readonly Rule[],
  records: readonly InputRecord[],
  optionsOf: (rule: Rule) => TypingOptions = () => ({}),
): Promise<Told> {
  const wrong: string[] = [];
  let matching = 0;
  for (const rule of rules) {
    const options = optionsOf(rule);
    const run = await ran(rule, records, options);
    // Rows that a query writes itself are no record's.
    const isOfRecords = run.matches > 0 && (await ran(rule, [], options)).matches === 0;
    const explained = await explainRule(rule, records, options);
    const taking = new Set(explained.flatMap(({ verdict }, at) => (verdict === true ? [at] : [])));
    matching += taking.size;
    const said = `${rule.file} (${rule.id}): run ${run.matches} matches at [${[...run.records]}], explain [${[...taking]}]`;
    const lost = [...run.records].some((at) => !taking.has(at));
    const extra = isRecordWise(rule) && taking.size !== run.records.size;
    if (lost || extra || taking.size > 0 !== isOfRecords) wrong.push(said);
  }
  return { rules: rules.length, matching, wrong };
}

function expectAgreement(name: string, { rules, matching, wrong }: Told): void {
  console.log(`explain, ${name}: ${rules} rules, ${matching} records told to match or to take part`);
  expect(wrong).toEqual([]);
  expect(matching).toBeGreaterThan(0);
}

const sigmaRules = tree.unpack('sigma/sigmahq-rules.tar.gz');
const hitsFile = tree.find('sigma/otrf/naive_hits.json');

/** Where a plain evaluator found rules of SigmaHQ in Windows events. */
interface NaiveHits {
  readonly zips: readonly {
    readonly zip: string;
    readonly hits: readonly { readonly event: number; readonly rules: readonly string[] }[];
  }[];
}

/** Records of some archives, those of hits among them, and the ids of the rules that were found there. */
function windowsRecords(archives: number, ofEach: number): { records: readonly InputRecord[]; ids: readonly string[] } {
  if (hitsFile === undefined) return { records: [], ids: [] };
  const naive: NaiveHits = JSON.parse(readFileSync(hitsFile, 'utf8'));
  const chosen = sample(naive.zips, archives).map(({ zip, hits }) => {
    const path = tree.find(`sigma/otrf/${zip}`);
    if (path === undefined) return { records: [], ids: [] };
    const text = execFileSync('unzip', ['-p', path, '*.json'], { maxBuffer: 2 ** 30 }).toString();
    const lines = text.split('\n').filter((line) => line.startsWith('{'));
    const found = sample(hits, ofEach);
    const wanted = new Set([...found.map(({ event }) => event), ...sample([...lines.keys()], ofEach)]);
    const records = decodeText(lines.filter((_, at) => wanted.has(at)).join('\n'), zip).events;
    return { records, ids: found.flatMap(({ rules }) => rules) };
  });
  return {
    records: chosen.flatMap(({ records }) => records),
    ids: [...new Set(chosen.flatMap(({ ids }) => ids))],
  };
}

/** Rule files of SigmaHQ by the ids of their rules. */
function filesById(home: string): ReadonlyMap<string, string> {
  const files = ['rules', 'rules-emerging-threats', 'rules-threat-hunting'].flatMap((name) =>
    readdirSync(join(home, name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [/^id: *(\S+)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? path, path];
    }),
  );
}

const { records: windows, ids } = windowsRecords(20, 8);

describe.skipIf(sigmaRules === undefined || windows.length === 0)('Sigma', () => {
  const home = sigmaRules ?? '';
  const files = sigmaRules === undefined ? new Map<string, string>() : filesById(sigmaRules);
  const found = ids.flatMap((id) => files.get(id) ?? []);

  test('rules of SigmaHQ on Windows events', { timeout: 900_000 }, async () => {
    const { rules } = await loadRules([...new Set([...sample(found, 50), ...sample([...files.values()], 30)])]);
    expectAgreement('SigmaHQ on Windows events', await told(rules, windows));
  });

  test('correlations of rules that match', { timeout: 900_000 }, async () => {
    const members = sample(found, 10);
    const { rules: matching } = await loadRules(members);
    const documents = matching.flatMap((rule, at) => {
      const other = matching[(at + 1) % matching.length] ?? rule;
      const both = `[${rule.id}, ${other.id}]`;
      return [
        ['event_count', `[${rule.id}]`, `{gte: ${1 + Math.floor(random() * 4)}}`],
        ['value_count', both, `{gte: ${1 + Math.floor(random() * 3)}, field: EventID}`],
        [random() < 0.5 ? 'temporal' : 'temporal_ordered', both, ''],
      ].map(([type, names, condition]) =>
        [
          'title: made',
          'correlation:',
          `  type: ${type}`,
          `  rules: ${names}`,
          '  group-by: [Computer]',
          `  timespan: ${random() < 0.5 ? '30d' : '5m'}`,
          ...(condition === '' ? [] : [`  condition: ${condition}`]),
        ].join('\n'),
      );
    });
    const file = join(home, 'made.yml');
    writeFileSync(file, documents.join('\n---\n'));
    const { rules } = await loadRules([...members, file]);
    const correlations = rules.filter((rule) => rule.file === file);
    expect(correlations.length).toBe(documents.length);
    expectAgreement('correlations', await told(correlations, windows));
  });

  test('rules with regression data on their own events', { timeout: 900_000 }, async () => {
    const data = tree.unpack('sigma/regression_data.tar.gz');
    const listed = tree.find('sigma/regression-expected.json');
    if (data === undefined || listed === undefined) return;
    const cases: readonly { rule_id: string; rule_path: string; json?: string | null }[] = JSON.parse(
      readFileSync(listed, 'utf8'),
    );
    const wrong: string[] = [];
    let matching = 0;
    const chosen = sample(
      cases.filter(({ json }) => typeof json === 'string' && existsSync(join(data, json))),
      60,
    );
    for (const { rule_id, rule_path, json } of chosen) {
      const { rules } = await loadRules([join(home, rule_path)]);
      const { events } = decodeText(readFileSync(join(data, json ?? ''), 'utf8'), json ?? '');
      const found = await told(
        rules.filter(({ id }) => id === rule_id),
        events,
      );
      wrong.push(...found.wrong);
      matching += found.matching;
    }
    expectAgreement('SigmaHQ on regression data', { rules: chosen.length, matching, wrong });
  });
});

const azureSet = tree.find('logs/azure/synthetic_azure_activity.ndjson.gz');
const azureLabels = tree.find('logs/azure/synthetic_azure_activity.labels.json');

/** Labelled records, and some of the others. */
function azureRecords(): readonly InputRecord[] {
  if (azureSet === undefined || azureLabels === undefined) return [];
  const { labels }: { labels: readonly { line: number }[] } = JSON.parse(readFileSync(azureLabels, 'utf8'));
  const wanted = new Set(labels.map(({ line }) => line - 1));
  const lines = gunzipSync(readFileSync(azureSet)).toString().split('\n');
  for (const at of sample([...lines.keys()], 100)) wanted.add(at);
  return decodeText(lines.filter((_, at) => wanted.has(at)).join('\n'), 'azure').events;
}

const azure = azureRecords();

const elasticRules = tree.unpack('elastic/detection-rules.tar.gz');

test.skipIf(azure.length === 0 || elasticRules === undefined)("Elastic's rules and the mission's", async () => {
  const mission = join(corpora, '../mission/rules');
  const folders = ['integrations/azure', 'windows'].map((name) => join(elasticRules ?? '', 'rules', name));
  const { rules } = await loadRules([...folders, ...(existsSync(mission) ? [mission] : [])]);
  const records = [...azure, ...sample(windows, 100)];
  const chosen = await worthExplaining(rules, records, 40);
  expectAgreement("Elastic's rules and the mission's", await told(chosen, records));
});

/** The rules that find something together, and some of the others. */
async function worthExplaining(
  rules: readonly Rule[],
  records: readonly InputRecord[],
  others: number,
): Promise<readonly Rule[]> {
  const session = createSession(rules);
  try {
    const matches = [...(await session.process(records)), ...(await session.advance('end'))];
    const found = new Set(matches.map(({ rule }) => rule));
    const [some, rest] = [rules.filter((rule) => found.has(rule)), rules.filter((rule) => !found.has(rule))];
    return [...some, ...sample(rest, others)];
  } finally {
    await session.close();
  }
}

const KUSTO = ['azure-sentinel-2020', 'reprise99', 'bert-janp'];

test('Kusto rules on rows and on logs behind views', { timeout: 900_000 }, async () => {
  const homes = KUSTO.flatMap((name) => tree.unpack(`kusto-rules/${name}.tar.gz`) ?? []);
  const forms = tree.find('log-forms/logs');
  if (homes.length === 0 || forms === undefined) return;
  const rows = readdirSync(forms)
    .filter((name) => /\.(?:json|ndjson|log)$/.test(name))
    .sort()
    .flatMap((name) => decodeText(readFileSync(join(forms, name), 'utf8'), name).events);
  const records = [...sample(rows, 150), ...sample(windows, 150), ...sample(azure, 50)];
  const { rules } = await loadRules(homes);
  const groups = rules.filter((rule) => !isRecordWise(rule));
  const chosen = new Set([...(await worthExplaining(rules, records, 40)), ...sample(groups, 40)]);
  expectAgreement('Kusto', await told([...chosen], records));
});

const checkout = process.env['DRAGOMAN_PANTHER'] ?? '';
const hasPanther = existsSync(join(checkout, 'global_helpers'));
if (!hasPanther) console.log('skipped: DRAGOMAN_PANTHER names no checkout of panther-labs/panther-analysis');

test.skipIf(!hasPanther)("Panther's rules on the events of their inline tests", { timeout: 900_000 }, async () => {
  const { rules } = await loadRules([join(checkout, 'rules')]);
  const chosen = sample(
    rules.filter((rule) => rule.tests.length > 0 && (pythonOf(rule)?.logTypes.length ?? 1) > 0),
    15,
  );
  const wrong: string[] = [];
  let matching = 0;
  for (const rule of chosen) {
    const records = rule.tests.map(({ event }, at) => ({ event, source: { file: rule.file, line: at + 1 } }));
    const [logType] = pythonOf(rule)?.logTypes ?? [];
    const found = await told([rule], records, () => (logType === undefined ? {} : { logType }));
    wrong.push(...found.wrong);
    matching += found.matching;
  }
  expectAgreement("Panther's inline tests", { rules: chosen.length, matching, wrong });
});
