import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { functionsPage } from '../../src/ir/functions/functions-page.ts';
import { functions } from '../../src/ir/functions/registry.ts';

const page = join(import.meta.dirname, '../../docs/reference/functions.md');

/** `UPDATE=1 npx vitest run test/reference` writes the page anew. */
test('docs/reference/functions.md says what the registry says', () => {
  if (process.env['UPDATE'] !== undefined) writeFileSync(page, functionsPage());
  expect(existsSync(page)).toBe(true);
  expect(readFileSync(page, 'utf8')).toBe(functionsPage());
});

test('the page has every function', () => {
  const named = [...functionsPage().matchAll(/^### (.*)$/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(functions).sort());
});
