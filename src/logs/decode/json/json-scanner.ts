/**
 * The deepest nesting of a record (Elasticsearch's JSON parser, Jackson, has the same limit of 1,000). Deeper ones are
 * reported: what walks records after us may recurse.
 */
export const MAX_NESTING = 1000;

export type ScanResult =
  /** The text ended inside the value: scan on with the next piece. */
  | { readonly kind: 'more' }
  /** The value ended before `at`. */
  | { readonly kind: 'done'; readonly at: number }
  /** No JSON value can go on as the text does at `at`. */
  | { readonly kind: 'bad'; readonly at: number; readonly reason: string; readonly tooDeep: boolean };

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

const MORE: ScanResult = { kind: 'more' };

/**
 * Finds where one JSON value ends in text that arrives in pieces, and sees at once where a text stops being JSON, so
 * that a record cut short does not swallow the records after it. Brackets, keys, colons, commas and strings are held to
 * RFC 8259; what stands inside numbers, words and escapes is left to the parser.
 */
export class JsonScanner {
  /** Line feeds passed so far, all of them between tokens. */
  lineFeeds = 0;
  /** One entry an open bracket: true for an object. */
  private readonly open: boolean[] = [];
  private expect: Expect = 'value';
  private where: 'between' | 'string' | 'escape' | 'word' = 'between';

  /** The brackets that are open: true for an object's. */
  get openBrackets(): readonly boolean[] {
    return this.open;
  }

  get isInString(): boolean {
    return this.where === 'string' || this.where === 'escape';
  }

  /** Whether the value is whole if the text ends here: a bare number or word. */
  get wholeAtEnd(): boolean {
    return this.open.length === 0 && this.where === 'word';
  }

  /** Reads from `from` on. To be called with the pieces of one text in turn, each scanned from where it starts. */
  scan(text: string, from: number): ScanResult {
    const length = text.length;
    let at = from;
    while (at < length) {
      if (this.where === 'string') at = stringRunEnd(text, at);
      if (at === length) break;
      const char = text.charCodeAt(at);
      if (this.where === 'string') {
        if (char === 0x22) {
          this.where = 'between';
          at += 1;
          if (this.expect === 'key' || this.expect === 'key-or-end') this.expect = 'colon';
          else if (this.endValue()) return { kind: 'done', at };
        } else if (char === 0x5c) {
          this.where = 'escape';
          at += 1;
        } else {
          return bad(at, char === 0x0a ? 'the line ends inside a string' : 'a control character inside a string');
        }
        continue;
      }
      if (this.where === 'escape') {
        if (char < 0x20) return bad(at, 'a control character after a backslash');
        this.where = 'string';
        at += 1;
        continue;
      }
      if (this.where === 'word') {
        if (isWordChar(char)) {
          at += 1;
          continue;
        }
        this.where = 'between';
        if (this.endValue()) return { kind: 'done', at };
        continue;
      }
      switch (char) {
        case 0x0a:
          this.lineFeeds += 1;
          break;
        case 0x20:
        case 0x09:
        case 0x0d:
          break;
        case 0x7b:
        case 0x5b: {
          if (!this.wantsValue()) return this.unexpected(text, at);
          if (this.open.length >= MAX_NESTING) {
            return { kind: 'bad', at, reason: `nested deeper than ${MAX_NESTING} levels`, tooDeep: true };
          }
          this.open.push(char === 0x7b);
          this.expect = char === 0x7b ? 'key-or-end' : 'value-or-end';
          break;
        }
        case 0x7d:
        case 0x5d: {
          const wasObject = this.open.at(-1);
          const ends = this.expect === 'comma-or-end' || this.expect === (wasObject ? 'key-or-end' : 'value-or-end');
          if (wasObject === undefined || wasObject !== (char === 0x7d) || !ends) return this.unexpected(text, at);
          this.open.pop();
          if (this.endValue()) return { kind: 'done', at: at + 1 };
          break;
        }
        case 0x22:
          if (!this.wantsValue() && this.expect !== 'key' && this.expect !== 'key-or-end') {
            return this.unexpected(text, at);
          }
          this.where = 'string';
          break;
        case 0x3a:
          if (this.expect !== 'colon') return this.unexpected(text, at);
          this.expect = 'value';
          break;
        case 0x2c:
          if (this.expect !== 'comma-or-end') return this.unexpected(text, at);
          this.expect = this.open.at(-1) ? 'key' : 'value';
          break;
        default:
          if (!this.wantsValue() || !isWordChar(char)) return this.unexpected(text, at);
          this.where = 'word';
      }
      at += 1;
    }
    return MORE;
  }

  private wantsValue(): boolean {
    return this.expect === 'value' || this.expect === 'value-or-end';
  }

  /** Notes that a value ended; true when it was the outermost. */
  private endValue(): boolean {
    this.expect = 'comma-or-end';
    return this.open.length === 0;
  }

  private unexpected(text: string, at: number): ScanResult {
    return bad(at, `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))}`);
  }
}

/** Where plain characters of a string end: at a quote, a backslash, a control character, or the end of the text. */
function stringRunEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x22 || char === 0x5c || char < 0x20) break;
  }
  return at;
}

function bad(at: number, reason: string): ScanResult {
  return { kind: 'bad', at, reason, tooDeep: false };
}

/** `+ - . 0-9 A-Z a-z`: what numbers, `true`, `false` and `null` are made of. */
function isWordChar(char: number): boolean {
  return (
    (char >= 0x61 && char <= 0x7a) ||
    (char >= 0x30 && char <= 0x39) ||
    (char >= 0x41 && char <= 0x5a) ||
    char === 0x2d ||
    char === 0x2e ||
    char === 0x2b
  );
}
