import { diagnostic } from '../../../base/diagnostic.ts';
import type { JsonObject } from '../../../base/json.ts';
import { AuditJoiner } from '../auditd/auditd-join.ts';
import { type AuditRecord, parseAuditLine, parseInterpretedLine } from '../auditd/auditd-record.ts';
import type { BatchCollector } from '../batch.ts';
import { LINE_FORMS } from '../lines/index.ts';
import { keyValues } from '../lines/key-values.ts';
import { NO_KNOWN_LINE, notJson } from '../log-problems.ts';
import { recordOfText } from '../records/index.ts';
import { CsvTable } from '../tables/csv-table.ts';
import { EventBlocks } from '../tables/event-blocks.ts';
import { FlowTable } from '../tables/flow-table.ts';
import { JournalExport } from '../tables/journal-export.ts';
import { SplunkBlocks } from '../tables/splunk-blocks.ts';
import type { TableReader } from '../tables/table-reader.ts';
import { W3cTable } from '../tables/w3c-table.ts';
import { YamlDocuments } from '../tables/yaml-documents.ts';
import { ZeekTable } from '../tables/zeek-table.ts';
import { eventStart, isEventMarkup } from '../xml/event-marks.ts';
import { eventOfXml } from '../xml/event-xml.ts';
import { PlainLines } from './plain-lines.ts';
import { parseSyslogLine } from './syslog.ts';

/** Lines between events that `ausearch` and evtx_dump write. */
const BETWEEN = /^(?:----|time->.*|Record \d{1,10})$/;
/** What container runtimes write before each line (CRI); `P` is a part of one. */
const CRI = /^\d{4}-\d\d-\d\dT\S{1,40} (?:stdout|stderr) ([FP]) (.*)$/s;
/** What `journalctl -o json-sse` writes before each entry. */
const SERVER_SENT = /^data: (?=\{)/;
/** What Windows PowerShell writes before the header of a CSV. */
const POWERSHELL_TYPE = /^#TYPE \S/;

const LONGEST_PARTIAL = 4 * 1024 * 1024;

/** Reads lines that are no JSON: auditd, syslog, tables of all kinds, and the forms of `LINE_FORMS`. */
export class TextLines {
  private readonly out: BatchCollector;
  private readonly audit: AuditJoiner;
  private readonly emit: (record: JsonObject, line: number) => void;
  /** Whether something was read of the file. */
  private hasBegun = false;
  private table: TableReader | undefined;
  /** Whether the table has just met what begins something longer than a line. */
  private isLonger = false;
  private readonly plain: PlainLines | undefined;
  /** What came so far of a line that a container runtime cut. */
  private partial = '';

  /** `emit` is given records that may be wrapped once more. `takesAny`: lines of no known form are records of their text. */
  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void, takesAny: boolean) {
    this.out = out;
    this.plain = takesAny ? new PlainLines(out) : undefined;
    this.emit = emit;
    this.audit = new AuditJoiner((event, line) => out.emit(event, line));
  }

  /** Whether what comes next belongs to a table or a block, whatever it looks like. */
  get isOpen(): boolean {
    return this.table?.isOpen === true || this.plain?.isOpen === true;
  }

  /** To be called when something else was read of the file. */
  sawOther(): void {
    this.hasBegun = true;
  }

  /** To be called at the file's end. */
  end(): void {
    const { table } = this;
    this.table = undefined;
    if (table !== undefined) {
      table.end();
      this.readAgain(table.released());
    }
    this.plain?.flush();
    this.audit.flush();
  }

  /** Decodes a line without its end; false where it is of no known form. */
  decode(text: string, line: number): boolean {
    const { table, plain } = this;
    if (plain?.isOpen === true) {
      if (plain.goOn(text)) return true;
      if (text === '') {
        this.out.countBlank();
        return true;
      }
    }
    if (table !== undefined) {
      this.isLonger = false;
      if (table.take(text, line)) return true;
      // The table goes on behind it.
      if (this.isLonger) return false;
      this.table = undefined;
      const released = table.released();
      table.end();
      this.readAgain(released);
      // What the table gave back may have this line in it.
      if (released.at(-1)?.[1] === line) return true;
    }
    return this.decodeAlone(text, line) || this.begin(text, line) || this.takeAny(text, line);
  }

  /** See `Misfit`. */
  private readonly misfit = (text: string, line: number, reason: string): boolean => {
    const { out } = this;
    if (this.decodeAlone(text, line)) return true;
    const start = text.trimStart();
    const isMarkup = isEventMarkup(start, 0);
    const record = isMarkup || start.startsWith('{') ? recordOfText(start) : undefined;
    if (record !== undefined) {
      this.emit(record, line);
      return true;
    }
    this.isLonger = isMarkup || /^[{[]/.test(start);
    if (!this.isLonger) out.reject(1, () => diagnostic('logs/csv', { file: out.file, line, reason }));
    return !this.isLonger;
  };

  /** Reads lines that were no table's after all. */
  private readAgain(lines: ReturnType<TableReader['released']>): void {
    for (const [text, line] of lines) {
      if (this.plain?.goOn(text) === true || this.decodeAlone(text, line)) continue;
      if (text.trim() === '') this.out.countBlank();
      else if (!this.takeAny(text, line)) this.out.reject(1, () => notJson(this.out.file, line, NO_KNOWN_LINE));
    }
  }

  private takeAny(text: string, line: number): boolean {
    // What looks like JSON, and is none, is damage.
    if (this.plain === undefined || /^\s*[{}\]]/.test(text)) return false;
    this.plain.begin(text, line);
    return true;
  }

  private begin(text: string, line: number): boolean {
    const { out, emit, misfit, hasBegun } = this;
    if (!hasBegun && POWERSHELL_TYPE.test(text)) {
      out.countBlank();
      return true;
    }
    if (ZeekTable.begins(text)) this.table = new ZeekTable(out, emit, misfit);
    else if (W3cTable.begins(text)) this.table = new W3cTable(out, emit, misfit);
    else if (JournalExport.begins(text)) this.table = new JournalExport(out, emit);
    else if (EventBlocks.begins(text)) this.table = new EventBlocks(out, emit);
    else if (SplunkBlocks.begins(text)) this.table = new SplunkBlocks(out, emit);
    else if (FlowTable.begins(text)) this.table = new FlowTable(out, emit, misfit);
    else if (!hasBegun && YamlDocuments.begins(text)) this.table = new YamlDocuments(out, emit);
    else {
      this.table = CsvTable.open({ text, line, isInside: hasBegun }, out, emit, misfit);
      return this.table !== undefined;
    }
    this.hasBegun = true;
    return this.table.take(text, line);
  }

  private decodeAlone(text: string, line: number): boolean {
    const record = parseAuditLine(text) ?? parseInterpretedLine(text);
    if (record !== undefined) {
      this.hasBegun = true;
      this.audit.add(record, line);
      return true;
    }
    if (BETWEEN.test(text)) {
      this.out.countBlank();
      return true;
    }
    if (this.decodeCarried(text, line)) return true;
    if (isMarked(text)) {
      for (const form of LINE_FORMS) {
        const found = form(text);
        if (found === undefined) continue;
        this.hasBegun = true;
        this.emit(found, line);
        return true;
      }
    }
    if (this.decodeSyslog(text, line)) return true;
    const pairs = keyValues(text);
    if (pairs === undefined) return false;
    this.hasBegun = true;
    this.emit(pairs, line);
    return true;
  }

  /** A line of a container, or an entry of a stream of events, as what it carries; false where that is of no known form. */
  private decodeCarried(text: string, line: number): boolean {
    const cri = CRI.exec(text);
    if (cri !== null) {
      const [, part, content = ''] = cri;
      this.partial += content;
      if (part === 'P' && this.partial.length < LONGEST_PARTIAL) {
        this.out.countBlank();
        return true;
      }
    }
    const carried = cri === null ? SERVER_SENT.test(text) && text.slice('data: '.length) : this.partial;
    if (cri !== null) this.partial = '';
    const record = typeof carried === 'string' ? recordOfText(carried) : undefined;
    if (record === undefined) return false;
    this.sawOther();
    this.emit(record, line);
    return true;
  }

  private decodeSyslog(text: string, line: number): boolean {
    const message = parseSyslogLine(text);
    if (message === undefined) return false;
    this.hasBegun = true;
    const forwarded = forwardedAuditRecord(message);
    if (forwarded !== undefined) {
      this.audit.add(forwarded, line);
      return true;
    }
    const { message: content } = message;
    const event = typeof content === 'string' && eventStart(content, 0) !== -1 ? eventOfXml(content) : undefined;
    if (event !== undefined) {
      this.emit(event, line);
      return true;
    }
    this.out.emit(message, line);
    return true;
  }
}

/** Lines of syslog are many, and most have none of the marks that the other forms are known by. */
const SYSLOG_START = /^(?:<\d|[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\dT)/;
const MARK =
  /CEF:|LEEF:|%|logid=|MSWinEventLog|query: |dnsmasq|,(?:TRAFFIC|THREAT|SYSTEM|CONFIG|GLOBALPROTECT|USERID|HIPMATCH),|junos@|RT_|\b[a-z0-9-]{2,12}\[\d+\]: |\t| HTTP\/|\[[\w-]{0,32}:?(?:emerg|alert|crit|error|warn|notice)\] |[ :]TCP_[A-Z]|filterlog| sn=|SFW|CheckPoint/;

function isMarked(text: string): boolean {
  return !SYSLOG_START.test(text) || MARK.test(text);
}

/**
 * An audit record inside a syslog message: behind the tag of audispd (`audispd: node=… type=…`), or the kernel's own
 * (`kernel: audit: type=1400 audit(…): …`). The syslog host is the node where the record names none.
 */
function forwardedAuditRecord(message: JsonObject): AuditRecord | undefined {
  const { message: content, hostname, appname } = message;
  if (typeof content !== 'string' || !content.includes('audit(')) return undefined;
  const record = parseAuditLine(appname === 'audit' ? `audit: ${content}` : content);
  if (record === undefined || record.node !== undefined || typeof hostname !== 'string') return record;
  return { ...record, node: hostname };
}
