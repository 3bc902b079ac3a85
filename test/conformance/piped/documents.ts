import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../../src/base/json.ts';

/** An event before one of Elastic's pipelines, and the document that the vendor expects of it. */
export interface PipedEvent {
  readonly file: string;
  readonly stream: string;
  readonly channel: string;
  readonly eventId: string;
  /** What `winlog.event_data` held before. */
  readonly data: Readonly<Record<string, string>>;
  readonly document: JsonObject;
}

/** The data streams of Windows events whose pipelines move data, in the packages `windows` and `system`. */
export const STREAMS = [
  'windows/forwarded',
  'windows/powershell',
  'windows/powershell_operational',
  'windows/sysmon_operational',
  'system/security',
];

/** The pairs of elastic-package's pipeline tests: `NAME.json` holds `events`, `NAME.json-expected.json` what becomes of each. */
export function pipedEvents(packages: string, stream: string): readonly PipedEvent[] {
  const folder = join(packages, 'package', stream, 'test');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json-expected.json'))
    .flatMap((name) => eventsIn(folder, name.replace('-expected.json', ''), stream));
}

function eventsIn(folder: string, input: string, stream: string): readonly PipedEvent[] {
  const { events }: { readonly events: readonly JsonObject[] } = JSON.parse(readFileSync(join(folder, input), 'utf8'));
  const { expected }: { readonly expected: readonly (JsonObject | null)[] } = JSON.parse(
    readFileSync(join(folder, `${input}-expected.json`), 'utf8'),
  );
  return events.flatMap((event, at) => {
    const document = expected[at];
    if (!isJsonObject(document)) return [];
    const winlog = objectIn(event['winlog']);
    const data = Object.entries(objectIn(winlog['event_data'])).map(([name, value]) => [name, String(value)]);
    return {
      file: `${stream}/${input}`,
      stream,
      channel: String(winlog['channel']),
      eventId: String(winlog['event_id'] ?? objectIn(event['event'])['code']),
      data: Object.fromEntries(data),
      document,
    };
  });
}

export function objectIn(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function valueAt(document: JsonObject, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((value, step) => objectIn(value)[step], document);
}

/** The document without what stands at a path. */
export function without(document: JsonObject, path: readonly string[]): JsonObject {
  const [step = '', ...deeper] = path;
  const { [step]: value, ...others } = document;
  if (deeper.length === 0 || value === undefined) return others;
  return { ...others, [step]: without(objectIn(value), deeper) };
}
