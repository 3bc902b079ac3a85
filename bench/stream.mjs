// The stream engine against JSON.parse of the same lines in the same process; see README.md for what is measured and how.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseDocument } from 'yaml';
import { modulesFolder } from './modules.mjs';

const root = resolve(import.meta.dirname, '..');
const corpora = resolve(root, process.env.DRAGOMAN_CORPORA ?? '../shared/corpora');
const dist = modulesFolder();
const { createSession, loadRules } = await import(join(dist, 'index.js'));
const { LogDecoder } = await import(join(dist, 'logs/decode/decoder.js'));

/** Records of one set; what is more is left out evenly. */
const MOST_RECORDS = Number(process.env.DRAGOMAN_BENCH_RECORDS ?? 400_000);
const COUNTS = [100, 1_000, 3_000];
/** Records that whole runs read, or up to a set more. */
const MOST_READ = 2_400_000;
/** Bytes handed over at once, as files are read. */
const PIECE = 256 * 1024;
const FOLDERS = [
  'rules',
  'rules-emerging-threats',
  'rules-threat-hunting',
  'rules-compliance',
  'rules-dfir',
  'rules-placeholder',
];

const scratch = mkdtempSync(join(tmpdir(), 'dragoman-bench-'));

async function main(wanted) {
  const archive = join(corpora, 'sigma/sigmahq-rules.tar.gz');
  if (!existsSync(archive)) {
    console.log(`stream engine: skipped, there are no rules at ${archive} (DRAGOMAN_CORPORA names the folder)`);
    return;
  }
  unpack(archive, join(scratch, 'sigma'));
  const folders = FOLDERS.map((name) => join(scratch, 'sigma', name)).filter(existsSync);
  const all = await loading(folders);
  const sets = SETS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  let first = true;
  for (const set of sets) {
    const lines = set.lines();
    if (lines === undefined) {
      console.log(`${set.name}: skipped, its data is not at hand`);
      continue;
    }
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    console.log(`\n${set.name}: ${lines.length} records of ${Math.round(bytes / lines.length)} bytes`);
    if (first) {
      await compiling(all, lines, folders);
      first = false;
    }
    const ruleSets = [...COUNTS.map((count) => evenly(all, count)), all, await beyond(all, 10_000, lines)];
    let full;
    for (const rules of ruleSets) {
      const one = await run(rules, lines, true);
      if (rules === all) full = one;
      const over = rules.length > all.length ? `, ${(one.engine / full.engine).toFixed(2)} × ${all.length} rules` : '';
      print(`${rules.length} rules`, one.ratio, `${told(one)}${over}`);
    }
    const plain = await run(all, lines, false);
    print(`${all.length} rules, TypeScript`, plain.ratio, told(plain));
    if (plain.matches !== full.matches) throw new Error(`${plain.matches} matches, with the kernel ${full.matches}`);
  }
  if (wanted.length === 0 || wanted.includes('elastic')) await elasticRules(all);
  if (wanted.length === 0 || wanted.includes('runs')) wholeRuns(folders);
}

/** Elastic's rules over the same records as SigmaHQ's: what is row-local of sequences, thresholds and joins too. */
async function elasticRules(sigma) {
  const archive = join(corpora, 'elastic/detection-rules.tar.gz');
  const lines = otrf();
  if (!existsSync(archive) || lines === undefined) {
    console.log('elastic: skipped, its rules or records are not at hand');
    return;
  }
  unpack(archive, join(scratch, 'elastic'));
  const { rules } = await loadRules(['rules', 'rules_building_block'].map((name) => join(scratch, 'elastic', name)));
  const { fromEpochMs } = await import(join(dist, 'values/date-time.js'));
  // Where the time of a run is that of its last record, every record is looked at.
  const now = fromEpochMs(Date.UTC(2030, 0, 1));
  console.log(`\nelastic: ${lines.length} records of otrf`);
  const first = await run(sigma, lines, true, { now });
  print(`${sigma.length} rules of SigmaHQ`, first.ratio, told(first));
  const second = await run(rules, lines, true, { now });
  const over = `${(second.ratio / first.ratio).toFixed(2)} × SigmaHQ's, ${(second.steady / first.steady).toFixed(2)} on what was seen`;
  print(`${rules.length} rules of Elastic`, second.ratio, `${told(second)}; ${over}`);
}

/** CPU milliseconds of this process: other programs on the machine do not count. */
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function loading(folders) {
  const texts = folders.flatMap(filesIn).map((path) => readFileSync(path, 'utf8'));
  let start = cpu();
  for (const text of texts) parseDocument(text);
  const yaml = cpu() - start;
  start = cpu();
  const { rules } = await loadRules(folders);
  print(`loading ${rules.length} rules`, (cpu() - start) / yaml, `× parsing their YAML, ${yaml.toFixed(0)} ms`);
  loading.yaml = yaml;
  return rules;
}

/** From loaded rules to the first verdict on each log type in the lines: bind, simplify, take apart, index. */
async function compiling(rules, lines) {
  const session = createSession(rules, {});
  const start = cpu();
  const types = new Set();
  for (const [at, line] of lines.entries()) {
    if (at >= 2_000) break;
    const event = JSON.parse(line);
    const kind = `${event.Channel ?? event.LogName ?? Object.keys(event).slice(0, 3)}`;
    if (types.has(kind)) continue;
    types.add(kind);
    await session.process([{ event, source: { file: 'bench', line: at + 1 } }]);
  }
  await session.close();
  print(
    `compiling ${rules.length} rules`,
    (cpu() - start) / loading.yaml,
    `× parsing their YAML; ${session.recordsByType.size} log types`,
  );
}

function told({ matches, base, steady }) {
  return `${matches} matches, JSON.parse ${base.toFixed(2)} µs a record; ${steady.toFixed(2)} on what was seen before`;
}

/**
 * A first quarter is only learned from. The rest falls into three parts, each seen once: first JSON.parse of its lines,
 * then the engine on their bytes. The median of the three ratios; `steady` is that of a second turn over the same parts.
 */
async function run(rules, lines, withKernel, options = {}) {
  const session = createSession(rules, options);
  const scanner = withKernel ? session.scanner?.here : undefined;
  const quarter = Math.floor(lines.length / 4);
  const bytes = (from, to) => bytesOf(lines.slice(from, to));
  await matchAll(session, scanner, bytes(0, quarter));
  const turns = [[], []];
  let matches = 0;
  for (const turn of turns) {
    matches = 0;
    for (let part = 1; part < 4; part += 1) {
      const some = lines.slice(part * quarter, (part + 1) * quarter);
      const input = bytes(part * quarter, (part + 1) * quarter);
      for (const line of some) JSON.parse(line);
      let start = cpu();
      for (const line of some) JSON.parse(line);
      const base = cpu() - start;
      start = cpu();
      matches += await matchAll(session, scanner, input);
      turn.push({ base, engine: cpu() - start });
    }
  }
  await session.close();
  const [middle, later] = turns.map((turn) => turn.toSorted((a, b) => a.engine / a.base - b.engine / b.base)[1]);
  const each = 1000 / quarter;
  return {
    ratio: middle.engine / middle.base,
    steady: later.engine / later.base,
    base: middle.base * each,
    engine: later.engine * each,
    matches,
  };
}

/** Lines as a file has them; one string of them all might be longer than strings can be. */
function bytesOf(lines) {
  const parts = [];
  for (let at = 0; at < lines.length; at += 10_000) {
    parts.push(Buffer.from(`${lines.slice(at, at + 10_000).join('\n')}\n`));
  }
  return Buffer.concat(parts);
}

/** Bytes to matches, as a run does it with what it read. */
async function matchAll(session, scanner, bytes, onMatch = () => {}) {
  const decoder = new LogDecoder('bench', scanner);
  let matches = 0;
  const take = async () => {
    const found = await session.process(decoder.take().events);
    matches += found.length;
    for (const match of found) onMatch(match);
  };
  for (let from = 0; from < bytes.length; from += PIECE) {
    decoder.push(bytes.subarray(from, from + PIECE));
    await take();
  }
  decoder.end();
  await take();
  return matches;
}

/** Whole runs in processes of their own, all rules over a file: largest resident set, and one worker against two. */
function wholeRuns(folders) {
  const lines = SETS[0].lines() ?? SETS.at(-1).lines();
  // The same file under many names: learning and compiling are long done when the second half begins.
  const folder = join(scratch, 'runs');
  mkdirSync(folder);
  writeFileSync(join(folder, '0.ndjson'), bytesOf(lines));
  const files = Math.ceil(MOST_READ / lines.length);
  for (let turn = 1; turn < files; turn += 1) linkSync(join(folder, '0.ndjson'), join(folder, `${turn}.ndjson`));
  const total = files * lines.length;
  const runs = [1, 2].map((workers) => {
    const script = `
      const { loadRules, runRules } = await import(${JSON.stringify(join(dist, 'index.js'))});
      const { rules } = await loadRules(${JSON.stringify(folders)});
      let half;
      const start = performance.now();
      await runRules({
        rules,
        logs: [${JSON.stringify(folder)}],
        workers: ${workers},
        onMatch: () => {},
        onProgress: ({ records }) => {
          if (records > ${total / 2}) half ??= { records, time: performance.now() };
        },
      });
      const end = performance.now();
      const speed = (${total} - half.records) / ((end - half.time) / 1000);
      // On Linux the resource usage of a process counts the one that started it, too.
      const { readFileSync } = await import('node:fs');
      const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
      const rss = Number(/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1024;
      console.log(JSON.stringify({ speed, all: (end - start) / 1000, rss }));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    return JSON.parse(stdout);
  });
  const [one, two] = runs;
  console.log(`\nwhole runs, all rules, ${total} records; records/s are of the second half, when all is learned`);
  for (const [at, { speed, all, rss }] of runs.entries()) {
    const name = `${at + 1} worker${at === 0 ? ' ' : 's'}`;
    const figures = `${all.toFixed(1)} s from loaded rules to the end, largest resident set ${rss.toFixed(0)} MB`;
    console.log(`${name}  ${speed.toFixed(0).padStart(8)} records/s, ${figures}`);
  }
  console.log(
    `two workers over one: ${(two.speed / one.speed).toFixed(2)}, with all that is learned before ${(one.all / two.all).toFixed(2)}`,
  );
}

/** The data sets, each as lines of JSON; undefined where the data is absent. */
const SETS = [
  { name: 'otrf', lines: () => otrf() },
  { name: 'mix', lines: () => mix() },
  { name: 'cloudtrail', lines: () => gz('aws-cloudtrail') },
  { name: 'azure', lines: () => gz('azure') },
  ...[
    'no_match',
    'low_match',
    'match_heavy',
    'mixed_schema',
    'raw_windows',
    'structured_windows',
    'sysmon_file_event',
  ].map((lane) => ({ name: `rsigma-${lane}`, lines: () => rsigma(lane) })),
  { name: 'generated', lines: () => generated() },
];

let otrfLines;
function otrf() {
  const list = join(corpora, 'logs/windows-set.json');
  if (!existsSync(list)) return undefined;
  if (otrfLines === undefined) {
    const sets = JSON.parse(readFileSync(list, 'utf8'));
    const total = sets.reduce((sum, { events }) => sum + events, 0);
    const share = Math.min(1, MOST_RECORDS / total);
    otrfLines = sets.flatMap(({ file, events }) => {
      const { stdout } = spawnSync('unzip', ['-p', join(corpora, file), '*.json'], {
        maxBuffer: 2 ** 30,
        encoding: 'utf8',
      });
      return evenly(jsonLines(stdout), Math.max(1, Math.round(events * share)));
    });
    shuffle(otrfLines);
  }
  return otrfLines;
}

/** What a Windows host writes on an ordinary day, by share: our assumption, stated in README.md. */
const SHARES = [
  [0.09, (event) => isSysmon(event, 1)],
  [0.1, (event) => isSysmon(event, 3)],
  [0.12, (event) => isSysmon(event, 7)],
  [0.08, (event) => isSysmon(event, 10)],
  [0.09, (event) => isSysmon(event, 11)],
  [0.2, (event) => isSysmon(event, 12, 13, 14)],
  [0.06, (event) => isSysmon(event, 22)],
  [0.06, (event) => isSysmon(event)],
  [0.16, (event) => event.Channel?.toLowerCase() === 'security'],
  [0.04, (event) => [4103, 4104].includes(Number(event.EventID))],
];

function isSysmon(event, ...ids) {
  const sysmon = event.Channel === 'Microsoft-Windows-Sysmon/Operational';
  return sysmon && (ids.length === 0 || ids.includes(Number(event.EventID)));
}

function mix() {
  const lines = otrf();
  if (lines === undefined) return undefined;
  const pools = SHARES.map(() => []);
  for (const line of lines) {
    const event = JSON.parse(line);
    const pool = SHARES.findIndex(([, fits]) => fits(event));
    if (pool !== -1) pools[pool].push(line);
  }
  const drawn = SHARES.flatMap(([share], at) => {
    const pool = pools[at];
    return pool.length === 0
      ? []
      : Array.from({ length: Math.round(share * MOST_RECORDS) }, () => pool[Math.floor(random() * pool.length)]);
  });
  return shuffle(drawn);
}

function gz(folder) {
  const path = join(corpora, 'logs', folder);
  if (!existsSync(path)) return undefined;
  const files = readdirSync(path).filter((name) => name.endsWith('.ndjson.gz'));
  return evenly(
    files.flatMap((name) => jsonLines(gunzipSync(readFileSync(join(path, name))).toString())),
    MOST_RECORDS,
  );
}

function rsigma(lane) {
  const archive = join(corpora, 'sigma/bench-events.tar.gz');
  if (!existsSync(archive)) return undefined;
  const folder = join(scratch, 'lanes');
  if (!existsSync(folder)) unpack(archive, folder);
  const lines = jsonLines(readFileSync(join(folder, 'bench-events', `${lane}.ndjson`), 'utf8'));
  return Array.from({ length: Math.max(lines.length, 20_000) }, (_, at) => lines[at % lines.length]);
}

/** Process creations in Sysmon's form, made of tools' names and words: many rules come near, few match. */
function generated() {
  const words = [
    '-enc',
    '/c',
    'whoami',
    'http://10.0.0.5/a.ps1',
    '-nop',
    'add',
    'HKLM\\Software',
    'user',
    'C:\\Temp\\a.dll',
    '-w',
    'hidden',
    'start',
    'é',
    '"quoted text"',
  ];
  const tools = [
    'powershell',
    'cmd',
    'rundll32',
    'certutil',
    'svchost',
    'chrome',
    'schtasks',
    'reg',
    'msbuild',
    'explorer',
  ];
  const pick = (from) => from[Math.floor(random() * from.length)];
  return Array.from({ length: MOST_RECORDS }, (_, at) => {
    const image = `C:\\Windows\\System32\\${pick(tools)}.exe`;
    const line = Array.from({ length: 2 + Math.floor(random() * 12) }, () => pick(words)).join(' ');
    return JSON.stringify({
      EventID: 1,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      SourceName: 'Microsoft-Windows-Sysmon',
      UtcTime: `2026-01-01 00:00:${at % 60}`,
      ProcessId: `${at}`,
      Image: image,
      CommandLine: `${image} ${line}`,
      ParentImage: `C:\\Windows\\${pick(tools)}.exe`,
      User: 'CORP\\someone',
      IntegrityLevel: pick(['Medium', 'High', 'System']),
    });
  });
}

/**
 * All rules, and further ones made of them: in each, every text it looks for differs in one character. Of these only such as match
 * nothing in the lines, so that there are as many matches as before.
 */
async function beyond(rules, count, lines) {
  const made = [];
  for (let turn = 1; rules.length + made.length < count * 1.2; turn += 1) {
    for (const rule of rules) {
      if (rule.logic.kind !== 'plan') continue;
      made.push({ ...rule, id: `${rule.id}-${turn}`, logic: { ...rule.logic, plan: mutated(rule.logic.plan, turn) } });
    }
  }
  const session = createSession(made, {});
  const matched = new Set();
  await matchAll(session, session.scanner?.here, bytesOf(lines), (match) => matched.add(match.rule));
  await session.close();
  const silent = made.filter((rule) => !matched.has(rule)).slice(0, count - rules.length);
  if (rules.length + silent.length < count) throw new Error(`only ${silent.length} of the rules made match nothing`);
  return [...rules, ...silent];
}

/** Sources stay as they are, so that a rule is about the same logs as the one it was made of. */
function mutated(node, turn) {
  if (Array.isArray(node)) return node.map((item) => mutated(item, turn));
  if (typeof node !== 'object' || node === null || node.kind === 'source') return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const isText =
        typeof value === 'string' &&
        ((key === 'text' && value.length > 3) || (key === 'value' && node.kind === 'equals' && value.length > 5));
      return [key, isText ? changed(value, turn) : mutated(value, turn)];
    }),
  );
}

function changed(text, turn) {
  const letters = [...text].flatMap((character, at) => (/[a-y]/i.test(character) ? [at] : []));
  if (letters.length === 0) return text;
  const at = letters[(letters.length >> 1) % letters.length];
  const moved = String.fromCharCode(text.charCodeAt(at) + 1 + (turn % 2 === 0 ? 1 : 0));
  return text.slice(0, at) + (/[a-z]/i.test(moved) ? moved : 'q') + text.slice(at + 1);
}

function evenly(items, count) {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]);
}

function jsonLines(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('{') && line.endsWith('}'));
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name));
}

function unpack(archive, folder) {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('tar', ['xzf', archive, '-C', folder]);
  if (status !== 0) throw new Error(`cannot unpack ${archive}`);
}

/** The same numbers in every run. */
function random() {
  random.state = (Math.imul(random.state ?? 12_345, 1_103_515_245) + 12_345) & 0x7fffffff;
  return random.state / 0x80000000;
}

function shuffle(items) {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other], items[at]];
  }
  return items;
}

function print(what, ratio, note) {
  console.log(
    `${what.padEnd(24)} ${ratio.toFixed(2).padStart(6)} ${note.startsWith('×') ? note : `× JSON.parse (${note})`}`,
  );
}

try {
  await main(process.argv.slice(2));
} finally {
  rmSync(scratch, { recursive: true });
}
