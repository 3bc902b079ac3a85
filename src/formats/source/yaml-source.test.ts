import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import { readYaml, type YamlNode } from './yaml-source.ts';

function read(text: string): YamlNode {
  const { documents, diagnostics } = readYaml(sourceText('rule.yml', text));
  expect(diagnostics).toEqual([]);
  const node = documents[0];
  if (node === undefined) throw new Error('no document');
  return node;
}

/** The file's characters that each character of the string under `a` comes from. */
function places(text: string): string[] {
  const found = read(text).get('a')?.text();
  if (found === undefined) throw new Error('no string');
  return [...found.text].map((_, index) => {
    const span = found.span(index, index + 1);
    return text.slice(span.start, span.end);
  });
}

describe('values', () => {
  test('are those of the YAML 1.2 core schema', () => {
    expect(read('a: yes\nb: 0644\nc: 2024-01-01\nd: true\ne: ~\nf: 1.5\ng: off\nh: 0x1F\ni: 0o17').toJson()).toEqual({
      a: 'yes',
      b: 644,
      c: '2024-01-01',
      d: true,
      e: null,
      f: 1.5,
      g: 'off',
      h: 31,
      i: 15,
    });
  });

  test('stay those of the core schema under a %YAML 1.1 directive', () => {
    expect(read('%YAML 1.1\n---\na: yes\n').toJson()).toEqual({ a: 'yes' });
  });

  test('keep the digits of whole numbers beyond 2^53', () => {
    expect(read('a: 12345678901234567890').get('a')?.scalar()).toBe(12345678901234567890n);
  });

  test('give scalars as written', () => {
    const node = read('a: 0x1F\nb: True\nc: "q"');
    expect(['a', 'b', 'c'].map((key) => node.get(key)?.written())).toEqual(['0x1F', 'True', 'q']);
  });

  test('follow aliases and merge keys, own keys first', () => {
    expect(read('base: &b {x: 1, y: 2}\na:\n  <<: *b\n  y: 3\nl: *b').toJson()).toEqual({
      base: { x: 1, y: 2 },
      a: { x: 1, y: 3 },
      l: { x: 1, y: 2 },
    });
  });

  test('read keys that are no strings by their text', () => {
    expect(read('4: a\ntrue: b\n~: c').toJson()).toEqual({ 4: 'a', true: 'b', '~': 'c' });
  });

  test('several documents, empty ones left out', () => {
    const { documents } = readYaml(sourceText('f', '---\na: 1\n---\n---\nb: 2\n---\n'));
    expect(documents.map((node) => node.toJson())).toEqual([{ a: 1 }, { b: 2 }]);
  });
});

test.each(['"\\uaa aaa', 'a: "\\x4', 'a: "\\U0001 bcdef"'])(
  'an escape that is cut short in %s is in the text',
  (text) => {
    const { documents, broken } = readYaml(sourceText('f', text));
    for (const node of [...documents, ...broken]) {
      const value = (node.get('a') ?? node).text();
      expect(value?.span(value.text.length, value.text.length).end).toBeLessThanOrEqual(text.length);
    }
  },
);

test.each(['[', '{', 'a: [', 'a: "', "a: '", 'a: {b'])('what is missing at the end of %s is in the text', (text) => {
  const { diagnostics } = readYaml(sourceText('f', text));
  expect(diagnostics.length).toBeGreaterThan(0);
  for (const { labels } of diagnostics) expect(labels[0]?.span.end).toBeLessThanOrEqual(text.length);
});

describe('the place of each character', () => {
  test.each([
    ['plain', 'a: x y', ['x', ' ', 'y']],
    ['plain over lines', 'a: x\n  y', ['x', '\n', 'y']],
    ['single-quoted', "a: 'it''s'", ['i', 't', "'", 's']],
    ['double-quoted', 'a: "q\\u0041\\n\\\n   w"', ['q', '\\', '\\', 'w']],
    ['literal', 'a: |\n    x\n\n     y\n', ['x', '\n', '\n', ' ', 'y', '\n']],
    ['literal with indicator', 'a: |2-\n    x\n   y\n', [' ', ' ', 'x', '\n', ' ', 'y']],
    ['literal with CRLF', 'a: |-\r\n  x\r\n  y\r\n', ['x', '\r', 'y']],
    ['folded', 'a: >-\n  x\n  y\n\n  z\n', ['x', '\n', 'y', '\n', 'z']],
    ['after a byte order mark', '\uFEFFa: x', ['x']],
  ])('%s', (_, text, want) => {
    expect(places(text)).toEqual(want);
  });

  test('is right for every character that is no blank, in every style', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'é', '*', "'", '"', '\\', '|', '𝒳', ' '), minLength: 1 });
    const lines = fc.array(word, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        lines,
        fc.constantFrom('|', '>', '|-', '>+'),
        fc.integer({ min: 1, max: 6 }),
        (written, style, indent) => {
          const text = `a: ${style}\n${written.map((line) => `${' '.repeat(indent)}x${line}`).join('\n')}\n`;
          const found = read(text).get('a')?.text();
          for (let index = 0; index < (found?.text.length ?? 0); index += 1) {
            const character = found?.text[index] ?? '';
            const span = found?.span(index, index + 1);
            if (/\S/.test(character)) expect(text.slice(span?.start, span?.end)).toBe(character);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('what is wrong', () => {
  function codes(text: string): string[] {
    return readYaml(sourceText('f', text)).diagnostics.map((found) => `${found.severity} ${found.code}`);
  }

  test('syntax errors are placed, and sound documents beside them stay', () => {
    const text = 'a: 1\n---\nb: [1, 2\n---\nc: 3\n';
    const file = readYaml(sourceText('f', text));
    expect(file.diagnostics.map((found) => found.code)).toContain('input/yaml');
    expect(file.diagnostics[0]?.labels[0]?.span.start).toBeGreaterThan(8);
    expect(file.documents.map((node) => node.toJson())).toContainEqual({ a: 1 });
  });

  test('equal keys warn, and the last counts', () => {
    const file = readYaml(sourceText('f', 'a: 1\nb: 2\na: 3'));
    expect(file.diagnostics.map((found) => [found.code, found.labels[0]?.span.start])).toEqual([
      ['input/yaml-duplicate-key', 10],
    ]);
    expect(file.documents[0]?.toJson()).toEqual({ a: 3, b: 2 });
  });

  test('alias bombs are refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(', ')}]`,
    );
    expect(codes(`l0: &l0 x\n${levels.join('\n')}`)).toEqual(['error input/yaml']);
  });

  test.each(['a: *nowhere', 'a: &x [*x]', '{{a: 1}: b}', 'a: {<<: 1}', '['.repeat(5000), '- '.repeat(5000)])(
    '%s is refused',
    (text) => {
      expect(codes(text)).toContain('error input/yaml');
    },
  );

  test.each([
    ['flow', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    [
      'block',
      `${Array.from({ length: 3_000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')}\n${' '.repeat(3_000)}b: 1`,
    ],
  ])('deep nesting is refused in our words, once: %s', (_, text) => {
    const { documents, diagnostics } = readYaml(sourceText('rule.yml', text));
    expect(documents).toEqual([]);
    expect(diagnostics.map((found) => found.message)).toEqual(['not valid YAML: nested too deeply']);
  });

  test('deep nesting by way of aliases is refused', () => {
    const levels = Array.from({ length: 400 }, (_, n) => `l${n + 1}: &l${n + 1} [*l${n}]`);
    expect(codes(`l0: &l0 x\n${levels.join('\n')}`)).toEqual(['error input/yaml']);
  });

  test('no text makes it throw', () => {
    const unit = fc.constantFrom(
      'a',
      'b',
      ':',
      ' ',
      '\n',
      '-',
      '|',
      '>',
      '"',
      "'",
      '*',
      '&',
      '{',
      '}',
      '[',
      ']',
      ',',
      '#',
      '!',
      '%',
      '\\',
      '<',
      '\t',
      '\r',
      '?',
      '---\n',
      '  ',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit, maxLength: 60 })), (text) => {
        const file = readYaml(sourceText('f', text));
        for (const node of [...file.documents, ...file.broken]) {
          node.toJson();
          for (const entry of node.entries()) entry.value.text()?.span(0, 1);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
