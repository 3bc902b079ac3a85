import { diagnostic } from '../../../base/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import { parseJson } from '../json/json-value.ts';
import { parseSyslogLine } from '../text/syslog.ts';
import { eventEndMark } from '../xml/event-marks.ts';
import { type CsvHeader, readCsvHeader } from './csv-header.ts';
import { type CsvRowCells, endsInQuotes, readCsvRow } from './csv-line.ts';
import { payloadColumn, payloadRecord } from './csv-payload.ts';
import { columnName, portalTime } from './portal-values.ts';
import type { Misfit, TableReader } from './table-reader.ts';

/** A row may go over so many lines, and be so long, before its quotes are taken for wrong. */
const MOST_LINES = 10_000;
const LONGEST = 4 * 1024 * 1024;
/** So many rows in which no number of cells is the header's show that it is none. */
const MOST_EARLY = 3;
/** A text in the midst of other lines has this many columns at least where it is a header. */
const LEAST_INSIDE = 3;
/**
 * So many lines may be read again at once, and this many more for each that comes: where quotes stay wrong, no row is longer than a
 * line.
 */
const MOST_AGAIN = 20_000;
const AGAIN_EACH = 4;

const BROKEN = 'a quoted cell that does not end, or is followed by something else';

/** The line that a header is, and whether other lines stand before it. */
interface FirstLine {
  readonly text: string;
  readonly line: number;
  readonly isInside: boolean;
}

/** A text, and the line that it stands on: behind a block of NULs it may be that of the text before it. */
type NumberedLine = readonly [text: string, line: number];

interface EarlyRow {
  readonly lines: readonly NumberedLine[];
  readonly reason: string;
}

/**
 * Windows' Event Viewer names five columns, in the language of the machine, and writes six cells: the last is the message. In its order,
 * in the names that flat events have.
 */
const EVENT_VIEWER = ['Level', 'LocalTime', 'ProviderName', 'EventID', 'TaskCategory', 'Message'];

/**
 * Rows of comma-separated values, each a record of the names in the header. A cell that is a JSON object or list is opened; every
 * other is a text, and an empty one without quotes is not there. A row that holds the record that it is about as it came is that
 * record. Whether the first line is a header is only sure with the second: it must have as many cells.
 */
export class CsvTable implements TableReader {
  readonly isOpen = true;
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private readonly misfit: Misfit;
  private header: CsvHeader;
  private readonly first: FirstLine;
  private columns: readonly { readonly name: string; readonly isUtc: boolean }[] | undefined;
  private payload: string | undefined;
  /** Lines of a row whose quotes are open. */
  private pending: NumberedLine[] = [];
  private pendingLength = 0;
  private again = MOST_AGAIN;
  /** Rows before the first that fits the header. */
  private readonly early: EarlyRow[] = [];
  private refused: NumberedLine[] = [];
  private isOver = false;

  private constructor(
    header: CsvHeader,
    first: FirstLine,
    out: BatchCollector,
    emit: (record: JsonObject, line: number) => void,
    misfit: Misfit,
  ) {
    this.header = header;
    this.first = first;
    this.out = out;
    this.emit = emit;
    this.misfit = misfit;
  }

  /** A table, where a line looks like its header. */
  static open(
    first: FirstLine,
    out: BatchCollector,
    emit: (record: JsonObject, line: number) => void,
    misfit: Misfit,
  ): CsvTable | undefined {
    const header = readCsvHeader(first.text);
    if (header === undefined || (first.isInside && header.names.length < LEAST_INSIDE)) return undefined;
    return new CsvTable(header, first, out, emit, misfit);
  }

  take(text: string, line: number): boolean {
    this.again = Math.min(MOST_AGAIN, this.again + AGAIN_EACH);
    return this.takeLine([text, line]);
  }

  released(): readonly NumberedLine[] {
    const { refused } = this;
    this.refused = [];
    return refused;
  }

  end(): void {
    while (this.pending.length > 0) if (!this.giveUp('a quoted cell does not end')) return;
    if (this.isOver || this.columns !== undefined) return;
    if (this.early.length > 0 || this.first.isInside) this.refuse();
    else this.out.reject(0, () => this.problem(this.first.line, 'a header without rows'));
  }

  private takeLine(given: NumberedLine): boolean {
    const [text, line] = given;
    const { columns, header, pending } = this;
    const isBegin = pending.length === 0;
    if (isBegin) {
      if (text === '') {
        this.out.countBlank();
        return true;
      }
      if (this.isOther(text)) {
        return columns === undefined ? this.refuse() : this.misfit(text, line, 'a record between rows');
      }
      // Most rows are a line without quotes, and nothing of them is kept for a next one.
      if (columns !== undefined && !text.includes('"')) {
        return this.whole([given], { kind: 'row', cells: text.split(header.delimiter), quoted: undefined });
      }
    }
    pending.push(given);
    this.pendingLength += text.length + 1;
    const alone = isBegin ? readCsvRow(text, header.delimiter) : undefined;
    if (alone === undefined ? endsInQuotes(text, header.delimiter) : alone.kind === 'open') {
      const mayGoOn = this.again > 0 && pending.length < MOST_LINES && this.pendingLength < LONGEST;
      return mayGoOn || this.giveUp(BROKEN);
    }
    const row = alone ?? readCsvRow(textOf(pending), header.delimiter);
    if (row.kind !== 'row') return this.giveUp(BROKEN);
    // Under a name alone, only whole records in quotes make a table.
    const isRecord = row.quoted?.[0] === true && /^[{<]/.test(row.cells[0] ?? '');
    if (columns === undefined && header.names.length === 1 && !isRecord) return this.refuse();
    this.clear();
    return this.whole(pending, row);
  }

  /** Whether a line that begins a row is a whole record of another form, whatever number of cells could be made of it. */
  private isOther(text: string): boolean {
    if (this.header.names.length === 1) return false;
    const first = text.charCodeAt(0);
    if (first === 0x7b) return text.endsWith('}') && parseJson(text).ok;
    if (first === 0x3c) return text.endsWith(eventEndMark(text, 0) ?? '\n');
    if (this.columns !== undefined) return false;
    // As the first row it would prove a header that is none.
    const host = parseSyslogLine(text)?.['hostname'];
    return typeof host === 'string' && !host.includes(this.header.delimiter);
  }

  /** Reports the line that the row at hand begins with; what its quotes swallowed is read once more. False where there is no table. */
  private giveUp(reason: string): boolean {
    const [first, ...rest] = this.pending;
    if (first === undefined || (this.columns === undefined && this.header.names.length === 1)) return this.refuse();
    this.clear();
    if (!this.takeMisfit([first], reason)) return this.release(rest);
    this.again -= rest.length;
    for (const [at, one] of rest.entries()) {
      if (this.takeLine(one)) continue;
      // Blank lines before it are counted.
      if (this.isOver) return this.release(rest.slice(at));
      this.reject(one[1], 'something else between rows');
    }
    return true;
  }

  private whole(lines: readonly NumberedLine[], row: CsvRowCells): boolean {
    const { header } = this;
    const [[text, line] = ['', 0]] = lines;
    if (this.columns === undefined) {
      this.columns = this.columnsFor(row.cells);
      this.payload = payloadColumn(this.columns?.map(({ name }) => name) ?? []);
    }
    const { columns, payload } = this;
    if (columns === undefined) {
      return this.takeMisfit(lines, `another number of cells than below a header of ${header.names.length}`);
    }
    for (const early of this.early.splice(0)) this.readMisfit(early.lines, early.reason);
    const next = headerBehind(header, text, row.cells);
    if (next !== undefined) {
      this.out.reject(0, () => this.problem(line, 'another header: the rows below it have its columns'));
      this.header = next;
      this.columns = next.names.map(columnName);
      this.payload = payloadColumn(this.columns.map(({ name }) => name));
    } else if (row.cells.length !== columns.length) {
      const reason = `a row of ${row.cells.length} cells below a header of ${columns.length}`;
      if (lines.length === 1) return this.misfit(text, line, reason);
      this.reject(line, reason);
    } else if (row.cells[0] === header.names[0] && row.cells.every((cell, at) => cell === header.names[at])) {
      this.out.reject(0, () => this.problem(line, 'the header once more'));
    } else {
      const record = this.record(row.cells, row.quoted);
      const carried = payload === undefined ? undefined : payloadRecord(payload, record);
      this.emit(carried ?? record, line);
    }
    return true;
  }

  /** A single row before the first that fits may be wrong; several that do not fit mean that there is no table: false. */
  private takeMisfit(lines: readonly NumberedLine[], reason: string): boolean {
    if (this.columns !== undefined) {
      this.readMisfit(lines, reason);
      return true;
    }
    this.early.push({ lines, reason });
    return this.early.length < MOST_EARLY || this.refuse();
  }

  private readMisfit([first, ...more]: readonly NumberedLine[], reason: string): void {
    if (first === undefined) return;
    const [text, line] = first;
    if (more.length > 0 || !this.misfit(text, line, reason)) this.reject(line, reason);
  }

  private columnsFor(cells: readonly string[]): CsvTable['columns'] {
    const { names } = this.header;
    if (names.length === 5 && cells.length === 6 && /^\d{1,5}$/.test(cells[3] ?? '')) {
      return EVENT_VIEWER.map((name) => ({ name, isUtc: false }));
    }
    return cells.length === names.length ? names.map(columnName) : undefined;
  }

  private record(cells: readonly string[], quoted: CsvRowCells['quoted']): JsonObject {
    const found: Record<string, Json> = {};
    const columns = this.columns ?? [];
    for (let at = 0; at < columns.length; at += 1) {
      const column = columns[at];
      const cell = cells[at] ?? '';
      if (column === undefined || (cell === '' && quoted?.[at] !== true)) continue;
      found[column.name] = column.isUtc ? portalTime(cell) : opened(cell);
    }
    return found;
  }

  private refuse(): false {
    const { text, line } = this.first;
    this.refused = [[text, line]];
    for (const early of this.early.splice(0)) this.release(early.lines);
    this.release(this.pending);
    this.clear();
    this.isOver = true;
    return false;
  }

  /** Gives back those of some lines that were not yet. */
  private release(lines: readonly NumberedLine[]): false {
    const known = new Set(this.refused);
    for (const one of lines) if (!known.has(one)) this.refused.push(one);
    return false;
  }

  private clear(): void {
    this.pending = [];
    this.pendingLength = 0;
  }

  private reject(line: number, reason: string): void {
    this.out.reject(1, () => this.problem(line, reason));
  }

  private problem(line: number, reason: string): ReturnType<typeof diagnostic> {
    return diagnostic('logs/csv', { file: this.out.file, line, reason });
  }
}

/**
 * The header that a line in the midst of rows is, as in files that were put together: names, half of which at least are the header's
 * before, and not the same once more.
 */
function headerBehind(header: CsvHeader, text: string, cells: readonly string[]): CsvHeader | undefined {
  // Hardly a row begins with the name of a column.
  const [first = ''] = cells;
  if (cells.length < 2 || !(header.names.includes(first) || header.names.includes(cells.at(-1) ?? '')))
    return undefined;
  const known = cells.filter((cell) => header.names.includes(cell)).length;
  if (known < 2 || known * 2 < cells.length || cells.join('\0') === header.names.join('\0')) return undefined;
  const next = readCsvHeader(text);
  return next?.delimiter === header.delimiter && next.names.length === cells.length ? next : undefined;
}

/** The object or list that a cell is the JSON of; else its text. */
function opened(cell: string): Json {
  const first = cell.charCodeAt(0);
  if (first !== 0x7b && first !== 0x5b) return cell;
  const read = parseJson(cell);
  return read.ok && (isJsonObject(read.value) || Array.isArray(read.value)) ? read.value : cell;
}

function textOf(lines: readonly NumberedLine[]): string {
  const [only] = lines;
  return only !== undefined && lines.length === 1 ? only[0] : lines.map(([text]) => text).join('\n');
}
