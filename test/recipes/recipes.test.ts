import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { follow, recipesOf } from './recipe.ts';

const root = resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'dragoman-recipes-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What of the project is no source. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'coverage', '.fuzz']);

/** A copy of the sources beside the same packages, without what is cached among them. */
beforeAll(() => {
  for (const name of readdirSync(root)) {
    if (!LEFT_OUT.has(name)) cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const isCache = name.startsWith('.') && name !== '.bin';
    if (!isCache) symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
});

function run(command: string): void {
  // As in a terminal: what this run of Vitest sets for its own tests is not the reader's.
  const { NODE_ENV: _, VITEST: __, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...env, DRAGOMAN_PROPERTY_RUNS: '5' },
    maxBuffer: 2 ** 28,
  });
  expect(status, `${command}\n${stdout}${stderr}`).toBe(0);
}

const recipes = recipesOf(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'));

describe('the recipes of CONTRIBUTING.md, done word for word, one after the other', () => {
  test('are those of the things that are added most', () => {
    const done = recipes.filter(({ steps }) => steps.length > 0).map(({ name }) => name);
    expect(done).toEqual([
      'Add a log type',
      'Add a Kusto function',
      'Add a lint',
      'Add a plan operator',
      'Add a fuzz target',
    ]);
  });

  describe.each(recipes.filter(({ steps }) => steps.length > 0))('$name', ({ steps }) => {
    test('lead to what their own checks ask', { timeout: 600_000 }, () => {
      for (const step of steps) {
        if (step.what === 'run') run(step.command);
        else follow(step, copy);
      }
    });
  });

  // Each recipe ran the tests of what it adds to. These hold over all of the project.
  test.each([
    'npm run check:style',
    'npm run check:types',
    'npm run check:unused',
    'npx vitest run test/walls test/views test/tools test/reference --project "unit*" --tags-filter "!large"',
  ])('leave a project in which everything else holds: %s', { timeout: 1_200_000 }, (command) => run(command));
});
