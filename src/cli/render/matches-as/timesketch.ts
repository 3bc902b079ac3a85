import { type Json, stringifyJson } from '../../../base/json.ts';
import { parseDateTime } from '../../../index.ts';
import { tellingFields } from '../telling.ts';
import { matchJson } from './json.ts';
import { titleOf } from './title.ts';
import { Untimed } from './untimed.ts';
import type { MatchWriter } from './writer.ts';

/**
 * JSON lines as Timesketch imports them: `message`, `datetime` and `timestamp_desc`, which every line must have, and beside them what a
 * match has as NDJSON.
 */
export function timesketchWriter(): MatchWriter {
  const untimed = new Untimed('Timesketch');
  return {
    match: (match) => {
      const { rule, record, fields, time } = match;
      if (time === undefined || parseDateTime(time) === undefined) return untimed.leave();
      const telling = tellingFields(fields, record?.event);
      const line: Record<string, Json> = {
        message: [titleOf(match), telling].filter((part) => part !== '').join(': '),
        datetime: time,
        timestamp_desc: record === undefined ? 'Time of the match' : 'Time of the event',
        ...matchJson(match),
        tag: [...rule.techniques, ...rule.tags],
      };
      return `${stringifyJson(line)}\n`;
    },
    end: () => '',
    leftOut: () => untimed.inWords(),
  };
}
