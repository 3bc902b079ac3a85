import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtCli, root, shell } from './built.ts';

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** The commands of blocks that are marked to be run: ```sh run */
function commandsOf(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line.trim() !== ''),
  );
}

const commands = pages.flatMap((page) => commandsOf(page).map((command) => [page, command] as const));

describe('commands in the documentation', () => {
  const main = builtCli();

  it('are there', () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  it.each(commands)('%s: %s', async (_page, command) => {
    const ran = await shell(main, command);
    expect([ran.code, ran.out.trim()], ran.err).toEqual([0, expect.stringMatching(/./)]);
  });

  it('are about files that exist, and a README that mentions every command and exit code', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const command of ['run', 'test', 'lint', 'check', 'explain', 'show', 'query', 'types']) {
      expect(readme).toContain(`| \`${command}\` |`);
    }
    for (const system of ['Elastic', 'Panther', 'Sigma', 'Microsoft Sentinel and Defender']) {
      expect(readme).toContain(`### ${system}\n`);
    }
  });
});
