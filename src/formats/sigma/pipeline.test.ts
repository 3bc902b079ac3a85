import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { primarySpan } from '../../base/diagnostic.ts';
import { sourceText } from '../../base/source-text.ts';
import { readMapping } from './pipeline.ts';

function codes(text: string): string[] {
  return readMapping([sourceText('p.yml', text)], []).diagnostics.map((found) => {
    const span = primarySpan(found);
    return `${found.code} ${span === undefined ? '' : text.slice(span.start, span.end)}`;
  });
}

const step = (text: string): string => `transformations:\n  - ${text}\n`;

describe('what is wrong with a pipeline', () => {
  it.each([
    ['- a', ['pipeline/not-a-pipeline - a']],
    ['', ['pipeline/not-a-pipeline ']],
    ['transformation: []', ['pipeline/unknown-key transformation']],
    ['transformations: {}', ['pipeline/shape {}']],
    ['priority: high', ['pipeline/shape high']],
    [step('x'), ['pipeline/shape x']],
    [step('{mapping: {}}'), ['pipeline/missing-key {mapping: {}}']],
    [step('{type: field_name_prefix}'), ['pipeline/missing-key {type: field_name_prefix}']],
    [step('{type: field_name_prefix, prefix: [a]}'), ['pipeline/shape [a]']],
    [step('{type: field_name_prefix, prefix: a, sufix: b}'), ['pipeline/unknown-key sufix']],
    [step('{type: field_name_mapping, mapping: [a]}'), ['pipeline/shape [a]']],
    [step('{type: field_name_mapping, mapping: {a: []}}'), ['pipeline/shape []']],
    [step('{type: field_name_mapping, mapping: {a: {b: c}}}'), ['pipeline/shape {b: c}']],
    [step("{type: replace_string, regex: 'a(', replacement: b}"), ["pipeline/regex 'a('"]],
    [step("{type: extract_fields, regex: '(a)'}"), ["pipeline/regex '(a)'"]],
    [step('{type: value_placeholders, include: [a], exclude: [b]}'), ['pipeline/include-and-exclude [b]']],
    [step('{type: convert_type, target_type: int}'), ['pipeline/shape int']],
    [step('{type: set_value, value: x, force_type: num}'), ['pipeline/shape x']],
    [step('{type: drop_detection_item, rule_conditions: [{type: logsurce}]}'), ['pipeline/unknown-condition logsurce']],
    [
      step('{type: drop_detection_item, rule_conditions: [{type: logsource}]}'),
      ['pipeline/missing-key {type: logsource}'],
    ],
    [
      step('{type: drop_detection_item, rule_conditions: [{type: tag, tag: x, tags: y}]}'),
      ['pipeline/unknown-key tags'],
    ],
    [step('{type: drop_detection_item, rule_cond_op: xor}'), ['pipeline/shape xor']],
    [
      step('{type: drop_detection_item, rule_cond_expr: a, rule_conditions: [{type: tag, tag: x}]}'),
      ['pipeline/shape [{type: tag, tag: x}]'],
    ],
    [
      step('{type: drop_detection_item, rule_cond_expr: a and, rule_conditions: {a: {type: tag, tag: x}}}'),
      ['pipeline/expression '],
    ],
    [
      step('{type: drop_detection_item, rule_cond_expr: b, rule_conditions: {a: {type: tag, tag: x}}}'),
      ['pipeline/undefined-condition b', 'pipeline/unused-condition b'],
    ],
    [step('{type: nest, items: [{type: nope}]}'), ['pipeline/unknown-transformation nope']],
    [step('{type: http_placeholders, url: x}'), ['pipeline/not-supported http_placeholders']],
    ['postprocessing: [{type: embed}]', ['pipeline/no-effect [{type: embed}]']],
  ])('%j', (text, wanted) => {
    expect(codes(text)).toEqual(wanted);
  });

  it('no text makes the reader throw', () => {
    const words = fc.constantFrom(
      ...['transformations', 'type', 'field_name_mapping', 'mapping', 'rule_conditions', 'logsource', 'nest', 'items'],
      ...[
        ':',
        ': ',
        '\n',
        '\n  ',
        '\n  - ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        ', ',
        'a',
        "'",
        '"',
        'null',
        '1',
        'not',
        '(',
        'and',
      ],
      ...[
        'rule_cond_expr',
        'regex',
        'replace_string',
        '(?P<a>x)',
        '&a',
        '*a',
        '<<',
        'vars',
        'add_condition',
        'conditions',
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 40 }).map((all) => all.join('')),
        ),
        (text) => {
          readMapping([sourceText('p', text)], [sourceText('q', text)]);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
