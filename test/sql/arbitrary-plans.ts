import fc from 'fast-check';
import { conversionOf } from '../../src/engines/sql/duckdb/index.ts';
import { and, call, literalOf, not, or, raw } from '../../src/ir/construct.ts';
import type { Expr, Literal, Pattern } from '../../src/ir/expr.ts';
import type { Aggregate, NamedExpr, Plan, SortKey } from '../../src/ir/plan/plan.ts';
import type { JoinFlavour } from '../../src/ir/plan/relational.ts';
import { COLUMNS } from './arbitrary-tables.ts';

type Kind = 'text' | 'long' | 'real' | 'bool' | 'moment' | 'span' | 'json';

const KIND_OF: Readonly<Record<string, Kind>> = {
  s: 'text',
  S: 'text',
  n: 'long',
  k: 'long',
  r: 'real',
  b: 'bool',
  t: 'moment',
  u: 'moment',
  d: 'span',
  m: 'json',
};

/** What a plan's rows have. */
type Names = ReadonlyMap<string, Kind>;

const TABLES = ['table.A', 'table.B'] as const;
const EPOCH = 638_396_640_000_000_000n;

function literal(type: Literal['type'], value: string | null): Literal {
  return { kind: 'literal', type, value };
}

const longs = fc
  .constantFrom('0', '1', '2', '-5', '5', '1000', '9007199254740993', '-9223372036854775808')
  .map((value) => literal('long', value));
const moments = fc
  .constantFrom(EPOCH, EPOCH + 1n, EPOCH + 4_501_234_567n, 0n, 3_155_378_975_999_999_999n)
  .map((value) => literal('datetime', String(value)));
const spans = fc
  .constantFrom('3000000000', '1', '864000000000', '-3000000000')
  .map((value) => literal('timespan', value));
const texts = fc
  .constantFrom('', 'a', 'abc', 'ABC', 'def', 'İ', 'é', 'i', 'k', '5', 'true', '%', '_', '\u{10400}', 'a\0b')
  .map((value) => literalOf(value));
const realLiterals = fc.constantFrom('0', '0.5', '5', '-7.75', 'NaN').map((value) => literal('real', value));

function columnsOf(names: Names, kind: Kind): readonly Expr[] {
  return [...names].flatMap(([name, found]) => (found === kind ? [{ kind: 'column', name } as const] : []));
}

function among(names: Names, kind: Kind, ...others: fc.Arbitrary<Expr>[]): fc.Arbitrary<Expr> {
  const columns = columnsOf(names, kind);
  return fc.oneof(
    ...(columns.length === 0 ? [] : [{ weight: 3, arbitrary: fc.constantFrom(...columns) }]),
    ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
}

function values(names: Names, kind: Kind, depth: number): fc.Arbitrary<Expr> {
  const sub = (of: Kind): fc.Arbitrary<Expr> => values(names, of, depth - 1);
  const deep = depth > 0;
  const choice = deep
    ? [
        fc
          .tuple(conditions(names, depth - 1), sub(kind), sub(kind))
          .map(([when, then, otherwise]): Expr => ({ kind: 'cond', branches: [{ when, then }], otherwise })),
      ]
    : [];
  switch (kind) {
    case 'text':
      return among(
        names,
        kind,
        texts,
        ...choice,
        ...(deep
          ? [
              fc.tuple(sub('text'), sub('long')).map((args) => call('kusto.strcat', args)),
              fc.tuple(sub('text'), sub('text')).map((args) => call('kusto.coalesce', args)),
            ]
          : []),
      );
    case 'long':
      return among(
        names,
        kind,
        longs,
        ...choice,
        ...(deep
          ? [
              sub('text').map((arg) => call('kusto.strlen', [arg])),
              fc
                .tuple(
                  fc.constantFrom('kusto.add' as const, 'kusto.subtract' as const, 'kusto.multiply' as const),
                  sub('long'),
                  sub('long'),
                )
                .map(([fn, a, b]) => call(fn, [a, b])),
              fc.tuple(sub('long'), longs).map((args) => call('kusto.bin', args)),
            ]
          : []),
      );
    case 'real':
      return among(
        names,
        kind,
        realLiterals,
        ...(deep ? [fc.tuple(sub('real'), sub('long')).map((args) => call('kusto.add', args))] : []),
      );
    case 'bool':
      return deep
        ? fc.oneof(among(names, kind, fc.constant(literalOf(true))), conditions(names, depth - 1))
        : among(names, kind, fc.constant(literalOf(false)));
    case 'moment':
      return among(
        names,
        kind,
        moments,
        ...choice,
        ...(deep
          ? [
              fc.tuple(sub('moment'), spans).map((args) => call('kusto.bin', args)),
              fc
                .tuple(fc.constantFrom('kusto.add' as const, 'kusto.subtract' as const), sub('moment'), sub('span'))
                .map(([fn, a, b]) => call(fn, [a, b])),
              sub('moment').map((arg) => call('kusto.start-of', [literalOf('day'), arg])),
            ]
          : []),
      );
    case 'span':
      return among(
        names,
        kind,
        spans,
        ...(deep
          ? [
              fc.tuple(sub('moment'), sub('moment')).map((args) => call('kusto.subtract', args)),
              fc.tuple(sub('span'), spans).map((args) => call('kusto.bin', args)),
            ]
          : []),
      );
    case 'json':
      return among(names, kind, fc.constant<Expr>({ kind: 'missing' }));
  }
}

const needles = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('a', 'abc', 'ABC', 'def') },
  { weight: 1, arbitrary: fc.constantFrom('x-', '-abc', '', 'İ', 'é', 'i', '%', '_d', 'k', '5', 'true', 'c d') },
);

const patterns: fc.Arbitrary<Pattern> = fc.oneof(
  needles.map((value): Pattern => ({ kind: 'equals', value })),
  fc.constantFrom<Pattern>({ kind: 'equals', value: 5 }, { kind: 'equals', value: true }),
  fc.array(needles, { minLength: 1, maxLength: 3 }).map((found): Pattern => ({ kind: 'one-of', values: found })),
  fc
    .tuple(fc.constantFrom('prefix' as const, 'suffix' as const, 'contains' as const), needles)
    .map(([kind, text]): Pattern => ({ kind, text })),
  fc
    .tuple(needles, fc.constantFrom('both' as const, 'start' as const, 'end' as const))
    .map(([text, ends]): Pattern => ({ kind: 'term', text, ends })),
  fc
    .tuple(needles, needles)
    .map(([a, b]): Pattern => ({ kind: 'wildcard', parts: [{ text: a }, { any: 'many' }, { text: b }] })),
);

function conditions(names: Names, depth: number): fc.Arbitrary<Expr> {
  const sub = (kind: Kind): fc.Arbitrary<Expr> => values(names, kind, Math.max(0, depth - 1));
  const compared = fc.constantFrom<Kind>('long', 'moment', 'span', 'real', 'text', 'long', 'moment').chain((kind) =>
    fc.record({
      kind: fc.constant('compare' as const),
      op: fc.constantFrom('==' as const, '!=' as const, '<' as const, '<=' as const, '>' as const, '>=' as const),
      left: sub(kind),
      right: fc.oneof(
        { weight: 5, arbitrary: sub(kind) },
        { weight: 1, arbitrary: sub('long') },
        { weight: 1, arbitrary: fc.constant<Expr>(literal('long', null)) },
      ),
      nulls: fc.constantFrom('total' as const, 'unknown' as const),
      many: fc.constantFrom('whole' as const, 'any' as const),
    }),
  );
  const matched = fc.record({
    kind: fc.constant('match' as const),
    subject: fc.oneof(
      { weight: 4, arbitrary: sub('text') },
      { weight: 1, arbitrary: sub('long') },
      { weight: 1, arbitrary: sub('bool') },
      { weight: 1, arbitrary: sub('json') },
    ),
    pattern: patterns,
    collation: fc.constantFrom('exact' as const, 'ignore-case' as const),
    quantifier: fc.constantFrom('any' as const, 'whole' as const),
    onMissing: fc.constantFrom('false' as const, 'null' as const),
  });
  const present = fc
    .tuple(fc.constantFrom<Kind>('text', 'long', 'moment', 'bool'), fc.boolean())
    .chain(([kind, isNull]) =>
      sub(kind).map(
        (subject): Expr => (isNull ? { kind: 'is-null', subject } : { kind: 'exists', subject, counts: 'value' }),
      ),
    );
  const leaves: fc.Arbitrary<Expr> = fc.oneof(
    { weight: 4, arbitrary: compared },
    { weight: 4, arbitrary: matched },
    { weight: 1, arbitrary: present },
  );
  if (depth <= 0) return leaves;
  const inner = conditions(names, depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: leaves },
    { weight: 1, arbitrary: fc.array(inner, { minLength: 2, maxLength: 3 }).map((items) => and(items)) },
    { weight: 1, arbitrary: fc.array(inner, { minLength: 2, maxLength: 3 }).map((items) => or(items)) },
    { weight: 1, arbitrary: inner.map((item) => not(item)) },
  );
}

const START: Names = new Map(Object.entries(KIND_OF));

/** A table's columns, converted as a query's view of it converts them. */
function tableColumns(): readonly NamedExpr[] {
  return [...COLUMNS].map(([name, type]) => ({ name, expr: call(conversionOf(type), [raw(name)]) }));
}

/** A predicate over a table's records, as `bind` leaves it. */
function overRecords(expr: Expr): Expr {
  const made = new Map(tableColumns().map(({ name, expr: of }) => [name, of]));
  const change = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(change);
    if (typeof node !== 'object' || node === null) return node;
    if ('kind' in node && node.kind === 'column' && 'name' in node) return made.get(String(node.name));
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, change(value)]));
  };
  return change(expr) as Expr;
}

interface Made {
  readonly plan: Plan;
  readonly names: Names;
}

const sources: fc.Arbitrary<Made> = fc
  .tuple(fc.constantFrom(...TABLES), fc.option(conditions(START, 2), { freq: 1 }))
  .map(([logType, predicate]) => {
    const records: Plan = { kind: 'records', logType };
    const input: Plan =
      predicate === null ? records : { kind: 'where', input: records, predicate: overRecords(predicate) };
    return { plan: { kind: 'project', input, columns: tableColumns() }, names: START };
  });

function named(
  names: Names,
  prefix: string,
  least: number,
): fc.Arbitrary<{ readonly columns: readonly NamedExpr[]; readonly kinds: readonly (readonly [string, Kind])[] }> {
  const one = fc
    .constantFrom<Kind>('text', 'long', 'bool', 'moment', 'span', 'real')
    .chain((kind) => values(names, kind, 2).map((expr) => ({ kind, expr })));
  return fc.array(one, { minLength: least, maxLength: 3 }).map((found) => ({
    columns: found.map(({ expr }, at) => ({ name: `${prefix}${at}`, expr })),
    kinds: found.map(({ kind }, at) => [`${prefix}${at}`, kind] as const),
  }));
}

function aggregates(
  names: Names,
): fc.Arbitrary<readonly { readonly aggregate: Aggregate; readonly kinds: readonly Kind[] }[]> {
  const of = (kind: Kind): fc.Arbitrary<Expr> => values(names, kind, 1);
  const folded = fc.oneof(
    fc.constant({ fn: 'count' as const, args: [], kinds: ['long' as Kind] }),
    conditions(names, 1).map((condition) => ({ fn: 'count-if' as const, args: [condition], kinds: ['long' as Kind] })),
    fc
      .constantFrom<Kind>('text', 'long', 'moment', 'real', 'bool')
      .chain((kind) =>
        fc
          .tuple(of(kind), conditions(names, 1), fc.boolean())
          .map(([arg, condition, isIf]) =>
            isIf
              ? { fn: 'count-distinct-if' as const, args: [arg, condition], kinds: ['long' as Kind] }
              : { fn: 'count-distinct' as const, args: [arg], kinds: ['long' as Kind] },
          ),
      ),
    of('long').map((arg) => ({ fn: 'sum' as const, args: [arg], kinds: ['long' as Kind] })),
    fc
      .constantFrom<Kind>('long', 'moment', 'span', 'bool')
      .chain((kind) =>
        fc
          .tuple(of(kind), fc.constantFrom('min' as const, 'max' as const))
          .map(([arg, fn]) => ({ fn, args: [arg], kinds: [kind] })),
      ),
    fc
      .constantFrom<Kind>('long', 'moment', 'span')
      .chain((kind) =>
        fc
          .tuple(of(kind), of('text'), of('bool'), fc.constantFrom('arg-max' as const, 'arg-min' as const))
          .map(([by, a, b, fn]) => ({ fn, args: [by, a, b], kinds: [kind, 'text' as Kind, 'bool' as Kind] })),
      ),
    fc
      .tuple(of('text'), of('moment'))
      .map((args) => ({ fn: 'take-any' as const, args, kinds: ['text' as Kind, 'moment' as Kind] })),
    of('real').map((arg) => ({ fn: 'avg' as const, args: [arg], kinds: ['real' as Kind] })),
    of('text').map((arg) => ({ fn: 'make-set' as const, args: [arg], kinds: ['json' as Kind] })),
  );
  return fc.array(folded, { minLength: 1, maxLength: 3 }).map((all) =>
    all.map(({ fn, args, kinds }, at) => ({
      aggregate: { fn, args, names: kinds.map((_, place) => `a${at}${place}`) },
      kinds,
    })),
  );
}

function sortKeys(names: Names): fc.Arbitrary<readonly SortKey[]> {
  const key = fc.constantFrom<Kind>('long', 'moment', 'span', 'bool', 'text').chain((kind) =>
    fc.record({
      expr: values(names, kind, 1),
      direction: fc.constantFrom('asc' as const, 'desc' as const),
      nulls: fc.constantFrom('first' as const, 'last' as const),
    }),
  );
  return fc.array(key, { minLength: 1, maxLength: 2 });
}

/** Mostly a column, whose nulls meet those of the other side. */
function keyOf(names: Names, kind: Kind): fc.Arbitrary<Expr> {
  const columns = columnsOf(names, kind);
  const any = values(names, kind, 1);
  return columns.length === 0 ? any : fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...columns) }, any);
}

const FLAVOURS: readonly JoinFlavour[] = [
  'inner',
  'inner-unique',
  'left',
  'right',
  'full',
  'left-semi',
  'left-anti',
  'right-semi',
  'right-anti',
];

function joined(left: Made): fc.Arbitrary<Made> {
  return fc
    .tuple(
      sources,
      fc.constantFrom(...FLAVOURS),
      fc.constantFrom<Kind>('text', 'long', 'moment', 'bool'),
      fc.constantFrom('equal' as const, 'differ' as const),
    )
    .chain(([right, flavour, kind, nulls]) => {
      const columns = [
        ...[...left.names].map(([name]) => ({ name, side: 'left' as const, expr: { kind: 'column', name } as const })),
        ...[...right.names].map(([name]) => ({
          name: `${name}1`,
          side: 'right' as const,
          expr: { kind: 'column', name } as const,
        })),
      ];
      const names: Names = new Map([
        ...left.names,
        ...[...right.names].map(([name, of]): [string, Kind] => [`${name}1`, of]),
      ]);
      const kept = flavour.startsWith('left-') ? left.names : flavour.startsWith('right-') ? right.names : names;
      return fc.tuple(keyOf(left.names, kind), keyOf(right.names, kind), fc.option(conditions(names, 1))).map(
        ([a, b, residual]): Made => ({
          plan: {
            kind: 'join',
            left: left.plan,
            right: right.plan,
            on: [{ left: a, right: b }],
            flavour,
            nulls,
            columns,
            ...(residual !== null && { residual }),
          },
          names: kept,
        }),
      );
    });
}

function series({ plan, names }: Made): fc.Arbitrary<Made> {
  const axes = fc.constantFrom<Kind>('moment', 'long').chain((kind) => {
    const ends = kind === 'moment' ? moments : longs;
    const steps =
      kind === 'moment'
        ? fc.constant(literal('timespan', '3155378975999999999'))
        : fc.constant(literal('long', '9007199254740993'));
    const none = fc.constant(null);
    return fc.record({
      name: fc.constant('axis'),
      expr: values(names, kind, 1),
      from: fc.oneof(ends, none),
      to: fc.oneof(ends, none),
      step: steps,
    });
  });
  return fc.tuple(axes, named(names, 'g', 0), aggregates(names)).map(
    ([axis, by, all]): Made => ({
      plan: {
        kind: 'series',
        input: plan,
        axis,
        by: by.columns,
        aggregates: all.map(({ aggregate }) => ({ ...aggregate, fill: literal('long', '0') })),
        whenEmpty: 'one',
      },
      names: new Map([
        ...by.kinds,
        ['axis', 'json'],
        ...all.flatMap(({ aggregate }) => aggregate.names.map((name): [string, Kind] => [name, 'json'])),
      ]),
    }),
  );
}

/** Says of what it is given that it is one. */
function made(one: Made): Made {
  return one;
}

function then(input: Made, depth: number): fc.Arbitrary<Made> {
  if (depth === 0) return fc.constant(input);
  const { plan, names } = input;
  const next: fc.Arbitrary<Made> = fc.oneof<fc.Arbitrary<Made>[]>(
    conditions(names, 2).map((predicate) => made({ plan: { kind: 'where', input: plan, predicate }, names })),
    named(names, 'e', 1).map(({ columns, kinds }) =>
      made({ plan: { kind: 'extend', input: plan, columns }, names: new Map([...names, ...kinds]) }),
    ),
    named(names, 'p', 1).map(({ columns, kinds }) =>
      made({ plan: { kind: 'project', input: plan, columns }, names: new Map(kinds) }),
    ),
    fc.tuple(named(names, 'g', 0), aggregates(names)).map(([by, all]) =>
      made({
        plan: { kind: 'summarize', input: plan, by: by.columns, aggregates: all.map(({ aggregate }) => aggregate) },
        names: new Map([
          ...by.kinds,
          ...all.flatMap(({ aggregate, kinds }) =>
            aggregate.names.map((name, at): [string, Kind] => [name, kinds[at] ?? 'json']),
          ),
        ]),
      }),
    ),
    fc.constant<Made>({ plan: { kind: 'distinct', input: plan }, names }),
    sortKeys(names).map((keys) => made({ plan: { kind: 'order', input: plan, keys }, names })),
    fc.integer({ min: 0, max: 5 }).map((count) => made({ plan: { kind: 'limit', input: plan, count }, names })),
    sources.map((other) =>
      made({ plan: { kind: 'union', inputs: [plan, other.plan] }, names: new Map([...other.names, ...names]) }),
    ),
    joined(input),
    series(input),
  );
  return next.chain((one) => then(one, depth - 1));
}

/** A random plan over the records of two random tables. */
export const plans: fc.Arbitrary<Plan> = fc
  .tuple(sources, fc.integer({ min: 0, max: 3 }))
  .chain(([source, depth]) => then(source, depth))
  .map(({ plan }) => plan);
