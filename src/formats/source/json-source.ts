import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Segment, SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';
import { escapedText, type Located, type LocatedEntry, type LocatedKey, type LocatedText } from './located.ts';

/** Nesting beyond this is refused; it keeps every walk over a tree far from the stack's end. */
const DEEPEST = 200;

/** One value of a JSON file, or why there is none where one should be. */
export type JsonItem =
  | { readonly ok: true; readonly value: Located }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/**
 * Reads the JSON values of a text, one after the other, as in NDJSON; a value may go over several lines. After a broken one
 * (`input/json`) it goes on with the next line after its beginning that opens one: a line cut off takes no other with it. Whole numbers beyond 2^53 are `bigint`. Never throws.
 */
export function readJsonValues(file: SourceText): readonly JsonItem[] {
  const items: JsonItem[] = [];
  let at = 0;
  for (;;) {
    const reader = new Reader(file, at);
    reader.space();
    if (reader.at >= file.text.length) return items;
    const start = reader.at;
    try {
      items.push({ ok: true, value: reader.value(0) });
      at = reader.at;
    } catch (thrown) {
      if (!(thrown instanceof JsonFault)) throw thrown;
      const span = file.span(thrown.at, Math.min(thrown.at + 1, file.text.length));
      items.push({ ok: false, diagnostic: diagnostic('input/json', { reason: thrown.message }, span) });
      const next = /\n(?=[{[])/g;
      next.lastIndex = start;
      if (next.exec(file.text) === null) return items;
      at = next.lastIndex;
    }
  }
}

/** Thrown inside this file only. */
class JsonFault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

class Reader {
  at: number;
  private readonly file: SourceText;
  private readonly text: string;

  constructor(file: SourceText, at: number) {
    this.file = file;
    this.text = file.text;
    this.at = at;
  }

  space(): void {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at] ?? '')) this.at += 1;
  }

  value(depth: number): Located {
    if (depth > DEEPEST) throw new JsonFault('nested too deeply', this.at);
    this.space();
    const start = this.at;
    const first = this.text[start];
    if (first === '{') return this.table(depth);
    if (first === '[') return this.list(depth);
    if (first === '"') return this.string();
    const word = /[-+.\w]+/y;
    word.lastIndex = start;
    const written = word.exec(this.text)?.[0] ?? '';
    this.at += written.length;
    const span = this.span(start);
    if (written === 'true' || written === 'false') return { kind: 'boolean', value: written === 'true', span };
    if (written === 'null') return { kind: 'null', span };
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(written)) {
      throw new JsonFault(written === '' ? this.unexpected(start) : `\`${written.slice(0, 40)}\` is no value`, start);
    }
    const number = Number(written);
    const whole = /^-?\d+$/.test(written) && !Number.isSafeInteger(number);
    return { kind: 'number', value: whole ? BigInt(written) : number, span };
  }

  private table(depth: number): Located {
    const start = this.at;
    const entries = new Map<string, LocatedEntry>();
    const repeated: LocatedKey[] = [];
    this.at += 1;
    this.space();
    while (this.text[this.at] !== '}') {
      if (entries.size > 0) this.take(',');
      this.space();
      if (this.text[this.at] !== '"') throw new JsonFault(this.unexpected(this.at), this.at);
      const key = this.string();
      this.space();
      this.take(':');
      const before = entries.get(key.value);
      if (before !== undefined) repeated.push({ key: key.value, span: before.keySpan });
      entries.set(key.value, { keySpan: key.span, value: this.value(depth + 1) });
      this.space();
    }
    this.at += 1;
    return { kind: 'table', entries, span: this.span(start), ...(repeated.length > 0 && { repeated }) };
  }

  private list(depth: number): Located {
    const start = this.at;
    const items: Located[] = [];
    this.at += 1;
    this.space();
    while (this.text[this.at] !== ']') {
      if (items.length > 0) this.take(',');
      items.push(this.value(depth + 1));
      this.space();
    }
    this.at += 1;
    return { kind: 'list', items, span: this.span(start) };
  }

  private string(): LocatedText {
    const start = this.at;
    const segments: Segment[] = [{ at: 0, file: start + 1 }];
    const ends = new Map<number, number>();
    let value = '';
    let from = start + 1;
    for (;;) {
      const special = /["\\]|[^ -\uffff]/g;
      special.lastIndex = from;
      const found = special.exec(this.text);
      if (found === null) throw new JsonFault('a string is not closed', start);
      value += this.text.slice(from, found.index);
      this.at = found.index;
      if (found[0] === '"') break;
      if (found[0] !== '\\') throw new JsonFault('a string holds a control character', found.index);
      const [character, length] = this.escape(found.index);
      segments.push({ at: value.length, file: found.index });
      value += character;
      from = found.index + length;
      ends.set(value.length - 1, from);
      segments.push({ at: value.length, file: from });
    }
    this.at += 1;
    const { name } = this.file;
    return {
      kind: 'string',
      value,
      span: this.span(start),
      source: () => escapedText(name, value, segments, ends),
      escape: (text) => JSON.stringify(text).slice(1, -1),
    };
  }

  private escape(at: number): readonly [character: string, length: number] {
    const letter = this.text[at + 1] ?? '';
    const plain = ESCAPES.get(letter);
    if (plain !== undefined) return [plain, 2];
    const digits = this.text.slice(at + 2, at + 6);
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) throw new JsonFault('not an escape', at);
    return [String.fromCharCode(Number.parseInt(digits, 16)), 6];
  }

  private take(wanted: string): void {
    if (this.text[this.at] !== wanted) throw new JsonFault(this.unexpected(this.at), this.at);
    this.at += 1;
  }

  private unexpected(at: number): string {
    const found = this.text[at];
    return found === undefined ? 'it ends too early' : `unexpected \`${found}\``;
  }

  private span(start: number): Span {
    return this.file.span(start, this.at);
  }
}
