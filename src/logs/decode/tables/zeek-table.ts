import type { Json, JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import type { Misfit, TableReader } from './table-reader.ts';

/**
 * Zeek's own text form (docs.zeek.org, "Zeek Log Formats"): `#separator`, `#set_separator`, `#empty_field`, `#unset_field`, `#path`,
 * `#fields`, `#types`, then a line a record. A header may come again with other columns. Records have the names of the columns and
 * `_path`; numbers are numbers, `T` and `F` booleans, sets and vectors lists; a field that is unset is not there.
 */
export class ZeekTable implements TableReader {
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private readonly misfit: Misfit;
  private separator = '\t';
  private listSeparator = ',';
  private empty = '(empty)';
  private unset = '-';
  private path = '';
  private fields: readonly string[] = [];
  private types: readonly string[] = [];

  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void, misfit: Misfit) {
    this.out = out;
    this.emit = emit;
    this.misfit = misfit;
  }

  static begins(text: string): boolean {
    return text.startsWith('#separator ');
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
    if (text.startsWith('#separator ')) {
      this.separator = unescaped(text.slice('#separator '.length).trim());
      this.fields = [];
      this.types = [];
      return;
    }
    const [name, ...values] = text.split(this.separator);
    const [first = ''] = values;
    if (name === '#set_separator') this.listSeparator = first;
    else if (name === '#empty_field') this.empty = first;
    else if (name === '#unset_field') this.unset = first;
    else if (name === '#path') this.path = first;
    else if (name === '#fields') this.fields = values;
    else if (name === '#types') this.types = values;
  }

  private row(text: string, line: number): boolean {
    const cells = text.split(this.separator);
    if (cells.length !== this.fields.length) {
      return this.misfit(text, line, `${cells.length} values below a header of ${this.fields.length} fields`);
    }
    const record: Record<string, Json> = { _path: this.path };
    for (const [at, cell] of cells.entries()) {
      if (cell === this.unset) continue;
      record[this.fields[at] ?? ''] = this.value(cell, this.types[at] ?? 'string');
    }
    this.emit(record, line);
    return true;
  }

  private value(cell: string, type: string): Json {
    const inner = /^(?:set|vector|table)\[(\w+)\]$/.exec(type)?.[1];
    if (inner !== undefined) {
      return cell === this.empty ? [] : cell.split(this.listSeparator).map((one) => scalar(one, inner));
    }
    return cell === this.empty ? '' : scalar(cell, type);
  }
}

function scalar(cell: string, type: string): Json {
  switch (type) {
    case 'bool':
      return cell === 'T';
    case 'count':
    case 'int':
    case 'port':
    case 'double':
      return numeric(cell);
    // Times stay texts: a number would lose their last digits.
    default:
      return unescaped(cell);
  }
}

function numeric(cell: string): Json {
  const value = Number(cell);
  return Number.isFinite(value) && String(value) === cell ? value : cell;
}

/** `\x09` is the byte of that number. */
function unescaped(text: string): string {
  if (!text.includes('\\x')) return text;
  const bytes = text.replace(/(?:\\x[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8'),
  );
  return bytes;
}
