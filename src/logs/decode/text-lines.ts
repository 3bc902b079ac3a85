import type { JsonObject } from '../../base/json.ts';
import { AuditJoiner } from './auditd-join.ts';
import { type AuditRecord, parseAuditLine } from './auditd-record.ts';
import type { BatchCollector } from './batch.ts';
import { parseSyslogLine } from './syslog.ts';

/** Reads lines of auditd and syslog. */
export class TextLines {
  private readonly out: BatchCollector;
  private readonly audit: AuditJoiner;
  /** What the first readable line was: only a file that begins as syslog is read as such. */
  private family: 'unknown' | 'syslog' | 'other' = 'unknown';

  constructor(out: BatchCollector) {
    this.out = out;
    this.audit = new AuditJoiner((event, line) => out.emit(event, line));
  }

  /** To be called when something else was read of the file. */
  sawOther(): void {
    this.family = 'other';
  }

  /** To be called at the file's end. */
  end(): void {
    this.audit.flush();
  }

  /** Decodes a line without its end; false where it is of neither kind. */
  decode(text: string, line: number): boolean {
    const record = parseAuditLine(text);
    if (record !== undefined) {
      if (this.family === 'unknown') this.family = 'other';
      this.audit.add(record, line);
      return true;
    }
    if (this.family === 'other' && !text.includes('audit(')) return false;
    const message = parseSyslogLine(text);
    if (message === undefined) return false;
    const forwarded = forwardedAuditRecord(message);
    if (forwarded !== undefined) {
      this.audit.add(forwarded, line);
      return true;
    }
    if (this.family === 'other') return false;
    this.family = 'syslog';
    this.out.emit(message, line);
    return true;
  }
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
