// `node bench/memory.mjs [RECORDS]`: what a summary keeps of its rows. Generated records go through a pipe into one run, so many and ten
// times as many; the memory is the most that the process ever had resident (Linux only), garbage and all, and what V8 found alive when
// it collected everything, the median over the second half of the run: what a run remembers, and what it has in hand.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';

const cli = resolve(import.meta.dirname, '../dist/cli/main.js');
const scratch = mkdtempSync(join(tmpdir(), 'dragoman-memory-'));
const records = Number(process.argv[2] ?? 1_000_000);
const COMPUTERS = 200;
const SAMPLED_EVERY = 50;

try {
  const rule = join(scratch, 'count.kql');
  writeFileSync(rule, 'SecurityEvent | summarize count() by Computer\n');
  for (const count of [records, 10 * records]) {
    const { peak, alive, matches, seconds } = await run(rule, count);
    console.log(
      `${count.toLocaleString('en-US')} records: ${Math.round(peak / 1024)} MB at the most, ${alive} MB alive, ${seconds.toFixed(1)} s, ${matches} rows`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}

/** The peak is in kilobytes. */
async function run(rule, count) {
  const began = performance.now();
  const options = ['run', '--rules', rule, '--logs', '-', '--log-type', 'sentinel.SecurityEvent', '--format', 'ndjson'];
  const child = spawn(process.execPath, ['--trace-gc', cli, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  let peak = 0;
  const look = () => {
    const [, kilobytes] = /^VmHWM:\s*(\d+)/m.exec(statusOf(child.pid)) ?? [];
    peak = Math.max(peak, Number(kilobytes ?? 0));
  };
  const timer = setInterval(look, SAMPLED_EVERY);
  const ended = new Promise((done) => child.on('close', done));
  await feed(child.stdin, count);
  const code = await ended;
  clearInterval(timer);
  if (code !== 0) throw new Error(`the run ended with ${code}`);
  const said = out.split('\n').filter((line) => line !== '');
  const counted = said.filter((line) => line.startsWith('{'));
  const full = said.flatMap((line) => /Mark-Compact.*? -> ([\d.]+) \(/.exec(line)?.[1] ?? []).map(Number);
  const alive = median(full.slice(full.length / 2)) ?? 'no collection, so no';
  const total = counted.reduce((sum, line) => sum + Number(JSON.parse(line).fields.count_), 0);
  if (total !== count) throw new Error(`${total} of ${count} records were counted`);
  return { peak, alive, matches: counted.length, seconds: (performance.now() - began) / 1000 };
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

async function feed(stdin, count) {
  const start = Date.UTC(2026, 0, 1);
  const atOnce = 2_000;
  for (let from = 0; from < count; from += atOnce) {
    let text = '';
    for (let at = from; at < Math.min(count, from + atOnce); at += 1) {
      const time = new Date(start + at).toISOString();
      text += `{"TimeGenerated":"${time}","Computer":"host-${at % COMPUTERS}","EventID":4624,"Account":"user-${at % 977}","Activity":"4624 - An account was successfully logged on."}\n`;
    }
    if (!stdin.write(text)) await new Promise((drained) => stdin.once('drain', drained));
  }
  stdin.end();
}
