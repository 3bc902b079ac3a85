import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainly } from '../../../test/plain-records.ts';
import { sourceText } from '../../base/source-text.ts';
import { compilePredicate } from '../../engines/memory/compile.ts';
import { readYaml } from '../../formats/source/yaml-source.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { readRuleLogic } from './rule-logic.ts';

/**
 * Random rules on random events: our verdict is that of an evaluation of the rule as it is written, by means that share
 * nothing with the lowering (JavaScript's regular expressions over the strings of the rule).
 */
type Scalar = string | number | boolean | null;
type Event = Readonly<Record<string, Scalar | readonly Scalar[]>>;

interface Item {
  readonly key: string;
  readonly values: readonly Scalar[];
}

interface Written {
  readonly detections: Readonly<Record<string, readonly Item[]>>;
  readonly condition: string;
}

/** The Sigma string as a regular expression over the whole value. */
function pattern(written: string, before: string, after: string, flags: string): RegExp {
  const body = written.replace(/\\[\\*?]|[\s\S]/g, (found) => {
    if (found === '*') return '[\\s\\S]*';
    if (found === '?') return '[\\s\\S]';
    const plain = found.length === 2 ? found.slice(1) : found;
    return plain.replace(/[^a-z0-9]/gi, (special) => `\\u{${(special.codePointAt(0) ?? 0).toString(16)}}`);
  });
  return new RegExp(`^${before}${body}${after}$`, `u${flags}`);
}

function itemHolds(item: Item, event: Event): boolean {
  const [field = '', ...modifiers] = item.key.split('|');
  const held = Object.hasOwn(event, field) ? event[field] : undefined;
  const texts = (Array.isArray(held) ? held : [held]).filter((one) => one !== undefined && one !== null).map(String);
  const any = '[\\s\\S]*';
  const one = (value: Scalar): boolean => {
    if (value === null) return held === undefined || held === null;
    const before = modifiers.includes('contains') || modifiers.includes('endswith') ? any : '';
    const after = modifiers.includes('contains') || modifiers.includes('startswith') ? any : '';
    const fits = pattern(String(value), before, after, modifiers.includes('cased') ? '' : 'i');
    return texts.some((text) => fits.test(text));
  };
  const holds = modifiers.includes('all') ? item.values.every(one) : item.values.some(one);
  return modifiers.includes('neq') ? !holds : holds;
}

/** The condition with names replaced by verdicts, read by a few rewriting steps. */
function conditionHolds(condition: string, verdicts: ReadonlyMap<string, boolean>): boolean {
  let text = condition.replace(/(1|all) of (\w*)\*/g, (_, count: string, prefix: string) => {
    const chosen = [...verdicts].filter(([name]) => name.startsWith(prefix)).map(([, verdict]) => verdict);
    return String(count === 'all' ? chosen.every(Boolean) : chosen.some(Boolean));
  });
  text = text.replace(/\b[st]\d\b/g, (name) => String(verdicts.get(name)));
  for (let before = ''; before !== text; ) {
    before = text;
    text = text
      .replace(/\((true|false)\)/g, '$1')
      .replace(/not (true|false)/, (_, verdict: string) => String(verdict === 'false'));
    if (text !== before) continue;
    text = text.replace(/(^|\()([^()]*)(?=\)|$)/, (_, open: string, flat: string) => {
      const verdict = flat.split(' or ').some((part) => part.split(' and ').every((word) => word.trim() === 'true'));
      return `${open}${verdict}`;
    });
  }
  return text === 'true';
}

const FIELDS = ['A', 'B', 'C'];
const text = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '-', '.', ' '), maxLength: 4 });
const sigmaText = fc.string({ unit: fc.constantFrom('a', 'B', 'b', '*', '?', '\\', '-', ' '), maxLength: 5 });
const number = fc.integer({ min: -1, max: 5 });
const eventValue = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const event: fc.Arbitrary<Event> = fc.dictionary(
  fc.constantFrom(...FIELDS),
  fc.oneof(eventValue, fc.array(eventValue, { maxLength: 3 })),
);
const item: fc.Arbitrary<Item> = fc.constantFrom(...FIELDS).chain((field) =>
  fc.oneof(
    fc
      .array(fc.oneof(sigmaText, number, fc.boolean(), fc.constant(null)), { minLength: 1, maxLength: 4 })
      .chain((values) => fc.constantFrom('', '|all', '|neq').map((modifier) => ({ key: field + modifier, values }))),
    fc
      .array(sigmaText, { minLength: 1, maxLength: 4 })
      .chain((values) =>
        fc
          .constantFrom(
            '|contains',
            '|startswith',
            '|endswith',
            '|cased',
            '|contains|all',
            '|contains|cased',
            '|endswith|neq',
          )
          .map((modifier) => ({ key: field + modifier, values })),
      ),
  ),
);
const detection = fc.uniqueArray(item, { minLength: 1, maxLength: 3, selector: (one) => one.key });
const rule: fc.Arbitrary<Written> = fc.record({
  detections: fc.record({ s1: detection, s2: detection, t1: detection }),
  condition: fc.constantFrom(
    ...[
      's1',
      's1 and not t1',
      '1 of s*',
      'all of s* and not 1 of t*',
      's1 or s2 and t1',
      'not (s1 or t1) or s2',
      'not 1 of *',
    ],
    ...['(s1 or s2) and (t1 or not s1)', 'not not s1'],
  ),
});

test('random rules on random events are evaluated as they are written', () => {
  fc.assert(
    fc.property(rule, fc.array(event, { minLength: 1, maxLength: 4 }), (written, events) => {
      const maps = Object.entries(written.detections).map(([name, items]) => [
        name,
        Object.fromEntries(items.map((one) => [one.key, one.values.length === 1 ? one.values[0] : one.values])),
      ]);
      const yaml = JSON.stringify({ ...Object.fromEntries(maps), condition: written.condition });
      const tree = readYaml(sourceText('rule', yaml)).documents[0];
      const predicate = tree && readRuleLogic(tree).predicate;
      if (predicate === undefined) throw new Error(`not lowered: ${yaml}`);
      const decide = compilePredicate(plainly(predicate), { now: fromEpochMs(0) });
      for (const one of events) {
        const verdicts = new Map(
          Object.entries(written.detections).map(([name, items]) => [
            name,
            items.every((each) => itemHolds(each, one)),
          ]),
        );
        expect(decide({ event: one, columns: new Map() })).toBe(conditionHolds(written.condition, verdicts));
      }
    }),
    { numRuns: 5000 },
  );
});
