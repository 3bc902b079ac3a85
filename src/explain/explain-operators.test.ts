import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../base/json.ts';
import type { Explanation } from '../engines/memory/explain.ts';
import { field, match } from '../ir/construct.ts';
import type { Plan } from '../ir/plan/plan.ts';
import type { Rule } from '../ir/rule/rule.ts';
import { explainRule } from './explain.ts';

/** Operators that no language lowers to yet: explain says what they ask, and its verdict is that of a run. */

const source: Plan = { kind: 'source', schema: 'ecs', scope: null };

function ruleOf(plan: Plan): Rule {
  return {
    id: 'r',
    name: 'r',
    file: 'r',
    format: 'elastic',
    language: 'esql',
    span: { source: 'r', start: 0, end: 0 },
    description: '',
    severity: undefined,
    enabled: true,
    tags: [],
    techniques: [],
    tactics: [],
    references: [],
    falsePositives: [],
    schema: 'ecs',
    logic: { kind: 'plan', plan, columns: undefined },
    tests: [],
  };
}

async function explained(plan: Plan, ...events: JsonObject[]): Promise<readonly Explanation[]> {
  const given = events.map((event, at) => ({ event, source: { file: 'log', line: at + 1 } }));
  return explainRule(ruleOf(plan), given, { logType: 'generic' });
}

function texts({ text, verdict, children }: Explanation): Json {
  const own = `${verdict}: ${text}`;
  return children.length === 0 ? own : { [own]: children.map(texts) };
}

it('looks at each element that a row is unnested into', async () => {
  const isBad = match(field('tag'), { kind: 'equals', value: 'bad' });
  const isHigh = match(field('tag'), { kind: 'prefix', text: 'b' });
  const unnested: Plan = {
    kind: 'unnest',
    input: source,
    columns: [{ name: 'tag', expr: field('tags'), maps: 'whole' }],
    whenEmpty: 'drop',
  };
  const plan: Plan = { kind: 'where', predicate: isHigh, input: { kind: 'where', predicate: isBad, input: unnested } };
  const found = await explained(plan, { tags: ['good', 'bad'] }, { tags: ['bad'] }, { tags: [] });
  expect(found.map(texts)).toEqual([
    {
      'true: all of': [
        { 'true: any of the 2 elements': ['false: tag is "bad"', 'true: tag is "bad"'] },
        'true: tag starts with "b"',
      ],
    },
    {
      'true: all of': ['true: tag is "bad"', 'true: tag starts with "b"'],
    },
    'false: there is an element to look at',
  ]);
});

it('says of operators over several rows what they make, and follows the records that have a part in it', async () => {
  const failures: Plan = {
    kind: 'where',
    input: source,
    predicate: match(field('result'), { kind: 'equals', value: 'no' }),
  };
  const successes: Plan = {
    kind: 'where',
    input: source,
    predicate: match(field('result'), { kind: 'equals', value: 'yes' }),
  };
  const plan: Plan = {
    kind: 'join',
    left: failures,
    right: successes,
    on: [{ left: field('user'), right: field('user') }],
    flavour: 'inner',
    nulls: 'differ',
    columns: [{ name: 'user', side: 'left', expr: field('user') }],
  };
  const found = await explained(
    plan,
    { user: 'ann', result: 'no' },
    { user: 'ann', result: 'yes' },
    { user: 'bob', result: 'no' },
  );
  expect(found.map(({ verdict }) => verdict)).toEqual([true, true, false]);
  expect(found.map(({ children }) => children.at(-1)?.text)).toEqual(Array(3).fill('pairs of rows by user'));
});
