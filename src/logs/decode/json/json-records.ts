import { isJsonObject, type Json } from '../../../base/json.ts';
import type { BatchCollector } from '../batch.ts';
import { envelopeRecords, type Records, recordLineFeeds } from '../envelope.ts';
import { notAnObject, notARecord } from '../log-problems.ts';
import type { ArrayState } from '../reading-mode.ts';

/** Makes records of JSON values: of each the place it is found at, of an envelope the records inside. */
export class JsonRecords {
  private readonly out: BatchCollector;
  /** The last line that a top-level value began or ended on, and how many began there before. */
  private valueLine = 0;
  private valuesOnLine = 0;

  constructor(out: BatchCollector) {
    this.out = out;
  }

  /** Whether a top-level value began or ended on a line. */
  isOn(line: number): boolean {
    return this.valueLine === line;
  }

  /** Notes that a top-level value ends on a line. */
  endOn(line: number): void {
    if (this.valueLine !== line) this.valuesOnLine = 0;
    this.valueLine = line;
  }

  /** Gives out a top-level value: a record, or an envelope of records. `text` is given where it may have several lines. */
  emitTopLevel(value: Json, line: number, text: string | undefined): void {
    if (this.valueLine === line) this.valuesOnLine += 1;
    else this.valuesOnLine = 0;
    this.valueLine = line;
    const place = this.valuesOnLine === 0 ? undefined : this.valuesOnLine;
    if (!isJsonObject(value)) {
      this.out.reject(1, () => notAnObject(this.out.file, line, value));
      return;
    }
    const envelope = envelopeRecords(value);
    if (envelope === undefined) this.out.emit(value, line, place);
    else this.emitEnvelope(envelope, line, text, 0);
  }

  /** Gives out an element of an array, and moves on to the place of the next. */
  emitElement(value: Json, line: number, text: string, array: ArrayState): void {
    const { out } = this;
    const isRecord = array.envelope === undefined && isJsonObject(value);
    const records = isRecord ? envelopeRecords(value) : array.envelope?.recordsOf(value);
    if (records !== undefined) {
      this.emitEnvelope(records, line, isRecord ? text : undefined, array.record);
      array.record += records.length;
      return;
    }
    if (isRecord) out.emit(value, line, array.record);
    else out.reject(1, () => notAnObject(out.file, line, value));
    array.record += 1;
  }

  private emitEnvelope(records: Records, line: number, text: string | undefined, from: number): void {
    const { out } = this;
    const feeds = text?.includes('\n') ? recordLineFeeds(text) : [];
    for (const [index, record] of records.entries()) {
      const at = line + (feeds[index] ?? 0);
      if (record !== undefined) out.emit(record, at, from + index);
      else out.reject(1, () => notARecord(out.file, at));
    }
  }
}
