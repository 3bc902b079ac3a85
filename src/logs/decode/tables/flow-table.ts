import type { JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import type { Misfit, TableReader } from './table-reader.ts';

const HEADER = /^[a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*)+$/;

/**
 * VPC flow logs as Amazon delivers them to S3: a line of the names of the fields that were asked for, in their order, and a line a record,
 * parted by blanks (docs.aws.amazon.com, "Flow log records"). `-` is nothing.
 */
export class FlowTable implements TableReader {
  readonly isOpen = true;
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private readonly misfit: Misfit;
  private names: readonly string[] = [];

  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void, misfit: Misfit) {
    this.out = out;
    this.emit = emit;
    this.misfit = misfit;
  }

  static begins(text: string): boolean {
    return text.includes('srcaddr') && text.includes('dstaddr') && HEADER.test(text.trimEnd());
  }

  take(text: string, line: number): boolean {
    if (text === '') this.out.countBlank();
    else if (FlowTable.begins(text)) {
      this.names = text.trimEnd().split(' ');
      this.out.countBlank();
    } else return this.row(text, line);
    return true;
  }

  released(): readonly [] {
    return [];
  }

  end(): void {}

  private row(text: string, line: number): boolean {
    const { names } = this;
    const cells = text.trimEnd().split(' ');
    if (cells.length !== names.length) {
      return this.misfit(text, line, `${cells.length} values below a header of ${names.length} fields`);
    }
    const found = names.flatMap((name, at) => (cells[at] === '-' ? [] : [[name, cells[at] ?? ''] as const]));
    this.emit(Object.fromEntries(found), line);
    return true;
  }
}
