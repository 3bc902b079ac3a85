import type { Json, JsonObject } from '../../src/base/json.ts';

/** Events that a published rule is about; what stands in them is told at the head of the files under test/cases/published. */
export interface PublishedCase {
  /** The rule's id. */
  readonly rule: string;
  readonly about: string;
  readonly index?: string;
  readonly all?: JsonObject;
  readonly events: readonly JsonObject[];
  /** Seconds after the start. */
  readonly now?: number;
  /** There are more events than the rule needs. */
  readonly spare?: boolean;
}

export const START = Date.parse('2026-03-02T10:00:00.000Z');

export interface IndexedDocument {
  readonly index: string;
  readonly fields: JsonObject;
}

/** The documents of a case, in its order. */
export function documentsOf({ index, all = {}, events }: PublishedCase): readonly IndexedDocument[] {
  return events.flatMap((event) => {
    const { index: own = index, at = 0, times = 1, ...fields } = event;
    return Array.from({ length: Number(times) }, (_, number): IndexedDocument => {
      const values = Object.entries({ ...all, ...fields }).map(([name, value]) => [name, written(value, number)]);
      return {
        index: String(own),
        fields: {
          '@timestamp': new Date(START + Number(at) * 1000).toISOString(),
          ...nested({ ...streamOf(String(own)), ...Object.fromEntries(values) }),
        },
      };
    });
  });
}

/** Dotted names as objects in each other, as documents have them. */
function nested(fields: JsonObject): JsonObject {
  const top: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    const parts = name.split('.');
    let under: Record<string, Json> = top;
    for (const part of parts.slice(0, -1)) {
      under[part] ??= {};
      under = Object(under[part]);
    }
    under[parts.at(-1) ?? name] = value;
  }
  return top;
}

/** What a data stream says of itself by its name: `logs-okta.system-default` or, of one of its indices, `.ds-logs-okta.system-default-2026.03.02-000001`. */
function streamOf(name: string): JsonObject {
  const [, type, dataset, namespace] = /^(?:\.ds-)?(logs|metrics)-([^-]+)-([^-]+)/.exec(name) ?? [];
  if (type === undefined || dataset === undefined || namespace === undefined) return {};
  return {
    'data_stream.type': type,
    'data_stream.dataset': dataset,
    'data_stream.namespace': namespace,
    'event.dataset': dataset,
  };
}

function written(value: Json, number: number): Json {
  if (typeof value === 'string') return value === '#' ? number : value.replaceAll('#', String(number));
  if (Array.isArray(value)) return value.map((item: Json) => written(item, number));
  if (value === null || typeof value !== 'object') return value;
  const { before = '', text = '', times = 1, after = '' } = Object(value);
  return `${before}${String(text).repeat(Number(times))}${after}`;
}
