import { lineEnd, NUL_BLOCK } from './nul-blocks.ts';

/** The longest line, and the longest single record, in UTF-16 units (bytes, where the text is ASCII). */
export const MAX_RECORD: number = 64 * 1024 * 1024;

/** A place in a text that arrives in pieces. Places count in UTF-16 units. */
export class TextCursor {
  /** The text at hand, read up to `at`. */
  text = '';
  at = 0;
  /** The line of `text[at]`, from 1; while a value is scanned, the line it began on. */
  line = 1;
  /** How many blanks the line begins with, and whether nothing else came yet. */
  indent = 0;
  inIndent = true;
  /** Whether what was added last ends inside of a line. */
  endsInsideLine = false;
  /** Whether there may be blocks of NULs in `text`. */
  private hasNuls = false;
  /** Where `text` begins in the whole text. */
  private offset = 0;
  /** What came before `text` and belongs to the line or value being read; dropped when it is longer than `MAX_RECORD`. */
  private held: string[] = [];
  private heldLength = 0;

  get holds(): boolean {
    return this.heldLength > 0;
  }

  /** Where in the whole text the line or value being read begins. */
  get begin(): number {
    return this.offset + this.at - this.heldLength;
  }

  /** How long the line or value being read is up to `end`. */
  lengthTo(end: number): number {
    return this.heldLength + end - this.at;
  }

  add(text: string): void {
    this.offset += this.at;
    this.text = this.at < this.text.length ? this.text.slice(this.at) + text : text;
    this.at = 0;
    this.hasNuls = this.text.includes('\0');
    if (text !== '') this.endsInsideLine = !text.endsWith('\n');
  }

  /** Where the line goes on to: before its line feed, or a block of NULs; -1 where neither came yet. */
  lineEnd(): number {
    return this.hasNuls ? lineEnd(this.text, this.at) : this.text.indexOf('\n', this.at);
  }

  /** Whether a block of NULs stands at a place. */
  hasBlockAt(at: number): boolean {
    return this.hasNuls && this.text.startsWith(NUL_BLOCK, at);
  }

  /** Passes a block of NULs: what comes behind it is read as a line begins, and counts as of the same line. */
  passBlock(at: number): void {
    this.at = at + NUL_BLOCK.length;
    this.indent = 0;
    this.inIndent = true;
  }

  /** Passes lines that are read elsewhere. To be called between lines, when all of the text is read. */
  pass(lines: number, bytes: number): void {
    this.line += lines;
    this.offset += bytes;
    this.endsInsideLine = false;
  }

  /** Keeps the rest of the text until more has come. */
  hold(): void {
    const rest = this.text.slice(this.at);
    this.heldLength += rest.length;
    if (this.heldLength > MAX_RECORD) this.held = [];
    else if (rest !== '') this.held.push(rest);
    this.offset += this.text.length;
    this.text = '';
    this.at = 0;
  }

  /** Takes what was held and the text up to `end`, and moves there; undefined when that is too long. */
  release(end: number): string | undefined {
    const rest = this.text.slice(this.at, end);
    const whole = this.held.length === 0 ? rest : this.held.join('') + rest;
    const isTooLong = this.heldLength + rest.length > MAX_RECORD;
    this.dropHeld();
    this.at = end;
    return isTooLong ? undefined : whole;
  }

  /** Goes back before what `release` has just given. */
  takeBack(released: string): void {
    const before = released.length - this.at;
    if (before > 0) {
      this.offset -= before;
      this.text = released + this.text.slice(this.at);
      this.at = 0;
    } else {
      this.at = -before;
    }
  }

  /** Makes what was held part of the text at hand again. Not to be called where it is longer than `MAX_RECORD`. */
  restoreHeld(): void {
    this.offset = this.begin;
    this.text = this.held.join('') + this.text.slice(this.at);
    this.at = 0;
    this.dropHeld();
  }

  dropHeld(): void {
    this.held = [];
    this.heldLength = 0;
  }

  beginLine(start: number): void {
    this.at = start;
    this.line += 1;
    this.indent = 0;
    this.inIndent = true;
  }
}

/** A blank inside of a line; also the byte order marks that are left where files were put together, and the mark before a JSON text in a sequence (RFC 7464). */
export function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x09 || char === 0x0d || char === 0xfeff || char === 0x1e;
}

/** The first place from `at` on that is no blank; line feeds are none. */
export function skipBlanks(text: string, at: number): number {
  let next = at;
  while (isBlank(text.charCodeAt(next))) next += 1;
  return next;
}
