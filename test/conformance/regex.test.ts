import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { compileRegex } from '../../src/patterns/regex/index.ts';
import { inputs } from './inputs.ts';
import { corpora } from './tree.ts';

const { there, asPinned } = inputs(['sigma/sigmahq-rules.tar.gz'], 'e7ea7e043ed8');

/** The values of every `field|…|re…` key. */
function regexesIn(node: unknown, out: Set<string>): void {
  if (Array.isArray(node)) for (const item of node) regexesIn(item, out);
  else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      if (key.split('|').slice(1).includes('re')) for (const each of [value].flat()) out.add(String(each));
      else regexesIn(value, out);
    }
  }
}

describe.skipIf(!there)('the regular expressions of SigmaHQ', () => {
  test('all compile', () => {
    const archive = join(corpora, 'sigma/sigmahq-rules.tar.gz');
    const text = execFileSync('tar', ['-xzOf', archive, '--wildcards', '--wildcards-match-slash', '*.yml'], {
      maxBuffer: 1 << 30,
      encoding: 'utf8',
    });
    const found = new Set<string>();
    for (const document of text.split(/^(?=title:)/m)) {
      if (!/\|re\b/.test(document)) continue;
      for (const parsed of parseAllDocuments(document)) regexesIn(parsed.toJS(), found);
    }
    const engines = new Map<string, number>();
    const refused: string[] = [];
    for (const source of found) {
      const result = compileRegex(source, { flavour: 'pcre', ignoreCase: false, flags: '', anchored: false });
      if (!result.ok) refused.push(`${source}: ${result.reason}`);
      else engines.set(result.regex.engine, (engines.get(result.regex.engine) ?? 0) + 1);
    }
    console.log(`${found.size} regular expressions: ${JSON.stringify([...engines])}`);
    expect(refused).toEqual([]);
    if (asPinned) expect(found.size).toBeGreaterThan(140);
  });
});
