import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../base/json.ts';
import { field, match } from '../../../ir/construct.ts';
import type { Rule } from '../../../ir/rule/rule.ts';
import type { SchemaName } from '../../../ir/types.ts';
import { type Typing, typingOf } from '../../../logs/typing.ts';
import { compileProgram } from '../compile.ts';
import { KernelMatcher } from './kernel-matcher.ts';
import { hasKernel } from './scan-kernel.ts';

/** A rule that is about a log source, so that it matters what records are taken for. */
function ruleAbout(schema: SchemaName, name: string, value: string): Rule {
  const scope = match(field(name), { kind: 'equals', value }, { collation: 'ignore-case' });
  return {
    id: value,
    name: value,
    file: 'f',
    format: 'sigma',
    language: 'sigma',
    span: { source: 'f', start: 0, end: 0 },
    description: '',
    severity: undefined,
    enabled: true,
    tags: [],
    techniques: [],
    tactics: [],
    references: [],
    falsePositives: [],
    tests: [],
    schema,
    logic: { kind: 'plan', plan: { kind: 'source', schema, scope }, columns: undefined },
  };
}

let typing: Typing;
beforeAll(() => {
  typing = typingOf({}, [ruleAbout('sigma', 'logsource.product', 'okta'), ruleAbout('ecs', '_index', 'logs-x')]);
});

/** Spellings in JSON, so that escapes vary too. */
const TEXTS = [
  '"C:\\\\Windows\\\\a.exe"',
  '"c:\\\\b"',
  '"C:"',
  '"C:/x"',
  '"\\\\\\\\host\\\\c"',
  '"\\\\x"',
  '"/bin/sh"',
  '"\\/bin/sh"',
  '"\\u0043:\\\\x"',
  '"é:\\\\x"',
  '"\u{1f600}\\\\x"',
  '""',
  '"okta"',
  '"Okta"',
  '"zeek"',
];
const OTHERS = ['1', '0', '1.5', 'true', 'null', '[]', '["okta"]', '{}', '{"dataset":"d"}', '{"version":"8"}'];
const value = fc.constantFrom(...TEXTS, ...TEXTS, ...OTHERS);
const KEYS = [
  'Image',
  'SourceImage',
  'CommandLine',
  'TargetImage',
  'GrantedAccess',
  'TargetFilename',
  'EventID',
  'UtcTime',
  'product',
  'service',
  'protoPayload',
  '@timestamp',
  'event',
  'process',
  'message',
  'tags',
  'ecs',
  'data_stream',
  'event.dataset',
  'process.name',
  '_index',
  'anything else',
];

const line = fc
  .uniqueArray(fc.constantFrom(...KEYS), { minLength: 0, maxLength: 5 })
  .chain((keys) => fc.tuple(...keys.map((key) => value.map((spelled) => `${JSON.stringify(key)}:${spelled}`))))
  .map((members) => `{${members.join(',')}}`);
/** Records that are nearly of a form: what keeps them from it is one key or one value. */
const near = fc
  .tuple(fc.constantFrom(...TEXTS), fc.constantFrom('', ',"EventID":1', ',"EventID":"1"', ',"EventID":3'), line)
  .map(([image, id, more]) => {
    const rest = more === '{}' ? '' : `,${more.slice(1, -1)}`;
    return `{"Image":${image},"CommandLine":"x","UtcTime":"t"${id}${rest}}`;
  });

describe.runIf(hasKernel())('what the kernel takes lines for', () => {
  it('is what recognition takes their records for', { tags: 'large' }, () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(line, near), { minLength: 1, maxLength: 60 }), (lines) => {
        const program = compileProgram([]);
        const parse = (text: string): JsonObject => JSON.parse(text);
        const matcher = new KernelMatcher({ recognise: typing, parse, programOf: () => program });
        const odd = new Set<number>();
        matcher.scan(Buffer.from(`${lines.join('\n')}\n`), {
          match: () => expect.unreachable(),
          odd: (_text, _start, at) => {
            odd.add(at);
            return true;
          },
        });
        const expected = new Map<string, number>();
        for (const [at, text] of lines.entries()) {
          if (odd.has(at)) continue;
          const { type } = typing(parse(text));
          const key = `${type.name} ${type.undeclared?.taken.map(({ id }) => id).join()}`;
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        const found = new Map<string, number>();
        for (const [{ type }, count] of matcher.counts) {
          const key = `${type.name} ${type.undeclared?.taken.map(({ id }) => id).join()}`;
          found.set(key, (found.get(key) ?? 0) + count);
        }
        expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries([...expected].sort()));
      }),
      { numRuns: 200 },
    );
  });

  it('is learned, for lines of every kind that recognition tells apart', () => {
    const program = compileProgram([]);
    const parse = (text: string): JsonObject => JSON.parse(text);
    const matcher = new KernelMatcher({ recognise: typing, parse, programOf: () => program });
    const lines = [
      '{"Image":"C:\\\\a.exe","CommandLine":"a"}',
      '{"Image":"/bin/a","CommandLine":"a"}',
      '{"EventID":1,"UtcTime":"t","Image":"C:\\\\a.exe","CommandLine":"a"}',
      '{"product":"okta","x":1}',
      '{"@timestamp":"t","event":{"action":"a"}}',
      '{"@timestamp":"t","event":{"action":"a"},"x":1}',
      '{"event.dataset":"okta.system"}',
      '{"eventType":"a","published":"b"}',
    ];
    const odd: string[] = [];
    matcher.scan(Buffer.from(`${[...lines, ...lines].join('\n')}\n`), {
      match: () => expect.unreachable(),
      odd: (text) => {
        odd.push(Buffer.from(text).toString());
        return true;
      },
    });
    expect(odd).toEqual([]);
    expect([...matcher.counts.values()].reduce((sum, count) => sum + count, 0)).toBe(2 * lines.length);
  });
});
