import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sourceText } from '../../../base/source-text.ts';
import { lowerKusto, parseKusto } from '../index.ts';
import { testSchema } from '../test-schema.fixture.ts';

const problems = (text: string): readonly string[] => {
  return parseKusto(sourceText('q', text)).diagnostics.map((found) => {
    const span = found.labels[0]?.span;
    return `${found.code} ${JSON.stringify(text.slice(span?.start, span?.end))}`;
  });
};

describe('a query is read', () => {
  test.each([
    'T | where s has_any ("a", "b") and not(b) or i between (1 .. 5) | take 5;',
    "let f = (x: string, y: long = 5) { T | where s == x and l == y }; let v = view () { T }; f('a') | union v",
    'union kind=outer withsource=Name isfuzzy=true T, (T | where b), Device*',
    'T | summarize count(), dcount(s), x = make_set_if(s, b) by bin(d, 1h), tostring(y.a["b c"][0]) | top 5 by count_ desc nulls last',
    "print a = @'C:\\temp', b = h'secret', c = 'it''s', d = ```many\nlines```, e = 1.5h, f = datetime(2020-01-01 10:00), g = dynamic({'a': [1, -2, null, {\"b\": true}]})",
    'T | project-away s, i* | project-rename q = l | project-reorder q, * asc | project-keep q',
    'datatable (a: long, b: string) [1, "x", 2, "y"] | sort by a asc, b | extend c = a + 1 | as hint.materialized=true X | count',
    "T | extend a = TargetResources.[0].displayName, ['x y'] = 1 | render timechart with (title = 'x | y')",
    'T | where ip !in~ ("a") and s !has "b" and s matches regex @"\\d+" and s !~ "c"',
  ])('%s', (text) => {
    expect(problems(text)).toEqual([]);
  });

  test.each([
    ['T | where s == ', ['kusto/expected ""']],
    ['T | wher s == 1 | take 5', ['kusto/unknown-operator "wher"']],
    ['T | where (s == 1 | take 5', ['kusto/expected ""']],
    ['T | take "abc', ['kusto/unterminated-string "\\"abc"']],
    ['T | where s == "a\\q"', ['kusto/bad-escape "\\\\q"']],
    ['T | where # == 1', ['kusto/bad-character "#"']],
    ['print datetime(yesterday)', ['kusto/bad-datetime "datetime(yesterday)"']],
    ['print dynamic([1, )', ['kusto/expected ")"']],
  ])('%s has its errors where they stand', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('one bad statement or operator leaves the others', () => {
    const text = 'let a = ;\nlet b = T | where ) | take 5;\nT | where s = | bogus x | take zzz(';
    const { ast, diagnostics } = parseKusto(sourceText('q', text));
    expect(ast.statements.map((statement) => statement.kind)).toEqual(['let', 'let', 'expression']);
    expect(diagnostics.length).toBeGreaterThanOrEqual(4);
    const last = ast.statements[2];
    expect(
      last?.kind === 'expression' && last.value.kind === 'pipe' && last.value.operators.map((one) => one.kind),
    ).toEqual(['where', 'bad-operator', 'take']);
  });

  test('a missing semicolon does not eat the next let', () => {
    const { ast, diagnostics } = parseKusto(sourceText('q', 'let a = 1\nlet b = 2;\nprint a + b'));
    expect(ast.statements.map((statement) => statement.kind)).toEqual(['let', 'let', 'expression']);
    expect(diagnostics).toHaveLength(1);
  });
});

const fragments = fc.constantFrom(
  ...'let x = ; T | where extend summarize project union by ( ) [ ] { } , . .. == =~ != < + - * / % ! in~ has_any !has between and or not "a" \'b\' @" ``` h" 1 1.5 1h 0x datetime( dynamic( typeof( ) view => : // \n count() make_set( arg_max(d,*) as datatable( range from to step print invoke materialize( $left # é 🦊 \\ matches regex top take sort asc nulls'.split(
    ' ',
  ),
);

describe('no text makes it throw', () => {
  const run = (text: string): void => {
    const { ast } = parseKusto(sourceText('q', text));
    lowerKusto(ast, testSchema);
  };

  test('any text', { tags: 'large' }, () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), run), { numRuns: 10_000 });
  });

  test('pieces of queries', () => {
    const text = fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join(' '));
    fc.assert(fc.property(text, run), { numRuns: 10_000 });
  });

  test('mutations of a real query', () => {
    const query =
      'let a = dynamic(["x", 1]); let f = (p: string) { T | where s has p }; union (f("q")), T | where s has_any (a) and d > ago(1d) | summarize count(), arg_max(d, *) by s, bin(d, 1h) | extend z = iff(b, y.a[0], 5) | sort by s asc | take 10';
    const cut = fc.tuple(fc.nat(query.length), fc.nat(20), fc.oneof(fragments, fc.constant('')));
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        run(cuts.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), query));
      }),
      { numRuns: 10_000 },
    );
  });

  test.each([
    ['parentheses', `print ${'('.repeat(100_000)}`],
    ['brackets', `print dynamic(${'['.repeat(100_000)}`],
    ['indexes', `print a${'[0]'.repeat(100_000)}`],
    ['members', `print a${'.b'.repeat(100_000)}`],
    ['minus', `print ${'-'.repeat(100_000)}1`],
    ['sums', `print 1${' + 1'.repeat(100_000)}`],
    ['or', `T | where b${' or b'.repeat(50_000)}`],
    ['pipes', `T${' | where b'.repeat(50_000)}`],
    ['functions', 'let f = () { '.repeat(50_000)],
    ['calls', `print ${'f('.repeat(100_000)}`],
    ['tables', `union ${'(union '.repeat(50_000)}`],
  ])('deep nesting: %s', { tags: 'large' }, (_, text) => {
    expect(() => run(text)).not.toThrow();
  });

  test('lets that double each time', () => {
    const lines = ['let a0 = T | where b'];
    for (let index = 1; index < 60; index += 1) lines.push(`let a${index} = union a${index - 1}, a${index - 1}`);
    const { ast } = parseKusto(sourceText('q', `${lines.join(';\n')};\na59`));
    const lowered = lowerKusto(ast, testSchema);
    const found = lowered.diagnostics.find(({ code }) => code === 'kusto/too-large');
    expect(found?.labels[0]?.span.start).toBeGreaterThan(0);
  });

  test.each([
    ['tables', 'let a0 = T', (index: number) => `let a${index} = a${index - 1} | where b`, 'a9999'],
    ['values', 'let a0 = 1', (index: number) => `let a${index} = a${index - 1} + now()`, 'print a9999'],
  ])('a long chain of lets: %s', { tags: 'large' }, (_, first, next, last) => {
    const lines = [first, ...Array.from({ length: 9999 }, (_unused, index) => next(index + 1)), last];
    const { ast } = parseKusto(sourceText('q', lines.join(';\n')));
    const lowered = lowerKusto(ast, testSchema);
    expect(lowered.ok).toBe(false);
  });

  test('functions that double each time', () => {
    const lines = ['let f0 = (x: long) { x + x }'];
    for (let index = 1; index < 60; index += 1)
      lines.push(`let f${index} = (x: long) { f${index - 1}(x) + f${index - 1}(x) }`);
    const { ast } = parseKusto(sourceText('q', `${lines.join(';\n')};\nprint f59(1)`));
    const lowered = lowerKusto(ast, testSchema);
    expect(lowered.diagnostics.map((found) => found.code)).toContain('kusto/too-large');
  });
});
