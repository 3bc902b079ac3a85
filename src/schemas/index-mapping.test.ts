import { expect, test } from 'vitest';
import { ecsSchema } from './ecs.ts';
import { readIndexMapping } from './index-mapping-file.ts';
import { indexSchema } from './index-mapping-schema.ts';

function schemaOf(content: unknown): ReturnType<typeof indexSchema> {
  const { mapping, diagnostics } = readIndexMapping('m.json', JSON.stringify(content), ecsSchema);
  expect(diagnostics).toEqual([]);
  if (mapping === undefined) throw new Error('no mapping');
  return indexSchema(mapping);
}

test('an answer of Elasticsearch gives every field its type, by its dotted name', () => {
  const schema = schemaOf({
    'logs-x': {
      mappings: {
        properties: {
          host: { properties: { name: { type: 'keyword', fields: { text: { type: 'text' } } }, ip: { type: 'ip' } } },
          'process.pid': { type: 'integer' },
          version: { type: 'version' },
          category: { type: 'alias', path: 'host.name' },
          labels: { type: 'flattened' },
          name: { type: 'keyword', normalizer: 'lowercase' },
          place: { type: 'geo_shape' },
        },
        dynamic_templates: [{ one: { path_match: 'tags.*', mapping: { type: 'wildcard' } } }],
      },
    },
  });
  const types = [
    'host.name',
    'host.name.text',
    'host.ip',
    'process.pid',
    'version',
    'category',
    'labels.a.b',
    'tags.x',
  ];
  expect(types.map((name) => schema.typeOf(name))).toEqual([
    'keyword',
    'text',
    'ip',
    'long',
    'version',
    'keyword',
    'flattened',
    'wildcard',
  ]);
  expect(schema.typeOf('host')).toBe('object');
  expect(schema.typeOf('nowhere')).toBeUndefined();
  expect(schema.typeOf('place')).toBeUndefined();
  expect(schema.multiFieldOf?.('host.name.text')).toEqual({ field: 'host.name', ignoreCase: false });
  expect(schema.multiFieldOf?.('category')).toEqual({ field: 'host.name', ignoreCase: false });
  expect(schema.multiFieldOf?.('name')).toEqual({ field: 'name', ignoreCase: true });
  expect(schema.isComplete?.('nowhere')).toBe(true);
});

test('properties alone, a body with mappings and a list of fields are read as well', () => {
  for (const content of [
    { a: { type: 'ip' } },
    { properties: { a: { type: 'ip' } } },
    { mappings: { properties: { a: { type: 'ip' } } } },
    { template: { mappings: { properties: { a: { type: 'ip' } } } } },
    [{ name: 'a', type: 'ip' }],
  ]) {
    expect(schemaOf(content).typeOf('a')).toBe('ip');
  }
});

test('the fields.yml of a package names groups, fields of ECS, constants and families', () => {
  const text = `
- name: aws.cloudtrail
  type: group
  fields:
    - name: flattened.request
      type: flattened
    - name: labels
      type: object
      object_type: long
    - name: text
      type: wildcard
      multi_fields:
        - name: words
          type: match_only_text
- external: ecs
  name: source.ip
- name: event.module
  type: constant_keyword
  value: aws
`;
  const { mapping, diagnostics } = readIndexMapping('fields.yml', text, ecsSchema);
  expect(diagnostics).toEqual([]);
  const schema = indexSchema(mapping ?? { fields: new Map(), families: [] }, ecsSchema);
  expect(schema.typeOf('aws.cloudtrail.flattened.request.a')).toBe('flattened');
  expect(schema.typeOf('aws.cloudtrail.labels.n')).toBe('long');
  expect(schema.typeOf('aws.cloudtrail.text.words')).toBe('match_only_text');
  expect(schema.typeOf('source.ip')).toBe('ip');
  expect(mapping?.fields.get('event.module')).toMatchObject({ constant: 'aws', type: 'constant_keyword' });
  expect(schema.typeOf('process.pid')).toBe('long');
});

test('what is wrong is said, and the rest is read', () => {
  const indices = {
    a: { mappings: { properties: { x: { type: 'ip' }, y: 5, z: { type: 'alias' } } } },
    b: { mappings: { properties: { x: { type: 'keyword' }, w: { type: 'date', format: 'epoch_second' } } } },
  };
  const { mapping, diagnostics } = readIndexMapping('m.json', JSON.stringify(indices), ecsSchema);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'index mapping m.json, field `y`: it must be an object',
    'index mapping m.json, field `z`: an alias has no `path`',
    'the indices of the mapping disagree on `x` (ip, keyword); the first counts',
  ]);
  expect(mapping?.fields.get('x')?.type).toBe('ip');
  expect(mapping?.fields.get('w')?.format).toBe('epoch_second');
});

test.each(['', '"text"', '{]', '{"a":1}'])('%j is no mapping, and an error says so', (text) => {
  const { mapping, diagnostics } = readIndexMapping('m.json', text, ecsSchema);
  expect(mapping).toBeUndefined();
  expect(diagnostics[0]?.code).toBe('elastic/bad-mapping');
});
