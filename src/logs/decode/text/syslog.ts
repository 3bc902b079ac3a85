import type { JsonObject } from '../../../base/json.ts';
import { before } from '../../../base/strip.ts';

/**
 * One syslog line as a record: `timestamp` as written, `hostname`, `appname`, `pid`, `message`, and from the priority
 * `facility` and `severity` by name; RFC 5424 adds `msgid` and `structured_data` (element id → parameters).
 * Forms: RFC 5424; RFC 3164 with or without a priority; and rsyslog's file format, RFC 3164 with an ISO 8601 time.
 * Undefined when the line is none of these.
 */
export function parseSyslogLine(line: string): JsonObject | undefined {
  const counted = OCTET_COUNT.exec(line);
  const message = counted === null ? line : line.slice(counted[0].length);
  return parseRfc5424(message) ?? parseRfc3164(message);
}

/** RFC 6587 3.4.1: how long the message is, where it was taken from a stream as it came. */
const OCTET_COUNT = /^\d{1,6} (?=<\d{1,3}>)/;

const FACILITIES = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'security',
  'console',
  'solaris-cron',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;

const SEVERITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

/** RFC 5424 6.2.1: facility × 8 + severity, at most 191. */
export function priority(text: string | undefined): { facility?: string; severity?: string } {
  if (text === undefined) return {};
  const value = Number(text);
  const facility = FACILITIES[value >> 3];
  const severity = SEVERITIES[value & 7];
  return facility === undefined || severity === undefined ? {} : { facility, severity };
}

/** The names of a facility and a severity, each where its number is one. */
export function priorityNames(facility: number, severity: number): { facility?: string; severity?: string } {
  const [of, how] = [FACILITIES[facility], SEVERITIES[severity]];
  return { ...(of !== undefined && { facility: of }), ...(how !== undefined && { severity: how }) };
}

/** RFC 5424 section 6: `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA [MSG]`, `-` for nothing. */
const RFC5424 = /^<(\d{1,3})>1 (-|\d{4}-\d\d-\d\dT\S{1,40}) (\S{1,255}) (\S{1,255}) (\S{1,128}) (\S{1,32}) (?=[-[])/;

function parseRfc5424(line: string): JsonObject | undefined {
  const found = RFC5424.exec(line);
  if (found === null) return undefined;
  const [head, pri, timestamp, hostname, appname, pid, msgid] = found;
  // What only looks like structured data (`[action:"Accept"; …]`) is what the message begins with.
  const structured = structuredData(line, head.length) ?? { data: {}, end: head.length };
  const message = line.slice(structured.end).replace(/^ (?:\ufeff)?/, '');
  return {
    ...priority(pri),
    ...given('timestamp', timestamp),
    ...given('hostname', hostname),
    ...given('appname', appname),
    ...given('pid', pid),
    ...given('msgid', msgid),
    ...(Object.keys(structured.data).length > 0 && { structured_data: structured.data }),
    message,
  };
}

function given(key: string, value: string | undefined): JsonObject {
  return value === undefined || value === '-' ? {} : { [key]: value };
}

const PARAMETER = / ([^\s="\]]{1,32})="((?:[^"\\\]]|\\.)*)"/y;
const ELEMENT = /\[([^\s="\]]{1,32})/y;

/** RFC 5424 section 6.3: `-`, or `[id name="value" …]…` with `\"`, `\\` and `\]` escaped. */
function structuredData(line: string, start: number): { data: JsonObject; end: number } | undefined {
  if (line[start] === '-') return { data: {}, end: start + 1 };
  const elements = new Map<string, JsonObject>();
  let at = start;
  while (line[at] === '[') {
    ELEMENT.lastIndex = at;
    const id = ELEMENT.exec(line)?.[1];
    if (id === undefined) return undefined;
    at += id.length + 1;
    const parameters = new Map<string, string>();
    for (;;) {
      PARAMETER.lastIndex = at;
      const found = PARAMETER.exec(line);
      if (found === null) break;
      const [whole, name = '', value = ''] = found;
      parameters.set(name, value.replace(/\\(["\\\]])/g, '$1'));
      at += whole.length;
    }
    if (line[at] !== ']') return undefined;
    at += 1;
    elements.set(id, Object.fromEntries(parameters));
  }
  return { data: Object.fromEntries(elements), end: at };
}

/** RFC 3164 section 4.1: `[<PRI>]Mmm dd hh:mm:ss HOSTNAME TAG[PID]: MSG`; the time may be ISO 8601 (rsyslog). */
const RFC3164 =
  /^(?:<(\d{1,3})>)?((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?) (\S{0,255}) (.*)$/s;
/** GDM's tags have a bracket of their own: `gdm-password][700]:`. */
const TAG = /^([^\s:[\]]{1,128}\]?)(?:\[([^\]\s]{1,64})\])?: ?/;

/** A tag without what is not the program's name: a path before it, and `(pam_unix)` or a bracket behind it. */
function programOf(tag: string): JsonObject {
  const program = before(tag.slice(tag.lastIndexOf('/') + 1), /[([\]]/);
  return program === tag || program === '' ? { appname: tag } : { appname: program, tag };
}

function parseRfc3164(line: string): JsonObject | undefined {
  const found = RFC3164.exec(line);
  if (found === null) return undefined;
  const [, pri, timestamp = '', hostname = '', content = ''] = found;
  const tag = TAG.exec(content);
  return {
    ...priority(pri),
    timestamp,
    // syslogd leaves the host empty before `last message repeated`.
    ...(hostname !== '' && { hostname }),
    ...(tag?.[1] !== undefined && programOf(tag[1])),
    ...(tag?.[2] !== undefined && { pid: tag[2] }),
    message: tag === null ? content : content.slice(tag[0].length),
  };
}
