import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../base/source-text.ts';
import { equal } from '../../ir/equal.ts';
import type { Condition } from './ast.ts';
import { parseCondition } from './condition-parser.ts';
import { printCondition } from './print.ts';

const parse = (text: string): ReturnType<typeof parseCondition> => parseCondition(sourceText('<condition>', text));

/** The condition as printed: brackets show how it was read. */
function read(text: string): string {
  const { condition, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return condition === undefined ? '' : printCondition(condition);
}

/** `code at text` of each diagnostic. */
function problems(text: string): string[] {
  return parse(text).diagnostics.map((found) => {
    const span = found.labels[0]?.span;
    return `${found.code} at \`${text.slice(span?.start, span?.end)}\``;
  });
}

describe('aggregations', () => {
  test.each([
    ['s | count() > 5', { fn: 'count', field: null, by: [], op: '>', value: 5 }],
    ['s |count()>=5', { fn: 'count', field: null, by: [], op: '>=', value: 5 }],
    [
      's | COUNT(User) BY src_ip, dst.ip < 3',
      { fn: 'count', field: 'User', by: ['src_ip', 'dst.ip'], op: '<', value: 3 },
    ],
    [
      's | sum(message_size) by src_ip > 300000',
      { fn: 'sum', field: 'message_size', by: ['src_ip'], op: '>', value: 300000 },
    ],
    ['s | avg( a-b ) = 1.5', { fn: 'avg', field: 'a-b', by: [], op: '==', value: 1.5 }],
    ['s | min(a) != -2', { fn: 'min', field: 'a', by: [], op: '!=', value: -2 }],
  ])('%j', (text, want) => {
    const { aggregation, condition, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(aggregation).toMatchObject({ kind: 'function', ...want });
    expect(condition).toMatchObject({ kind: 'reference', name: 's' });
  });

  test('near takes an expression', () => {
    const { aggregation } = parse('s | near a and 1 of b* and not c');
    if (aggregation?.kind !== 'near') throw new Error('not near');
    expect(printCondition(aggregation.expression)).toBe('a and 1 of b* and not c');
  });
});

describe('conditions', () => {
  test.each([
    ['selection', 'selection'],
    ['a and b or c', '(a and b) or c'],
    ['a or b and not c', 'a or (b and not c)'],
    ['not a and b', 'not a and b'],
    ['not (a and b)', 'not (a and b)'],
    ['not not a', 'not not a'],
    ['(a or b) and c', '(a or b) and c'],
    ['((a))', 'a'],
    ['a and b and c', 'a and b and c'],
    ['1 of selection_*', '1 of selection_*'],
    ['any of them', '1 of them'],
    ['ALL OF THEM', 'all of them'],
    ['2 of *', '2 of *'],
    ['selection AND NOT 1 of filter_main_*', 'selection and not 1 of filter_main_*'],
    ['all of sel-1.* or 4624', 'all of sel-1.* or 4624'],
    ['a\n  and\tb', 'a and b'],
    ['of', 'of'],
    ['them', 'them'],
  ])('%j', (text, want) => {
    expect(read(text)).toBe(want);
  });

  test.each([
    ['', ['sigma/condition-syntax at ``']],
    ['a and', ['sigma/condition-syntax at ``']],
    ['and a', ['sigma/condition-syntax at `and`']],
    ['(a or b', ['sigma/condition-syntax at ``']],
    ['a)', ['sigma/condition-syntax at `)`']],
    ['a b', ['sigma/condition-syntax at `b`']],
    ['a && b', ['sigma/condition-syntax at `&&`']],
    ['some of them', ['sigma/condition-syntax at `some`']],
    ['1 of', ['sigma/condition-syntax at ``']],
    ['1 of (a)', ['sigma/condition-syntax at `(`', 'sigma/condition-syntax at `(`']],
    ['sel | near', ['sigma/condition-syntax at ``']],
    ['sel | near a b', ['sigma/condition-syntax at `b`']],
    ['sel | count', ['sigma/condition-syntax at ``']],
    ['sel | count( by x > 5', ['sigma/condition-syntax at `x`']],
    ['sel | count() by > 5', ['sigma/condition-syntax at `>`']],
    ['sel | count() by x', ['sigma/condition-syntax at ``']],
    ['sel | count() > many', ['sigma/condition-syntax at `many`']],
    ['sel | count() > 5 and x', ['sigma/condition-syntax at `and`']],
    ['sel | sum() > 5', ['sigma/condition-syntax at `)`']],
    ['sel | coutn() > 5', ['sigma/condition-syntax at `coutn`']],
    ['sel | where x', ['sigma/condition-syntax at `where`']],
    ['a x and b y', ['sigma/condition-syntax at `x`', 'sigma/condition-syntax at `y`']],
  ])('%j is refused', (text, want) => {
    expect(problems(text)).toEqual(want);
  });

  test('nesting has an end', () => {
    expect(problems('('.repeat(10_000))).toEqual(['sigma/too-deep at `(`']);
    expect(problems(`${'not '.repeat(10_000)}a`)).toEqual(['sigma/too-deep at `not`']);
  });

  const name = fc
    .stringMatching(/^[a-z_][a-z0-9_-]{0,8}$/)
    .filter((word) => !['and', 'or', 'not', 'of'].includes(word));
  const span = { source: '', start: 0, end: 0 };
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { depthSize: 'small' },
      name.map((word): Condition => ({ kind: 'reference', name: word, span })),
      fc
        .record({
          count: fc.oneof(fc.constant('all' as const), fc.nat({ max: 99 })),
          pattern: fc.constantFrom('them', 'a*', '*_b', 'x'),
        })
        .map((made): Condition => ({ kind: 'selector', ...made, span })),
      tie('condition').map((item): Condition => ({ kind: 'not', item, span })),
      fc
        .record({
          kind: fc.constantFrom('and' as const, 'or' as const),
          items: fc.array(tie('condition'), { minLength: 2, maxLength: 3 }),
        })
        .map((made): Condition => ({ ...made, span })),
    ),
  }));

  test('parsing what was printed gives the same condition', () => {
    fc.assert(
      fc.property(condition, (made) => {
        const parsed = parse(printCondition(made));
        expect(parsed.diagnostics).toEqual([]);
        expect(equal(parsed.condition, made)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('no text makes the parser throw', () => {
    const words = fc.constantFrom(
      'a',
      'and',
      'or',
      'not',
      '(',
      ')',
      '|',
      'of',
      'them',
      '1',
      'all',
      'sel*',
      ' ',
      '\n',
      'count()',
      'near',
      'by x',
      '> 5',
      '%',
      '💥',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: words, maxLength: 40 })), (text) => {
        const parsed = parse(text);
        if (parsed.diagnostics.length === 0) expect(parsed.condition).toBeDefined();
      }),
      { numRuns: 10_000 },
    );
  });
});
