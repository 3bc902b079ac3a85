import { diagnostic } from '../../../base/diagnostic.ts';
import type { PipelineScalar, PlaceholderChoice, Transformation } from './definition.ts';
import { readLogSource } from './read-conditions.ts';
import { type Parameters, scalarOf } from './shapes.ts';

type Reader = (parameters: Parameters) => Transformation | undefined;

const NEEDS_QUERY = 'it writes query text, and there is none here';
const OUTSIDE = 'it reads from outside of the pipeline';

/** Those that cannot be: why, and whether only rules with placeholders need them. */
export const unsupportedTransformations: Readonly<Record<string, { reason: string; placeholdersOnly: boolean }>> = {
  field_name_transform: { reason: 'it needs a Python function', placeholdersOnly: false },
  query_expression_placeholders: { reason: NEEDS_QUERY, placeholdersOnly: true },
  file_placeholders: { reason: `${OUTSIDE}; use \`vars\` or \`--placeholders\``, placeholdersOnly: true },
  http_placeholders: { reason: OUTSIDE, placeholdersOnly: true },
  command_placeholders: { reason: OUTSIDE, placeholdersOnly: true },
};

/** How each transformation's parameters are read. `nest` is read by the reader of steps. */
export const transformationReaders: Readonly<Record<string, Reader>> = {
  field_name_mapping: (parameters) => {
    const entries = parameters.mapping('mapping');
    // `null:` stands for keywords; a field of that name would stand in quotes.
    const name = (key: string, plain: boolean): string | null => (plain && /^(?:null|~|)$/i.test(key) ? null : key);
    return {
      type: 'field_name_mapping',
      mapping: new Map(entries.map(({ key, plain, to }) => [name(key, plain), to])),
    };
  },
  field_name_prefix_mapping: (parameters) => ({
    type: 'field_name_prefix_mapping',
    mapping: parameters.mapping('mapping').map(({ key, to }) => [key, to] as const),
  }),
  field_name_prefix: (parameters) => ({ type: 'field_name_prefix', prefix: parameters.neededString('prefix') }),
  field_name_suffix: (parameters) => ({ type: 'field_name_suffix', suffix: parameters.neededString('suffix') }),
  drop_detection_item: () => ({ type: 'drop_detection_item' }),
  hashes_fields: (parameters) => ({
    type: 'hashes_fields',
    algorithms: parameters.strings('valid_hash_algos', parameters.needed('valid_hash_algos')),
    prefix: parameters.string('field_prefix') ?? '',
    dropAlgorithm: parameters.boolean('drop_algo_prefix', false),
    fields: fieldsToParse(parameters),
  }),
  extract_fields: (parameters) => {
    const regex = parameters.regex('regex', true);
    const written = parameters.get('regex');
    const groups = namedGroups(parameters.string('regex') ?? '');
    if (regex !== undefined && groups.length === 0) {
      parameters.refuse(diagnostic('pipeline/regex', { reason: 'it has no named group' }, written?.span));
    }
    const prefix = parameters.string('field_prefix');
    const keepUnmatched = parameters.boolean('preserve_unmatched', false);
    return regex && { type: 'extract_fields', regex, groups, prefix, keepUnmatched };
  },
  wildcard_placeholders: (parameters) => ({ type: 'wildcard_placeholders', ...choice(parameters) }),
  value_placeholders: (parameters) => ({ type: 'value_placeholders', ...choice(parameters) }),
  add_condition: (parameters) => {
    const conditions = parameters.needed('conditions');
    const name = parameters.string('name');
    const [template, negated] = [parameters.boolean('template', false), parameters.boolean('negated', false)];
    if (conditions !== undefined && conditions.kind !== 'map')
      return parameters.wrong('conditions', 'a map', conditions);
    return conditions && { type: 'add_condition', conditions, name, template, negated };
  },
  change_logsource: (parameters) => ({ type: 'change_logsource', source: readLogSource(parameters) }),
  add_field: (parameters) => fields('add_field', 'field', parameters),
  remove_field: (parameters) => fields('remove_field', 'field', parameters),
  set_field: (parameters) => fields('set_field', 'fields', parameters),
  replace_string: (parameters) => {
    const regex = parameters.regex('regex', false);
    const replacement = parameters.neededString('replacement');
    const [skipSpecial, interpretSpecial] = ['skip_special', 'interpret_special'].map((key) =>
      parameters.boolean(key, false),
    );
    const ready = regex && {
      type: 'replace_string' as const,
      regex,
      replacement: pythonReplacement(replacement, namedGroups(parameters.string('regex') ?? '')),
      skipSpecial: skipSpecial ?? false,
      interpretSpecial: interpretSpecial ?? false,
    };
    return ready;
  },
  map_string: (parameters) => ({
    type: 'map_string',
    mapping: new Map(parameters.mapping('mapping').map(({ key, to }) => [key, to])),
  }),
  set_state: (parameters) => ({
    type: 'set_state',
    key: parameters.neededString('key'),
    value: anyScalar(parameters, 'val'),
  }),
  regex: (parameters) => {
    const methods = ['plain', 'ignore_case_flag', 'ignore_case_brackets'] as const;
    return { type: 'regex', ignoreCase: parameters.oneOf('method', methods, 'ignore_case_brackets') !== 'plain' };
  },
  set_value: (parameters) => {
    const written = parameters.tree.get('value');
    const value = parameters.neededScalar('value');
    const force = parameters.get('force_type') && parameters.oneOf('force_type', ['str', 'num'], 'str');
    if (force === undefined || written === undefined) return { type: 'set_value', value };
    if (force === 'str' && value !== null) return { type: 'set_value', value: String(value) };
    if (value !== null && value !== '' && !Number.isNaN(Number(value)))
      return { type: 'set_value', value: Number(value) };
    return parameters.wrong('value', force === 'num' ? 'a number' : 'a string or a number', written);
  },
  convert_type: (parameters) => {
    parameters.needed('target_type');
    return { type: 'convert_type', target: parameters.oneOf('target_type', ['str', 'num'], 'str') };
  },
  case: (parameters) => ({
    type: 'case',
    method: parameters.oneOf('method', ['lower', 'upper', 'snake_case'] as const, 'lower'),
  }),
  set_custom_attribute: (parameters) => ({
    type: 'set_custom_attribute',
    attribute: parameters.neededString('attribute'),
    value: anyScalar(parameters, 'value'),
  }),
  rule_failure: (parameters) => ({ type: 'rule_failure', message: parameters.neededString('message') }),
  detection_item_failure: (parameters) => ({
    type: 'detection_item_failure',
    message: parameters.neededString('message'),
  }),
  strict_field_mapping_failure: () => ({ type: 'strict_field_mapping_failure' }),
};

function fields(type: 'add_field' | 'remove_field' | 'set_field', key: string, parameters: Parameters): Transformation {
  return { type, fields: parameters.strings(key, parameters.needed(key)) };
}

function fieldsToParse(parameters: Parameters): ReadonlySet<string> {
  const value = parameters.get('field_to_parse');
  return new Set(value === undefined ? ['Hashes', 'Hash'] : parameters.strings('field_to_parse', value));
}

/** What a state or an attribute is set to; a list or a map is kept for backends, and no condition can ask for it. */
function anyScalar(parameters: Parameters, key: string): PipelineScalar {
  const value = parameters.get(key);
  return value !== undefined && scalarOf(value) === undefined ? null : parameters.neededScalar(key);
}

function choice(parameters: Parameters): PlaceholderChoice {
  const set = (key: string): ReadonlySet<string> | undefined => {
    const value = parameters.get(key);
    return value && new Set(parameters.strings(key, value));
  };
  const [include, exclude] = [set('include'), set('exclude')];
  if (include !== undefined && exclude !== undefined) {
    parameters.refuse(diagnostic('pipeline/include-and-exclude', {}, parameters.tree.get('exclude')?.span));
  }
  return { include, exclude };
}

/** The named groups of a pattern, by the order in which its groups open. */
function namedGroups(source: string): (readonly [string, number])[] {
  const found: (readonly [string, number])[] = [];
  let index = 0;
  for (const [token] of source.matchAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]?|\(\?P?<[A-Za-z_]\w*>|\((?!\?)/gs)) {
    if (!token.startsWith('(')) continue;
    index += 1;
    const name = /<(\w+)>/.exec(token)?.[1];
    if (name !== undefined) found.push([name, index]);
  }
  return found;
}

/** Python's replacement notation (`\1`, `\g<1>`, `\g<name>`) as ours, which has `\0` to `\9`. */
function pythonReplacement(text: string, groups: readonly (readonly [string, number])[]): string {
  return text.replace(/\\g<(\w+)>/g, (whole, name: string) => {
    const index = /^\d$/.test(name) ? Number(name) : groups.find(([one]) => one === name)?.[1];
    return index === undefined || index > 9 ? whole : `\\${index}`;
  });
}
