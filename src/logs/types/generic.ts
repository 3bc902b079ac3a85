import type { JsonObject } from '../../base/json.ts';
import type { SchemaName } from '../../ir/types.ts';
import type { View } from '../../ir/view.ts';
import type { LogType, Shape } from '../log-type.ts';
import { pantherView } from './panther-view.ts';
import { everySpelling } from './shapes.ts';
import { coalesce, own } from './view-terms.ts';

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

/**
 * A log type that nobody declared: every schema's fields are the record's own. The name is what `--log-type` says;
 * Panther's rules are told it as `p_log_type`, and Kusto's find the records in a table of that name.
 */
export function genericType(name: string): LogType {
  // Each type has a shape of its own: what is compiled for a type is kept by its shape.
  const shape: Shape = { name: 'json', recognises: (_event: JsonObject) => true, locate: everySpelling };
  return {
    name,
    declared: false,
    description: 'Records of a type that is not declared: the fields as they are',
    shapes: [shape],
    time: coalesce(...TIME_NAMES.map((one) => own(one))),
    views: [
      passing('ecs', name),
      passing('sigma', name),
      name === GENERIC ? passing('panther', name) : pantherView(name, name),
      ...(name === GENERIC ? [] : [passing('kusto', name, name.replace(/^(?:sentinel|defender)\./, ''))]),
    ],
  };
}
