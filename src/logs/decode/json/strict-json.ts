import type { Json } from '../../../base/json.ts';
import { MAX_NESTING } from './json-scanner.ts';

/** Whole numbers with more digits than this are read as `JSON.parse` reads them: no log holds one on purpose. */
export const MAX_DIGITS = 4096;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

/**
 * A JSON parser of our own. It does what `JSON.parse` does (same texts accepted, last of equal keys wins, `__proto__` is a key
 * like any other), except that whole numbers which a double cannot hold arrive as `bigint`, and that nesting is limited.
 * Several times slower; `parseExactJson` turns to it where it must. Throws `SyntaxError`.
 */
export function parseStrictly(text: string): Json {
  const parser = new StrictParser(text);
  return parser.document();
}

class StrictParser {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): Json {
    const value = this.value();
    this.blanks();
    if (this.at < this.text.length) throw this.unexpected();
    return value;
  }

  private value(): Json {
    this.blanks();
    switch (this.text.charCodeAt(this.at)) {
      case 0x7b:
        return this.nested(() => this.object());
      case 0x5b:
        return this.nested(() => this.array());
      case 0x22:
        return this.string();
      case 0x74:
        return this.word('true', true);
      case 0x66:
        return this.word('false', false);
      case 0x6e:
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private nested(inner: () => Json): Json {
    if (this.depth >= MAX_NESTING) throw new SyntaxError(`nested deeper than ${MAX_NESTING} levels`);
    this.depth += 1;
    this.at += 1;
    const value = inner();
    this.depth -= 1;
    return value;
  }

  private object(): Json {
    const object: { [key: string]: Json } = {};
    this.blanks();
    if (this.accept(0x7d)) return object;
    for (;;) {
      this.blanks();
      if (this.text.charCodeAt(this.at) !== 0x22) throw this.unexpected();
      const key = this.string();
      this.blanks();
      if (!this.accept(0x3a)) throw this.unexpected();
      const value = this.value();
      // Assignment would set the prototype.
      if (key === '__proto__') {
        Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      } else {
        object[key] = value;
      }
      this.blanks();
      if (this.accept(0x7d)) return object;
      if (!this.accept(0x2c)) throw this.unexpected();
    }
  }

  private array(): Json {
    const array: Json[] = [];
    this.blanks();
    if (this.accept(0x5d)) return array;
    for (;;) {
      array.push(this.value());
      this.blanks();
      if (this.accept(0x5d)) return array;
      if (!this.accept(0x2c)) throw this.unexpected();
    }
  }

  private string(): string {
    const { text } = this;
    const start = this.at;
    for (let at = start + 1; at < text.length; at += 1) {
      const char = text.charCodeAt(at);
      if (char === 0x22) {
        this.at = at + 1;
        // Not a slice of the text: that would keep the whole text in memory as long as the record.
        const value: unknown = JSON.parse(text.slice(start, at + 1));
        return String(value);
      }
      if (char === 0x5c) {
        at += 1;
      } else if (char < 0x20) {
        break;
      }
    }
    throw new SyntaxError(`unterminated string, or a control character in it, at offset ${start}`);
  }

  private number(): number | bigint {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) throw this.unexpected();
    const [digits, fraction, exponent] = found;
    this.at += digits.length;
    const value = Number(digits);
    const whole = fraction === undefined && exponent === undefined;
    return whole && !Number.isSafeInteger(value) && digits.length <= MAX_DIGITS ? BigInt(digits) : value;
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.unexpected();
    this.at += word.length;
    return value;
  }

  private accept(char: number): boolean {
    if (this.text.charCodeAt(this.at) !== char) return false;
    this.at += 1;
    return true;
  }

  private blanks(): void {
    for (;;) {
      const char = this.text.charCodeAt(this.at);
      if (char !== 0x20 && char !== 0x0a && char !== 0x0d && char !== 0x09) return;
      this.at += 1;
    }
  }

  private unexpected(): SyntaxError {
    const char = this.text.charAt(this.at);
    return new SyntaxError(char === '' ? 'unexpected end' : `unexpected ${JSON.stringify(char)} at offset ${this.at}`);
  }
}
