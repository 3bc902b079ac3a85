import type { JsonObject } from '../../../base/json.ts';
import { parseSyslogLine, priority } from '../text/syslog.ts';

const PRIORITY = /^(?:\d{1,6} )?<(\d{1,3})>/;
/** A time as devices write it: `Mar  2 10:00:00`, a year behind the day or the time, `.000`, `*` or `.` before it where the clock is not set. */
const DEVICE_TIME =
  /^[*.:]?((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d{1,6})?(?: \d{4})?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,24})(?: [A-Z]{2,5})?(?=[\s:])/;

/**
 * What stands before a message that is known by its own mark: priority, time and host, as far as they are there, in the names that
 * syslog lines have.
 */
export function readHead(head: string): JsonObject {
  const whole = parseSyslogLine(`${head.trimEnd()} x`);
  if (whole !== undefined) {
    const { message: _, appname, ...fields } = whole;
    return { ...fields, ...(typeof appname === 'string' && /[^\d:]/.test(appname) && { appname }) };
  }
  const mark = PRIORITY.exec(head);
  const found: Record<string, string> = {};
  let rest = mark === null ? head : head.slice(mark[0].length);
  const time = DEVICE_TIME.exec(rest);
  if (time?.[1] !== undefined) {
    found['timestamp'] = time[1];
    rest = rest.slice(time[0].length).replace(/^:/, '').trimStart();
    const host = /^([A-Za-z0-9][\w.-]{0,254})(?=[\s:])/.exec(rest)?.[1];
    if (host !== undefined && !/^\d+$/.test(host)) found['hostname'] = host;
  }
  return { ...priority(mark?.[1]), ...found };
}
