import type { FieldType } from '../ir/types.ts';
import type { Schema } from '../ir/view.ts';
import { ECS_FIELDS, ECS_MULTI_FIELDS, INTEGRATION_FIELDS } from './ecs-fields.ts';
import { closedValues } from './ecs-values.ts';

/**
 * Elastic Common Schema, with what the integrations add that the views offer. Fields of the other integrations are
 * unknown to it: their type is undefined.
 */
export const ecsSchema: Schema = {
  name: 'ecs',
  typeOf: (field) => {
    const { types, multiFields } = tables();
    return types.get(field) ?? multiFields.get(field) ?? inheritedType(field, types) ?? caselessType(field, types);
  },
  fieldNames: () => {
    const { types, multiFields } = tables();
    return [...types.keys(), ...multiFields.keys()];
  },
  multiFieldOf: (field) => {
    const { types, multiFields } = tables();
    if (multiFields.has(field)) return { field: withoutLast(field), ignoreCase: false };
    if (types.has(field) || caselessType(field, types) === undefined) return undefined;
    return { field: withoutLast(field), ignoreCase: true };
  },
  analyzerOf: (field) => (field === 'powershell.file.script_block_text' ? 'script' : undefined),
  valuesOf: closedValues,
  isComplete: (field) => {
    if (OPEN_BELOW.some((prefix) => field.startsWith(prefix))) return false;
    const [root = '', second = ''] = field.split('.');
    if (!CLOSED.has(root) && !CLOSED.has(`${root}.${second}`)) return false;
    // ECS leaves names with a capital letter to everyone (`process.Ext.token`).
    return CLOSED.has(`${root}.${second}`) || !/\.[A-Z]/.test(field);
  },
};

interface Tables {
  readonly types: ReadonlyMap<string, FieldType>;
  readonly multiFields: ReadonlyMap<string, FieldType>;
}

let made: Tables | undefined;

/** The tables, unpacked when first asked for. */
function tables(): Tables {
  made ??= { types: unpack(ECS_FIELDS + INTEGRATION_FIELDS), multiFields: unpack(ECS_MULTI_FIELDS) };
  return made;
}

function unpack(packed: string): ReadonlyMap<string, FieldType> {
  const types = new Map<string, FieldType>();
  for (const line of packed.split('\n')) {
    const [type, root, ...names] = line.split(' ');
    if (!isFieldType(type) || root === undefined) continue;
    for (const name of names) types.set(name === '.' ? root : `${root}.${name}`, type);
  }
  return types;
}

const FIELD_TYPES: ReadonlySet<string> = new Set<FieldType>([
  'keyword',
  'constant_keyword',
  'wildcard',
  'text',
  'match_only_text',
  'long',
  'double',
  'boolean',
  'date',
  'ip',
  'version',
  'object',
  'nested',
  'flattened',
  'geo_point',
]);

function isFieldType(type: string | undefined): type is FieldType {
  return type !== undefined && FIELD_TYPES.has(type);
}

/** Objects whose members have no declared names, all of them keyword. */
const KEYWORD_FAMILIES: readonly string[] = [
  'auditd.data.',
  'azure.activitylogs.identity.',
  'azure.auditlogs.properties.',
  'azure.signinlogs.properties.',
  'container.labels.',
  'labels.',
  'powershell.command.invocation_details.',
  'winlog.event_data.',
  'winlog.user_data.',
];

/** The type that a name takes from what it lies in: every leaf of a flattened field is flattened. */
function inheritedType(field: string, types: ReadonlyMap<string, FieldType>): FieldType | undefined {
  for (let dot = field.lastIndexOf('.'); dot > 0; dot = field.lastIndexOf('.', dot - 1)) {
    if (types.get(field.slice(0, dot)) === 'flattened') return 'flattened';
  }
  return KEYWORD_FAMILIES.some((prefix) => field.startsWith(prefix)) ? 'keyword' : undefined;
}

/** Elastic's agent searches names and paths a second time without regard to case: `process.name.caseless`. */
function caselessType(field: string, types: ReadonlyMap<string, FieldType>): FieldType | undefined {
  if (!field.endsWith('.caseless')) return undefined;
  const type = types.get(withoutLast(field));
  return type === 'keyword' || type === 'wildcard' ? 'keyword' : undefined;
}

function withoutLast(field: string): string {
  return field.slice(0, field.lastIndexOf('.'));
}

/** Groups that no integration adds plain lower-case names to: a name that is not in the table is a mistake. */
const CLOSED: ReadonlySet<string> = new Set([
  'auditd.summary',
  'auditd.user',
  'aws.cloudtrail',
  'azure.activitylogs',
  'client',
  'data_stream',
  'destination',
  'dll',
  'ecs',
  'error',
  'event',
  'file',
  'group',
  'host',
  'network',
  'organization',
  'package',
  'process',
  'registry',
  'related',
  'rule',
  'server',
  'service',
  'source',
  'url',
  'user',
  'user_agent',
  'winlog.logon',
  'winlog.process',
  'winlog.user',
]);

/** Exceptions inside those groups. */
const OPEN_BELOW: readonly string[] = [...KEYWORD_FAMILIES];
