import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { MapFields } from '../../languages/panther/index.ts';
import type { LoadContext } from '../rule-file.ts';
import { readDataModel, readGlobal } from './bundle.ts';
import { readLookupTable } from './lookup.ts';
import { unknownReference } from './repository.ts';

/** What a repository holds beside rules: parts that rules use, or that speak of rules. */
export type PantherPart = 'global' | 'datamodel' | 'lookup_table' | 'pack' | 'scheduled_prompt';

export const PARTS: readonly string[] = ['global', 'datamodel', 'lookup_table', 'pack', 'scheduled_prompt'];
export const QUERIES: readonly string[] = ['saved_query', 'scheduled_query'];

export function isPart(type: string): type is PantherPart {
  return PARTS.includes(type);
}

/** What is wrong with a part. */
export function checkPart(type: PantherPart, path: string, fields: MapFields, context: LoadContext): Diagnostic[] {
  switch (type) {
    case 'global':
      return [...readGlobal(path, fields.node, context).diagnostics];
    case 'datamodel':
      return [...readDataModel(path, fields.node, context).diagnostics];
    case 'lookup_table':
      readLookupTable(path, fields, context);
      return [];
    case 'pack':
      return checkPack(path, fields, context);
    case 'scheduled_prompt':
      return [];
  }
}

function checkPack(path: string, fields: MapFields, context: LoadContext): Diagnostic[] {
  fields.name('PackID');
  const definition = fields.map('PackDefinition');
  if (definition === undefined) {
    if (!fields.has('PackDefinition')) fields.missing('PackDefinition');
    return [];
  }
  const inner = fields.inside(definition, 'PackDefinition');
  if (!inner.has('IDs')) inner.missing('IDs');
  const ids = inner.texts('IDs');
  const nodes = inner.list('IDs');
  return ids.flatMap((id, index) => unknownReference(id, path, nodes[index]?.span ?? definition.span, context));
}

const DIALECTS: readonly (readonly [string, string])[] = [
  ['SnowflakeQuery', 'Snowflake SQL'],
  ['AthenaQuery', 'Athena SQL'],
  ['DatabricksQuery', 'Databricks SQL'],
  ['PantherFlowQuery', 'PantherFlow'],
  ['Query', 'Snowflake SQL'],
];

/** PantherFlow starts with a table and goes on with pipes; SQL starts with a word that another word follows. */
function isPiped(query: string): boolean {
  const start = query
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('//'))
    .join('\n')
    .trimStart();
  const table = /^[\w.]+/.exec(start)?.[0] ?? '';
  return table !== '' && start.slice(table.length).trimStart().startsWith('|');
}

/** A saved or scheduled query: right or wrong, it is in a language of the service's own store. */
export function readQuery(type: string, fields: MapFields): { readonly language: 'sql' | 'pantherflow' } {
  fields.name('QueryName');
  const found = DIALECTS.find(([key]) => fields.has(key));
  if (found === undefined) {
    fields.missing('Query');
    return { language: 'sql' };
  }
  const [key, said] = found;
  const text = fields.text(key);
  if (type === 'scheduled_query') {
    const schedule = fields.map('Schedule');
    if (!fields.has('Schedule')) fields.missing('Schedule');
    const inner = schedule && fields.inside(schedule, 'Schedule');
    inner?.number('RateMinutes');
    inner?.number('TimeoutMinutes');
    inner?.text('CronExpression');
  }
  const dialect = text !== undefined && isPiped(text) ? 'PantherFlow' : said;
  if (text !== undefined) {
    fields.diagnostics.push(diagnostic('unsupported/panther-query', { dialect }, fields.node.get(key)?.span));
  }
  return { language: dialect === 'PantherFlow' ? 'pantherflow' : 'sql' };
}
