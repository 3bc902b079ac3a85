import { diagnostic } from '../../../base/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import { parseJson } from '../json/json-value.ts';
import { type CsvHeader, readCsvHeader } from './csv-header.ts';
import { type CsvRow, type CsvRowCells, quotesIn, readCsvRow } from './csv-line.ts';
import { columnName, portalTime } from './portal-values.ts';
import type { TableReader } from './table-reader.ts';

/** A row may go over so many lines, and be so long, before its quotes are taken for wrong. */
const MOST_LINES = 10_000;
const LONGEST = 4 * 1024 * 1024;
/** So many rows in which no number of cells is the header's show that it is none. */
const MOST_EARLY = 3;

/**
 * Windows' Event Viewer names five columns, in the language of the machine, and writes six cells: the last is the message. In its order,
 * in the names that flat events have.
 */
const EVENT_VIEWER = ['Level', 'LocalTime', 'ProviderName', 'EventID', 'TaskCategory', 'Message'];

/**
 * Rows of comma-separated values, each a record of the names in the header. A cell that is a JSON object or list is opened; every
 * other is a text, and an empty one without quotes is not there. Whether the first line is a header is only sure with the second: it must
 * have as many cells.
 */
export class CsvTable implements TableReader {
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private readonly header: CsvHeader;
  private readonly first: readonly [text: string, line: number];
  private columns: readonly { readonly name: string; readonly isUtc: boolean }[] | undefined;
  private pending: string[] = [];
  private pendingLength = 0;
  private pendingQuotes = 0;
  private pendingLine = 0;
  /** Rows before the first that fits the header. */
  private readonly early: (readonly [text: string, line: number])[] = [];
  private refused: (readonly [text: string, line: number])[] = [];
  private isOver = false;

  private constructor(
    header: CsvHeader,
    first: readonly [text: string, line: number],
    out: BatchCollector,
    emit: (record: JsonObject, line: number) => void,
  ) {
    this.header = header;
    this.first = first;
    this.out = out;
    this.emit = emit;
  }

  /** A table, where a line looks like its header. */
  static open(
    text: string,
    line: number,
    out: BatchCollector,
    emit: (record: JsonObject, line: number) => void,
  ): CsvTable | undefined {
    const header = readCsvHeader(text);
    return header === undefined ? undefined : new CsvTable(header, [text, line], out, emit);
  }

  get isOpen(): boolean {
    return true;
  }

  take(text: string, line: number): boolean {
    if (this.pending.length === 0) {
      if (text === '') {
        this.out.countBlank();
        return true;
      }
      this.pendingLine = line;
      // Most rows are a line without quotes, and nothing of them is kept for a next one.
      if (this.columns !== undefined && !text.includes('"')) {
        return this.whole(text, { kind: 'row', cells: text.split(this.header.delimiter), quoted: undefined });
      }
    }
    this.pending.push(text);
    this.pendingLength += text.length + 1;
    this.pendingQuotes += quotesIn(text);
    if (this.pendingQuotes % 2 === 1 && this.pending.length < MOST_LINES && this.pendingLength < LONGEST) return true;
    const whole = this.pending.length === 1 ? text : this.pending.join('\n');
    return this.row(whole, readCsvRow(whole, this.header.delimiter));
  }

  released(): readonly (readonly [text: string, line: number])[] {
    const { refused } = this;
    this.refused = [];
    return refused;
  }

  end(): void {
    if (this.isOver) return;
    if (this.columns !== undefined) {
      if (this.pending.length > 0) this.lose('a quoted cell does not end');
    } else if (this.pending.length + this.early.length > 0) {
      this.refuse();
    } else {
      this.out.reject(0, () => this.problem(this.first[1], 'a header without rows'));
    }
  }

  /** Takes a whole row; false where the first one shows that there is no table. */
  private row(text: string, row: CsvRow): boolean {
    const { pendingLine: line, header } = this;
    const isFirst = this.columns === undefined;
    if (row.kind !== 'row') {
      if (isFirst) return this.refuse();
      // What a broken quote swallowed is read once more, line by line.
      const lines = this.pending;
      this.clear();
      this.reject(line, 'a quoted cell that does not end, or is followed by something else');
      for (const [at, one] of lines.entries()) if (at > 0) this.take(one, line + at);
      return true;
    }
    // Under a name alone, only whole records in quotes make a table.
    const isRecord = row.quoted?.[0] === true && /^[{<]/.test(row.cells[0] ?? '');
    if (isFirst && header.names.length === 1 && !isRecord) return this.refuse();
    this.clear();
    return this.whole(text, row);
  }

  private whole(text: string, row: CsvRowCells): boolean {
    const { pendingLine: line, header } = this;
    this.columns ??= this.columnsFor(row.cells);
    const { columns } = this;
    if (columns === undefined) {
      // A single row may be wrong; several that do not fit mean that there is no table.
      this.early.push([text, line]);
      return this.early.length < MOST_EARLY || this.refuse();
    }
    if (this.early.length > 0) {
      for (const [, at] of this.early.splice(0))
        this.reject(at, `another number of cells than below a header of ${columns.length}`);
    }
    if (row.cells.length !== columns.length) {
      this.reject(line, `a row of ${row.cells.length} cells below a header of ${columns.length}`);
    } else if (row.cells[0] === header.names[0] && row.cells.every((cell, at) => cell === header.names[at])) {
      this.out.reject(0, () => this.problem(line, 'the header once more'));
    } else {
      this.emit(this.record(row.cells, row.quoted), line);
    }
    return true;
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
    this.refused = [
      this.first,
      ...this.early.splice(0).flatMap(([text, line]) => text.split('\n').map((one, at) => [one, line + at] as const)),
      ...this.pending.map((one, at) => [one, this.pendingLine + at] as const),
    ];
    this.clear();
    this.isOver = true;
    return false;
  }

  private lose(reason: string): void {
    this.reject(this.pendingLine, reason);
    for (let more = 1; more < this.pending.length; more += 1) this.out.countUndecodable();
    this.clear();
  }

  private clear(): void {
    this.pending = [];
    this.pendingLength = 0;
    this.pendingQuotes = 0;
  }

  private reject(line: number, reason: string): void {
    this.out.reject(1, () => this.problem(line, reason));
  }

  private problem(line: number, reason: string): ReturnType<typeof diagnostic> {
    return diagnostic('logs/csv', { file: this.out.file, line, reason });
  }
}

/** The object or list that a cell is the JSON of; else its text. */
function opened(cell: string): Json {
  const first = cell.charCodeAt(0);
  if (first !== 0x7b && first !== 0x5b) return cell;
  const read = parseJson(cell);
  return read.ok && (isJsonObject(read.value) || Array.isArray(read.value)) ? read.value : cell;
}
