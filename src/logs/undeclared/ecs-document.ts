import type { JsonObject } from '../../base/json.ts';
import { list, text } from '../../ir/construct.ts';
import type { Expr } from '../../ir/expr.ts';
import { isAt, kindAt, mapAt } from '../kind-at.ts';
import { capture, coalesce, concat, fieldOf, given, own } from '../types/view-terms.ts';
import type { Taken } from './taken.ts';

/** The field sets that stand at the root of a document, and the base fields (elastic.co/docs/reference/ecs, ECS 9.5). */
const FIELD_SETS: readonly string[] = (
  'agent client cloud container data_stream destination device dll dns ecs email entity error event faas file gen_ai group ' +
  'host http log network observer orchestrator organization package process registry related rule server service source ' +
  'span threat tls trace transaction url user user_agent volume vulnerability'
).split(' ');
const BASE_FIELDS = ['@timestamp', 'labels', 'message', 'tags'];

const FIELD_SET_NAMES: ReadonlySet<string> = new Set(FIELD_SETS);
const BASE_NAMES: ReadonlySet<string> = new Set(BASE_FIELDS);

/** Names that recognition looks for when it asks which names a record has; of others it only wants to know whether there are any. */
export const DOCUMENT_NAMES: ReadonlySet<string> = new Set([...FIELD_SETS, ...BASE_FIELDS]);

const ANY_INDEX: Taken = {
  id: 'ecs document',
  as: 'an ECS document of any index',
  by: 'the names of its fields',
  schema: 'ecs',
  source: 'any',
};

/** Filebeat's modules fill `event.dataset` and write to an index of the shipper. */
const shipper = coalesce(capture(own('agent.type'), '^([a-z]+beat)$'), text('filebeat'));

/** `.ds-logs-okta.system-default-2026.02.01-000001` is a part of the data stream in its name; a cluster may stand before it. */
const INDEX_NAMES: Expr = list([
  own('_index'),
  capture(own('_index'), '^[^:]*:(.*)$'),
  capture(own('_index'), String.raw`^(?:[^:]*:)?(?:partial-|restored-)?\.ds-(.*?)-\d{4}\.\d\d\.\d\d-\d{6}$`),
]);
const stream = (dataset: Expr): Expr =>
  concat(
    coalesce(own('data_stream.type'), text('logs')),
    text('-'),
    dataset,
    text('-'),
    coalesce(own('data_stream.namespace'), text('default')),
  );

const isThere = (subject: Expr): Expr => ({ kind: 'exists', subject, counts: 'value' });

const NAMED_INDEX: Taken = {
  id: 'ecs document of an index',
  as: 'an ECS document of the index or dataset that it names',
  by: '_index, data_stream.dataset or event.dataset',
  schema: 'ecs',
  source: new Map([
    [
      '_index',
      fieldOf(
        given(
          isThere(own('_index')),
          INDEX_NAMES,
          given(
            isThere(own('data_stream.dataset')),
            stream(own('data_stream.dataset')),
            list([stream(own('event.dataset')), concat(shipper, text('-8.0.0'))]),
          ),
        ),
      ),
    ],
  ]),
};

/**
 * A document of Elastic Common Schema: it says so by a name that only such documents have, or all names in it are of ECS. Where it
 * names its index or dataset, a rule's index patterns must admit that.
 */
export function byEcsDocument(event: JsonObject): Taken | undefined {
  if (
    kindAt(event, '_index') === 'text' ||
    hasText(event, 'data_stream', 'dataset') ||
    hasText(event, 'event', 'dataset')
  )
    return NAMED_INDEX;
  const isMarked =
    isAt(event, 'ecs', 'version') || isAt(event, 'data_stream', 'type') || isAt(event, 'data_stream', 'namespace');
  return isMarked || hasOnlyEcsNames(event) ? ANY_INDEX : undefined;
}

function hasText(event: JsonObject, first: string, second: string): boolean {
  if (kindAt(event, `${first}.${second}`) === 'text') return true;
  const inner = mapAt(event, first);
  return inner !== undefined && kindAt(inner, second) === 'text';
}

/** At least one is of a field set: a map, or a name with dots. A text under such a name is some other log's. */
function hasOnlyEcsNames(event: JsonObject): boolean {
  let hasFieldSet = false;
  for (const name of Reflect.ownKeys(event)) {
    if (typeof name !== 'string') return false;
    if (BASE_NAMES.has(name)) continue;
    const dot = name.indexOf('.');
    const isOfSet = dot === -1 ? FIELD_SET_NAMES.has(name) : DOCUMENT_NAMES.has(name.slice(0, dot));
    const kind = kindAt(event, name);
    if (!isOfSet || (dot === -1 && kind !== 'map' && kind !== 'null')) return false;
    hasFieldSet ||= kind !== 'null';
  }
  return hasFieldSet;
}
