import { diagnostic } from '../../../base/diagnostic.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import type { TableReader } from './table-reader.ts';

const HEADER = /^[a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*)+$/;

/**
 * VPC flow logs as Amazon delivers them to S3: a line of the names of the fields that were asked for, in their order, and a line a record,
 * parted by blanks (docs.aws.amazon.com, "Flow log records"). `-` is nothing.
 */
export class FlowTable implements TableReader {
  readonly isOpen = true;
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private names: readonly string[] = [];

  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void) {
    this.out = out;
    this.emit = emit;
  }

  static begins(text: string): boolean {
    return text.includes('srcaddr') && text.includes('dstaddr') && HEADER.test(text.trimEnd());
  }

  take(text: string, line: number): boolean {
    if (text === '') this.out.countBlank();
    else if (FlowTable.begins(text)) {
      this.names = text.trimEnd().split(' ');
      this.out.countBlank();
    } else this.row(text.trimEnd().split(' '), line);
    return true;
  }

  released(): readonly [] {
    return [];
  }

  end(): void {}

  private row(cells: readonly string[], line: number): void {
    const { names, out } = this;
    if (cells.length !== names.length) {
      const reason = `${cells.length} values below a header of ${names.length} fields`;
      out.reject(1, () => diagnostic('logs/csv', { file: out.file, line, reason }));
      return;
    }
    const found = names.flatMap((name, at) => (cells[at] === '-' ? [] : [[name, cells[at] ?? ''] as const]));
    this.emit(Object.fromEntries(found), line);
  }
}
