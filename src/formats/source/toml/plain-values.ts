import type { SourceText } from '../../../base/source-text.ts';
import type { Located, LocatedEntry, LocatedText } from '../located.ts';
import { locatedText, type TextStyle } from './text.ts';

/** Deeper nesting is the package's to judge. */
export const DEEPEST = 40;

const BARE = /[A-Za-z0-9_-]+/y;
/** What is no string, list or table, up to where it ends. */
const BARE_VALUE = /[^\s,\]}#]+/y;
/** Numbers that are exact and written as anyone would; none is minus zero. */
const WHOLE = /^(?:0|-?[1-9][0-9]{0,14})$/;
const FRACTION = /^(?:0|-?[1-9][0-9]{0,14})\.[0-9]{1,15}$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Thrown nowhere else: what is being read is not of the plain kind. */
export const NOT_PLAIN: unique symbol = Symbol('not plain');

export function notPlain(): never {
  throw NOT_PLAIN;
}

export interface PlainKey {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface PlainPair {
  readonly key: PlainKey;
  readonly value: Located;
  readonly end: number;
}

/** Goes through a text from value to value. `at` is where it stands. */
export class PlainValues {
  at = 0;
  private readonly file: SourceText;
  private readonly text: string;

  constructor(file: SourceText) {
    this.file = file;
    this.text = file.text;
  }

  get isDone(): boolean {
    return this.at >= this.text.length;
  }

  code(ahead = 0): number {
    return this.text.charCodeAt(this.at + ahead);
  }

  /** Goes behind blanks on a line. */
  blanks(): void {
    while (this.code() === 0x20 || this.code() === 0x09) this.at += 1;
  }

  /** Goes behind blanks, comments and the ends of lines. */
  space(): void {
    for (;;) {
      this.blanks();
      if (this.code() === 0x23) this.comment();
      else if (this.code() === 0x0a) this.at += 1;
      else return;
    }
  }

  /** Goes to the end of a line on which nothing but a comment may follow. */
  endLine(): void {
    this.blanks();
    if (this.code() === 0x23) this.comment();
    if (!this.isDone && this.code() !== 0x0a) notPlain();
  }

  bare(): PlainKey {
    const start = this.at;
    BARE.lastIndex = start;
    const name = BARE.exec(this.text)?.[0] ?? notPlain();
    this.at += name.length;
    return { name, start, end: this.at };
  }

  /** `key = value`. */
  pair(depth: number): PlainPair {
    const key = this.bare();
    this.blanks();
    if (this.code() !== 0x3d) notPlain();
    this.at += 1;
    this.blanks();
    const value = this.value(depth);
    return { key, value, end: this.at };
  }

  private comment(): void {
    const end = this.text.indexOf('\n', this.at);
    this.at = end === -1 ? this.text.length : end;
  }

  private value(depth: number): Located {
    if (depth > DEEPEST) return notPlain();
    switch (this.code()) {
      case 0x22:
        return this.text.startsWith('"""', this.at) ? this.basic('"""') : this.basic('"');
      case 0x27:
        return this.text.startsWith("'''", this.at) ? this.literal("'''") : this.literal("'");
      case 0x5b:
        return this.list(depth);
      case 0x7b:
        return this.table(depth);
      default:
        return this.word();
    }
  }

  /** A truth or a number; dates and numbers of rare forms are the package's. */
  private word(): Located {
    const start = this.at;
    BARE_VALUE.lastIndex = start;
    const word = BARE_VALUE.exec(this.text)?.[0] ?? notPlain();
    this.at += word.length;
    const span = this.file.span(start, this.at);
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true', span };
    if (WHOLE.test(word) || FRACTION.test(word)) return { kind: 'number', value: Number(word), span };
    return notPlain();
  }

  private literal(quotes: "'" | "'''"): LocatedText {
    const { text, at: start } = this;
    const multiline = quotes.length === 3;
    const from = start + quotes.length;
    const close = text.indexOf(quotes, from);
    // A quote that stands right before the closing ones is content.
    if (close === -1 || (multiline && text.charCodeAt(close + 3) === 0x27)) return notPlain();
    const written = text.slice(from, close);
    if (!multiline && written.includes('\n')) return notPlain();
    this.at = close + quotes.length;
    return this.string(start, multiline && written.startsWith('\n') ? written.slice(1) : written, {
      style: 'literal',
      multiline,
    });
  }

  private basic(quotes: '"' | '"""'): LocatedText {
    const { text, at: start } = this;
    const multiline = quotes.length === 3;
    let from = start + quotes.length;
    if (multiline && text.charCodeAt(from) === 0x0a) from += 1;
    let value = '';
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 0x0a && !multiline) return notPlain();
      if (code === 0x22 && text.startsWith(quotes, at)) {
        if (multiline && text.charCodeAt(at + 3) === 0x22) return notPlain();
        value += text.slice(from, at);
        this.at = at + quotes.length;
        return this.string(start, value, { style: 'basic', multiline });
      }
      if (code !== 0x5c) continue;
      const meant = ESCAPES[text.charAt(at + 1)];
      if (meant === undefined) return notPlain();
      value += text.slice(from, at) + meant;
      at += 1;
      from = at + 1;
    }
    return notPlain();
  }

  private string(start: number, value: string, style: TextStyle): LocatedText {
    return locatedText(this.file, [start, this.at], value, style);
  }

  private list(depth: number): Located {
    const start = this.at;
    const items: Located[] = [];
    this.at += 1;
    this.space();
    while (this.code() !== 0x5d) {
      items.push(this.value(depth + 1));
      this.space();
      if (this.code() === 0x2c) this.at += 1;
      else if (this.code() !== 0x5d) notPlain();
      this.space();
    }
    this.at += 1;
    return { kind: 'list', items, span: this.file.span(start, this.at) };
  }

  /** A table on one line. */
  private table(depth: number): Located {
    const start = this.at;
    const pairs: PlainPair[] = [];
    this.at += 1;
    this.blanks();
    while (this.code() !== 0x7d) {
      pairs.push(this.pair(depth + 1));
      this.blanks();
      if (this.code() === 0x7d) break;
      if (this.code() !== 0x2c) notPlain();
      this.at += 1;
      this.blanks();
      if (this.code() === 0x7d) notPlain();
    }
    this.at += 1;
    const entries = new Map<string, LocatedEntry>();
    for (const { key, value } of pairs) {
      if (entries.has(key.name)) notPlain();
      entries.set(key.name, { keySpan: this.file.span(key.start, key.end), value });
    }
    return { kind: 'table', entries, span: this.file.span(start, this.at) };
  }
}
