import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isJsonObject, type JsonObject } from '../base/json.ts';
import { firstAnswer } from './first-looks.ts';
import { recognise } from './registry.ts';
import { TYPE_SAMPLES } from './type-samples.ts';

const samples = TYPE_SAMPLES.flatMap(({ text }) => (isJsonObject(text) ? [text] : []));
const names = [...new Set(samples.flatMap((sample) => Object.keys(sample)))];

/** Records of parts of samples, names of theirs with other values, and names of no type. */
const records: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom<JsonObject>({}, ...samples),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 8 })), fc.jsonValue({ maxDepth: 2 }), {
      maxKeys: 4,
    }),
  )
  .map(([sample, kept, others]) => {
    const entries = Object.entries(sample).filter((_, at, all) => at / all.length <= kept);
    return { ...Object.fromEntries(entries), ...(others as JsonObject) };
  });

test('what a record is does not depend on who is left out because nothing that they look at is there', () => {
  expect(samples.length).toBeGreaterThan(50);
  fc.assert(
    fc.property(records, (event) => {
      const found = recognise(event);
      // All are asked of a record that may note what is looked at.
      const asked = recognise(new Proxy(event, {}));
      expect([found.type.name, found.shape.name]).toEqual([asked.type.name, asked.shape.name]);
    }),
    { numRuns: 10_000 },
  );
});

test('who finds something in nothing, or looks at all names, is always asked, in the order given', () => {
  const answer = firstAnswer<string>([
    (event) => (event['a'] === 1 ? 'a' : undefined),
    (event) => (Object.keys(event).some((key) => key.startsWith('x')) ? 'x' : undefined),
    (event) => ('b' in event ? 'b' : undefined),
    (event) => (event['c'] === undefined ? 'no c' : undefined),
  ]);
  expect([{}, { a: 1, x1: 2 }, { a: 2, x1: 2 }, { b: 0 }, { c: 0 }].map(answer)).toEqual([
    'no c',
    'a',
    'x',
    'b',
    undefined,
  ]);
});
