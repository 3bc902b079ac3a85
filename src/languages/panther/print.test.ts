import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { stringifyJson } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { readYaml } from '../../formats/source/yaml-source.ts';
import type { Asks, Key, KeyAsks, MatchExpression, Scalar, Step } from './ast.ts';
import { MapFields } from './map-fields.ts';
import { parseExpressions } from './parse.ts';
import { printExpressions } from './print.ts';

const span = { source: 'x', start: 0, end: 0 };

function parsed(text: string): readonly MatchExpression[] {
  const diagnostics: Diagnostic[] = [];
  const [document] = readYaml(sourceText('r.yml', `Detection: ${text}\n`)).documents;
  if (document === undefined) throw new Error(`no document in ${text}`);
  const found = parseExpressions('Detection', new MapFields(document, diagnostics));
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return found;
}

function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (key === 'span' ? [] : [[key, withoutSpans(member)]])),
  );
}

test.each([
  '[{Key: a, Condition: Equals, Value: x}, {KeyPath: "a[*].b", Condition: IsIn, Values: [1, {Key: b}]}]',
  '[{OnlyOne: [{Condition: AlwaysTrue}, {Key: a, Condition: AnyElement, Expressions: [{Condition: IContains, Value: 5}]}]}]',
  '[{Condition: DoesNotIEqual, Values: [{DeepKey: [a, 0]}, {KeyPath: "$.b[\'c.d\']"}]}]',
  '[{Enrichment: {Table: "t.x", Selector: "a[\'b", FieldPath: "c[*].d"}, Condition: IsIPAddressNotInCIDR, Value: "10.0.0.1"}]',
])('%s comes back as it was', (text) => {
  const first = parsed(text);
  const printed = stringifyJson(printExpressions(first));
  expect(withoutSpans(parsed(printed))).toEqual(withoutSpans(first));
});

const name = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme-ascii' });
const step: fc.Arbitrary<Step> = fc.oneof(name, fc.integer({ min: -9, max: 99 }));
const deepKey = fc
  .array(step, { minLength: 1, maxLength: 3 })
  .filter((steps) => steps.length > 1 || typeof steps[0] === 'string');
/** A name of a path cannot hold both kinds of quotes where it needs any. */
const pathStep: fc.Arbitrary<Step> = fc.oneof(
  name.filter((text) => !/[.[\]'"$\s]/.test(text)),
  fc.integer({ min: -9, max: 99 }),
  fc.constant(null),
);
const path = fc.array(pathStep, { minLength: 2, maxLength: 4 }).filter((steps) => typeof steps[0] === 'string');
const key: fc.Arbitrary<Key> = fc.oneof(deepKey, path).map((steps) => ({ kind: 'key', steps, span }));
const scalar: fc.Arbitrary<Scalar> = fc
  .oneof(
    name,
    fc.integer(),
    fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }),
    fc.boolean(),
    fc.double({ min: 0.5, max: 9, noNaN: true }),
  )
  .map((value) => ({ kind: 'scalar', value, span }));
const way = fc.constantFrom('equals', 'starts-with', 'ends-with', 'contains');
/** A plain comparison of texts without regard to case is a condition of another name. */
const textAsks = fc
  .record({ kind: fc.constant('text'), way, ignoreCase: fc.boolean() })
  .filter(({ way: how, ignoreCase }) => how !== 'equals' || ignoreCase);
const order = fc.constantFrom('<', '<=', '>', '>=');

const asks: fc.Arbitrary<Asks> = fc.oneof(
  fc.record({ kind: fc.constantFrom('exists', 'null', 'empty') }),
  fc.record({ kind: fc.constantFrom('equals', 'has'), value: scalar }),
  fc.record({ kind: fc.constant('in'), values: fc.array(fc.oneof(scalar, key), { maxLength: 3 }) }),
  fc.tuple(textAsks, name).map(([text, wanted]) => ({ ...text, text: wanted })),
  fc.record({ kind: fc.constant('order'), op: order, bound: fc.oneof(name, fc.integer()) }),
  fc.record({ kind: fc.constant('ip'), family: fc.constantFrom('any', 'v4', 'v6', 'public', 'private') }),
  fc.record({ kind: fc.constant('cidr'), networks: fc.constantFrom(['10.0.0.0/8'], ['::1/128', '192.168.1.0/24']) }),
);
const keyAsks: fc.Arbitrary<KeyAsks> = fc.oneof(
  fc.record({ kind: fc.constantFrom('equals', 'in', 'has') }),
  textAsks,
  fc.record({ kind: fc.constant('order'), op: order }),
);
const isPositive = ({ kind }: Asks | KeyAsks): boolean => kind === 'order' || kind === 'ip';

/** `inElement`: a key may be left out. */
function expressionOf(depth: number, inElement: boolean): fc.Arbitrary<MatchExpression> {
  const where = inElement ? fc.option(key, { nil: null }) : key;
  const simple: fc.Arbitrary<MatchExpression> = fc.oneof(
    fc.record({ kind: fc.constant('always'), value: fc.boolean(), span: fc.constant(span) }),
    fc
      .tuple(where, asks, fc.boolean())
      .map(
        ([at, what, not]): MatchExpression => ({
          kind: 'test',
          key: at,
          asks: what,
          not: not && !isPositive(what),
          span,
        }),
      )
      .filter(
        (each) =>
          each.kind !== 'test' ||
          each.key !== null ||
          each.asks.kind !== 'in' ||
          !each.asks.values.some((value) => value.kind === 'key'),
      ),
    fc.tuple(key, key, keyAsks, fc.boolean()).map(
      ([left, right, what, not]): MatchExpression => ({
        kind: 'key-test',
        left,
        right,
        asks: what,
        not: not && !isPositive(what),
        span,
      }),
    ),
  );
  if (depth === 0) return simple;
  const inner = (element: boolean) => fc.array(expressionOf(depth - 1, element), { maxLength: 3 });
  const how = fc.constantFrom('any', 'all', 'none', 'one');
  return fc.oneof(
    simple,
    fc.record({ kind: fc.constant('group'), how, items: inner(inElement), span: fc.constant(span) }),
    fc.record({ kind: fc.constant('elements'), key: where, how, body: inner(true), span: fc.constant(span) }),
  );
}

test('what is printed is read as the same expressions', () => {
  fc.assert(
    fc.property(fc.array(expressionOf(2, false), { maxLength: 3 }), (expressions) => {
      const printed = stringifyJson(printExpressions(expressions));
      expect(withoutSpans(parsed(printed))).toEqual(withoutSpans(expressions));
    }),
    { numRuns: 1_000 },
  );
});
