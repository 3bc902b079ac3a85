import type { Json, JsonObject } from '../../../base/json.ts';
import { type AuditRecord, socketAddress } from './auditd-record.ts';

/** How many lines an event may wait for its next record, and how many events may be open at once. */
const WINDOW_LINES = 256;
/** auparse, auditd's own library, also takes an event for whole once others are two seconds past it. */
const WINDOW_SECONDS = 2;

interface OpenEvent {
  readonly records: AuditRecord[];
  readonly line: number;
  readonly node: string | undefined;
  readonly seconds: number;
  lastLine: number;
  complete: boolean;
}

/**
 * Joins audit records of one event: same node, time and serial. Records of several events may be interleaved; an event
 * is given out when `EOE` came, when `WINDOW_LINES` audit lines brought nothing for it, when its node's log is
 * `WINDOW_SECONDS` past it, or at the end, in the order in which the events began. A record later than that makes an event of its own.
 */
export class AuditJoiner {
  private readonly open = new Map<string, OpenEvent>();
  private readonly emit: (event: JsonObject, line: number) => void;
  private linesSeen = 0;

  constructor(emit: (event: JsonObject, line: number) => void) {
    this.emit = emit;
  }

  add(record: AuditRecord, line: number): void {
    this.linesSeen += 1;
    const id = `${record.seconds}:${record.serial}:${record.node ?? ''}`;
    let event = this.open.get(id);
    if (event === undefined) {
      event = {
        records: [],
        line,
        node: record.node,
        seconds: Number(record.seconds),
        lastLine: this.linesSeen,
        complete: false,
      };
      this.open.set(id, event);
    }
    if (record.type === 'EOE') event.complete = true;
    else event.records.push(record);
    event.lastLine = this.linesSeen;
    this.flushWhere(
      (first) =>
        first.complete ||
        this.open.size > WINDOW_LINES ||
        this.linesSeen - first.lastLine >= WINDOW_LINES ||
        // Clocks of different nodes say nothing about each other.
        (record.node === first.node && Number(record.seconds) - first.seconds > WINDOW_SECONDS),
    );
  }

  flush(): void {
    this.flushWhere(() => true);
  }

  private flushWhere(isDue: (first: OpenEvent) => boolean): void {
    for (const [id, event] of this.open) {
      if (!isDue(event)) return;
      this.open.delete(id);
      if (event.records.length > 0) this.emit(auditEvent(event.records), event.line);
    }
  }
}

/**
 * One audit event as JSON. Every value of a record is text, as auditd writes it (hex texts decoded).
 *
 * ```
 * { "type": ["SYSCALL", "EXECVE", "CWD", "PATH", "PROCTITLE"],      the record types, in order, each once; a string if one
 *   "timestamp": "2020-11-10T08:29:44.965Z", "serial": 93777, "node": "web-1",      `node` where the log has it
 *   "records": [{"type": "SYSCALL", "arch": "c000003e", "syscall": "59", …}, …],    each record by itself, all fields
 *   "syscall": "59", "success": "yes", "exe": "/usr/sbin/tcpdump", "comm": "tcpdump", "auid": "1000", "key": "t1040",
 *   "SYSCALL": "execve", "AUID": "root",                                            of enriched logs
 *   "argc": "3", "a0": "tcpdump", "a1": "-i", "a2": "any", "argv": ["tcpdump", "-i", "any"],
 *   "cwd": "/root", "name": ["/usr/sbin/tcpdump", "/lib64/ld-linux-x86-64.so.2"], "nametype": "NORMAL",
 *   "proctitle": "tcpdump -i any" }
 * ```
 *
 * Rules use auditd in two ways, and the flat fields serve both. Sigma's speak of one *record* (`type: EXECVE` with `a1`,
 * `type: PATH` with `name`): as `type` is multi-valued, such a rule finds its record's fields here. Others speak of
 * the whole event (`exe` of SYSCALL with `argv` of EXECVE). So a flat field holds the value of the records that have it, and a list
 * of the different values, in order, where records differ (PATH's `name`). The one exception is `a0`…`a3`: EXECVE's
 * are the arguments and win over SYSCALL's, which are registers; where both are there, those are in `registers`. Several PATH records are
 * in `paths` as well, each by itself: a condition on two fields of one does not find them in two.
 *
 * `key` is a list where the event has several (audit joins them with 0x01); SOCKADDR's `saddr` is also given as `saddr_fam`,
 * `saddr_ip` and `saddr_port`, or `saddr_path`. `argv` has the arguments whole, also those that were cut into `a1[0]`, `a1[1]`; `text` are the
 * words of a record that are no `name=value`.
 */
export function auditEvent(records: readonly AuditRecord[]): JsonObject {
  const [first] = records;
  if (first === undefined) return {};
  const argv = argumentsOf(records);
  const shown = records.map((record) => recordFields(record));
  const flat = new Map<string, Json>();
  flat.set('type', oneOrList([...new Set(records.map((record) => record.type))]));
  if (first.localTime === undefined) {
    const milliseconds = Number(first.seconds) * 1000;
    flat.set('timestamp', isDate(milliseconds) ? new Date(milliseconds).toISOString() : first.seconds);
  } else {
    flat.set('local_time', first.localTime);
  }
  const serial = Number(first.serial);
  flat.set('serial', Number.isSafeInteger(serial) ? serial : BigInt(first.serial));
  if (first.node !== undefined) flat.set('node', first.node);
  flat.set('records', shown);
  if (argv.length > 0) flat.set('argv', argv);
  for (const [index, argument] of argv.entries()) flat.set(`a${index}`, argument);
  const registers = argv.length > 0 ? registersOf(shown) : {};
  if (Object.keys(registers).length > 0) flat.set('registers', registers);
  const paths = shown.filter((record) => record['type'] === 'PATH');
  if (paths.length > 1) flat.set('paths', paths);
  const own = new Set(flat.keys());
  const values = new Map<string, Json[]>();
  for (const record of shown) {
    for (const [name, value] of Object.entries(record)) {
      if (own.has(name) || /^a\d+(?:_len|\[\d+\])/.test(name)) continue;
      const known = values.get(name);
      const added = Array.isArray(value) ? value : [value];
      if (known === undefined) values.set(name, [...added]);
      else for (const one of added) if (!known.includes(one)) known.push(one);
    }
  }
  for (const [name, list] of values) flat.set(name, oneOrList(list));
  return Object.fromEntries(flat);
}

/** What a system call was given, as far as its record says. */
function registersOf(records: readonly JsonObject[]): JsonObject {
  const call = records.find(({ type }) => type === 'SYSCALL') ?? {};
  return Object.fromEntries(Object.entries(call).filter(([name]) => /^a[0-3]$/.test(name)));
}

function isDate(milliseconds: number): boolean {
  return Math.abs(milliseconds) <= 8.64e15;
}

function oneOrList(values: readonly Json[]): Json {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : values;
}

function recordFields(record: AuditRecord): JsonObject {
  const fields = new Map<string, Json>([['type', record.type]]);
  for (const [name, value] of record.fields) {
    // A field called `type` (of a SELinux record, say) must not hide the record's.
    if (name !== 'type') fields.set(name, value);
  }
  const key = record.fields.get('key');
  if (key?.includes('\x01')) fields.set('key', key.split('\x01'));
  const address = socketAddress(record.fields.get('saddr') ?? '');
  if (address !== undefined) for (const [name, value] of Object.entries(address)) fields.set(name, value);
  if (record.text !== '') fields.set('text', record.text);
  return Object.fromEntries(fields);
}

/** The arguments of the event's EXECVE records: `a0`, `a1`, …; a long one comes as `a1[0]`, `a1[1]`, … */
function argumentsOf(records: readonly AuditRecord[]): string[] {
  const pieces = new Map<number, Map<number, string>>();
  for (const record of records) {
    if (record.type !== 'EXECVE') continue;
    for (const [name, value] of record.fields) {
      const found = /^a(\d{1,6})(?:\[(\d{1,6})\])?$/.exec(name);
      if (found === null) continue;
      const index = Number(found[1]);
      const argument = pieces.get(index) ?? new Map<number, string>();
      pieces.set(index, argument.set(Number(found[2] ?? 0), value));
    }
  }
  const argv: string[] = [];
  // A gap (a record that got lost) ends the list: what follows has lost its place.
  for (let index = 0; pieces.has(index); index += 1) {
    const argument = [...(pieces.get(index) ?? [])].sort(([a], [b]) => a - b);
    argv.push(argument.map(([, text]) => text).join(''));
  }
  return argv;
}
