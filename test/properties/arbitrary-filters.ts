import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { and, call, FOLDED, match, not, or, PLAIN, STRICT } from '../../src/ir/construct.ts';
import type { Expr, Leaves, Match, Pattern, Raw, Way } from '../../src/ir/expr.ts';
import { parseJson } from '../../src/logs/decode/json/json-value.ts';

/** Records, and conditions over places in them, that meet in every odd corner. */

/** Texts in which letters change length, place or alphabet in lower case, and those that are like numbers or words of JSON. */
const FRAGMENTS = [
  'a',
  'K',
  'k',
  '\u212a',
  'İ',
  'i̇',
  'ı',
  'Σ',
  'ς',
  'σ',
  'ß',
  'ſ',
  's',
  'é',
  'É',
  '\ud83d\ude00',
  '\ud83d',
  '\ude00',
  '\\',
  '"',
  '/',
  '\n',
  '\0',
  '*',
  '?',
  'cmd.exe',
  'PowerShell',
  'mimikatz',
  'true',
  '10',
  '1e3',
  ' ',
  '',
] as const;

const piece = fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 3, unit: 'binary' }));
const text = fc.oneof(
  { weight: 6, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')) },
  {
    weight: 1,
    arbitrary: fc.tuple(piece, fc.integer({ min: 0, max: 3_000 }), piece).map(([a, n, b]) => a.repeat(n) + b),
  },
);

const SPELLED = [
  '0',
  '-0',
  '1',
  '10',
  '1.0',
  '1e3',
  '1E+3',
  '1e-7',
  '1e21',
  '1e999',
  '-1e999',
  '9007199254740993',
  '-9214364837600034816',
  '0.1',
];
const scalar: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: fc.constantFrom(...SPELLED).map(read) },
  { weight: 1, arbitrary: fc.constantFrom(true, false, null) },
);

const NAMES = ['id', 'a', 'b', 'c', 'a.b', 'constructor', '__proto__', 'length'] as const;
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('value'), { maxKeys: 3 }),
  ),
})).value;

/** Written out and read again, as records are: with `__proto__` a name like any other. */
export const event: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), fc.oneof({ weight: 3, arbitrary: scalar }, value)), { maxLength: 6 })
  .map((members) => {
    const written = members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`);
    // Names may come twice: the last counts.
    return JSON.parse(`{${written.join(',')}}`) as JsonObject;
  });

export function read(spelling: string): Json {
  const parsed = parseJson(spelling);
  return parsed.ok ? parsed.value : null;
}

export function write(json: Json): string {
  if (typeof json === 'number' && !Number.isFinite(json)) return json > 0 ? '1e999' : '-1e999';
  if (typeof json === 'bigint') return json.toString();
  if (Array.isArray(json)) return `[${json.map(write).join(',')}]`;
  if (typeof json === 'object' && json !== null) {
    return `{${Object.entries(json)
      .map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`)
      .join(',')}}`;
  }
  return JSON.stringify(json);
}

const slot: fc.Arbitrary<Raw> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('id', 'a', 'b').map((name) => [[name]]) },
      {
        weight: 2,
        arbitrary: fc
          .uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 })
          .map((names) => names.map((name) => [name])),
      },
      {
        weight: 1,
        arbitrary: fc.array(fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }), {
          minLength: 1,
          maxLength: 2,
        }),
      },
    ),
    fc.constantFrom<Way>(PLAIN, PLAIN, STRICT, FOLDED, { keys: 'ignore-case', arrays: 'each' }),
  )
  .map(([paths, way]) => ({ kind: 'raw', paths, ...way }));

const parts = fc.array(
  fc.oneof(
    text.map((one) => ({ text: one })),
    fc.constantFrom({ any: 'many' as const }, { any: 'one' as const }),
  ),
  { minLength: 1, maxLength: 4 },
);

const pattern: fc.Arbitrary<Pattern> = fc.oneof(
  fc.oneof(text, fc.constantFrom(1, 10, 0.1, true, false)).map((one): Pattern => ({ kind: 'equals', value: one })),
  fc
    .array(fc.oneof(text, fc.constantFrom(10, true)), { minLength: 1, maxLength: 3 })
    .map((values): Pattern => ({ kind: 'one-of', values })),
  text.map((one): Pattern => ({ kind: 'prefix', text: one })),
  text.map((one): Pattern => ({ kind: 'suffix', text: one })),
  text.map((one): Pattern => ({ kind: 'contains', text: one })),
  parts.map((of): Pattern => ({ kind: 'wildcard', parts: of })),
  fc
    .constantFrom(
      'cmd',
      '(?:powershell|mimi.atz)',
      'k+s',
      '^a?cmd\\.exe$',
      '[Kk]ill',
      '.*',
      'Σ|σ',
      'a{2}b',
      '(a|)b',
      'ſ?s',
    )
    .chain((source) =>
      fc.boolean().map((anchored): Pattern => ({ kind: 'regex', source, flavour: 'pcre', flags: '', anchored })),
    ),
  fc
    .constantFrom('10.0.0.0/8', '::ffff:10.0.0.0/104', 'fe80::/10')
    .map((network): Pattern => ({ kind: 'cidr', network })),
  fc.constantFrom(1, '1').map((bound): Pattern => ({ kind: 'range', low: { value: bound, inclusive: true } })),
  fc
    .tuple(text, fc.constantFrom('both' as const, 'start' as const, 'end' as const))
    .map(([one, ends]): Pattern => ({ kind: 'term', text: one, ends })),
  text.map((one): Pattern => ({ kind: 'analysed', text: one, mode: 'any' })),
);

const literalText = (value: string): Expr => ({ kind: 'literal', type: 'string', value });
const FIRST_GROUP: Expr = { kind: 'literal', type: 'int', value: '1' };

/** Values that views make of places in records. */
const made: fc.Arbitrary<Expr> = fc.letrec<{ made: Expr }>((tie) => ({
  made: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    slot,
    fc
      .constantFrom('[^\\\\]*$', '(.*)s', '(?:k|i)(.*)')
      .chain((pattern) =>
        tie('made').map((of) => call('view.capture', [of, literalText(`(${pattern})`), FIRST_GROUP])),
      ),
    fc
      .constantFrom('text.after-last' as const, 'text.before-last' as const, 'view.pair' as const)
      .chain((fn) => tie('made').map((of) => call(fn, [of, literalText('a')]))),
    fc
      .constantFrom(
        'text.lower' as const,
        'text.upper' as const,
        'view.first' as const,
        'view.text' as const,
        'view.count' as const,
      )
      .chain((fn) => tie('made').map((of) => call(fn, [of]))),
    fc.array(tie('made'), { minLength: 1, maxLength: 3 }).map((items): Expr => call('view.coalesce', items)),
    fc.array(tie('made'), { maxLength: 3 }).map((items): Expr => ({ kind: 'list', items })),
    fc.tuple(slot, tie('made'), fc.oneof(tie('made'), fc.constant<Expr>({ kind: 'missing' }))).map(
      ([subject, then, otherwise]): Expr => ({
        kind: 'cond',
        branches: [{ when: match(subject, { kind: 'equals', value: '1' }), then }],
        otherwise,
      }),
    ),
  ),
})).made;

export const LEAVES: Leaves = { kind: 'leaves', name: null };

const matching: fc.Arbitrary<Match> = fc
  .record({
    subject: fc.oneof(
      { weight: 8, arbitrary: slot },
      { weight: 2, arbitrary: fc.constant(LEAVES) },
      {
        weight: 1,
        arbitrary: fc.array(slot, { minLength: 1, maxLength: 3 }).map((slots) => call('view.coalesce', slots)),
      },
      { weight: 1, arbitrary: slot.map((one) => call('text.lower', [one])) },
      { weight: 2, arbitrary: made },
    ),
    pattern,
    collation: fc.constantFrom('exact' as const, 'ignore-case' as const, 'ignore-case' as const),
    quantifier: fc.constantFrom('any' as const, 'any' as const, 'all' as const, 'whole' as const),
    onMissing: fc.constantFrom('false' as const, 'false' as const, 'null' as const),
  })
  .map(({ subject, pattern: of, ...options }) => match(subject, of, options));

const leaf: fc.Arbitrary<Expr> = fc.oneof(
  { weight: 6, arbitrary: matching },
  { weight: 1, arbitrary: slot.map((subject): Expr => ({ kind: 'exists', subject, counts: 'value' })) },
  { weight: 1, arbitrary: slot.map((subject): Expr => ({ kind: 'exists', subject, counts: 'present' })) },
  { weight: 1, arbitrary: made.map((subject): Expr => ({ kind: 'exists', subject, counts: 'value' })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(made, made, fc.constantFrom('==' as const, '!=' as const, '<' as const))
      .map(([left, right, op]): Expr => ({ kind: 'compare', op, left, right, nulls: 'unknown', many: 'any' })),
  },
  { weight: 1, arbitrary: slot.map((subject): Expr => ({ kind: 'is-null', subject })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(slot, slot)
      .map(([left, right]): Expr => ({ kind: 'compare', op: '==', left, right, nulls: 'total', many: 'whole' })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(true, false, null).map((one): Expr => ({ kind: 'literal', type: 'bool', value: one })),
  },
);

export const condition: fc.Arbitrary<Expr> = fc.letrec<{ condition: Expr }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('condition'), { minLength: 1, maxLength: 4 }).map((items) => and(items)),
    fc.array(tie('condition'), { minLength: 1, maxLength: 4 }).map((items) => or(items)),
    tie('condition').map((item) => not(item)),
    fc
      .tuple(fc.nat({ max: 3 }), fc.array(tie('condition'), { maxLength: 4 }))
      .map(([count, of]): Expr => ({ kind: 'at-least', count, of })),
    fc.tuple(fc.constantFrom('any' as const, 'all' as const, 'one' as const), slot, matching).map(
      ([how, over, test]): Expr => ({
        kind: 'quantified',
        how,
        over,
        variable: 'v',
        body: { ...test, subject: { kind: 'raw', paths: [[], ['a']], of: 'v', ...PLAIN } },
      }),
    ),
    fc.tuple(slot, matching).map(
      ([value, test]): Expr => ({
        kind: 'let',
        variable: 'v',
        value,
        body: { ...test, subject: { kind: 'raw', paths: [[]], of: 'v', ...PLAIN } },
      }),
    ),
    fc
      .tuple(tie('condition'), tie('condition'), tie('condition'))
      .map(([when, then, otherwise]): Expr => ({ kind: 'cond', branches: [{ when, then }], otherwise })),
  ),
})).condition;
