import { sourceText } from '../../src/base/source-text.ts';
import { readMapping } from '../../src/formats/sigma/pipeline.ts';
import { ecsSchema } from '../../src/schemas/ecs.ts';
import { fieldOfIndex } from '../../src/schemas/index-mapping.ts';
import { readIndexMapping } from '../../src/schemas/index-mapping-file.ts';
import { indexSchema } from '../../src/schemas/index-mapping-schema.ts';
import { hold } from '../engine/target.ts';
import { holdDiagnostics } from './oracles.ts';
import { textTargetOf } from './target-of.ts';

const TYPES =
  'keyword text wildcard long integer double boolean date ip object nested flattened alias constant_keyword match_only_text geo_point unsigned_long scaled_float group';
const STEPS =
  'field_name_mapping field_name_prefix_mapping add_field_name_suffix drop_detection_item set_state add_condition change_logsource replace_string value_placeholders wildcard_placeholders query_expression_placeholders map_string set_value convert_type rule_failure nest regex case extract_fields';

export default textTargetOf({
  name: 'mappings',
  about: 'mappings of indices, fields.yml of packages, pipelines and placeholder values of Sigma rules',
  seeds: [
    '{"logs-x":{"mappings":{"dynamic":"strict","properties":{"a":{"type":"keyword","fields":{"text":{"type":"text"}}},"b":{"properties":{"c":{"type":"long"}}},"d":{"type":"alias","path":"b.c"},"n":{"type":"nested","properties":{"x":{"type":"ip"}}}}}}}',
    '- name: a\n  type: group\n  fields:\n    - {name: b, type: keyword, ignore_above: 10}\n    - {name: c, external: ecs}\n- name: process.name\n  external: ecs\n',
    'name: p\npriority: 10\nvars: {v: [a, b]}\ntransformations:\n  - id: m\n    type: field_name_mapping\n    mapping: {Image: process.executable, User: [a, b]}\n    rule_conditions:\n      - {type: logsource, product: windows}\n    field_name_conditions: [{type: include_fields, fields: [x]}]\n  - type: replace_string\n    regex: "(a)b"\n    replacement: "\\\\1"\n  - type: nest\n    items: [{type: add_field_name_suffix, suffix: .k}]\n    rule_cond_expr: a and not b\n    rule_conditions: {a: {type: tag, tag: x}, b: {type: rule_attribute, attribute: level, op: gte, value: high}}\n',
    '{"index_patterns":["x"],"template":{"mappings":{"dynamic_templates":[{"s":{"match_mapping_type":"string","mapping":{"type":"keyword"}}}],"properties":{}}}}',
    'servers: [dc1, dc2]\nusers: admin\n',
  ],
  words: [
    ...TYPES.split(' '),
    ...STEPS.split(' '),
    ...[
      '"properties":',
      '"mappings":',
      '"type":',
      '"fields":',
      '"path":',
      'transformations:',
      'rule_conditions:',
      'rule_cond_op: or',
      'mapping:',
      'external: ecs',
      'vars:',
    ],
    ...[
      '{',
      '}',
      '[',
      ']',
      ': ',
      '- ',
      '\n  ',
      '\n    ',
      'null',
      '"',
      '\\1',
      '(?P<a>x)',
      '&a',
      '*a',
      '__proto__',
      'constructor',
    ],
  ],
  functions: { readIndexMapping, readMapping },
  // A field of several types loses itself.
  planted: (own) => ({
    ...own,
    readIndexMapping: (path, text, ecs) => {
      const read = own.readIndexMapping(path, text, ecs);
      return text.includes('"nested"') && read.mapping !== undefined ? { mapping: undefined, diagnostics: [] } : read;
    },
  }),
  check(text, { readIndexMapping, readMapping }) {
    const { mapping, diagnostics } = readIndexMapping('m.json', text, ecsSchema);
    holdDiagnostics(diagnostics, text, 'm.json');
    if (mapping === undefined) hold(diagnostics.length > 0, 'there is neither a mapping nor a reason');
    else {
      const schema = indexSchema(mapping, ecsSchema);
      for (const name of ['a', 'b.c', 'n.x', 'process.name', '__proto__']) {
        fieldOfIndex(mapping, name);
        schema.typeOf(name);
      }
    }
    const read = readMapping([sourceText('p.yml', text)], [sourceText('v.yml', text)]);
    holdDiagnostics(read.diagnostics, text, 'p.yml');
    holdDiagnostics(read.diagnostics, text, 'v.yml');
  },
});
