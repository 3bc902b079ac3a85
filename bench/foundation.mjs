// `npm run bench`: start-up of the command line, the engine on a few rules against parsing the same file, then eql.mjs, esql.mjs, duckdb.mjs and stream.mjs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { gunzipSync } from 'node:zlib';

const root = resolve(import.meta.dirname, '..');
const corpora = resolve(root, process.env.DRAGOMAN_CORPORA ?? '../shared/corpora');
const scratch = mkdtempSync(join(tmpdir(), 'dragoman-bench-'));

try {
  startUp();
  await memoryEngine();
} finally {
  rmSync(scratch, { recursive: true });
}
spawnSync(process.execPath, ['--expose-gc', join(root, 'bench/eql.mjs')], { stdio: 'inherit' });
spawnSync(process.execPath, [join(root, 'bench/esql.mjs')], { stdio: 'inherit' });
spawnSync(process.execPath, [join(root, 'bench/duckdb.mjs')], { stdio: 'inherit' });
await import('./stream.mjs');

function startUp() {
  const cli = join(root, 'dist/cli/main.js');
  const help = [];
  const empty = [];
  for (let turn = 0; turn < 15; turn += 1) {
    empty.push(timed(() => spawnSync(process.execPath, ['-e', '0'])));
    help.push(timed(() => spawnSync(process.execPath, [cli, '--help'])));
  }
  print('dragoman --help', 'node -e 0', median(help), median(empty), '15 starts each, in turn; whole processes');
}

async function memoryEngine() {
  const set = join(corpora, 'logs/azure/synthetic_azure_activity.ndjson.gz');
  const bytes = existsSync(set) ? gunzipSync(readFileSync(set)) : madeUp();
  const file = join(scratch, 'activity.ndjson');
  writeFileSync(file, bytes);
  const { createSession, loadRules, readLogs } = await import(join(root, 'dist/index.js'));
  const rules = [
    'azure-packet-capture/elastic.toml',
    'azure-packet-capture/elastic-quoted.toml',
    'azure-packet-capture/sigma.yml',
    'host-packet-capture/defender.kql',
  ];
  const loaded = await loadRules(rules.map((name) => join(root, 'examples/rules', name)));
  if (loaded.rules.length !== rules.length) throw new Error('the rules of the examples do not load');
  const run = [];
  const parse = [];
  let events = 0;
  let matches = 0;
  for (let turn = 0; turn < 5; turn += 1) {
    const before = performance.now();
    events = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)).length;
    parse.push(performance.now() - before);
    const start = performance.now();
    const session = await createSession(loaded.rules, { engine: 'memory' });
    matches = 0;
    for await (const batch of readLogs([file])) matches += (await session.process(batch.events)).length;
    matches += (await session.advance('end')).length;
    await session.close();
    run.push(performance.now() - start);
  }
  const data = existsSync(set) ? 'the synthetic Azure activity set' : 'made-up Azure activity records';
  print(
    'memory engine',
    'read + JSON.parse',
    median(run),
    median(parse),
    `${events} events (${data}), ${rules.length} rules, ${matches} matches; median of 5, in turn`,
  );
}

/** As many records as the synthetic set has, where that is not at hand. */
function madeUp() {
  const sample = readFileSync(join(root, 'examples/logs/azure-activity.ndjson'), 'utf8').trim().split('\n');
  return Buffer.from(Array.from({ length: 60_000 }, (_, index) => sample[index % sample.length]).join('\n'));
}

function timed(action) {
  const before = performance.now();
  action();
  return performance.now() - before;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function print(what, base, time, baseTime, method) {
  console.log(`${what.padEnd(18)} ${(time / baseTime).toFixed(2).padStart(6)} × ${base.padEnd(18)} (${method})`);
}
