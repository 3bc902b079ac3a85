import type { JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import { splunkFields } from '../records/windows-records.ts';
import type { TableReader } from './table-reader.ts';

const LONGEST = 4 * 1024 * 1024;
const TIME = /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d(?:\.\d{1,6})?(?: [AP]M)?\s*$/;
const FIRST = /^LogName=\S/;

type NumberedLine = readonly [text: string, line: number];

/**
 * Events of Windows as text in Splunk's way: a line of the local time, then `LogName=…`, `EventCode=…` and others, a line each, and behind
 * `Message=` the message, which goes on to the next event (docs.splunk.com, "Monitor Windows event log data"). A time that nothing of the
 * kind follows is given back.
 */
export class SplunkBlocks implements TableReader {
  readonly isOpen = true;
  private readonly out: BatchCollector;
  private readonly emit: (record: JsonObject, line: number) => void;
  private lines: NumberedLine[] = [];
  private length = 0;
  private hasName = false;
  /** A time, which may begin the next event, or be a line of the message. */
  private time: NumberedLine | undefined;
  private refused: readonly NumberedLine[] = [];

  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void) {
    this.out = out;
    this.emit = emit;
  }

  static begins(text: string): boolean {
    return TIME.test(text) || FIRST.test(text);
  }

  take(text: string, line: number): boolean {
    const { time } = this;
    if (FIRST.test(text)) {
      this.finish();
      this.hasName = true;
      this.add(
        time === undefined
          ? [[text, line]]
          : [
              [`LocalTime=${time[0].trim()}`, time[1]],
              [text, line],
            ],
      );
      this.time = undefined;
      return true;
    }
    if (time !== undefined) {
      this.time = undefined;
      if (!this.hasName) {
        this.refused = [time];
        return false;
      }
      this.add([time]);
    }
    if (TIME.test(text)) this.time = [text, line];
    else if (this.hasName) this.add([[text, line]]);
    else if (text.trim() === '') this.out.countBlank();
    else return false;
    return true;
  }

  released(): readonly NumberedLine[] {
    const { refused } = this;
    this.refused = [];
    return refused;
  }

  end(): void {
    const { time } = this;
    this.time = undefined;
    if (time !== undefined && !this.hasName) this.refused = [time];
    else if (time !== undefined) this.add([time]);
    this.finish();
  }

  private add(lines: readonly NumberedLine[]): void {
    for (const [text] of lines) this.length += text.length + 1;
    if (this.length < LONGEST) this.lines.push(...lines);
  }

  private finish(): void {
    const [first] = this.lines;
    if (first !== undefined) {
      const { LocalTime, ...fields } = splunkFields(this.lines.map(([text]) => text).join('\n'));
      this.emit({ ...fields, ...(LocalTime !== undefined && { Local_Time: LocalTime }) }, first[1]);
    }
    this.lines = [];
    this.length = 0;
    this.hasName = false;
  }
}
