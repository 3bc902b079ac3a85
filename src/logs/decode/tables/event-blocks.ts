import type { JsonObject } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import type { TableReader } from './table-reader.ts';

const LONGEST = 4 * 1024 * 1024;

/** What `wevtutil qe /f:text` calls the parts of an event, and their names in flat events. */
const LABELS: Readonly<Record<string, string>> = {
  'Log Name': 'Channel',
  Source: 'ProviderName',
  Date: 'LocalTime',
  'Event ID': 'EventID',
  Task: 'TaskCategory',
  Level: 'LevelName',
  Opcode: 'OpcodeName',
  Keyword: 'KeywordName',
  User: 'User',
  'User Name': 'UserName',
  Computer: 'Computer',
};

/**
 * Events of Windows as `wevtutil qe /f:text` writes them: `Event[n]:`, a line for each part, and behind `Description:` the message, which
 * goes on to the next event. As flat events.
 */
export class EventBlocks implements TableReader {
  private readonly emit: (record: JsonObject, line: number) => void;
  private readonly out: BatchCollector;
  private fields: Record<string, string> | undefined;
  private message: string[] | undefined;
  private length = 0;
  private start = 0;

  constructor(out: BatchCollector, emit: (record: JsonObject, line: number) => void) {
    this.out = out;
    this.emit = emit;
  }

  static begins(text: string): boolean {
    return /^Event\[\d+\]:?\s*$/.test(text);
  }

  get isOpen(): boolean {
    return true;
  }

  take(text: string, line: number): boolean {
    if (EventBlocks.begins(text)) {
      this.finish();
      this.fields = {};
      this.start = line;
      return true;
    }
    if (this.fields === undefined) {
      if (text.trim() === '') this.out.countBlank();
      return text.trim() === '';
    }
    this.length += text.length + 1;
    if (this.message !== undefined) {
      if (this.length < LONGEST) this.message.push(text);
      return true;
    }
    const [, label = '', value = ''] = /^\s*([A-Za-z ]{1,20}):\s?(.*)$/.exec(text) ?? [];
    if (label === 'Description') this.message = value.trim() === '' ? [] : [value];
    else {
      const name = LABELS[label];
      if (name !== undefined && value !== '' && value !== 'N/A') this.fields[name] = value.trim();
    }
    return true;
  }

  released(): readonly [] {
    return [];
  }

  end(): void {
    this.finish();
  }

  private finish(): void {
    const { fields, message } = this;
    if (fields !== undefined && fields['EventID'] !== undefined) {
      this.emit({ ...fields, ...(message !== undefined && { Message: message.join('\n').trim() }) }, this.start);
    }
    this.fields = undefined;
    this.message = undefined;
    this.length = 0;
  }
}
