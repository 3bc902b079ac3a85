// `node scripts/sbom.mjs FILE`: what the package is installed with, as CycloneDX, by npm and from the lock file alone. Fails where
// one of these packages is not in there with its hash.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { installedPackages } from './installed-packages.mjs';
import { root } from './ready.mjs';

const [target] = process.argv.slice(2);
if (target === undefined) {
  console.error('usage: node scripts/sbom.mjs FILE');
  process.exit(2);
}
const { name, version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
const { status, stdout, stderr } = spawnSync('npm', args, {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 ** 2,
  shell: process.platform === 'win32',
});
if (status !== 0) {
  console.error(`npm ${args.join(' ')} failed (${status}):\n${stderr}`);
  process.exit(1);
}
const bill = JSON.parse(stdout);
// npm calls it by the folder that it lies in.
bill.metadata.component.name = name;
// npm's own way to leave out what is only developed with leaves out what is used for both.
const wanted = new Set(
  installedPackages().map(({ name: each, version: its }) => `pkg:npm/${each.replace('@', '%40')}@${its}`),
);
bill.components = bill.components.filter(({ purl }) => wanted.has(purl));
const refs = new Set([bill.metadata.component, ...bill.components].map((each) => each['bom-ref']));
bill.dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));

const hashed = bill.components.filter(({ hashes }) => hashes?.some(({ alg }) => alg === 'SHA-512'));
const known = new Set(hashed.map(({ purl }) => purl));
const missing = [...wanted].filter((purl) => !known.has(purl));
if (missing.length > 0) {
  console.error(`without an entry, or without its hash: ${missing.join(', ')}`);
  process.exit(1);
}
const path = resolve(root, target);
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, `${JSON.stringify(bill, null, 2)}\n`);
console.log(`${target}: ${name} ${version} is installed with ${bill.components.length} packages`);
