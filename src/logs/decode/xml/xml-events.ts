import type { BatchCollector } from '../batch.ts';
import { notJson, tooLong } from '../log-problems.ts';
import { LINE, type Next } from '../reading-mode.ts';
import type { TextCursor } from '../text/text-cursor.ts';
import { eventEndMark, eventStart, isAroundEvents, LONGEST_MARK, listMark } from './event-marks.ts';
import { readEventXml } from './event-xml.ts';
import { StartTags } from './start-tags.ts';

/** The longest event, in UTF-16 units. Windows itself allows 64 KiB. */
const MAX_EVENT: number = 16 * 1024 * 1024;

/** A line that is neither XML nor the inside of an element that goes over lines, which is indented or blank. */
const OTHER_LINE = /\n(?=[^<\s])/;
const AROUND_ENDS: readonly (readonly [start: string, end: string])[] = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<', '>'],
];

/**
 * Reads events of Windows as XML: one a line, over many lines, or one behind the other, in `<Events>` or by themselves.
 * A record is numbered where it is in such a list. What is no XML is reported, and reading goes on with the next event, or line.
 */
export class XmlEvents {
  private readonly cursor: TextCursor;
  private readonly out: BatchCollector;
  private readonly sawEvent: () => void;
  private readonly tags = new StartTags();
  /** Up to here the event at hand was searched for its end, from the cursor on. */
  private searched = 0;
  /** The place of the next event in the list around it. */
  private place: number | undefined;
  /** The line that the last event began on, and how many began there before it. */
  private lastLine = 0;
  private onLine = 0;

  constructor(cursor: TextCursor, out: BatchCollector, sawEvent: () => void) {
    this.cursor = cursor;
    this.out = out;
    this.sawEvent = sawEvent;
  }

  /** Line feeds in what is held. */
  get lineFeeds(): number {
    const { text, at } = this.cursor;
    return feedsIn(text, at, text.length);
  }

  /** Reads from the cursor on: an event, or what stands around events, or the end of the line. */
  read(isEnd: boolean): Next {
    const { cursor } = this;
    const { text } = cursor;
    while (isInnerBlank(text.charCodeAt(cursor.at))) cursor.at += 1;
    const { at } = cursor;
    if (at >= text.length) return 'wait';
    if (text.charCodeAt(at) === 0x0a) {
      cursor.beginLine(at + 1);
      return LINE;
    }
    const isShort = text.length - at < LONGEST_MARK && !/[\s>/]/.test(text.slice(at + 2));
    if (isShort && !isEnd) return 'wait';
    const close = eventEndMark(text, at);
    if (close !== undefined) return this.event(close, isEnd);
    return isAroundEvents(text, at) ? this.around(isEnd) : this.other(isEnd);
  }

  private event(close: string, isEnd: boolean): Next {
    const { cursor, out } = this;
    const { text, at } = cursor;
    for (let end = this.endFrom(at + this.searched, close); end !== -1; end = this.endFrom(end, close)) {
      const read = readEventXml(text.slice(at, end), 0, this.tags);
      // The mark of its end may stand in a CDATA section or in a comment.
      if (read.kind === 'cut') continue;
      if (read.kind === 'bad') {
        // The end that was found may be that of another event.
        const isOwnEnd = eventStart(text.slice(at + 1, end), 0) === -1;
        return isOwnEnd ? this.bad(read.reason, end) : this.cutOff(read.reason, end);
      }
      if (read.kind === 'cut-off') return this.cutOff('another event begins inside of it', end);
      this.sawEvent();
      out.emit(read.event, cursor.line, this.nextPlace());
      return this.moveTo(at + read.end);
    }
    if (text.length - at > MAX_EVENT) {
      out.reject(1, () => tooLong(out.file, cursor.line));
      return this.moveTo(this.nextFrom(at));
    }
    if (isEnd) return this.cutOff('the text ends inside of an event', text.length);
    this.searched = Math.max(0, text.length - at - close.length);
    return 'wait';
  }

  /** The number of the event at hand: in its list, or else of several that begin on a line. */
  private nextPlace(): number | undefined {
    const { line } = this.cursor;
    this.onLine = line === this.lastLine ? this.onLine + 1 : 0;
    this.lastLine = line;
    if (this.place === undefined) return this.onLine === 0 ? undefined : this.onLine;
    this.place += 1;
    return this.place - 1;
  }

  /** Behind the next mark that ends an event; -1 where there is none. */
  private endFrom(from: number, close: string): number {
    const found = this.cursor.text.indexOf(close, from);
    return found === -1 ? -1 : found + close.length;
  }

  /** Reports an event that cannot be read; the next may begin inside of it, where it was cut. */
  private bad(reason: string, end: number): Next {
    const { cursor, out } = this;
    const { line } = cursor;
    out.reject(1, () => notJson(out.file, line, `an event in XML that cannot be read: ${reason}`));
    const next = eventStart(cursor.text.slice(0, end), cursor.at + 1);
    this.nextPlace();
    return this.moveTo(next === -1 ? end : next);
  }

  /** Reports an event that does not end; what is no XML may come behind it, up to the next event. */
  private cutOff(reason: string, end: number): Next {
    const { at, text } = this.cursor;
    const next = eventStart(text.slice(0, end), at + 1);
    const other = OTHER_LINE.exec(text.slice(at, next === -1 ? end : next));
    if (other === null) return this.bad(reason, end);
    this.bad(reason, at + other.index);
    this.cursor.beginLine(at + other.index + 1);
    return LINE;
  }

  /** Where the next event begins behind what is too long, or the end of the text at hand. */
  private nextFrom(at: number): number {
    const next = eventStart(this.cursor.text, at + 1);
    return next === -1 ? this.cursor.text.length : next;
  }

  private around(isEnd: boolean): Next {
    const { cursor, out } = this;
    const { text, at } = cursor;
    const end = text.startsWith('<!DOCTYPE', at) ? doctypeEnd(text, at) : markEnd(text, at);
    if (end === -1) {
      if (!isEnd && text.length - at <= MAX_EVENT) return 'wait';
      out.reject(1, () => notJson(out.file, cursor.line, 'markup that does not end'));
      return this.moveTo(text.length);
    }
    const list = listMark(text, at);
    if (list === 'begins') this.place = 0;
    else if (list === 'ends') this.place = undefined;
    else if (text.startsWith('<!DOCTYPE', at)) {
      out.reject(0, () =>
        notJson(out.file, cursor.line, 'a document type is passed over, and entities of its own are not expanded'),
      );
    }
    return this.moveTo(end);
  }

  /** What is neither an event nor stands around events, up to the next of them in the line. */
  private other(isEnd: boolean): Next {
    const { cursor, out } = this;
    const { text, at, line } = cursor;
    const feed = text.indexOf('\n', at);
    if (feed === -1 && !isEnd) return 'wait';
    const end = feed === -1 ? text.length : feed;
    const next = eventStart(text.slice(0, end), at + 1);
    out.reject(1, () => notJson(out.file, line, 'something else between events in XML'));
    return this.moveTo(next === -1 ? end : next);
  }

  private moveTo(end: number): Next {
    const { cursor } = this;
    cursor.line += feedsIn(cursor.text, cursor.at, end);
    cursor.at = end;
    this.searched = 0;
    return { kind: 'xml' };
  }
}

function isInnerBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0xfeff;
}

function markEnd(text: string, at: number): number {
  const [start, end] = AROUND_ENDS.find(([mark]) => text.startsWith(mark, at)) ?? ['<', '>'];
  const found = text.indexOf(end, at + start.length);
  return found === -1 ? -1 : found + end.length;
}

/** A document type ends with `>`, behind `]` where it declares something. */
function doctypeEnd(text: string, at: number): number {
  const close = text.indexOf('>', at);
  const open = text.indexOf('[', at);
  if (close === -1 || open === -1 || close < open) return close === -1 ? -1 : close + 1;
  const inner = /\]\s*>/g;
  inner.lastIndex = open;
  const found = inner.exec(text);
  return found === null ? -1 : inner.lastIndex;
}

function feedsIn(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
