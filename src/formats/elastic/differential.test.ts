import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../base/json.ts';
import { sourceText } from '../../base/source-text.ts';
import { createSession } from '../../detect/alerts/alert-session.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { indexType } from '../../logs/index-documents.ts';
import { ecsSchema } from '../../schemas/ecs.ts';
import type { LoadContext } from '../rule-file.ts';
import { elasticFormat } from './elastic.ts';

/** A condition that kuery and Elasticsearch's queries can both say. */
interface Both {
  readonly kuery: string;
  readonly dsl: JsonObject;
}

const keyword = fc.constantFrom('user.name', 'event.action', 'own.field');
const word = fc.constantFrom('ann', 'Ann', 'b c', '5', 'x*y');

const leaf: fc.Arbitrary<Both> = fc.oneof(
  fc.tuple(keyword, word).map(([field, value]) => ({
    kuery: `${field}: ${JSON.stringify(value)}`,
    dsl: { match_phrase: { [field]: value } },
  })),
  fc.tuple(keyword, word).map(([field, value]) => ({
    kuery: `${field}: ${JSON.stringify(value)}`,
    dsl: { term: { [field]: value } },
  })),
  keyword.map((field) => ({ kuery: `${field}: *`, dsl: { exists: { field } } })),
  fc.tuple(keyword, fc.constantFrom('a', 'An', '')).map(([field, start]) => ({
    kuery: start === '' ? `${field}: *` : `${field}: ${start}*`,
    dsl: start === '' ? { exists: { field } } : { wildcard: { [field]: { value: `${start}*` } } },
  })),
  fc.tuple(fc.constantFrom('>=', '<'), fc.integer({ min: 0, max: 9 })).map(([op, value]) => ({
    kuery: `process.pid ${op} ${value}`,
    dsl: { range: { 'process.pid': { [op === '<' ? 'lt' : 'gte']: value } } },
  })),
  fc.constantFrom('10.0.0.1', '10.0.0.0/8').map((value) => ({
    kuery: `source.ip: "${value}"`,
    dsl: { term: { 'source.ip': value } },
  })),
);

const condition = fc.letrec<{ all: Both }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie('all').map(({ kuery, dsl }) => ({ kuery: `not (${kuery})`, dsl: { bool: { must_not: [dsl] } } })),
    fc.array(tie('all'), { minLength: 1, maxLength: 3 }).map((items) => ({
      kuery: items.map(({ kuery }) => `(${kuery})`).join(' and '),
      dsl: { bool: { filter: items.map(({ dsl }) => dsl) } },
    })),
    fc.array(tie('all'), { minLength: 1, maxLength: 3 }).map((items) => ({
      kuery: items.map(({ kuery }) => `(${kuery})`).join(' or '),
      dsl: { bool: { should: items.map(({ dsl }) => dsl), minimum_should_match: 1 } },
    })),
  ),
})).all;

const some = (values: readonly Json[]): fc.Arbitrary<Json | undefined> =>
  fc.oneof(fc.constantFrom(undefined, null, ...values), fc.array(fc.constantFrom(...values), { maxLength: 2 }));

const document: fc.Arbitrary<JsonObject> = fc
  .tuple(some(['ann', 'Ann', 'b c', 'An']), some(['x*y', 'ann', '5']), some([0, 5, 9]), some(['10.0.0.1', '11.0.0.1']))
  .map(([name, own, pid, ip]) =>
    JSON.parse(JSON.stringify({ user: { name }, own: { field: own }, process: { pid }, source: { ip } })),
  );

const context: LoadContext = { readText: () => undefined, listFiles: () => [], schema: () => ecsSchema };
const documents = indexType('logs-x', undefined);

function ruleOf(keys: JsonObject): Rule {
  const base = { rule_id: 'r', name: 'r', description: 'd', severity: 'low', risk_score: 1, type: 'query' };
  const text = JSON.stringify({ ...base, language: 'kuery', index: ['logs-x'], query: '*:*', ...keys });
  const [outcome] = elasticFormat.load({ path: 'r.json', source: sourceText('r.json', text) }, context) ?? [];
  if (outcome?.status !== 'loaded') throw new Error(`${text} is ${outcome?.status}`);
  return outcome.rule;
}

async function matched(rule: Rule, events: readonly JsonObject[]): Promise<readonly number[]> {
  const session = createSession([rule]);
  const records = events.map((event, line) => ({ event, source: { file: 'f', line }, as: documents }));
  const found = [...(await session.process(records)), ...(await session.advance('end'))];
  await session.close();
  return found.map(({ record }) => record?.source.line ?? -1);
}

test('kuery and the same as filters match the same events', async () => {
  await fc.assert(
    fc.asyncProperty(condition, fc.array(document, { minLength: 1, maxLength: 8 }), async ({ kuery, dsl }, events) => {
      const query = await matched(ruleOf({ query: kuery }), events);
      const filters = [{ meta: { negate: false, disabled: false }, query: dsl }];
      expect(await matched(ruleOf({ filters }), events), kuery).toEqual(query);
    }),
  );
});

test('a sequence over an ordered stream gives what it gives over all events together', async () => {
  const step = fc.constantFrom('a', 'b', 'c');
  const sequence = fc
    .record({
      steps: fc.array(step, { minLength: 2, maxLength: 3 }),
      maxspan: fc.constantFrom('', ' with maxspan=3s'),
      until: fc.constantFrom('', ' until [any where event.action == "c"]'),
      runs: fc.constantFrom('', ' with runs=2'),
    })
    .map(
      ({ steps, maxspan, until, runs }) =>
        `sequence by host.id${maxspan} ${steps.map((one) => `[any where event.action == "${one}"]${runs}`).join(' ')}${until}`,
    );
  const event = fc.tuple(step, fc.constantFrom('h1', 'h2', 'h3'), fc.nat({ max: 3 }));
  await fc.assert(
    fc.asyncProperty(sequence, fc.array(event, { maxLength: 20 }), async (query, list) => {
      const rule = ruleOf({ type: 'eql', language: 'eql', query });
      let second = 0;
      const records = list.map(([action, id, after], line) => {
        second += after;
        const time = new Date(1_700_000_000_000 + second * 1000).toISOString();
        return {
          event: { '@timestamp': time, event: { action }, host: { id } },
          source: { file: 'f', line },
          as: documents,
        };
      });
      const found = async (lateness: number | undefined): Promise<readonly string[]> => {
        const session = createSession([rule], lateness === undefined ? {} : { allowedLateness: lateness });
        const matches = [];
        for (const record of records) matches.push(...(await session.process([record])));
        matches.push(...(await session.advance('end')));
        await session.close();
        return matches.map(({ members }) => JSON.stringify(members?.map(({ source }) => source.line))).sort();
      };
      expect(await found(0), query).toEqual(await found(undefined));
    }),
  );
});
