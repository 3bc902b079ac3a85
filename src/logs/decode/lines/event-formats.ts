import type { JsonObject } from '../../../base/json.ts';
import type { LineForm } from './line-form.ts';
import { readHead } from './syslog-head.ts';

/**
 * ArcSight's Common Event Format: `CEF:0|vendor|product|version|event class|name|severity|key=value …`, with `\|` and `\\` in the
 * header and `\=`, `\\`, `\n` in the extension; a value goes on to the next ` key=`.
 */
export const cef: LineForm = (line) => {
  const start = /(?:^|[\s>])CEF: ?(\d+)\|/.exec(line);
  if (start === null) return undefined;
  const header = fields(line.slice(start.index + start[0].length), 6);
  if (header === undefined) return undefined;
  const [vendor = '', product = '', version = '', id = '', name = '', severity = ''] = header.fields;
  return {
    ...readHead(line.slice(0, start.index)),
    cef: start[1] ?? '',
    device_vendor: vendor,
    device_product: product,
    device_version: version,
    device_event_class_id: id,
    name,
    cef_severity: severity,
    extension: pairs(header.rest),
  };
};

const PAIR = /(?:^|\s)([A-Za-z0-9_.[\]-]{1,100})=/g;

function pairs(text: string): JsonObject {
  const found = new Map<string, string>();
  const marks = [...text.matchAll(PAIR)].filter(({ index, 0: whole }) => text[index + whole.length - 2] !== '\\');
  for (const [at, mark] of marks.entries()) {
    const from = mark.index + mark[0].length;
    const to = marks[at + 1]?.index ?? text.length;
    const value = text.slice(from, to).trim();
    const name = mark[1] ?? '';
    if (!found.has(name))
      found.set(
        name,
        value.replace(/\\([=\\|nr])/g, (_, one: string) => ESCAPES[one] ?? one),
      );
  }
  return Object.fromEntries(found);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r' };

/** The first so many fields of a header that `|` parts, and what stands behind them. */
function fields(text: string, count: number): { fields: string[]; rest: string } | undefined {
  const found: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '|') {
      found.push(text.slice(from, at).replace(/\\([|\\])/g, '$1'));
      from = at + 1;
      if (found.length === count) return { fields: found, rest: text.slice(from) };
    }
  }
  // The last field of a header without extension has no mark behind it.
  return found.length === count - 1 ? { fields: [...found, text.slice(from)], rest: '' } : undefined;
}

/**
 * QRadar's Log Event Extended Format: `LEEF:1.0|vendor|product|version|event id|` and pairs that tabs part; version 2.0 names the
 * delimiter in a sixth field (`^`, `x09`, `0x09`).
 */
export const leef: LineForm = (line) => {
  const start = /(?:^|[\s>])LEEF: ?(\d\.\d)\|/.exec(line);
  if (start === null) return undefined;
  const isSecond = start[1]?.startsWith('2') === true;
  const body = line.slice(start.index + start[0].length);
  const header = (isSecond ? fields(body, 5) : undefined) ?? fields(body, 4);
  if (header === undefined) return undefined;
  const [vendor = '', product = '', version = '', id = '', delimiter] = header.fields;
  const attributes: Record<string, string> = {};
  for (const pair of header.rest.split(delimiterOf(delimiter))) {
    const equals = pair.indexOf('=');
    if (equals > 0) attributes[pair.slice(0, equals).trim()] = pair.slice(equals + 1);
  }
  return {
    ...readHead(line.slice(0, start.index)),
    leef: start[1] ?? '',
    device_vendor: vendor,
    device_product: product,
    device_version: version,
    event_id: id,
    attributes,
  };
};

function delimiterOf(written: string | undefined): string {
  const code = /^0?x([0-9A-Fa-f]{1,4})$/.exec(written ?? '')?.[1];
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return written === undefined || written === '' ? '\t' : written;
}

const KEY_VALUE = /([A-Za-z0-9_.-]{1,100})=(?:"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?$)|(\S*))/g;

/** FortiOS' CSV writes a comma for the blank (docs.fortinet.com, `config log syslogd setting`, `set format csv`). */
const COMMA_VALUE = /([A-Za-z0-9_.-]{1,100})=(?:"([^"\\]*(?:\\.[^"\\]*)*)(?:"|\\?$)|([^,]*))/g;
const BY_COMMA = /^[\s>:]?\w{1,20}=(?:"[^"]*"|[^\s",]*),\w{1,20}=/;

/** FortiOS: `date=… time=… devname="…" devid="…" logid="…" type="…" subtype="…"`, behind a priority or a whole syslog header. */
export const fortinet: LineForm = (line) => {
  if (!line.includes('logid=') || !line.includes('type=') || !/\bdev(?:id|name)=/.test(line)) return undefined;
  const start = /(?:^|[\s>:])(?:date|logver|timestamp|devname|devid|logid)=/.exec(line);
  if (start === null) return undefined;
  return { ...readHead(line.slice(0, start.index + 1)), ...keyValues(line.slice(start.index)) };
};

function keyValues(text: string): JsonObject {
  const found = new Map<string, string>();
  const pattern = BY_COMMA.test(text) ? COMMA_VALUE : KEY_VALUE;
  for (const [, name = '', quoted, plain] of text.matchAll(pattern)) {
    if (!found.has(name)) found.set(name, quoted === undefined ? (plain ?? '') : quoted.replace(/\\(["\\])/g, '$1'));
  }
  return Object.fromEntries(found);
}
