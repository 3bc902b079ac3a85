import { describe, expect, test } from 'vitest';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import type { Schema } from '../../ir/view.ts';
import { lintKuery } from './lint.ts';
import { lowerKuery } from './lower.ts';
import { parseKuery } from './parser.ts';

const schema: Schema = {
  name: 'ecs',
  typeOf: (name) =>
    (
      ({
        'event.action': 'keyword',
        'event.code': 'keyword',
        'event.start': 'date',
        'process.args': 'wildcard',
        'source.ip': 'ip',
        'source.name': 'keyword',
        'source.port': 'long',
      }) as const
    )[name],
  fieldNames: () => [
    'event.action',
    'event.code',
    'process.args',
    'process.parent.name',
    'source.ip',
    'source.name',
    'source.port',
  ],
  isComplete: (name) => name.startsWith('event.') || name.startsWith('process.'),
};

/** Each finding: its code, the text it points at, and what its fix puts there. */
function findings(text: string): readonly (readonly (string | undefined)[])[] {
  return lintKuery(parseKuery(sourceText('<query>', text)), schema).map((found) => {
    const span = primarySpan(found);
    const edit = found.fixes[0]?.edits[0];
    return [found.code, text.slice(span?.start, span?.end), edit?.text];
  });
}

describe('lintKuery', () => {
  test.each([
    ['event.action:"A/*/B"', ['kuery/quoted-wildcard', '"A/*/B"', 'A/*/B']],
    ['event.action:(x or "a b*")', ['kuery/quoted-wildcard', '"a b*"', 'a b*']],
    ['event.action:"C:\\\\Windows\\\\*"', ['kuery/quoted-wildcard', '"C:\\\\Windows\\\\*"', 'C\\:\\\\Windows\\\\*']],
    ['event.action:"*(not or) x"', ['kuery/quoted-wildcard', '"*(not or) x"', '*\\(not or\\) x']],
    ['event.action:"a and b*"', ['kuery/quoted-wildcard', '"a and b*"', 'a \\and b*']],
    // Without quotes Kibana would split it, or it cannot be written at all.
    ['process.args:"a b*"', ['kuery/quoted-wildcard', '"a b*"', undefined]],
    ['event.action:" a*"', ['kuery/quoted-wildcard', '" a*"', undefined]],
    ['process.args:*a b*', ['kuery/split-wildcard', '*a b*', undefined]],
    ['event.acton:x', ['kuery/unknown-field', 'event.acton', 'event.action']],
    ['event.action:a AND event.code:b', ['kuery/capital-keyword', 'AND', undefined]],
    ['event.action:(a Or b)', ['kuery/capital-keyword', 'Or', undefined]],
    ['Not event.action:a', ['kuery/capital-keyword', 'Not', undefined]],
    ['event.start > 1700000000', ['kuery/number-as-date', '1700000000', undefined]],
    ['event.start: 5', ['kuery/number-as-date', '5', undefined]],
    ['source.*: 10', ['kuery/mixed-types', 'source.*', undefined]],
    ['event.zzzzzz >= 5', ['kuery/unknown-field', 'event.zzzzzz', undefined]],
  ])('%s', (text, expected) => {
    expect(findings(text)).toEqual([expected]);
  });

  test.each([
    'event.action:"*"',
    'event.action:"a\\*b"',
    'event.action:"\\\\\\\\*\\\\IPC$"',
    'event.action:a*',
    'event.action:*a b*',
    'process.args:*ab*',
    'okta.anything:"x"',
    'process.parent:*',
    'event.*:x',
    'source.n*:x',
    'event.action:"a AND b"',
    'event.start > 1700000000000',
    'event.start > 2024',
    'event.action:5',
  ])('nothing to say of %s', (text) => {
    expect(findings(text)).toEqual([]);
  });

  test('a fixed query means the wildcard', () => {
    const text = 'event.action:"a (b): *\\\\c"';
    const edit = lintKuery(parseKuery(sourceText('<query>', text)), schema)[0]?.fixes[0]?.edits[0];
    const fixed = text.slice(0, edit?.span.start) + edit?.text + text.slice(edit?.span.end);
    const lowered = lowerKuery(parseKuery(sourceText('<query>', fixed)).ast, schema);
    expect(lowered.ok && lowered.value.kind === 'match' && lowered.value.pattern).toEqual({
      kind: 'wildcard',
      parts: [{ text: 'a (b): ' }, { any: 'many' }, { text: '\\c' }],
    });
  });
});
