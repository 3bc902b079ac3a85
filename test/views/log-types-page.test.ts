import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logTypesPage } from '../../src/logs/log-types-page.ts';

const page = join(import.meta.dirname, '../../docs/log-types.md');

/** `UPDATE=1 npx vitest run test/views/log-types-page` writes the page anew. */
test('docs/log-types.md says what the registry says', () => {
  if (process.env['UPDATE'] !== undefined) writeFileSync(page, logTypesPage());
  expect(existsSync(page)).toBe(true);
  expect(readFileSync(page, 'utf8')).toBe(logTypesPage());
});
