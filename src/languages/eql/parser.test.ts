import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import type { EqlConstant, EqlExpr, EqlField, EqlFilter, EqlStatement, EqlTerm } from './ast.ts';
import { parseEql, parseEqlExpression } from './parser.ts';
import { printEql, printEqlExpression } from './print.ts';

const span = { source: 'q', start: 0, end: 0 };

function plain(tree: EqlStatement | EqlExpr): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value) => (key === 'span' ? undefined : value)));
}

function codes(query: string): readonly string[] {
  return parseEql(sourceText('q', query)).diagnostics.map(({ code }) => code);
}

const step = fc.constantFrom('process', 'name', 'pid', '@timestamp', 'by', 'a-b', '`', '1st', 'sequence');
const field = fc
  .record({ steps: fc.array(step, { minLength: 1, maxLength: 3 }), optional: fc.boolean() })
  .map(({ steps, optional }): EqlField => ({ kind: 'field', name: steps.join('.'), optional, span }));
const constant: fc.Arbitrary<EqlConstant> = fc.oneof(
  fc.string().map((value): EqlConstant => ({ kind: 'string', value, span })),
  fc
    .constantFrom('0', '17', '9223372036854775807')
    .map((text): EqlConstant => ({ kind: 'number', text, type: 'long', span })),
  fc
    .constantFrom('1.5', '.5', '2e10', '9223372036854775808')
    .map((text): EqlConstant => ({ kind: 'number', text, type: 'double', span })),
  fc.boolean().map((value): EqlConstant => ({ kind: 'boolean', value, span })),
  fc.constant<EqlConstant>({ kind: 'null', span }),
);
const { expr } = fc.letrec<{ expr: EqlExpr }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    field,
    constant,
    fc
      .record({ kind: fc.constantFrom('and', 'or'), items: fc.array(tie('expr'), { minLength: 2, maxLength: 3 }) })
      // What stands in a list of its own kind is a part of it.
      .map(
        ({ kind, items }): EqlExpr => ({
          kind,
          items: items.map((item) => (item.kind === kind ? { kind: 'not', item, span } : item)),
          span,
        }),
      ),
    tie('expr').map((item): EqlExpr => ({ kind: 'not', item, span })),
    fc
      .record({ op: fc.constantFrom('==', '!=', '<', '<=', '>', '>='), left: tie('expr'), right: tie('expr') })
      .map((parts): EqlExpr => ({ kind: 'compare', ...parts, span })),
    fc
      .record({
        ignoreCase: fc.boolean(),
        negated: fc.boolean(),
        subject: tie('expr'),
        items: fc.array(tie('expr'), { minLength: 1, maxLength: 3 }),
      })
      .map((parts): EqlExpr => ({ kind: 'in', ...parts, span })),
    fc
      .record({
        op: fc.constantFrom(':', 'like', 'like~', 'regex', 'regex~'),
        subject: tie('expr'),
        patterns: fc.array(constant, { minLength: 1, maxLength: 3 }),
      })
      .map((parts): EqlExpr => ({ kind: 'matching', ...parts, span })),
    fc
      .record({ op: fc.constantFrom('+', '-', '*', '/', '%'), left: tie('expr'), right: tie('expr') })
      .map((parts): EqlExpr => ({ kind: 'arithmetic', ...parts, span })),
    fc
      .record({ op: fc.constantFrom('+', '-'), item: tie('expr') })
      .map((parts): EqlExpr => ({ kind: 'sign', ...parts, span })),
    fc
      .record({
        name: fc.constantFrom('length', 'startsWith', 'head').map((text) => ({ text, span })),
        ignoreCase: fc.boolean(),
        args: fc.array(tie('expr'), { maxLength: 3 }),
      })
      .map((parts): EqlExpr => ({ kind: 'call', ...parts, span })),
  ),
}));

const filter = fc
  .record({ category: fc.option(fc.constantFrom('process', 'my-events', 'where')), condition: expr })
  .map(
    ({ category, condition }): EqlFilter => ({
      category: category === null ? null : { name: category, span },
      condition,
      span,
    }),
  );
function terms(keys: number, missing: fc.Arbitrary<boolean>): fc.Arbitrary<EqlTerm> {
  return fc
    .record({
      missing,
      filter,
      by: fc.array(field, { minLength: keys, maxLength: keys }),
      runs: fc.option(fc.integer({ min: 1, max: 100 })),
    })
    .map(({ runs, ...parts }): EqlTerm => ({ ...parts, runs: runs === null ? null : { count: runs, span }, span }));
}
const sequence = fc.integer({ min: 0, max: 2 }).chain((keys) => {
  const present = terms(keys, fc.constant(false));
  return fc
    .record({
      by: fc.array(field, { maxLength: 2 }),
      first: present,
      others: fc.array(terms(keys, fc.boolean()), { minLength: 1, maxLength: 3 }),
      until: fc.option(present),
      count: fc.integer({ min: 1, max: 1000 }),
      unit: fc.constantFrom('ms', 's', 'm', 'h', 'd'),
      pipes: fc.array(fc.record({ kind: fc.constantFrom('head', 'tail'), count: fc.nat() }), { maxLength: 2 }),
    })
    .map(
      ({ by, first, others, until, count, unit, pipes }): EqlStatement => ({
        query: {
          kind: 'sequence',
          by,
          maxspan: { count, unit, span },
          terms: [first, ...others],
          until: until && { ...until, runs: null },
          span,
        },
        pipes: pipes.map((pipe) => ({ ...pipe, span })),
        span,
      }),
    );
});

describe('what is printed is read as the same tree', () => {
  test('of expressions', () => {
    fc.assert(
      fc.property(expr, (tree) => {
        const read = parseEqlExpression(sourceText('q', printEqlExpression(tree)));
        expect(read.diagnostics).toEqual([]);
        expect(plain(read.ast)).toEqual(plain(tree));
      }),
    );
  });

  test('of sequences', () => {
    fc.assert(
      fc.property(sequence, (tree) => {
        const read = parseEql(sourceText('q', printEql(tree)));
        expect(read.diagnostics).toEqual([]);
        expect(plain(read.ast)).toEqual(plain(tree));
      }),
    );
  });
});

describe('how tightly operators hold', () => {
  test.each([
    ['a or b and not c == 1 + 2 * -d', 'a or (b and (not (c == (1 + (2 * (-d))))))'],
    ['a - b - c', '(a - b) - c'],
    ['-a + 1 == 2', '((-a) + 1) == 2'],
    // A list belongs to what stands right before it.
    ['a + 1 in (2)', 'a + (1 in (2))'],
    ['not a in (1) and b not in~ ("x")', '(not (a in (1))) and (b not in~ ("x"))'],
  ])('%s', (query, same) => {
    expect(plain(parseEqlExpression(sourceText('q', query)).ast)).toEqual(
      plain(parseEqlExpression(sourceText('q', same)).ast),
    );
  });
});

describe('texts', () => {
  test.each([
    ['"a\\\\b\\"c\\n"', 'a\\b"c\n'],
    ['"\\u{1f600}\\u{00e9}"', '😀é'],
    ['"""C:\\new "x""""', 'C:\\new "x"'],
    ['""""""', ''],
    ['"" /* /* inner */ */ // end', ''],
  ])('%s', (query, value) => {
    expect(parseEqlExpression(sourceText('q', query))).toMatchObject({
      ast: { kind: 'string', value },
      diagnostics: [],
    });
  });
});

describe('what Elasticsearch refuses is refused', () => {
  test.each([
    ['process where true | unique pid', 'eql/bad-pipe'],
    ['process where true | head', 'eql/expected'],
    ['join by pid [a where true] [b where true]', 'eql/refused'],
    ['sequence [a where true] fork [b where true]', 'eql/refused'],
    ['a where child of [b where true]', 'eql/refused'],
    ['a where list[1] == "x"', 'eql/refused'],
    ["a where name == 'x'", 'eql/single-quotes'],
    ['a where name == "x', 'eql/unterminated'],
    ['a where name == "\\q"', 'eql/bad-escape'],
    ['a where `name == 1', 'eql/unterminated'],
    ['a where b == 1 == 2', 'eql/expected'],
    ['a where (b == 1', 'eql/expected'],
    ['a where', 'eql/expected'],
    ['', 'eql/expected'],
    ['a where b § 1', 'eql/bad-character'],
    ['sequence with maxspan=1.5h [a where true] [b where true]', 'eql/bad-maxspan'],
    ['sequence with maxspan=0s [a where true] [b where true]', 'eql/bad-maxspan'],
    ['sequence with maxspan=5 [a where true] [b where true]', 'eql/bad-maxspan'],
    ['sequence with maxspan=5s by pid [a where true] [b where true]', 'eql/by-after-with'],
    ['sequence by pid + 1 [a where true] [b where true]', 'eql/key-not-a-field'],
    ['sequence [a where true] by x [b where true]', 'eql/key-count'],
    ['sequence [a where true]', 'eql/too-few-steps'],
    ['sequence [a where true] with runs=101', 'eql/bad-runs'],
    ['sequence with maxspan=1s ![a where true] ![b where true]', 'eql/only-missing'],
    ['sequence [a where true] ![b where true]', 'eql/missing-needs-maxspan'],
    ['sample [a where true] [b where true]', 'eql/sample-without-keys'],
    ['sample by x [a where true]', 'eql/too-few-steps'],
    ['sample by x [a where true] ![b where true]', 'eql/refused'],
    ['sample by x [a where true] [b where true] | head 1', 'eql/refused'],
  ])('%s', (query, code) => {
    expect(codes(query)).toContain(code);
  });

  test('one step that is repeated is a sequence', () => {
    expect(codes('sequence by pid with maxspan=1m [a where true] with runs=3')).toEqual([]);
  });

  test('nesting is followed so far and no further', () => {
    expect(codes(`a where ${'('.repeat(5000)}b == 1`)).toEqual(['eql/too-deep']);
    expect(codes(`a where ${'not '.repeat(5000)} b == 1`)).toEqual(['eql/too-deep']);
    expect(codes(`a where 1${' + 1'.repeat(5000)} == 1`)).toEqual(['eql/too-deep']);
    expect(codes(`a where b == 1${' or b == 1'.repeat(5000)}`)).toEqual([]);
  });

  test('any text gives a tree and never an exception', () => {
    const pieces = [
      'sequence',
      'by',
      'with',
      'maxspan',
      '=',
      '5m',
      '[',
      ']',
      '![',
      'a',
      'where',
      '"',
      '`',
      '(',
      ')',
      'in',
      '~',
      ':',
      '|',
      'head',
      '1',
      ' ',
      '/*',
      '?',
      '.',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
        expect(parseEql(sourceText('q', parts.join(' '))).ast.query.kind).toMatch(/^(event|sequence|sample)$/);
      }),
    );
  });
});
