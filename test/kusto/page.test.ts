import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aggregateNames, isSupportedAggregate } from '../../src/languages/kusto/lower/functions/aggregates.ts';
import { scalarFunctionNames } from '../../src/languages/kusto/lower/functions/table.ts';
import { WINDOW_FUNCTIONS } from '../../src/languages/kusto/lower/functions/window-names.ts';
import { UNSUPPORTED } from '../../src/languages/kusto/lower/operator.ts';
import { operatorNames } from '../../src/languages/kusto/parse/operators/index.ts';

const page = join(import.meta.dirname, '../../docs/kusto.md');

/** The page with the lists that the tables give. `UPDATE=1 npx vitest run test/kusto` writes it anew. */
function generated(text: string): string {
  const lists: Readonly<Record<string, Iterable<string>>> = {
    operators: [...operatorNames()].filter((name) => !UNSUPPORTED.some((kind) => kind === name)),
    functions: [...scalarFunctionNames(), ...WINDOW_FUNCTIONS.keys(), 'toscalar'],
    aggregates: [...aggregateNames()].filter(isSupportedAggregate),
  };
  return Object.entries(lists).reduce((made, [name, items]) => {
    const listed = [...new Set(items)].sort().map((item) => `\`${item}\``);
    const lines: string[] = [];
    for (const item of listed) {
      const last = lines.at(-1);
      if (last === undefined || last.length + item.length > 130) lines.push(item);
      else lines[lines.length - 1] = `${last} ${item}`;
    }
    return made.replace(
      new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`),
      () => `<!-- ${name} -->\n${lines.join('\n')}\n<!-- /${name} -->`,
    );
  }, text);
}

test('docs/kusto.md lists what is run', () => {
  const text = readFileSync(page, 'utf8');
  if (process.env['UPDATE'] !== undefined) writeFileSync(page, generated(text));
  expect(readFileSync(page, 'utf8')).toBe(generated(text));
});
