import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { decodeText } from '../../src/logs/decode/index.ts';
import { logTypes, recognise } from '../../src/logs/registry.ts';
import { TYPE_SAMPLES } from '../../src/logs/type-samples.ts';
import { show } from './view-values.ts';

function recordOf(text: string | JsonObject): JsonObject {
  const [first] = decodeText(typeof text === 'string' ? text : JSON.stringify(text), 'a.log').events;
  if (first === undefined) throw new Error(`no record: ${JSON.stringify(text)}`);
  return first.event;
}

test.each(TYPE_SAMPLES)('$type $text', ({ type, text, sigma = {}, ecs = {} }) => {
  const record = recordOf(text);
  expect(recognise(record).type.name).toBe(type);
  for (const [schema, wanted] of [
    ['sigma', sigma],
    ['ecs', ecs],
  ] as const) {
    for (const [field, value] of Object.entries(wanted)) {
      expect([field, show(record, schema).get(field)]).toEqual([field, value]);
    }
  }
});

/** Types that say of themselves what they are; `sentinel.*` and `defender.*` are tables of their own. */
const declared = logTypes.filter(
  ({ declared: is, name }) => is && !name.startsWith('sentinel.') && !name.startsWith('defender.'),
);

test('each declared type has a sample', () => {
  const sampled = new Set(TYPE_SAMPLES.map(({ type }) => type));
  expect(declared.map(({ name }) => name).filter((name) => !sampled.has(name))).toEqual([]);
});

test('no sample of one type is taken for another', () => {
  const wrong = TYPE_SAMPLES.flatMap(({ type, text }) => {
    const record = recordOf(text);
    const takers = declared.filter(({ shapes }) => shapes.some((shape) => shape.recognises(record)));
    return takers.length === 1 && takers[0]?.name === type
      ? []
      : [`${type}: ${takers.map(({ name }) => name).join(', ')}`];
  });
  expect(wrong).toEqual([]);
});
