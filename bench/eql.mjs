// EQL sequences over a million events, against a pass of the same events with the conditions of their steps only.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { modulesFolder } from './modules.mjs';

const dist = resolve(modulesFolder());
const { createSession, indexType, loadRules } = await import(join(dist, 'index.js'));

const EVENTS = Number(process.env.DRAGOMAN_BENCH_EVENTS ?? 1_000_000);
const KEYS = 10_000;
const BATCH = 10_000;
const MAXSPAN = 60;
/** Events a second. */
const RATE = 1_000;

const rule = (id, query) => ({
  rule_id: id,
  name: id,
  description: id,
  severity: 'low',
  risk_score: 1,
  type: 'eql',
  language: 'eql',
  index: ['events'],
  query,
});
const STEPS = ['any where event.action == "a" and size > 10', 'any where event.action == "b" and size > 10'];
const RULES = {
  conditions: STEPS.map((query, place) => rule(`step ${place}`, query)),
  sequence: [
    rule('sequence', `sequence by host.id with maxspan=${MAXSPAN}s ${STEPS.map((one) => `[${one}]`).join(' ')}`),
  ],
  open: [rule('open', `sequence by host.id ${STEPS.map((one) => `[${one}]`).join(' ')}`)],
};
const type = indexType('events', undefined);

async function load(rules) {
  const folder = mkdtempSync(join(tmpdir(), 'dragoman-bench-'));
  writeFileSync(join(folder, 'rules.ndjson'), rules.map((one) => JSON.stringify(one)).join('\n'));
  const loaded = await loadRules([folder]);
  rmSync(folder, { recursive: true });
  if (loaded.rules.length !== rules.length) throw new Error('a rule of the bench does not load');
  return loaded.rules;
}

/** Every fourth event is a first step, every fourth a second one. */
function batch(from, keyOf) {
  return Array.from({ length: BATCH }, (_, offset) => {
    const at = from + offset;
    const event = {
      '@timestamp': new Date(1_700_000_000_000 + Math.floor((at * 1000) / RATE)).toISOString(),
      host: { id: `h${keyOf(at)}` },
      event: { action: 'abcd'[(at * 7) % 4] },
      size: 11 + (at % 5),
    };
    return { event, source: { file: 'bench', line: at + 1 }, as: type };
  });
}

/** Events of one stretch of four are of one key. */
const spread = (at) => (Math.floor(at / 4) * 7_919) % KEYS;

/** CPU time for all events, by events made before it is looked at; the heap as it was at its largest after a collection. */
async function measure(rules, events, { lateness, keyOf = spread }) {
  const session = createSession(rules, { ...(lateness !== undefined && { allowedLateness: lateness }) });
  let matches = 0;
  let spent = 0;
  let heap = 0;
  const timed = async (work) => {
    const start = process.cpuUsage();
    const found = await work();
    const { user, system } = process.cpuUsage(start);
    spent += (user + system) / 1e6;
    matches += found.length;
  };
  for (let from = 0; from < events; from += BATCH) {
    const records = batch(from, keyOf);
    await timed(() => session.process(records));
    if (globalThis.gc !== undefined && (from / BATCH) % 5 === 4) {
      globalThis.gc();
      heap = Math.max(heap, process.memoryUsage().heapUsed);
    }
  }
  await timed(() => session.advance('end'));
  const said = session.diagnostics.map(({ message }) => message);
  await session.close();
  return { matches, spent, heap, said };
}

const rules = Object.fromEntries(
  await Promise.all(Object.entries(RULES).map(async ([name, of]) => [name, await load(of)])),
);
const print = (what, text) => console.log(`${what.padEnd(44)} ${text}`);

await measure(rules.sequence, EVENTS / 10, { lateness: 0 });
const plain = await measure(rules.conditions, EVENTS, { lateness: 0 });
const half = await measure(rules.sequence, EVENTS / 2, { lateness: 0 });
const whole = await measure(rules.sequence, EVENTS, { lateness: 0 });
if (whole.matches === 0) throw new Error('the sequence matches nothing');
const batched = await measure(rules.sequence, EVENTS, {});
console.log(`EQL: ${EVENTS} events, ${KEYS} keys, maxspan ${MAXSPAN} s at ${RATE} events a second`);
print('conditions of the steps', `${plain.spent.toFixed(2)} s`);
print(
  'sequence, as events come',
  `${whole.spent.toFixed(2)} s = ${(whole.spent / plain.spent).toFixed(2)} × conditions, ${whole.matches} matches`,
);
print('twice as many events', `${(whole.spent / half.spent).toFixed(2)} × the time`);
print(
  'sequence, at the end',
  `${batched.spent.toFixed(2)} s = ${(batched.spent / plain.spent).toFixed(2)} × conditions`,
);
if (batched.matches !== whole.matches)
  throw new Error(`${batched.matches} matches at the end, ${whole.matches} as events come`);
if (whole.heap > 0) {
  const grown = ((whole.heap - half.heap) / 2 ** 20).toFixed(1);
  print('heap', `${(whole.heap / 2 ** 20).toFixed(0)} MB, ${grown} MB more than for half of the events`);
} else print('heap', 'not looked at: node --expose-gc bench/eql.mjs');

const openAt = EVENTS * 4 + BATCH;
const open = await measure(rules.open, openAt, { lateness: 0, keyOf: (at) => at });
if (open.said.length === 0 && EVENTS >= 1_000_000) throw new Error('nothing was said of evicted sequences');
print(
  `${Math.ceil(openAt / 4).toLocaleString('en-US')} sequences that stay open`,
  `${open.spent.toFixed(2)} s; ${open.said.join('; ') || 'nothing was evicted'}`,
);
