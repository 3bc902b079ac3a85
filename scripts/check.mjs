// `npm run check`: what must hold before a commit, in about a minute: style and walls, types, unused code, and the unit tests but the
// large ones, with few runs of each property. `--all`: everything, at full counts, as `npm test` has it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './ready.mjs';

/** How often `npm run check` tries a property. */
const FEW = '50';

const all = process.argv.includes('--all');

/** Checks types again only where something changed since. */
const since = (name) => [
  '--incremental',
  '--tsBuildInfoFile',
  join('node_modules', '.cache', 'dragoman', `${name}.tsbuildinfo`),
];

const still = [
  ['style', '@biomejs/biome', 'bin/biome', ['ci']],
  ['types', 'typescript', 'bin/tsc', ['-p', 'tsconfig.test.json', ...since('types')]],
  // What is exported must say its types, which tests need not.
  ['library types', 'typescript', 'bin/tsc', ['-p', 'tsconfig.json', '--noEmit', ...since('library-types')]],
  ['unused', 'knip', 'bin/knip.js', []],
];
const part = ['--project', 'unit*', '--tags-filter', '!large'];
const tests = ['tests', 'vitest', 'vitest.mjs', ['run', ...(all ? [] : part)]];

/** Runs one check; what it says is printed when it is done, so that checks can run side by side. */
function run([name, pack, bin, args]) {
  const began = performance.now();
  const env = {
    ...process.env,
    ...(process.stdout.isTTY && !process.env.NO_COLOR && { FORCE_COLOR: '1' }),
    ...(!all && { DRAGOMAN_PROPERTY_RUNS: process.env.DRAGOMAN_PROPERTY_RUNS ?? FEW }),
  };
  const path = join(root, 'node_modules', pack, bin);
  const child = spawn(process.execPath, [path, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  child.stdout.on('data', (part) => said.push(part));
  child.stderr.on('data', (part) => said.push(part));
  return new Promise((done) => {
    child.on('error', (error) => {
      console.log(`${name}: cannot run ${path}: ${error.message}`);
      done(false);
    });
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`${name}: ${code === 0 ? 'holds' : `FAILS (${code})`}, ${seconds} s`);
      done(code === 0);
    });
  });
}

async function inOrder(checks) {
  const results = [];
  for (const check of checks) results.push(await run(check));
  return results;
}

const results = (await Promise.all([inOrder(still), inOrder([tests])])).flat();
process.exit(results.every(Boolean) ? 0 : 1);
