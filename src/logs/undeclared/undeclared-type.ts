import type { JsonObject } from '../../base/json.ts';
import { list, text } from '../../ir/construct.ts';
import type { SchemaName } from '../../ir/types.ts';
import type { View, ViewField } from '../../ir/view.ts';
import type { LogType, Shape, Undeclared } from '../log-type.ts';
import { pantherView } from '../types/panther-view.ts';
import { everySpelling } from '../types/shapes.ts';
import { coalesce, fieldOf, own } from '../types/view-terms.ts';
import type { Taken } from './taken.ts';

export const GENERIC = 'generic';

/** Where the time of a record that nobody declared is likely to stand. */
const TIME_NAMES = [
  '@timestamp',
  'timestamp',
  'Timestamp',
  'TimeGenerated',
  'time',
  'Time',
  'eventTime',
  'event_time',
  'EventTime',
  'published',
  'createdDateTime',
  'CreationTime',
  'p_event_time',
  'ts',
];

const time = coalesce(...TIME_NAMES.map((one) => own(one)));

type NamedBy = Undeclared['namedBy'];

/** What types have in common whose records the same rules reach: what is compiled is compiled once for all of them. */
interface Content {
  readonly shape: Shape;
  readonly views: readonly View[];
}

/** The log sources that records are of, without what they are taken for: of none that a rule could be about. */
const NO_SOURCE: ReadonlyMap<string, ViewField> = new Map();

const contents = new Map<string, Content>();
const types = new Map<string, LogType>();

/**
 * A log type that nobody declared: every schema's fields are the record's own, and a rule with a log source reaches its
 * records only by what they are taken for, or by the type's name: Panther's rules know it as `p_log_type`, and where it was the
 * user who named the type, its records are the table of that name, the data stream, and the log source of Sigma that the
 * parts of the name spell.
 */
export function undeclaredType(name: string, namedBy: NamedBy, taken: readonly Taken[] = []): LogType {
  const ways = taken.map(({ id }) => id).join('\n');
  const key = [name, namedBy, ways].join('\0');
  const known = types.get(key);
  if (known !== undefined) return known;
  const contentKey = [namedBy === 'user' ? name : '', namedBy, ways].join('\0');
  const content = contents.get(contentKey) ?? makeContent(name, namedBy, taken);
  contents.set(contentKey, content);
  const made: LogType = {
    name,
    declared: false,
    description: 'Records of a type that is not declared: the fields as they are',
    shapes: [content.shape],
    time,
    views: content.views,
    undeclared: { namedBy, taken },
  };
  types.set(key, made);
  return made;
}

/** The type, with records that are taken for something. */
export function takenFor(type: LogType, taken: readonly Taken[]): LogType {
  return undeclaredType(type.name, type.undeclared?.namedBy ?? 'nobody', taken);
}

function makeContent(name: string, namedBy: NamedBy, taken: readonly Taken[]): Content {
  const isNamed = namedBy === 'user';
  const sourcesFor = (
    schema: Taken['schema'],
    ofName: ReadonlyMap<string, ViewField>,
  ): NonNullable<View['sources']> => {
    const found = taken.flatMap((one) => (one.schema === schema ? [one.source] : []));
    if (found.includes('any')) return 'any';
    const all = [...(isNamed ? [ofName] : []), ...found.filter((source) => source !== 'any')];
    return all.length === 0 ? [NO_SOURCE] : all;
  };
  const shape: Shape = { name: 'json', recognises: (_event: JsonObject) => true, locate: everySpelling };
  return {
    shape,
    views: [
      { ...passing('ecs', name), sources: sourcesFor('ecs', streamNamed(name)) },
      { ...passing('sigma', name), sources: sourcesFor('sigma', sourceNamed(name)) },
      pantherViewOf(name, namedBy),
      ...(isNamed ? [passing('kusto', name, name.replace(/^(?:sentinel|defender)\./, ''))] : []),
    ],
  };
}

function passing(schema: SchemaName, logType: string, table?: string): View {
  return {
    schema,
    logType,
    ...(table !== undefined && { table }),
    when: null,
    fields: new Map(),
    families: [],
    otherwise: 'raw',
  };
}

/** A record that says its type itself is asked for it, so that the view is the same whatever it says. */
function pantherViewOf(name: string, namedBy: NamedBy): View {
  switch (namedBy) {
    case 'nobody':
      return { ...passing('panther', name), sources: [NO_SOURCE] };
    case 'record':
      return { ...passing('panther', name), fields: new Map([['p_log_type', fieldOf(own('p_log_type'))]]) };
    case 'user':
      return pantherView(name, name);
  }
}

/** `okta.system` as the data stream `logs-okta.system-default`, or an index of that name. */
function streamNamed(name: string): ReadonlyMap<string, ViewField> {
  return new Map([['_index', fieldOf(list([text(name), text(`logs-${name.toLowerCase()}-default`)]))]]);
}

/** `okta` is product okta and service okta, `zeek.rdp` product zeek and service rdp: each part may be any of the three. */
function sourceNamed(name: string): ReadonlyMap<string, ViewField> {
  const spelled = fieldOf(list([...new Set([name, ...name.split('.')])].map((one) => text(one))));
  return new Map(['product', 'category', 'service'].map((key) => [`logsource.${key}`, spelled] as const));
}
