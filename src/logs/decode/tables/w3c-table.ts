import type { JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import type { Misfit, TableReader } from './table-reader.ts';

/**
 * The extended log file format (w3.org/TR/WD-logfile) of IIS, ProxySG and others: lines of values that blanks part, by the last
 * `#Fields:` line; one in quotes may hold blanks. Records have the names of the fields, `cs(User-Agent)` as `cs-user-agent`,
 * the date and time, which are UTC, as `time-utc`, and the software as `software`. `-` is nothing.
 */
export class W3cTable implements TableReader {
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private readonly misfit: Misfit;
  private software = '';
  private date = '';
  private fields: readonly string[] = [];
  private separator: ' ' | '\t' = ' ';

  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void, misfit: Misfit) {
    this.out = out;
    this.emit = emit;
    this.misfit = misfit;
  }

  static begins(text: string): boolean {
    return /^#(?:Software|Version|Date|Fields|Start-Date): ?\S/i.test(text);
  }

  get isOpen(): boolean {
    return true;
  }

  take(text: string, line: number): boolean {
    if (text.startsWith('#')) this.headerLine(text);
    else if (text === '') this.out.countBlank();
    else return this.row(text, line);
    return true;
  }

  released(): readonly [] {
    return [];
  }

  end(): void {}

  private headerLine(text: string): void {
    this.out.countBlank();
    const [, name = '', value = ''] = /^#([\w-]+): ?(.*)$/.exec(text) ?? [];
    if (name.toLowerCase() === 'software') this.software = value.trim();
    else if (name.toLowerCase() === 'date') this.date = /^\d{4}-\d\d-\d\d/.exec(value)?.[0] ?? '';
    else if (name.toLowerCase() === 'fields') {
      this.separator = value.includes('\t') ? '\t' : ' ';
      this.fields = value
        .trim()
        .split(/[ \t]+/)
        .map(fieldName);
    }
  }

  private row(text: string, line: number): boolean {
    let cells = cellsOf(text, this.separator);
    // CloudFront parts names by blanks and values by tabs.
    if (cells.length !== this.fields.length && text.includes('\t')) cells = text.split('\t');
    if (cells.length !== this.fields.length) {
      return this.misfit(text, line, `${cells.length} values below a #Fields line of ${this.fields.length}`);
    }
    const record: Record<string, string> = {};
    for (const [at, cell] of cells.entries()) if (cell !== '-' && cell !== '') record[this.fields[at] ?? ''] = cell;
    const { date = this.date, time } = record;
    if (time !== undefined && date !== '') record['time-utc'] = `${date}T${time}Z`;
    if (this.software !== '') record['software'] = this.software;
    this.emit(record, line);
    return true;
  }
}

/** `cs(User-Agent)` is `cs-user-agent`. */
function fieldName(name: string): string {
  return name.replace(/^([a-z]{1,2})\(([^)]+)\)$/i, (_, side: string, header: string) =>
    `${side}-${header}`.toLowerCase(),
  );
}

function cellsOf(text: string, separator: ' ' | '\t'): string[] {
  if (separator === '\t') return text.split('\t');
  if (!text.includes('"')) return text.trimEnd().split(/ +/);
  return [...text.matchAll(/"((?:[^"]|""|"(?! |$))*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}
