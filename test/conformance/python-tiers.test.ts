import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Json, type JsonObject, stringifyJson } from '../../src/base/json.ts';
import { sourceText } from '../../src/base/source-text.ts';
import { WithoutPython } from '../../src/detect/python/python-outputs.ts';
import { compilePredicate, type Decide, rowOf } from '../../src/engines/memory/index.ts';
import { createPythonEngine, type PythonEvent } from '../../src/engines/python/index.ts';
import { conditionOf, tierOf } from '../../src/engines/python/tiers.ts';
import { pantherFormat } from '../../src/formats/panther/panther.ts';
import { pythonOf, type Rule } from '../../src/ir/rule/rule.ts';
import { loadContext } from '../../src/rules/load-context.ts';
import { plainly } from '../plain-records.ts';
import { candidatesOf } from '../python-candidates.ts';

/**
 * What is known of the Python rules of panther-labs/panther-analysis (Apache-2.0, commit daa10c88; `DRAGOMAN_PANTHER` names a
 * checkout) without Python, against Python: every test event on every rule of its log type.
 */
const checkout = process.env['DRAGOMAN_PANTHER'] ?? '';
const there = existsSync(join(checkout, 'global_helpers'));
if (!there) console.log('skipped: DRAGOMAN_PANTHER names no checkout of panther-labs/panther-analysis');

/** At least so many of the 865 rules; the numbers may only rise. */
const LEAST_EXACT = 717;
const LEAST_GUARDED = 860;
/** Of what the tiers let through, at most so many pairs on test events, and on the CloudTrail logs, need Python. */
const MOST_ASKED = 2_270;
const MOST_ASKED_IN_LOGS = 120;

const corpora = process.env['DRAGOMAN_CORPORA'] ?? join(import.meta.dirname, '../../../shared/corpora');
const logs = join(corpora, 'logs/aws-cloudtrail');

function loadRules(): Rule[] {
  const folder = join(checkout, 'rules');
  const context = loadContext(new Map(), new Map(), []);
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap(
      (path) => pantherFormat.load({ path, source: sourceText(path, readFileSync(path, 'utf8')) }, context) ?? [],
    )
    .flatMap((outcome) => (outcome.status === 'loaded' ? [outcome.rule] : []))
    .filter((rule) => pythonOf(rule)?.kindOfRule === 'rule');
}

const withoutPython = new WithoutPython();

const logTypesOf = (rule: Rule): readonly string[] => pythonOf(rule)?.logTypes ?? [];

/** What a rule's tier says of an event: undefined where it says nothing. */
function judges(rules: readonly Rule[]): (rule: Rule, logType: string) => { tier: number; decide: Decide } | undefined {
  const made = new Map<string, { tier: number; decide: Decide } | undefined>();
  const clock = {
    get now(): never {
      throw new Error('a condition read the clock');
    },
  };
  const index = new Map(rules.map((rule, at) => [rule, at]));
  return (rule, logType) => {
    const key = `${index.get(rule)} ${logType}`;
    if (made.has(key)) return made.get(key);
    const found = tierOf(rule)?.byLogType.get(logType);
    const condition = found === undefined ? undefined : conditionOf(found);
    const judge =
      found === undefined || condition === undefined
        ? undefined
        : { tier: found.tier, decide: compilePredicate(plainly(condition), clock) };
    made.set(key, judge);
    return judge;
  };
}

interface Tally {
  pairs: number[];
  matched: number[];
  raised: number[];
  raisedUnseen: number;
  spared: number;
  wrong: string[];
}

async function compareAll(
  rules: readonly Rule[],
  events: readonly PythonEvent[],
  engine: ReturnType<typeof createPythonEngine>,
): Promise<Tally> {
  const byType = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const logType of new Set(logTypesOf(rule))) byType.set(logType, [...(byType.get(logType) ?? []), rule]);
  }
  const results = await engine.evaluate(rules, events);
  const said = new Map<string, 'matched' | 'failed'>();
  const index = new Map(rules.map((rule, at) => [rule, at]));
  for (const result of results) said.set(`${index.get(result.rule)} ${result.event}`, result.kind);
  const judge = judges(rules);
  const tally: Tally = {
    pairs: [0, 0, 0, 0],
    matched: [0, 0, 0, 0],
    raised: [0, 0, 0, 0],
    raisedUnseen: 0,
    spared: 0,
    wrong: [],
  };
  for (const [at, { event, logType }] of events.entries()) {
    for (const rule of byType.get(logType) ?? []) {
      const known = judge(rule, logType);
      const tier = known?.tier ?? 3;
      const python = said.get(`${index.get(rule)} ${at}`);
      const verdict = known?.decide(rowOf(event)) === true;
      tally.pairs[tier] = (tally.pairs[tier] ?? 0) + 1;
      if (python === 'matched') tally.matched[tier] = (tally.matched[tier] ?? 0) + 1;
      if (python === 'failed') {
        tally.raised[tier] = (tally.raised[tier] ?? 0) + 1;
        if (known !== undefined && !verdict) tally.raisedUnseen += 1;
      }
      if (known !== undefined && !verdict) tally.spared += 1;
      const right = tier === 1 ? verdict === (python === 'matched') : tier === 3 || verdict || python !== 'matched';
      if (!right)
        tally.wrong.push(
          `${rule.id} (tier ${tier}) on ${logType}: ${verdict}, Python ${python}: ${stringifyJson(event)}`,
        );
    }
  }
  return tally;
}

describe.skipIf(!there)('Python rules without Python', () => {
  const engine = createPythonEngine();
  let rules: Rule[] = [];
  let events: PythonEvent[] = [];
  beforeAll(() => {
    rules = loadRules();
    events = rules.flatMap((rule) =>
      rule.tests.flatMap((each) =>
        logTypesOf(rule).map((logType) => ({ event: { ...each.event, p_log_type: logType }, logType })),
      ),
    );
  });
  afterAll(() => engine.close(), 60_000);

  test('most rules are exact, nearly all guarded', () => {
    const started = performance.now();
    const count = [0, 0, 0, 0];
    for (const rule of rules) {
      const tier = tierOf(rule)?.tier ?? 3;
      count[tier] = (count[tier] ?? 0) + 1;
    }
    console.log(
      `${rules.length} rules: tier 1 ${count[1]}, tier 2 ${count[2]}, tier 3 ${count[3]}; ${(performance.now() - started).toFixed(0)} ms`,
    );
    expect(count[1]).toBeGreaterThanOrEqual(LEAST_EXACT);
    expect((count[1] ?? 0) + (count[2] ?? 0)).toBeGreaterThanOrEqual(LEAST_GUARDED);
  }, 600_000);

  test('every test event on every rule of its log type', async () => {
    const tally = await compareAll(rules, events, engine);
    const total = tally.pairs.reduce((sum, each) => sum + each, 0);
    console.log(
      `${total} pairs, by tier ${tally.pairs.slice(1)}; matches ${tally.matched.slice(1)}; raised ${tally.raised.slice(1)}`,
    );
    console.log(
      `${tally.raisedUnseen} errors of rules not seen; Python spared ${tally.spared} of ${total} times; ${tally.wrong.length} disagreements`,
    );
    expect(tally.wrong.map((each) => each.slice(0, 400)).slice(0, 40)).toEqual([]);
    expect(total).toBeGreaterThan(100_000);
  }, 600_000);

  test('titles and the like of every match, as Python gives them', async () => {
    // Both with and without what a record says of its own log type.
    const bare = rules.flatMap((rule) =>
      rule.tests.flatMap(({ event }) => logTypesOf(rule).map((logType) => ({ event, logType }))),
    );
    for (const each of [events, bare]) {
      const { pairs, told, wrong } = await compareOutputs(rules, each, engine);
      console.log(`${told} of ${pairs} matches told without Python; ${wrong.length} disagreements`);
      expect(wrong.map((one) => one.slice(0, 2000)).slice(0, 20)).toEqual([]);
      expect(pairs).toBeGreaterThan(5_000);
      expect(pairs - told).toBeLessThanOrEqual(MOST_ASKED);
    }
  }, 600_000);

  test('titles and the like on changed events', async () => {
    const matching = rules.flatMap((rule) =>
      rule.tests.flatMap(({ event, expected }) =>
        expected ? logTypesOf(rule).map((logType) => ({ event, logType })) : [],
      ),
    );
    const runs = Number(process.env['DRAGOMAN_RUNS'] ?? 4_000);
    const seed = Number(process.env['DRAGOMAN_SEED'] ?? 11);
    const sample = fc.sample(fc.tuple(fc.nat(matching.length - 1), changes), { numRuns: runs, seed });
    const changed = sample.map(([at, list]) => mutated(matching[at] ?? { event: {}, logType: '' }, list));
    const { pairs, told, wrong } = await compareOutputs(rules, changed, engine);
    console.log(`${told} of ${pairs} matches on changed events told without Python; ${wrong.length} disagreements`);
    expect(wrong.map((one) => one.slice(0, 2000)).slice(0, 20)).toEqual([]);
  }, 600_000);

  test.skipIf(!existsSync(logs))(
    'titles and the like on the CloudTrail logs',
    async () => {
      const lines = readdirSync(logs)
        .filter((name) => name.endsWith('.gz'))
        .sort()
        .flatMap((name) =>
          gunzipSync(readFileSync(join(logs, name)))
            .toString('utf8')
            .trim()
            .split('\n'),
        );
      const logType = 'AWS.CloudTrail';
      const found = lines.map((line) => ({ event: JSON.parse(line) as JsonObject, logType }));
      const { pairs, told, wrong } = await compareOutputs(rules, found, engine);
      console.log(
        `${lines.length} events: ${told} of ${pairs} matches told without Python; ${wrong.length} disagreements`,
      );
      expect(wrong.map((one) => one.slice(0, 2000)).slice(0, 20)).toEqual([]);
      expect(pairs).toBeGreaterThan(3_000);
      expect(pairs - told).toBeLessThanOrEqual(MOST_ASKED_IN_LOGS);
    },
    600_000,
  );

  test('events with fields that are dropped, renamed or of another type', async () => {
    const sample = fc.sample(fc.tuple(fc.nat(events.length - 1), changes), { numRuns: 1_500, seed: 7 });
    const changed = sample.map(([at, list]) => mutated(events[at] ?? { event: {}, logType: '' }, list));
    const tally = await compareAll(rules, changed, engine);
    const total = tally.pairs.reduce((sum, each) => sum + each, 0);
    console.log(
      `${total} pairs of changed events: ${tally.raised.slice(1)} raised, ${tally.raisedUnseen} not seen; ${tally.wrong.length} disagreements`,
    );
    expect(tally.wrong.map((each) => each.slice(0, 600)).slice(0, 40)).toEqual([]);
  }, 600_000);
});

interface Told {
  pairs: number;
  told: number;
  /** What Python says of the same pair is not the same in every byte. */
  wrong: string[];
}

/** What is said of the pairs that the tiers let through without Python, against Python. */
async function compareOutputs(
  rules: readonly Rule[],
  events: readonly PythonEvent[],
  engine: ReturnType<typeof createPythonEngine>,
): Promise<Told> {
  const indexes = new Map<string, ReturnType<typeof candidatesOf>>();
  const asked = events.flatMap(({ event, logType }) => {
    let index = indexes.get(logType);
    if (index === undefined) {
      const group = rules.filter((rule) => logTypesOf(rule).includes(logType));
      index = candidatesOf(group, logType);
      indexes.set(logType, index);
    }
    const chosen = new Set(index(event));
    return chosen.size === 0 ? [] : [{ event, logType, rules: chosen }];
  });
  const python = new Map<string, string>();
  const place = new Map(rules.map((rule, at) => [rule, at]));
  for (const result of await engine.evaluate(rules, asked)) {
    const clean = result.kind === 'matched' && result.diagnostics.length === 0;
    python.set(`${place.get(result.rule)} ${result.event}`, clean ? JSON.stringify(result.outputs) : 'an error');
  }
  const found: Told = { pairs: 0, told: 0, wrong: [] };
  for (const [at, { event, logType, rules: chosen }] of asked.entries()) {
    for (const rule of chosen) {
      found.pairs += 1;
      const outputs = withoutPython.tell(rule, event, logType);
      if (outputs === undefined) continue;
      found.told += 1;
      const here = outputs === 'no match' ? outputs : JSON.stringify(outputs);
      const there = python.get(`${place.get(rule)} ${at}`) ?? 'no match';
      if (here !== there)
        found.wrong.push(`${rule.id} on ${logType}: ${here}\n  Python: ${there}\n  ${stringifyJson(event)}`);
    }
  }
  return found;
}

const odd: readonly Json[] = [
  null,
  '',
  'X',
  'true',
  0,
  1,
  5,
  1.5,
  true,
  false,
  [],
  {},
  ['x'],
  [null],
  [{}],
  [1],
  { a: 1 },
  '10.0.0.1',
  ' \u0130 ',
  "it's",
  'say "it\'s"\\n',
  'caf\u00e9 \u{1f600}',
  'x'.repeat(1_100),
  '2024-01-01 00:00:00.000',
  '{"a": [1, "b"], "c": null}',
  'a/b:c@d.e,f',
  -3,
  1e-7,
  12_345_678_901,
  ['a', 'b', 'a'],
  [['x'], ['y', 'z']],
  [{ name: 'n', value: 'v' }],
];

const changes = fc.array(
  fc.record({
    pick: fc.nat(),
    what: fc.constantFrom('drop', 'rename', 'retype', 'case'),
    value: fc.constantFrom(...odd),
  }),
  { minLength: 1, maxLength: 3 },
);

/** An event with a few changes at places anywhere in it. */
function mutated(
  base: PythonEvent,
  list: readonly { readonly pick: number; readonly what: string; readonly value: Json }[],
): PythonEvent {
  const event = structuredClone(base.event);
  for (const { pick, what, value } of list) {
    const places = placesIn(event).filter(({ key }) => key !== 'p_log_type');
    const place = places[pick % Math.max(1, places.length)];
    if (place === undefined) continue;
    const { holder, key } = place;
    const held = holder[key];
    if (what === 'retype') holder[key] = structuredClone(value);
    else if (what === 'case' && typeof held === 'string')
      holder[key] = pick % 2 === 0 ? held.toUpperCase() : held.toLowerCase();
    else if (!Array.isArray(holder)) {
      delete holder[key];
      if (what === 'rename' && held !== undefined) holder[pick % 2 === 0 ? key.toUpperCase() : `${key}x`] = held;
    }
  }
  return { event, logType: base.logType };
}

function placesIn(root: Json): { holder: Record<string, Json>; key: string }[] {
  const found: { holder: Record<string, Json>; key: string }[] = [];
  const open: Json[] = [root];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (typeof each !== 'object' || each === null) continue;
    const holder = each as Record<string, Json>;
    for (const key of Object.keys(holder)) {
      found.push({ holder, key });
      const value = holder[key];
      if (value !== undefined) open.push(value);
    }
  }
  return found;
}
