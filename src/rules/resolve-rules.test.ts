import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Json } from '../base/json.ts';
import { sourceText } from '../base/source-text.ts';
import { createRuleSession } from '../detect/rule-session.ts';
import type { LoadOutcome } from '../formats/rule-file.ts';
import { sigmaFormat } from '../formats/sigma/sigma.ts';
import { sigmaSchema } from '../schemas/sigma.ts';
import { type Resolved, resolveRules } from './resolve-rules.ts';

const context = { readText: () => undefined, listFiles: () => [], schema: () => sigmaSchema };

function read(text: string, path = 'rules.yml'): readonly LoadOutcome[] {
  return sigmaFormat.load({ path, source: sourceText(path, text) }, context) ?? [];
}

async function resolve(...documents: readonly Json[]): Promise<Resolved> {
  return resolveRules(read(documents.map((document) => stringify(document)).join('---\n')));
}

const rule = (name: string): Json => ({
  title: name,
  name,
  logsource: {},
  detection: { s: { x: name }, condition: 's' },
});
const correlation = (name: string, rules: readonly string[]): Json => ({
  title: name,
  name,
  correlation: { type: 'temporal', rules, timespan: '1m' },
});

/** `code at text: hints` of everything that was found. */
function problems(resolved: Resolved, text: string): string[] {
  return [...resolved.diagnostics, ...resolved.outcomes.flatMap((outcome) => outcome.diagnostics)].map((found) => {
    const span = found.labels[0]?.span;
    return `${found.code} at ${text.slice(span?.start, span?.end)}: ${found.hints.join(' ')}`;
  });
}

describe('references', () => {
  test('an unknown one is shown in its place, with what it may have meant', async () => {
    const text = `${stringify(rule('failed_login'))}---\n${stringify(correlation('c', ['faild_login']))}`;
    expect(problems(await resolveRules(read(text)), text)).toEqual([
      'sigma/unknown-reference at faild_login: did you mean `failed_login`?',
    ]);
  });

  test('a circle is told as the way round', async () => {
    const resolved = await resolve(correlation('a', ['b']), correlation('b', ['a']), correlation('c', ['a']));
    const cycle = resolved.outcomes
      .flatMap((outcome) => outcome.diagnostics)
      .find((one) => one.code === 'sigma/correlation-cycle');
    expect(cycle?.params['path']).toEqual(['a', 'b', 'a']);
    expect(resolved.outcomes.map((outcome) => outcome.status)).toEqual(['invalid', 'invalid', 'invalid']);
  });

  test('correlations of correlations that multiply are each made once, and run once', async () => {
    const levels = Array.from({ length: 40 }, (_, level) => [
      correlation(`a${level + 1}`, [`a${level}`, `b${level}`]),
      correlation(`b${level + 1}`, [`a${level}`, `b${level}`]),
    ]).flat();
    const resolved = await resolve(rule('a0'), rule('b0'), ...levels);
    const rules = resolved.outcomes.flatMap((outcome) => (outcome.status === 'loaded' ? [outcome.rule] : []));
    expect(rules.length).toBe(82);
    const session = createRuleSession(rules);
    const records = ['a0', 'b0'].map((x, line) => ({ event: { x, time: `2026-01-01T00:00:0${line}Z` }, line }));
    const found = [
      ...(await session.process(records.map(({ event, line }) => ({ event, source: { file: 'f', line } })))),
      ...(await session.advance('end')),
    ];
    await session.close();
    expect(found.map((match) => [match.rule.name, match.record?.source.line])).toEqual([
      ['a40', 1],
      ['b40', 1],
    ]);
  });

  test('a long chain is refused, not followed to the end of the stack', { tags: 'large' }, async () => {
    const chain = Array.from({ length: 3_000 }, (_, at) => correlation(`c${at}`, [`c${at + 1}`]));
    const resolved = await resolve(...chain, rule('c3000'));
    const codes = new Set(resolved.outcomes.flatMap((outcome) => outcome.diagnostics).map((found) => found.code));
    expect(codes).toContain('sigma/too-deep');
  });
});

test('rules are silent for the correlations that refer to them, unless those do not run', async () => {
  const silent = async (...documents: readonly Json[]): Promise<unknown> =>
    (await resolve(...documents)).outcomes.map(
      (outcome) => outcome.status === 'loaded' && outcome.rule.silent === true,
    );
  expect(await silent(rule('r'), correlation('c', ['r']))).toEqual([true, false]);
  expect(await silent(rule('r'), correlation('c', ['r']), correlation('d', ['c']))).toEqual([true, true, false]);
  expect(await silent(rule('r'), correlation('c', ['r', 'unknown']))).toEqual([false, false]);
});

describe('filters', () => {
  test('one that keeps what it means to leave out comes with the edit that turns it round', async () => {
    const filter = (condition: string): Json => ({
      title: 'f',
      logsource: {},
      filter: { rules: 'any', s: { y: 1 }, t: { z: 1 }, condition },
    });
    const fixes = async (condition: string): Promise<unknown> => {
      const { diagnostics } = await resolve(rule('r'), filter(condition));
      return diagnostics.flatMap((found) => found.fixes.flatMap((fix) => fix.edits.map((edit) => edit.text)));
    };
    expect(await fixes('s')).toEqual(['not ']);
    expect(await fixes('s or t')).toEqual(['not (', ')']);
    expect(await fixes('not s')).toEqual([]);
    expect(await fixes('not 1 of s*')).toEqual([]);
  });

  test('a filter is no rule', async () => {
    const resolved = await resolve(rule('r'), {
      title: 'f',
      logsource: {},
      filter: { rules: 'any', s: { y: 1 }, condition: 'not s' },
    });
    expect(resolved.outcomes.length).toBe(1);
    expect(resolved.diagnostics).toEqual([]);
  });
});

describe('property', () => {
  const words = fc.constantFrom<Json>(
    'r',
    'c',
    'any',
    'temporal',
    'event_count',
    '5m',
    'r and not c',
    'r | count() > 5',
    's',
    '',
    'x',
  );
  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      words,
      fc.constantFrom<Json>(0, -1, 5, 1e300, true, null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('r', 'c', 'gte', 'lt', 'field', 'percentile', 's'), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const map = (known: Readonly<Record<string, readonly Json[]>>): fc.Arbitrary<Json> =>
    fc
      .record(
        Object.fromEntries(
          Object.entries(known).map(([key, values]) => [key, fc.oneof(fc.constantFrom(...values), json)]),
        ),
        { requiredKeys: [] },
      )
      .map((made) =>
        Object.fromEntries(Object.entries(made).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
      );
  const document = fc.oneof(
    fc.record({
      title: fc.constant('c'),
      name: fc.constantFrom('c', 'r'),
      correlation: map({
        type: ['event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_avg', 'value_percentile'],
        rules: ['r', ['r'], ['r', 'c']],
        timespan: ['5m', '1d'],
        condition: [
          { gte: 2 },
          { lt: 2, field: 'x' },
          { gte: 1, field: ['x', 'y'], percentile: 50 },
          'r and not c',
          'r',
        ],
        'group-by': ['x', ['x', 'y']],
        aliases: [{ x: { r: 'z' } }],
        generate: [true],
      }),
    }),
    fc.record({
      title: fc.constant('f'),
      logsource: fc.oneof(fc.constant<Json>({}), json),
      filter: map({ rules: ['any', ['r'], 'r'], s: [{ x: 1 }], condition: ['s', 'not s'] }),
    }),
    fc.constant(rule('r')),
  );

  test('no correlation or filter makes loading throw, and what does not load says why', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(document, { minLength: 1, maxLength: 4 }), async (documents) => {
        const resolved = await resolve(...documents);
        for (const outcome of resolved.outcomes) {
          const failed = outcome.diagnostics.some((found) => found.severity === 'error');
          expect(failed).toBe(outcome.status !== 'loaded');
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
