import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import type { Located, LocatedTable } from './located.ts';
import { readToml } from './toml-source.ts';

function read(text: string): LocatedTable {
  const result = readToml(sourceText('rule.toml', text));
  if (!result.ok) throw new Error(result.diagnostics[0]?.message);
  return result.value;
}

test('a string that is too long for the package is named, and where it stands; it can be so long where all else is plain', () => {
  const long = 'x'.repeat(300_000);
  expect(read(`a = 'b'\nc = '${long}'`).entries.get('c')?.value).toMatchObject({ value: long });
  for (const written of [`'${long}'`, `"${long}"`, `'''\n${long}'''`, `"""a\\"""${long}"""`]) {
    const result = readToml(sourceText('rule.toml', `# it's "a"\na = 'b'\nc = ${written}\nd = 1_000`));
    if (result.ok) throw new Error('it is not too long');
    const [found] = result.diagnostics;
    expect(found?.message).toMatch(/a string of 300,0\d\d characters is too long/);
    expect(found && primarySpan(found)?.start).toBe(23);
  }
  const nested = readToml(sourceText('rule.toml', `a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`));
  expect(nested.diagnostics[0]?.message).toContain('nested too deeply');
});

/** The plain value behind a located one. */
function plain(value: Located): unknown {
  switch (value.kind) {
    case 'list':
      return value.items.map(plain);
    case 'table':
      return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry.value)]));
    case 'null':
      return null;
    case 'string':
    case 'number':
    case 'boolean':
    case 'date':
      return value.value;
  }
}

describe('readToml', () => {
  test('reads tables, arrays of tables, dotted and quoted keys', () => {
    const text = `
a.b.c = 1
"x.y" = true
[rule]
names = ["p", 'q']
when = 2024-01-02
inline = { one = 1.5, two.three = "z" }
big = 9007199254740993
[[rule.threat]]
id = 1
[[rule.threat.technique]]
id = 11
[[rule.threat.technique]]
id = 12
[rule.threat.tactic]
id = "TA"
[[rule.threat]]
id = 2
`;
    expect(plain(read(text))).toEqual({
      a: { b: { c: 1 } },
      'x.y': true,
      rule: {
        names: ['p', 'q'],
        when: '2024-01-02',
        inline: { one: 1.5, two: { three: 'z' } },
        big: 9007199254740993n,
        threat: [{ id: 1, technique: [{ id: 11 }, { id: 12 }], tactic: { id: 'TA' } }, { id: 2 }],
      },
    });
  });

  test.each([
    ['q = "a:b"'],
    ["q = 'a:b\\c'"],
    ["q = '''\na:b and\n  c:d\n'''"],
    ["q = '''a:b\r\nc:d'''"],
    ['q = """\n a:b \\"c\\" \\\\ \\u00e9 \\U0001F600 x\n"""'],
    ['q = """a \\\n\n    b   \\\n  c"""'],
    ['q = """\r\na\\tb\r\nc"""'],
  ])('every character of %j has its place', (text) => {
    const value = read(text).entries.get('q')?.value;
    if (value?.kind !== 'string') throw new Error('not a string');
    const source = value.source();
    expect(source.text).toBe(value.value);
    for (let at = 0; at < value.value.length; at += 1) {
      const span = source.span(at, at + 1);
      const written = text.slice(span.start, span.end);
      const character = value.value[at] ?? '';
      // The second half of a surrogate pair begins inside its escape.
      if (/[\udc00-\udfff]/.test(character)) continue;
      const isEscape = /^\\(?:["\\btnfr]|u[0-9a-f]{4}|U[0-9a-f]{8})$/i.test(written);
      expect(isEscape || written === character, written).toBe(true);
    }
  });

  test('an edit of a basic string has its escapes', () => {
    const value = read('q = "x"\nr = \'x\'');
    const escaped = (key: string, text: string): string | undefined => {
      const found = value.entries.get(key)?.value;
      return found?.kind === 'string' ? found.escape(text) : undefined;
    };
    expect(escaped('q', 'a\\b"c')).toBe('a\\\\b\\"c');
    expect(escaped('r', 'a\\b')).toBe('a\\b');
  });

  test.each([
    ['a = 1\nb = \n', 11],
    ['a = 1\na = 2', 6],
    [`a = ${'['.repeat(100_000)}`, undefined],
    [`a = ${'['.repeat(300)}${']'.repeat(300)}`, undefined],
    [`${'a.'.repeat(300)}b = 1`, undefined],
  ])('%# fails with a place', (text, at) => {
    const result = readToml(sourceText('rule.toml', text));
    expect(result.ok).toBe(false);
    const [found] = result.diagnostics;
    expect(found?.code).toBe('input/toml');
    if (at !== undefined) expect(found && primarySpan(found)?.start).toBe(at);
  });

  test('keys that are names of every object are keys like others', () => {
    expect([...read('__proto__ = 1\nconstructor = 2\n[toString]\nx = 1').entries.keys()]).toEqual([
      '__proto__',
      'constructor',
      'toString',
    ]);
  });

  test('never throws on any text', { tags: 'large' }, () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '[[',
      ']]',
      '=',
      '"',
      "'''",
      '"""',
      '\\',
      '\n',
      'a',
      '.',
      '1',
      '{',
      '}',
      ',',
      '#',
      ' ',
      '\\u00',
      'true',
      '2024-01-01',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (written) => {
        const result = readToml(sourceText('x.toml', written));
        if (!result.ok) expect(result.diagnostics.length).toBe(1);
        else
          for (const { value } of result.value.entries.values())
            if (value.kind === 'string') value.source().span(0, value.value.length);
      }),
      { numRuns: 10_000 },
    );
  });
});
