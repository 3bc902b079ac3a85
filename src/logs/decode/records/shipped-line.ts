import type { JsonObject } from '../../../base/json.ts';
import { mapAt } from '../../kind-at.ts';
import { recordOfLine } from './wrapped-text.ts';

/** Datasets of lines that nothing was read out of. */
const UNREAD = /(?:^|\.)(?:generic|log|filestream|syslog|udp|tcp|stdin)$|^generic/;

/**
 * A document of Filebeat that no module or integration has read: its `message` is the line itself. As the record that the line is, with
 * the document in `document`; undefined where the line is of no known form.
 */
export function readShippedLine(document: JsonObject): JsonObject | undefined {
  const agent = mapAt(document, 'agent');
  if (agent?.['type'] !== 'filebeat') return undefined;
  const event = mapAt(document, 'event');
  const dataset = event?.['dataset'] ?? document['event.dataset'];
  const isUnread = dataset === undefined || (typeof dataset === 'string' && UNREAD.test(dataset));
  if (!isUnread || event?.['module'] !== undefined || event?.['category'] !== undefined) return undefined;
  const { message } = document;
  const line = typeof message === 'string' ? recordOfLine(message) : undefined;
  return line === undefined ? undefined : { ...line, document };
}
