import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { Expr } from '../../ir/expr.ts';
import type { View } from '../../ir/view.ts';
import { parseJson } from '../decode/json/json-value.ts';
import { kindAt, mapAt } from '../kind-at.ts';
import type { Family, Shape } from '../log-type.ts';
import { everySpelling, textAt } from './shapes.ts';
import { snakeCase } from './spelling.ts';

/**
 * Documents of Elastic's integrations and modules, by their dataset: the log type that they were made of. A dataset that ends with `*` stands
 * for all that begin so.
 */
const DATASETS: Readonly<Record<string, string>> = {
  'aws.cloudtrail': 'aws.cloudtrail',
  'aws.guardduty': 'aws.guardduty',
  'aws.vpcflow': 'aws.vpcflow',
  'aws.s3access': 'aws.s3access',
  'aws.waf': 'aws.waf',
  'azure.activitylogs': 'azure.activity',
  'azure.signinlogs': 'azure.signin',
  'azure.auditlogs': 'azure.audit',
  'azure.identity_protection': 'azure.risk',
  'o365.audit': 'm365.audit',
  'gcp.audit': 'gcp.audit',
  'okta.system': 'okta.system',
  'kubernetes.audit_logs': 'kubernetes.audit',
  'github.audit': 'github.audit',
  'cisco_duo.auth': 'duo.auth',
  'auditd_manager.auditd': 'linux.auditd',
  'system.auth': 'linux.syslog',
  'system.syslog': 'linux.syslog',
  'endpoint.events.process': 'elastic.endpoint',
  'endpoint.events.file': 'elastic.endpoint',
  'endpoint.events.network': 'elastic.endpoint',
  'endpoint.events.registry': 'elastic.endpoint',
  'endpoint.events.library': 'elastic.endpoint',
};

const PREFIXES: readonly (readonly [string, string])[] = [
  ['zeek.', 'zeek'],
  ['google_workspace.', 'google.workspace'],
];

/** Which log type a document was made of, by the dataset that it names. */
export const recogniseDocument: Family = (event) => {
  if (kindAt(event, '@timestamp') === undefined) return undefined;
  const dataset = textBelow(event, 'event', 'dataset') ?? textBelow(event, 'data_stream', 'dataset');
  if (dataset === undefined) {
    const isAudit = textBelow(event, 'event', 'module') === 'auditd' && mapAt(event, 'auditd') !== undefined;
    return isAudit ? { logType: 'linux.auditd', shape: DOCUMENT } : undefined;
  }
  const logType = Object.hasOwn(DATASETS, dataset)
    ? DATASETS[dataset]
    : PREFIXES.find(([prefix]) => dataset.startsWith(prefix))?.[1];
  return logType === undefined ? undefined : { logType, shape: DOCUMENT };
};

function textBelow(event: JsonObject, first: string, second: string): string | undefined {
  const inner = mapAt(event, first);
  return (inner === undefined ? undefined : textAt(inner, second)) ?? textAt(event, `${first}.${second}`);
}

const DOCUMENT = 'document';

/** Where a log type's own fields went in its documents. */
export interface DocumentMoves {
  /** The map that an integration puts what it does not move below, in names of small letters with `_`. */
  readonly below?: string;
  /** Own fields by where they are in a document, besides those that the ECS view gives as they are. */
  readonly moved?: Readonly<Record<string, readonly string[]>>;
}

/**
 * The shape of a log type's documents. Where an own field lies follows from the ECS view, read backwards: a field of the view that is an own
 * field as it stands is where that field went.
 */
export function documentShape(logType: string, ecs: View, { below, moved = {} }: DocumentMoves = {}): Shape {
  const places = new Map<string, string[]>();
  const add = (own: string, place: string): void => {
    const known = places.get(own);
    if (known === undefined) places.set(own, [place]);
    else if (!known.includes(place)) known.push(place);
  };
  for (const [own, found] of Object.entries(moved)) for (const place of found) add(own, place);
  for (const [name, { expr }] of ecs.fields) {
    for (const own of ownNames(expr)) if (!NOT_MOVED.has(name)) add(own, name);
  }
  return {
    name: DOCUMENT,
    recognises: (event) => recogniseDocument(event)?.logType === logType,
    locate: (path) => {
      const name = path.join('.');
      const found = [
        ...(places.get(name) ?? []),
        ...(below === undefined ? [] : [`${below}.${snakeCase(name)}`, `${below}.${name}`]),
        name,
      ];
      return [...new Set(found)].flatMap((place) => everySpelling(place.split('.')));
    },
    document: { schema: 'ecs', locate: everySpelling },
  };
}

/** Fields that say nothing of where a value went: two of them share one. */
const NOT_MOVED = new Set(['related.ip', 'related.user', 'host.hostname']);

function ownNames(expr: Expr): readonly string[] {
  return expr.kind === 'raw' && expr.of === undefined ? expr.paths.map((path) => path.join('.')) : [];
}

/** The event that Panther's rules are given: the record that a document was made of, where it holds it (`event.original`), else what it is. */
export function originalEvent(record: JsonObject, shape: string): JsonObject {
  if (shape !== DOCUMENT) return record;
  const inner = record['event'];
  const text = isJsonObject(inner) ? inner['original'] : record['event.original'];
  const read = typeof text === 'string' && text.startsWith('{') ? parseJson(text) : undefined;
  return read?.ok === true && isJsonObject(read.value) ? read.value : record;
}
