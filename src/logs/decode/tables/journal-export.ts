import type { Json, JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import type { TableReader } from './table-reader.ts';

const LONGEST = 4 * 1024 * 1024;

/**
 * What `journalctl -o export` writes (systemd.io/JOURNAL_EXPORT_FORMATS): lines `NAME=value`, an empty line behind each entry. A
 * value that has line ends is written as bytes: its name alone, eight bytes of its length, the value. In text those bytes are only
 * known by their end, a line that begins with a name.
 */
export class JournalExport implements TableReader {
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private fields: Record<string, Json> = {};
  private count = 0;
  private length = 0;
  private start = 0;
  /** The field of bytes that is being read. */
  private binary: { readonly name: string; readonly lines: string[] } | undefined;

  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void) {
    this.out = out;
    this.emit = emit;
  }

  static begins(text: string): boolean {
    return /^(?:__CURSOR|__REALTIME_TIMESTAMP)=\S/.test(text);
  }

  get isOpen(): boolean {
    return true;
  }

  take(text: string, line: number): boolean {
    if (this.count === 0 && this.binary === undefined) this.start = line;
    this.length += text.length + 1;
    if (text === '' && !this.isInsideValue()) {
      this.finishEntry();
      return true;
    }
    const pair = /^([A-Z0-9_]{1,64})=(.*)$/s.exec(text);
    if (pair !== null) {
      this.finishBinary();
      this.put(pair[1] ?? '', pair[2] ?? '');
    } else if (/^[A-Z0-9_]{1,64}$/.test(text) && this.binary === undefined) {
      this.binary = { name: text, lines: [] };
    } else if (this.binary !== undefined) {
      this.binary.lines.push(text);
    } else {
      return false;
    }
    if (this.length > LONGEST) this.finishEntry();
    return true;
  }

  released(): readonly [] {
    return [];
  }

  end(): void {
    this.finishEntry();
  }

  /** An empty line inside a value of bytes: its length says how far it goes. */
  private isInsideValue(): boolean {
    if (this.binary === undefined) return false;
    const whole = this.binary.lines.join('\n');
    const length = [...whole.slice(0, 8)].reduce((sum, char, at) => sum + char.charCodeAt(0) * 256 ** at, 0);
    return Buffer.byteLength(whole.slice(8)) < length && length < LONGEST;
  }

  private put(name: string, value: string): void {
    const known = this.fields[name];
    if (known === undefined) this.fields[name] = value;
    else this.fields[name] = Array.isArray(known) ? [...known, value] : [known, value];
    this.count += 1;
  }

  private finishBinary(): void {
    if (this.binary === undefined) return;
    const { name, lines } = this.binary;
    this.binary = undefined;
    this.put(name, lines.join('\n').slice(8));
  }

  private finishEntry(): void {
    this.finishBinary();
    if (this.count > 0) this.emit(this.fields, this.start);
    else this.out.countBlank();
    this.fields = {};
    this.count = 0;
    this.length = 0;
  }
}
