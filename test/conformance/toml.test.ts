import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceText } from '../../src/base/source-text.ts';
import { readPlain } from '../../src/formats/source/toml/plain-reader.ts';
import { disagreement } from '../toml-agreement.ts';
import { corpora, openTree } from './tree.ts';

/** The reader of plain TOML beside the package, on the rules of Elastic. */
const tree = openTree(corpora);
afterAll(() => tree.close());

const rules = tree.unpack('elastic/detection-rules.tar.gz');

describe('plain TOML is read as the package reads it', () => {
  test.skipIf(rules === undefined)("in Elastic's repository, of which nearly all is plain", () => {
    const files = readdirSync(rules ?? '', { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.toml$/.test(name),
    );
    const texts = files.map((name) => readFileSync(join(rules ?? '', name), 'utf8'));
    expect(files.length).toBeGreaterThan(1_500);
    const apart = texts.flatMap((text, at) => {
      const found = disagreement(text, readPlain);
      return found === undefined ? [] : [`${files[at]}: ${found.slice(0, 2_000)}`];
    });
    expect(apart).toEqual([]);
    const read = texts.filter((text) => readPlain(sourceText('f', text)) !== undefined);
    console.log(`${files.length} files, ${read.length} of them plain`);
    expect(read.length).toBeGreaterThan(0.97 * files.length);
  });
});
