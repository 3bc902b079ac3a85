import type { JsonObject } from '../../../base/json.ts';
import { stripEnd } from '../../../base/strip.ts';

/** One line of an audit log: one record of an event, whose other records bear the same node, time and serial. */
export interface AuditRecord {
  readonly type: string;
  readonly node?: string;
  /** Seconds since 1970, as written. */
  readonly seconds: string;
  /** Where the record says its time in the zone of some machine, that; `seconds` then only tells events apart. */
  readonly localTime?: string;
  readonly serial: string;
  /** Every value as text, in the order of the line; the first of equal names wins. */
  readonly fields: ReadonlyMap<string, string>;
  /** The words that are no `name=value` (`avc: denied { read } for`), joined by blanks; empty if there are none. */
  readonly text: string;
}

const HEAD = /^(?:node=(\S+) )?type=(\S+) (?:msg=)?audit\((\d{1,15}(?:\.\d{1,9})?):(\d{1,20})\):? ?/;

/** A kernel line that reached syslog: `audit: type=1400 audit(…): …`. */
const KERNEL = /^audit: /;

/**
 * Reads one audit record in the raw form, with or without `node=`, and with or without the fields that auditd's
 * `log_format = ENRICHED` puts behind a 0x1d (`UID="root" SYSCALL=execve`). Undefined when the line is no audit record.
 *
 * Values in quotes are taken as they are. Fields that a user can choose (names, arguments, titles) are written in hex
 * without quotes when they hold blanks, quotes or control characters; they are decoded. `msg='…'` of a user space record
 * is read as further fields.
 */
export function parseAuditLine(line: string): AuditRecord | undefined {
  const start = KERNEL.test(line) ? 7 : 0;
  const found = HEAD.exec(start === 0 ? line : line.slice(start));
  if (found === null) return undefined;
  const [head, node, type = '', seconds = '', serial = ''] = found;
  const fields = new Map<string, string>();
  const words: string[] = [];
  const body = line.slice(start + head.length);
  const enriched = body.indexOf('\x1d');
  readFields(enriched === -1 ? body : body.slice(0, enriched), type, fields, words);
  if (enriched !== -1) readFields(body.slice(enriched + 1), type, fields, words);
  return { type, ...(node !== undefined && { node }), seconds, serial, fields, text: words.join(' ') };
}

/** As `ausearch -i` interprets records: a date of the machine's zone and culture, ` : `, and values without quotes. */
const INTERPRETED = /^(?:node=(\S+) )?type=(\S+) msg=audit\((\S+ \d\d:\d\d:\d\d\.\d{1,9}):(\d{1,20})\) ?: ?/;
const INTERPRETED_NAME = /(?:^|\s)([A-Za-z0-9_.[\]-]{1,128})=/g;

/**
 * Reads one record as `ausearch -i` prints it: ids, calls and flags are names, texts are decoded and have no quotes, so that a value
 * goes on to the next ` name=`. `SYSCALL` is the name of the call, as in enriched logs.
 */
export function parseInterpretedLine(line: string): AuditRecord | undefined {
  const found = INTERPRETED.exec(line);
  if (found === null) return undefined;
  const [head, node, type = '', localTime = '', serial = ''] = found;
  const body = line.slice(head.length).trimEnd();
  const fields = new Map<string, string>();
  const marks = [...body.matchAll(INTERPRETED_NAME)];
  for (const [at, mark] of marks.entries()) {
    const value = body.slice(mark.index + mark[0].length, marks[at + 1]?.index ?? body.length).trim();
    put(fields, mark[1] ?? '', value.replace(/^(["'])(.*)\1$/s, '$2'));
  }
  const call = fields.get('syscall');
  if (type === 'SYSCALL' && call !== undefined) put(fields, 'SYSCALL', call);
  for (const name of ['uid', 'auid', 'euid', 'suid', 'fsuid', 'gid']) {
    const value = fields.get(name);
    if (value !== undefined && !/^\d+$/.test(value)) put(fields, name.toUpperCase(), value);
  }
  return { type, ...(node !== undefined && { node }), seconds: localTime, localTime, serial, fields, text: '' };
}

/** A record whose head was lost: its type, its number and the rest of its text are known. */
export function auditRecordOf(type: string, serial: string, body: string, node: string | undefined): AuditRecord {
  const fields = new Map<string, string>();
  const words: string[] = [];
  readFields(body, type, fields, words);
  return { type, ...(node !== undefined && { node }), seconds: '0', serial, fields, text: words.join(' ') };
}

const NAME = /([A-Za-z0-9_.[\]-]{1,128})=/y;

function readFields(text: string, type: string, fields: Map<string, string>, words: string[]): void {
  let at = 0;
  while (at < text.length) {
    if (isBlank(text.charAt(at))) {
      at += 1;
      continue;
    }
    NAME.lastIndex = at;
    const name = NAME.exec(text)?.[1];
    if (name === undefined) {
      const end = wordEnd(text, at);
      words.push(text.slice(at, end));
      at = end;
      continue;
    }
    at += name.length + 1;
    const quote = text[at];
    const close = quote === '"' || quote === "'" ? closingQuote(text, at, quote) : -1;
    if (close !== -1) {
      const value = text.slice(at + 1, close);
      at = close + 1;
      if (name === 'msg' && quote === "'") readFields(value, type, fields, words);
      else put(fields, name, quote === '"' ? value : decodeHex(type, name, value));
    } else {
      const end = wordEnd(text, at);
      put(fields, name, decodeHex(type, name, text.slice(at, end)));
      at = end;
    }
  }
}

function put(fields: Map<string, string>, name: string, value: string): void {
  if (!fields.has(name)) fields.set(name, value);
}

function wordEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && !isBlank(text.charAt(end))) end += 1;
  return end;
}

function isBlank(char: string): boolean {
  return char === ' ' || char === '\x1d' || char === '\t' || char === '\r' || char === '\n';
}

/** `msg='…'` may hold quotes of its kind inside a value: it ends with the last one. Others end with the next. */
function closingQuote(text: string, start: number, quote: string): number {
  if (quote === '"') return text.indexOf(quote, start + 1);
  const last = text.lastIndexOf(quote);
  return last > start ? last : -1;
}

/** Fields that audit writes in hex where their text needs it: the "encoded" fields of the audit field dictionary. */
const ENCODED = new Set([
  'acct',
  'cgroup',
  'cmd',
  'comm',
  'cwd',
  'data',
  'dir',
  'exe',
  'file',
  'grp',
  'id',
  'key',
  'name',
  'new-chardev',
  'new-disk',
  'new-fs',
  'new-net',
  'new-rng',
  'new_group',
  'ocomm',
  'old-chardev',
  'old-disk',
  'old-fs',
  'old-net',
  'old-rng',
  'op_data',
  'path',
  'proctitle',
  'sw',
  'terminal',
  'vm',
  'watch',
  'invalid_context',
]);

const HEX = /^(?:[0-9A-Fa-f]{2})+$/;
const ARGUMENT = /^a\d+(?:\[\d+\])?$/;

/**
 * The text of an unquoted value. `key` may hold several keys parted by 0x01, which stay so; a `proctitle` holds the
 * arguments parted by NULs, which become blanks, as ausearch prints them.
 */
function decodeHex(type: string, name: string, value: string): string {
  const encoded = ARGUMENT.test(name) ? type === 'EXECVE' : ENCODED.has(name);
  if (!encoded || !HEX.test(value)) return value;
  // `id` and `key` of a few records are plain numbers; what decodes to no text was none.
  if ((name === 'id' || name === 'terminal') && /^\d+$/.test(value)) return value;
  const text = Buffer.from(value, 'hex').toString('utf8');
  if (name !== 'proctitle') return text;
  return stripEnd(text, '\0').replaceAll('\0', ' ');
}

/** Address family names of SOCKADDR records (Linux `AF_*`). */
export function socketAddress(hex: string): JsonObject | undefined {
  if (!HEX.test(hex) || hex.length < 4) return undefined;
  const bytes = Buffer.from(hex, 'hex');
  const family = bytes.readUInt16LE(0);
  if (family === 2 && bytes.length >= 8) {
    return { saddr_fam: 'inet', saddr_ip: [...bytes.subarray(4, 8)].join('.'), saddr_port: bytes.readUInt16BE(2) };
  }
  if (family === 10 && bytes.length >= 24) {
    const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(8 + 2 * index).toString(16));
    return { saddr_fam: 'inet6', saddr_ip: groups.join(':'), saddr_port: bytes.readUInt16BE(2) };
  }
  if (family === 1) {
    const raw = bytes.subarray(2);
    const abstract = raw[0] === 0;
    const end = raw.indexOf(0, abstract ? 1 : 0);
    const path = raw.subarray(abstract ? 1 : 0, end === -1 ? raw.length : end).toString('utf8');
    return { saddr_fam: 'local', saddr_path: abstract ? `@${path}` : path };
  }
  if (family === 16) return { saddr_fam: 'netlink' };
  if (family === 17) return { saddr_fam: 'packet' };
  return undefined;
}
