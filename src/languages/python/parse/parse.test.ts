import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceText } from '../../../base/source-text.ts';
import { parseModule } from './index.ts';

const parse = (text: string): ReturnType<typeof parseModule> => parseModule(sourceText('x.py', text));

const problem = (text: string): unknown => {
  const found = parse(text);
  return found.ok ? undefined : [found.problem.reason, found.problem.at];
};

const PIECES = [
  'def ',
  'rule(event)',
  ':',
  '\n',
  '    ',
  '\t',
  'return ',
  'if ',
  'elif ',
  'else',
  'for x in ',
  'lambda x: ',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '.',
  '=',
  ':=',
  '==',
  'not ',
  'in ',
  'and ',
  'or ',
  'is ',
  "f'{a!r:>{w}}'",
  "'",
  '"""',
  "b'x'",
  '\\',
  '#',
  '1_0',
  '0x',
  '1e',
  '*',
  '**',
  '@',
  'match x:\n    case ',
  '_',
  'try:',
  'except E as e:',
  'with a as b:',
  'async ',
  'await ',
  'yield ',
  'global x',
  'import a.b as c',
  ';',
  '...',
];

test('never throws, on any text', () => {
  const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(soup, fc.string({ unit: 'binary' })), (text) => {
      parse(text);
    }),
    { numRuns: 10_000 },
  );
});

test('is not undone by deep or long code', () => {
  for (const text of [
    '('.repeat(100_000),
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    `x = ${'not '.repeat(50_000)}y`,
    `x = ${'-'.repeat(50_000)}1`,
    `x = ${'a + '.repeat(50_000)}a`,
    `x = a${'.b'.repeat(50_000)}`,
    `if a:\n  pass\n${'elif a:\n  pass\n'.repeat(5_000)}`,
    Array.from({ length: 500 }, (_, at) => `${' '.repeat(at)}if a:\n`).join(''),
    `f'${'{x:'.repeat(3_000)}${'}'.repeat(3_000)}'`,
  ]) {
    expect(parse(text).ok).toBe(false);
  }
});

test('says what it does not understand, and where', () => {
  expect(problem('x = (1')).toEqual(['a bracket is not closed', 6]);
  expect(problem('def f()\n    pass\n')).toEqual(['`:` is missing', 7]);
  expect(problem('if a:\n    b\n  c\n')).toEqual(['the indentation fits no line above', 14]);
  expect(problem("x = 'a")).toEqual(['a string is not closed', 4]);
  expect(problem('1 = x')).toEqual(['this cannot be assigned to', 0]);
  expect(problem("f'{a'")).toEqual(['a string is not closed', 0]);
});
