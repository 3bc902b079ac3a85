import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { equal } from '../../ir/equal.ts';
import type { WildcardPart } from '../../ir/expr.ts';
import type { KueryField, KueryQuery, KueryTerm, KueryValue } from './ast.ts';
import { parseKuery } from './parser.ts';
import { printKuery } from './print.ts';

function parse(text: string): KueryQuery {
  const { ast, diagnostics } = parseKuery(sourceText('<query>', text));
  expect(diagnostics).toEqual([]);
  return ast;
}

/** The codes that a query gives, each at the text between `⟦` and `⟧`, in order. */
function expectFound(marked: string, ...codes: readonly string[]): void {
  const places: [number, number][] = [];
  let text = '';
  for (const piece of marked.split(/(?=⟦)|(?<=⟧)/)) {
    const start = text.length;
    text += piece.replace(/[⟦⟧]/g, '');
    if (piece.startsWith('⟦')) places.push([start, text.length]);
  }
  const { diagnostics } = parseKuery(sourceText('<query>', text));
  const found = diagnostics.map((one) => [one.code, primarySpan(one)?.start, primarySpan(one)?.end]);
  expect(found).toEqual(codes.map((code, index) => [code, ...(places[index] ?? [])]));
}

/** The tree in brackets: what binds to what. */
function shape(ast: KueryQuery): string {
  switch (ast.kind) {
    case 'everything':
    case 'error':
      return ast.kind;
    case 'or':
    case 'and':
      return `(${ast.kind} ${ast.items.map(shape).join(' ')})`;
    case 'not':
      return `(not ${shape(ast.item)})`;
    case 'is':
      return `(is ${words(ast.field.parts)} ${valueShape(ast.value)})`;
    case 'free-text':
      return `(free ${valueShape(ast.value)})`;
    case 'range':
      return `(${ast.op} ${words(ast.field.parts)} ${valueShape(ast.value)})`;
    case 'nested':
      return `(nested ${words(ast.path.parts)} ${shape(ast.query)})`;
  }
}

function valueShape(value: KueryValue): string {
  switch (value.kind) {
    case 'or':
    case 'and':
      return `(${value.kind} ${value.items.map(valueShape).join(' ')})`;
    case 'not':
      return `(not ${valueShape(value.item)})`;
    case 'error':
      return 'error';
    case 'text':
      return value.quoted ? JSON.stringify(value.text) : `'${value.text}'`;
    case 'wildcard':
      return words(value.parts);
    case 'constant':
      return String(value.value);
  }
}

function words(parts: readonly WildcardPart[]): string {
  return parts.map((part) => ('text' in part ? `'${part.text}'` : '*')).join('');
}

describe('parseKuery', () => {
  test.each([
    ['', 'everything'],
    [' \n\t\u00a0', 'everything'],
    ['a:1 or b:2 and not c:3', "(or (is 'a' '1') (and (is 'b' '2') (not (is 'c' '3'))))"],
    ['not a:1 and b:2', "(and (not (is 'a' '1')) (is 'b' '2'))"],
    ['(a:1 or b:2) and c:3', "(and (or (is 'a' '1') (is 'b' '2')) (is 'c' '3'))"],
    ['a:1 AND b:2 Or nOt c:3', "(or (and (is 'a' '1') (is 'b' '2')) (not (is 'c' '3')))"],
    ['a:(b or c and not d)', "(is 'a' (or 'b' (and 'c' (not 'd'))))"],
    ['a:(b or (c or d))', "(is 'a' (or 'b' (or 'c' 'd')))"],
    ['a : ( b )', "(is 'a' 'b')"],
    ['a:b c  d and e:f', "(and (is 'a' 'b c  d') (is 'e' 'f'))"],
    ['a:*b c*', "(is 'a' *'b c'*)"],
    ['a:"b*"', `(is 'a' "b*")`],
    ['a:**', "(is 'a' *)"],
    ['a*.b:c', "(is 'a'*'.b' 'c')"],
    ['"a b":c', "(is 'a b' 'c')"],
    ['a >= 5 and b<now-1d/d', "(and (>= 'a' '5') (< 'b' 'now-1d/d'))"],
    ['a > "5"', `(> 'a' "5")`],
    ['a:{ b:1 and c:{ d:2 } }', "(nested 'a' (and (is 'b' '1') (nested 'c' (is 'd' '2'))))"],
    ['foo bar', "(free 'foo bar')"],
    ['a:true or a:"true" or a:null or a:True', `(or (is 'a' true) (is 'a' "true") (is 'a' null) (is 'a' 'True'))`],
    ['a:foo\\*\\:\\"\\\\', "(is 'a' 'foo*:\"\\')"],
    ['a:b\\u0041\\tc', "(is 'a' 'bA\tc')"],
    ['a:b \\and c \\NOT d', "(is 'a' 'b and c NOT d')"],
    ['a:"\\\\x\\"y\\z\\u0041"', `(is 'a' "\\\\x\\"y\\\\zA")`],
    ['a:""', `(is 'a' "")`],
    ["a:'b'", "(is 'a' ''b'')"],
    ['a:android or b:order', "(or (is 'a' 'android') (is 'b' 'order'))"],
    ['a:*not this*', "(is 'a' *'not this'*)"],
    ['and', "(free 'and')"],
    ['a:(or b)', "(is 'a' 'or b')"],
    ['not and b', "(not (free 'and b'))"],
    ['a:b@c.d/e-f=g?', "(is 'a' 'b@c.d/e-f=g?')"],
  ])('%s', (text, expected) => {
    expect(shape(parse(text))).toBe(expected);
  });

  test('reports what is wrong, where it is', () => {
    expectFound('foo:ba⟦:⟧r', 'kuery/expected');
    expectFound('foo:⟦⟧', 'kuery/expected');
    expectFound('foo:(200 or ⟦)⟧', 'kuery/expected');
    expectFound('⟦<⟧ 1000', 'kuery/expected');
    expectFound('foo:"ba "⟦r⟧⟦"⟧', 'kuery/expected', 'kuery/unterminated-string');
    expectFound('foo:⟦"ba ⟧', 'kuery/unterminated-string');
    expectFound("foo:a⟦\\'⟧b", 'kuery/bad-escape');
    expectFound('foo:a⟦\\⟧', 'kuery/bad-escape');
    expectFound('foo:(a or b⟦⟧', 'kuery/expected');
    expectFound('(a:b⟦}⟧', 'kuery/expected');
    expectFound('a:b⟦)⟧ and c:d', 'kuery/expected');
    expectFound('"x" ⟦or⟧"y"', 'kuery/expected');
    expectFound('a:b foo ⟦not⟧ bar', 'kuery/expected');
    expectFound('a:⟦not⟧ b', 'kuery/refused-by-kibana');
    expectFound('not ⟦not⟧ a:b', 'kuery/refused-by-kibana');
  });

  test('goes on after an error', () => {
    expectFound('a:⟦)⟧ and b:⟦<⟧ 5 and c:d', 'kuery/expected', 'kuery/expected');
    const { ast } = parseKuery(sourceText('<query>', 'a:b:c and d:e'));
    expect(shape(ast)).toBe("(or (is 'a' 'b') (is 'd' 'e'))");
  });

  test('a missing keyword between lines gets a hint', () => {
    const { diagnostics } = parseKuery(sourceText('<query>', 'a:b\nc:d'));
    expect(diagnostics[0]?.hints).toEqual(['is `and` or `or` missing before the field?']);
  });

  test.each(['(', 'a:(', 'a:{ b', 'not ', 'a:(not '])('20,000 levels of %s end in one diagnostic', (level) => {
    const { diagnostics } = parseKuery(sourceText('<query>', `${level.repeat(20_000)}x`));
    const errors = diagnostics.filter((found) => found.severity === 'error');
    expect(errors.length).toBeLessThanOrEqual(1);
  });

  test('never throws on any text', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '{',
      '}',
      ':',
      '<',
      '>=',
      '"',
      '\\',
      '*',
      ' ',
      '\n',
      'and',
      ' or ',
      'not ',
      'a',
      '1',
      '\\u00',
      'null',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (written) => {
        const { ast, diagnostics } = parseKuery(sourceText('<query>', written));
        expect(ast.kind).toBeTypeOf('string');
        // What parses without a complaint prints to text of the same meaning.
        if (diagnostics.length > 0) return;
        const again = parseKuery(sourceText('<query>', printKuery(ast)));
        expect(again.diagnostics).toEqual([]);
        expect(equal(again.ast, ast), printKuery(ast)).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});

const span = { source: '<query>', start: 0, end: 0 };

/** Text that can stand unquoted: escapes reach everything but nothing at all. */
const wordText = fc
  .string({
    unit: fc.constantFrom(
      'a',
      'B',
      '1',
      ' ',
      ':',
      '(',
      '*',
      '"',
      '\\',
      '{',
      '<',
      '\n',
      'or',
      ' and ',
      'not ',
      'é',
      '\u00a0',
    ),
    minLength: 1,
    maxLength: 8,
  })
  .filter((text) => !['true', 'false', 'null'].includes(text));

const parts: fc.Arbitrary<readonly WildcardPart[]> = fc
  .array(wordText, { minLength: 0, maxLength: 3 })
  .chain((texts) => fc.tuple(fc.constant(texts), fc.boolean(), fc.boolean()))
  .map(([texts, opens, closes]): readonly WildcardPart[] => {
    const made: WildcardPart[] = opens || texts.length === 0 ? [{ any: 'many' }] : [];
    for (const [index, text] of texts.entries()) {
      if (index > 0) made.push({ any: 'many' });
      made.push({ text });
    }
    if (closes && texts.length > 0) made.push({ any: 'many' });
    return made;
  });

const field: fc.Arbitrary<KueryField> = fc.oneof(
  parts.map((made): KueryField => ({ kind: 'field', parts: made, quoted: false, span })),
  fc.string().map((text): KueryField => ({ kind: 'field', parts: [{ text }], quoted: true, span })),
);

const term: fc.Arbitrary<KueryTerm> = fc.oneof(
  fc.string().map((text): KueryTerm => ({ kind: 'text', text, quoted: true, span })),
  wordText.map((text): KueryTerm => ({ kind: 'text', text, quoted: false, span })),
  parts
    .filter((made) => made.some((part) => 'any' in part))
    .map((made): KueryTerm => ({ kind: 'wildcard', parts: made, span })),
  fc.constantFrom(true, false, null).map((value): KueryTerm => ({ kind: 'constant', value, span })),
);

const { query } = fc.letrec<{ value: KueryValue; query: KueryQuery }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    term,
    fc.array(tie('value'), { minLength: 2, maxLength: 3 }).map((items): KueryValue => ({ kind: 'or', items, span })),
    fc.array(tie('value'), { minLength: 2, maxLength: 3 }).map((items): KueryValue => ({ kind: 'and', items, span })),
    tie('value').map((item): KueryValue => ({ kind: 'not', item, span })),
  ),
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    term.map((value): KueryQuery => ({ kind: 'free-text', value, span })),
    fc.tuple(field, tie('value')).map(([name, value]): KueryQuery => ({ kind: 'is', field: name, value, span })),
    fc
      .tuple(field, fc.constantFrom('<', '<=', '>', '>='), term)
      .map(([name, op, value]): KueryQuery => ({ kind: 'range', field: name, op: op as '<', value, span })),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((items): KueryQuery => ({ kind: 'or', items, span })),
    fc.array(tie('query'), { minLength: 2, maxLength: 3 }).map((items): KueryQuery => ({ kind: 'and', items, span })),
    tie('query').map((item): KueryQuery => ({ kind: 'not', item, span })),
    fc.tuple(field, tie('query')).map(([path, inner]): KueryQuery => ({ kind: 'nested', path, query: inner, span })),
  ),
}));

test('parse∘print is the identity on trees', () => {
  fc.assert(
    fc.property(query, (ast) => {
      const printed = printKuery(ast);
      const again = parseKuery(sourceText('<query>', printed));
      expect(again.diagnostics, printed).toEqual([]);
      expect(equal(again.ast, ast), printed).toBe(true);
    }),
    { numRuns: 10_000 },
  );
});

test.each(['not ', 'NOT '])('a chain of %sdeeper than parsers follow is refused', (not) => {
  const { diagnostics } = parseKuery(sourceText('q', `${not.repeat(3000)}a: b`));
  expect(diagnostics.map(({ code }) => code)).toContain('kuery/too-deep');
});
