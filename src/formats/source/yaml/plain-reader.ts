import { mayStartPlain, plainEnd, plainScalar, quotedScalar } from './plain-scalars.ts';
import type { YamlListTree, YamlMapTree, YamlScalarTree, YamlTree, YamlTreeEntry } from './tree.ts';

/**
 * What this reader surely reads: one document whose collections are written as blocks, with each key and scalar on one line, but for
 * literal blocks (`|`); comments. No tabs, no carriage returns, no anchors, tags, flow collections, folded blocks, equal keys or
 * anything else. That is how nearly all rules are written. Whatever it does not know at a glance is the package's: it gives no errors.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_READ = /[\0-\x09\x0b-\x1f\x7f\ufeff]/;

/** Deeper nesting is the package's to judge. */
const DEEPEST = 40;

/** Thrown nowhere else: what is being read is not of the plain kind. */
const NOT_PLAIN = Symbol('not plain');

/** The tree of a text that is plain: the very tree that the package gives. Undefined for any other text. */
export function readPlain(text: string): YamlMapTree | undefined {
  if (NOT_READ.test(text)) return undefined;
  try {
    return new PlainReader(text).document();
  } catch (thrown) {
    if (thrown === NOT_PLAIN) return undefined;
    throw thrown;
  }
}

function notPlain(): never {
  throw NOT_PLAIN;
}

class PlainReader {
  private readonly text: string;
  /** Where the line begins that is next, and has something on it; the text's end after the last. */
  private line = 0;
  /** How far that is indented; -1 after the last. */
  private indent = -1;
  /** Where what was read last ends: behind its line. */
  private done = 0;
  /** The largest indentation of the comments that stand between what was read last and the next line; -1 without any. */
  private commentIndent = -1;
  /** Whether a collection has ended behind what was read last. */
  private isClosing = false;
  /** Whether those comments belong to a collection that has ended: what ends together with it would end behind them. */
  private isCommented = false;

  constructor(text: string) {
    this.text = text;
  }

  document(): YamlMapTree {
    this.next(this.text.startsWith('---\n') ? 4 : 0);
    if (this.indent !== 0 || this.text.charCodeAt(this.line) === 0x2d) return notPlain();
    const map = this.map(this.line, 0, 0);
    return this.line === this.text.length ? map : notPlain();
  }

  /** Finds the next line with something on it, from the beginning of a line on. */
  private next(from: number): void {
    const { text } = this;
    this.commentIndent = -1;
    this.isClosing = false;
    this.isCommented = false;
    for (let line = from; line < text.length; line = this.lineEnd(line) + 1) {
      let at = line;
      while (text.charCodeAt(at) === 0x20) at += 1;
      const code = text.charCodeAt(at);
      if (at === text.length || code === 0x0a) continue;
      if (code === 0x23) {
        this.commentIndent = Math.max(this.commentIndent, at - line);
        continue;
      }
      // `---`, `...`, `%YAML`: there is more than one document, or it says what it is.
      if (at === line && /^(?:---|\.\.\.|%)/.test(text.slice(at, at + 3))) notPlain();
      this.line = line;
      this.indent = at - line;
      return;
    }
    this.line = text.length;
    this.indent = -1;
  }

  private lineEnd(at: number): number {
    const end = this.text.indexOf('\n', at);
    return end === -1 ? this.text.length : end;
  }

  /** Goes behind the line of what ends here: nothing but blanks and a comment may follow it. */
  private endLine(end: number): void {
    const { text } = this;
    const lineEnd = this.lineEnd(end);
    let at = end;
    while (text.charCodeAt(at) === 0x20) at += 1;
    if (at < lineEnd && (text.charCodeAt(at) !== 0x23 || at === end)) notPlain();
    this.done = Math.min(lineEnd + 1, text.length);
    this.next(lineEnd + 1);
  }

  /** A map whose first key begins at a place; the next line is the one behind it afterwards. */
  private map(start: number, indent: number, depth: number): YamlMapTree {
    if (depth > DEEPEST) return notPlain();
    const entries: YamlTreeEntry[] = [];
    const keys = new Set<string>();
    let at = start;
    do {
      const key = this.key(at);
      if (keys.has(key.source) || key.source === '<<') return notPlain();
      keys.add(key.source);
      const value = this.valueOfKey(key.end + 1, indent, depth);
      entries.push({ key: key.source, keyStart: key.start, keyEnd: key.end, value });
      at = this.line + indent;
    } while (this.indent === indent && !this.isItem(at));
    this.close(indent);
    return { kind: 'map', start, end: this.done, entries };
  }

  /** A list whose first `-` stands at a place. */
  private list(start: number, indent: number, depth: number): YamlListTree {
    if (depth > DEEPEST) return notPlain();
    const { text } = this;
    const items: YamlTree[] = [];
    let at = start;
    do {
      let item = at + 1;
      while (text.charCodeAt(item) === 0x20) item += 1;
      items.push(this.item(item, indent + item - at, indent, depth));
      at = this.line + indent;
    } while (this.indent === indent && this.isItem(at));
    this.close(indent);
    return { kind: 'list', start, end: this.done, items };
  }

  /** A collection ends: nothing may follow it that is indented more deeply, and comments only where it is known what they belong to. */
  private close(indent: number): void {
    if (this.indent > indent || this.isCommented) notPlain();
    if (!this.isClosing && this.commentIndent > indent) notPlain();
    if (indent > 0 && this.commentIndent >= indent) this.isCommented = true;
    this.isClosing = true;
  }

  private item(at: number, column: number, indent: number, depth: number): YamlTree {
    const { text } = this;
    const lineEnd = this.lineEnd(at);
    const code = text.charCodeAt(at);
    if (code === 0x7c) return this.literal(at, indent);
    const isQuoted = code === 0x27 || code === 0x22;
    const scalar = isQuoted ? quotedScalar(text, at, lineEnd) : this.plain(at, lineEnd);
    if (scalar === undefined || scalar.end === at) return notPlain();
    if (text.charCodeAt(scalar.end) === 0x3a) return this.map(at, column, depth + 1);
    this.endScalar(scalar.end, indent);
    return scalar;
  }

  private key(at: number): YamlScalarTree & { readonly source: string } {
    const { text } = this;
    const lineEnd = this.lineEnd(at);
    const code = text.charCodeAt(at);
    const key = code === 0x27 || code === 0x22 ? quotedScalar(text, at, lineEnd) : this.plain(at, lineEnd);
    const after = key === undefined ? 0 : text.charCodeAt(key.end + 1);
    const isKey = key !== undefined && text.charCodeAt(key.end) === 0x3a && key.end < lineEnd;
    return isKey && (key.end + 1 === lineEnd || after === 0x20) ? key : notPlain();
  }

  /** The value behind the colon of a key. */
  private valueOfKey(colonEnd: number, indent: number, depth: number): YamlTree {
    const { text } = this;
    const lineEnd = this.lineEnd(colonEnd);
    let at = colonEnd;
    while (text.charCodeAt(at) === 0x20) at += 1;
    if (at === lineEnd || text.charCodeAt(at) === 0x23) return this.valueBelow(at, lineEnd, indent, depth);
    const code = text.charCodeAt(at);
    if (code === 0x7c) return this.literal(at, indent);
    const isQuoted = code === 0x27 || code === 0x22;
    const scalar = isQuoted ? quotedScalar(text, at, lineEnd) : this.plain(at, lineEnd);
    if (scalar === undefined) return notPlain();
    this.endScalar(scalar.end, indent);
    return scalar;
  }

  /** The value of a key that has none on its line: a collection below it, or nothing. */
  private valueBelow(at: number, lineEnd: number, indent: number, depth: number): YamlTree {
    const isPlainEnd = at === lineEnd;
    this.next(lineEnd + 1);
    const below = this.line + this.indent;
    if (this.indent >= indent && this.isItem(below)) return this.list(below, this.indent, depth + 1);
    if (this.indent > indent) return this.map(below, this.indent, depth + 1);
    // Where nothing ends depends on the comments around it.
    if (!isPlainEnd || this.commentIndent !== -1) return notPlain();
    this.done = at;
    return { kind: 'scalar', start: at, end: at, value: null, source: '', style: 'PLAIN' };
  }

  private plain(at: number, lineEnd: number): YamlScalarTree | undefined {
    return mayStartPlain(this.text, at) ? plainScalar(this.text, at, plainEnd(this.text, at, lineEnd)) : undefined;
  }

  /** A scalar ends here; a deeper line below would go on with it. */
  private endScalar(end: number, indent: number): void {
    this.endLine(end);
    if (this.indent > indent) notPlain();
  }

  private isItem(at: number): boolean {
    return this.text.charCodeAt(at) === 0x2d && this.text.charCodeAt(at + 1) === 0x20;
  }

  /** A literal block (`|`, `|-`) in a collection of an indentation. */
  private literal(start: number, outer: number): YamlScalarTree {
    const { text } = this;
    const headerEnd = this.lineEnd(start);
    const header = text.slice(start, headerEnd);
    if (header !== '|' && header !== '|-') return notPlain();
    const lines: string[] = [];
    let indent = -1;
    let end = headerEnd + 1;
    let line = headerEnd + 1;
    let empty = 0;
    while (line < text.length) {
      const lineEnd = this.lineEnd(line);
      let at = line;
      while (text.charCodeAt(at) === 0x20) at += 1;
      if (at === lineEnd) {
        // Blanks alone on a line may be content, or nothing.
        if (at > line) return notPlain();
        empty += 1;
      } else {
        if (indent === -1) indent = at - line;
        if (at - line < indent || indent <= outer) break;
        for (; empty > 0; empty -= 1) lines.push('');
        lines.push(text.slice(line + indent, lineEnd));
        end = Math.min(lineEnd + 1, text.length);
      }
      line = lineEnd + 1;
    }
    if (lines.length === 0) return notPlain();
    const value = lines.join('\n') + (header === '|' ? '\n' : '');
    this.done = end;
    this.next(end);
    return { kind: 'scalar', start, end, value, source: value, style: 'BLOCK_LITERAL' };
  }
}
