import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { disagreement } from '../../../../test/yaml-agreement.ts';
import { readPlain } from './plain-reader.ts';
import type { YamlTree } from './tree.ts';

/** The YAML of the examples. */
const examples = join(import.meta.dirname, '../../../../examples');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.ya?ml$/.test(file))
  .map((file) => readFileSync(join(examples, file), 'utf8'));

const RULE = `title: A 'quoted' rule # with a comment
id: 12345678-1234-1234-1234-123456789012
status: test
description: |
    Lines of text,

      one indented: more
    # and this is no comment

references:
- https://example.org/a#b
- "double \\"quoted\\" \\\\ \\n"
date: 2024-01-01
level: high
empty:
count: 0x1F
fraction: -1.50
flag: True
nothing: ~
logsource:
    product: windows
    # a comment between
    category: process_creation
detection:
    selection:
        Image|endswith:
            - '\\cmd.exe'
            # - '\\no.exe'
            - 'it''s'
        'quoted key|re': ^a:b#c$
    keywords:
        - one
        -   key: value
            other: 12345678901234567890
    # the end of the keywords
    condition: selection or 1 of keyw*
`;

/** Pieces that texts are made of which look like plain YAML, or nearly. */
const PIECES = [
  ...[
    'a: b',
    'a:',
    'key: ',
    'c: d e',
    "q: 'x'",
    "q: 'it''s'",
    'd: "x\\n"',
    'd: "a\\u0041"',
    '- x',
    '-  y',
    '- k: v',
    '-',
    '- ',
  ],
  ...[
    'e: |',
    'e: |-',
    'e: >',
    'e: |2',
    'e: |+',
    'f: [a, b]',
    'f: {a: b}',
    'g: &x 1',
    'g: *x',
    '<<: *x',
    'h: !!str 1',
    '? z',
  ],
  ...[
    '# c',
    'i: j # c',
    'i: j #c',
    'i: j#c',
    'k: l: m',
    'n: o:',
    "p: 'a' b",
    'p: "a"',
    'r: -1',
    'r: - 1',
    's: 1e5',
    't: .inf',
  ],
  ...[
    'u: 0o17',
    'v: null',
    'w: true',
    'x : y',
    '"z": 1',
    "'z' : 1",
    "'z':1",
    '---',
    '...',
    '%YAML 1.2',
    'plain',
    'y: @a',
    '- - a',
  ],
  ...[
    ': a',
    'a: ?b',
    'a: :b',
    '&a b: c',
    'a:\tb',
    'a: b\r',
    'é: ü',
    'a: b ',
    'a: ~',
    '- # c',
    '12: 3',
    '\u2028',
    '\ufeffa: b',
    'a: "',
    "a: '",
  ],
];
/** Those of them that are plain wherever a key or an item may stand. */
const PLAIN = [
  'a: b',
  'c: d e',
  "q: 'it''s'",
  'd: "x\\n"',
  'e: |',
  'i: j # c',
  'r: -1',
  'u: 0o17',
  'v: null',
  'a:',
  'key: ',
  '# c',
  '- x',
  '- k: v',
];
const piece = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 1, arbitrary: fc.constantFrom(...PIECES, '', ' ', '    ') },
);
/** Most lines are indented as the one before, or by one level more where it has no value. */
const made = fc
  .array(fc.tuple(piece, fc.constantFrom(0, 0, 0, 0, 1, -2, -2, -4, 2)), { minLength: 1, maxLength: 12 })
  .map((lines) => {
    let indent = 0;
    let before = '- x';
    return lines.map(([written, step], at) => {
      const isBelow = /:\s*\|?$/.test(before);
      if (at > 0) indent = Math.max(0, indent + (isBelow ? 2 : step));
      before = written;
      // Keys of their own, but for some.
      return ' '.repeat(indent) + (/^[a-z]/.test(written) && at % 5 !== 4 ? `k${at}${written}` : written);
    });
  });
const text = fc.tuple(made, fc.constantFrom('', '\n', '\n\n')).map(([lines, end]) => lines.join('\n') + end);

/** A rule of which pieces are cut out, doubled, moved or replaced. */
const damaged = fc
  .tuple(
    fc.constantFrom(RULE, ...files),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat(12),
        fc.constantFrom('', ' ', '  ', '\n', ':', ': ', "'", '"', '- ', '#', ' #', '|', 'x', '\n\n', '\\'),
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([rule, edits]) =>
    edits.reduce((before, [place, length, put]) => {
      const at = place % (before.length + 1);
      return before.slice(0, at) + put + before.slice(at + length);
    }, rule),
  );

describe('plain YAML', () => {
  test('is read as rules are written: every style, every place', () => {
    expect(readPlain(RULE)).toBeDefined();
    expect(disagreement(RULE, readPlain)).toBeUndefined();
  });

  test('is what the examples are', () => {
    expect(files.length).toBeGreaterThan(5);
    expect(files.map((file) => disagreement(file, readPlain))).toEqual(files.map(() => undefined));
    expect(files.filter((file) => readPlain(file) !== undefined).length).toBeGreaterThan(files.length / 2);
  });

  test('is read as the package reads it, or left to it, whatever lines stand together', () => {
    let read = 0;
    let tried = 0;
    fc.assert(
      fc.property(text, (given) => {
        tried += 1;
        if (readPlain(given) !== undefined) read += 1;
        expect(disagreement(given, readPlain)).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
    expect(read / tried).toBeGreaterThan(0.05);
  });

  test('is read as the package reads it, or left to it, however a rule is damaged', () => {
    fc.assert(
      fc.property(damaged, (given) => {
        expect(disagreement(given, readPlain)).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
  });

  test.each(PIECES)('%j is left to the package, or read as it reads it, alone and in a map and a list', (piece) => {
    for (const given of [
      piece,
      `a:\n  ${piece}\nb: c\n`,
      `a:\n  - ${piece}\n  - x\n`,
      `- ${piece}`,
      `a: ${piece}\n  b\n`,
    ]) {
      expect(disagreement(given, readPlain)).toBeUndefined();
    }
  });

  test('deep nesting is left to the package', () => {
    const deep = Array.from({ length: 5_000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n');
    expect(readPlain(deep)).toBeUndefined();
  });
});

describe('the comparison sees', () => {
  const faults: Record<string, (tree: YamlTree) => YamlTree> = {
    'a wrong place': (tree) => ({ ...tree, end: tree.end + 1 }),
    'a lost entry': (tree) => (tree.kind === 'map' ? { ...tree, entries: tree.entries.slice(1) } : tree),
    'a wrong type': (tree) => changed(tree, (value) => (typeof value === 'bigint' ? Number(value) : value)),
    'a lost quote': (tree) => changed(tree, (value) => (typeof value === 'string' ? value.replace("'", '') : value)),
  };

  test.each(Object.entries(faults))('%s', (_, fault) => {
    const read = (given: string): YamlTree | undefined => {
      const tree = readPlain(given);
      return tree && fault(tree);
    };
    expect(disagreement(RULE, read)).toBeDefined();
  });
});

type Scalar = Extract<YamlTree, { kind: 'scalar' }>;

function changed(tree: YamlTree, change: (value: Scalar['value']) => Scalar['value']): YamlTree {
  switch (tree.kind) {
    case 'scalar':
      return { ...tree, value: change(tree.value) };
    case 'list':
      return { ...tree, items: tree.items.map((item) => changed(item, change)) };
    case 'map':
      return { ...tree, entries: tree.entries.map((entry) => ({ ...entry, value: changed(entry.value, change) })) };
  }
}
