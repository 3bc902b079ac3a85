import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { disagreement } from '../../../../test/toml-agreement.ts';
import { type SourceText, sourceText } from '../../../base/source-text.ts';
import type { LocatedTable } from '../located.ts';
import { readPlain } from './plain-reader.ts';

const RULE = `# a comment
top = "level"

[metadata]
creation_date = "2024/01/01" # when
integration = ["endpoint", 'windows',] # both
maturity = "production"

[rule]
author = ["Elastic"]
description = """
Lines of "text", with a \\\\ backslash,
\\tand a tab \\"\\"\\".
"""
from = 'now-9m'
risk_score = 47
ratio = -1.50
enabled = true
empty = []
references = [
    "https://example.org/#a", # one
    # and another
    'https://example.org/b"c',

]
query = '''
process where process.name : "cmd.exe" and
  process.args != '' /* é 😀 */
'''
type = "eql"
inline = { a = 1, b = "x", c = [ { d = false } ] }

[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1059"
[[rule.threat.technique.subtechnique]]
id = "T1059.001"
[[rule.threat.technique]]
id = "T1027"

[rule.threat.tactic]
id = "TA0002"

[[rule.threat]]
framework = "other"
[rule.threshold]
field = ["a", "b"]
value = 1
[transform.a-b.c_d]
`;

/** Lines that texts are made of; some are plain wherever they stand, some look as if they were. */
const LINES = [
  ...['a = 1', 'b = "x"', "c = 'y'", '[a]', '[b]', '[a.b]', '[[l]]', '[[l.m]]', '[l.m]', '[l]', '[[a]]', '[[a.b]]'],
  ...['# c', '', 'd = [1, 2]', 'd = [', ']', '  "x",', "e = '''", "'''", 'f = """', '"""', 'g = {}', 'g = {a = 1}'],
  ...['g = {a = 1,}', 'g = {a = 1, a = 2}', 'g = {a.b = 1}', 'h.i = 1', '"j" = 1', "'k' = 1", 'a.b.c = 1', '[ a . b ]'],
  ...['["q"]', '[a.b] x', '[a.b] # c', '[[l]] # c', '[[l] ]', '[]', '[a.]', '[.a]', 'm = 1_000', 'm = 0x1F', 'm = 01'],
  ...['m = -0', 'm = +1', 'm = -1.5', 'm = 1e5', 'm = 1.', 'm = .5', 'm = inf', 'm = nan', 'm = 9007199254740993'],
  ...[
    'n = 2024-01-02',
    'n = 2024-01-02T03:04:05Z',
    'n = 03:04:05',
    'o = true',
    'o = True',
    'o = trueish',
    'o = true # c',
  ],
  ...[
    'p = "\\u0041"',
    'p = "\\n\\t\\\\"',
    'p = "\\x"',
    'p = "a" b',
    'p = "a',
    "p = 'a",
    'p =',
    'p',
    '= 1',
    'p = "é😀"',
  ],
  ...[
    'q = """a"""',
    'q = """a""""',
    'q = """\\',
    '  b"""',
    "q = '''a'''",
    "q = '''a''''",
    'q = ""',
    "q = ''",
    'q = """"""',
  ],
  ...[
    'r = [[1], ["a", 1.5], []]',
    'r = [1,,2]',
    'r = [,1]',
    'r = [1 2]',
    's\t=\t1\t# c',
    '\tt = 1',
    'u = 1\r',
    'v = "\t"',
  ],
  ...[
    'w = [{a = 1}, {a = 2}]',
    '__proto__ = 1',
    'constructor = {toString = 1}',
    '1 = 2',
    '-_- = 3',
    'é = 1',
    '\ufeffx = 1',
  ],
];
const lines = fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 14 });
/** Keys get names of their own, but for some: a key that comes again ends all. */
const made = lines.map((given) =>
  given.map((line, at) => (/^[a-z] =/.test(line) && at % 7 !== 6 ? `k${at}${line}` : line)).join('\n'),
);
/** A rule of which pieces are cut out, doubled, moved or replaced. */
const pieces = fc.constantFrom(
  '',
  ' ',
  '\n',
  '"',
  "'",
  '"""',
  "'''",
  '[',
  ']',
  '[[',
  '=',
  ',',
  '#',
  '.',
  '\\',
  '{',
  '}',
  '1',
);
const damaged = fc.array(fc.tuple(fc.nat(), fc.nat(12), pieces), { minLength: 1, maxLength: 4 }).map((edits) =>
  edits.reduce((before, [place, length, put]) => {
    const at = place % (before.length + 1);
    return before.slice(0, at) + put + before.slice(at + length);
  }, RULE),
);

const isRead = (text: string): boolean => readPlain(sourceText('f.toml', text)) !== undefined;

describe('plain TOML', () => {
  test('is read as rules are written: every style, every place', () => {
    expect(isRead(RULE)).toBe(true);
    expect(disagreement(RULE, readPlain)).toBeUndefined();
  });

  test('is read as the package reads it, or left to it, whatever lines stand together', () => {
    let read = 0;
    let tried = 0;
    fc.assert(
      fc.property(made, (given) => {
        tried += 1;
        if (isRead(given)) read += 1;
        expect(disagreement(given, readPlain)).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
    expect(read / tried).toBeGreaterThan(0.03);
  });

  test('is read as the package reads it, or left to it, however a rule is damaged', () => {
    fc.assert(
      fc.property(damaged, (given) => {
        expect(disagreement(given, readPlain)).toBeUndefined();
      }),
      { numRuns: 3_000 },
    );
  });

  test.each(LINES)('%j is left to the package, or read as it reads it, alone and beside others', (line) => {
    for (const given of [
      line,
      `[t]\n${line}\n`,
      `[[l]]\n${line}\n[[l]]\n${line}`,
      `${line}\n${line}`,
      `[a]\nb = 1\n${line}`,
    ]) {
      expect(disagreement(given, readPlain)).toBeUndefined();
    }
  });

  test('deep nesting is left to the package', () => {
    expect(isRead(`a = ${'['.repeat(5_000)}${']'.repeat(5_000)}`)).toBe(false);
    expect(isRead(`[${'a.'.repeat(300)}b]`)).toBe(false);
  });

  test('many tables of one list take time by their number', () => {
    expect(isRead('[[a]]\nb = 1\n'.repeat(100_000))).toBe(true);
  });
});

describe('the comparison sees', () => {
  const faults: Record<string, (text: string) => string> = {
    'a wrong place': (text) => ` ${text}`,
    'a lost entry': (text) => text.replace('top = "level"', '#op = "level"'),
    'a wrong number': (text) => text.replace('47', '48'),
    'another style': (text) => text.replace("'now-9m'", '"now-9m"'),
  };

  test.each(Object.entries(faults))('%s', (_, fault) => {
    const read = (file: SourceText): LocatedTable | undefined => readPlain(sourceText(file.name, fault(file.text)));
    expect(disagreement(RULE, read)).toBeDefined();
  });
});
