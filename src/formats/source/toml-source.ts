import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { diagnostic } from '../../base/diagnostic.ts';
import { failure, type Result, success } from '../../base/result.ts';
import type { Segment, SourceText } from '../../base/source-text.ts';
import type { Span } from '../../base/span.ts';
import { escapedText, type Located, type LocatedEntry, type LocatedTable } from './located.ts';

/** Nesting beyond this is refused; it keeps every walk over a tree far from the stack's end. */
const DEEPEST = 200;

/** Reads TOML 1.0. Fails with `input/toml` at the first error. Never throws. */
export function readToml(file: SourceText): Result<LocatedTable> {
  try {
    return success(new Reader(file).read(parseTOML(file.text)));
  } catch (thrown) {
    const at = thrown instanceof ParseError ? Math.min(thrown.index, file.text.length) : 0;
    // The package's parser is recursive, and copies strings through its stack: both end it.
    const long = thrown instanceof RangeError ? longString(file.text) : undefined;
    if (long !== undefined) {
      const { start, end } = long;
      const hints = ['Kibana exports rules as NDJSON, where strings may be of any length'];
      const reason = `a string of ${(end - start).toLocaleString('en-US')} characters is too long for the parser of TOML`;
      return failure(diagnostic('input/toml', { reason }, file.span(start, start + 1), { hints }));
    }
    const reason = thrown instanceof RangeError ? 'nested too deeply' : thrown instanceof Error ? thrown.message : '';
    return failure(diagnostic('input/toml', { reason }, file.span(at, Math.min(at + 1, file.text.length))));
  }
}

/** The parser has room for strings that are some times as long. */
const LONG_STRING = 50_000;

/** The first string that may be too long for the parser, with its quotes. */
function longString(text: string): { readonly start: number; readonly end: number } | undefined {
  for (let at = 0; at < text.length; at += 1) {
    const quote = text[at] ?? '';
    if (quote === '#') at = endOf(text, '\n', at, false);
    if (quote !== '"' && quote !== "'") continue;
    const mark = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
    const end = endOf(text, mark, at + mark.length, quote === '"') + mark.length;
    if (end - at > LONG_STRING) return { start: at, end: Math.min(end, text.length) };
    at = end - 1;
  }
  return undefined;
}

/** Where a mark stands from a place on; the end of the text where it does not. */
function endOf(text: string, mark: string, from: number, escapes: boolean): number {
  for (let at = from; at < text.length; at += 1) {
    if (escapes && text[at] === '\\') at += 1;
    else if (text.startsWith(mark, at)) return at;
  }
  return text.length;
}

interface OpenTable extends LocatedTable {
  readonly entries: Map<string, LocatedEntry>;
}

class Reader {
  private readonly file: SourceText;

  constructor(file: SourceText) {
    this.file = file;
  }

  read(program: AST.TOMLProgram): LocatedTable {
    const root = openTable(this.file.span(0, this.file.text.length));
    for (const statement of program.body[0].body) {
      if (statement.type === 'TOMLKeyValue') this.assign(root, statement, 0);
      else this.table(root, statement);
    }
    return root;
  }

  /** `[a.b]` and `[[a.b]]`; `resolvedKey` has the place in the array too. */
  private table(root: OpenTable, node: AST.TOMLTable): void {
    if (node.resolvedKey.length > DEEPEST) throw new RangeError();
    let table = root;
    const keySpan = this.span(node.key);
    const path = node.resolvedKey;
    for (let step = 0; step < path.length; step += 1) {
      const name = String(path[step]);
      if (typeof path[step + 1] === 'number') {
        const list = table.entries.get(name)?.value;
        const items = list?.kind === 'list' ? [...list.items] : [];
        const index = Number(path[step + 1]);
        const item = items[index] ?? openTable(this.span(node));
        items[index] = item;
        table.entries.set(name, { keySpan, value: { kind: 'list', items, span: list?.span ?? this.span(node) } });
        step += 1;
        if (!isOpen(item)) return;
        table = item;
      } else {
        table = this.inside(table, name, keySpan, this.span(node));
      }
    }
    for (const pair of node.body) this.assign(table, pair, node.resolvedKey.length);
  }

  private assign(table: OpenTable, pair: AST.TOMLKeyValue, depth: number): void {
    const names = pair.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
    if (depth + names.length > DEEPEST) throw new RangeError();
    const keySpan = this.span(pair.key);
    let target = table;
    for (const name of names.slice(0, -1)) target = this.inside(target, name, keySpan, this.span(pair));
    const value = this.value(pair.value, depth + names.length);
    target.entries.set(names.at(-1) ?? '', { keySpan, value });
  }

  /** The table of that name inside another, made when it is not there. */
  private inside(table: OpenTable, name: string, keySpan: Span, span: Span): OpenTable {
    const found = table.entries.get(name)?.value;
    if (found !== undefined && isOpen(found)) return found;
    const made = openTable(span);
    table.entries.set(name, { keySpan, value: made });
    return made;
  }

  private value(node: AST.TOMLContentNode, depth: number): Located {
    if (depth > DEEPEST) throw new RangeError();
    const span = this.span(node);
    if (node.type === 'TOMLArray') {
      return { kind: 'list', items: node.elements.map((element) => this.value(element, depth + 1)), span };
    }
    if (node.type === 'TOMLInlineTable') {
      const table = openTable(span);
      for (const pair of node.body) this.assign(table, pair, depth + 1);
      return table;
    }
    switch (node.kind) {
      case 'string':
        return {
          kind: 'string',
          value: node.value,
          span,
          source: () => this.source(node),
          escape: (text) => escapeFor(node.style, text),
        };
      case 'integer':
        return { kind: 'number', value: Number.isSafeInteger(node.value) ? node.value : node.bigint, span };
      case 'float':
        return { kind: 'number', value: node.value, span };
      case 'boolean':
        return { kind: 'boolean', value: node.value, span };
      case 'offset-date-time':
      case 'local-date-time':
      case 'local-date':
      case 'local-time':
        return { kind: 'date', value: node.datetime, span };
    }
  }

  private source(node: AST.TOMLStringValue): SourceText {
    const [start, end] = node.range;
    const { segments, ends } = stringPlaces(this.file.text.slice(start, end), start, node.value, node);
    return escapedText(this.file.name, node.value, segments, ends);
  }

  private span(node: AST.HasLocs): Span {
    return this.file.span(node.range[0], node.range[1]);
  }
}

function openTable(span: Span): OpenTable {
  return { kind: 'table', entries: new Map(), span };
}

/** Every table that this reader makes is one of its own, with a `Map` to write to. */
function isOpen(value: Located): value is OpenTable {
  return value.kind === 'table';
}

/** How long each escape is behind its backslash letter, in hexadecimal digits. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Where each character of a string stands in the file. `written` is the string with its quotes, `start` its offset. A basic
 * string has escapes, and in a multi-line one a backslash at a line's end swallows all space up to the next text; a
 * newline right behind the opening quotes is dropped.
 */
function stringPlaces(
  written: string,
  start: number,
  value: string,
  style: { readonly style: 'basic' | 'literal'; readonly multiline: boolean },
): { segments: readonly Segment[]; ends: ReadonlyMap<number, number> } {
  const quotes = style.multiline ? 3 : 1;
  const end = written.length - quotes;
  let from = quotes;
  if (style.multiline) {
    if (written.startsWith('\r\n', from)) from += 2;
    else if (written[from] === '\n') from += 1;
  }
  const segments: Segment[] = [{ at: 0, file: start + from }];
  const ends = new Map<number, number>();
  let shift = start + from;
  let at = 0;
  while (from < end && at < value.length) {
    if (style.style === 'basic' && written[from] === '\\') {
      const joined = style.multiline ? /^\\[ \t]*\r?\n[ \t\r\n]*/.exec(written.slice(from, end))?.[0] : undefined;
      if (joined !== undefined) {
        from += joined.length;
      } else {
        record();
        const letter = written[from + 1] ?? '';
        const digits = HEX_DIGITS[letter] ?? 0;
        const code = Number.parseInt(written.slice(from + 2, from + 2 + digits), 16);
        from += 2 + digits;
        for (const last = at + (code > 0xffff ? 1 : 0); at <= last; at += 1) ends.set(at, start + from);
      }
      continue;
    }
    // Windows line ends may come out as bare newlines.
    if (written[from] === '\r' && value[at] === '\n') from += 1;
    record();
    from += 1;
    at += 1;
  }
  return { segments, ends };

  function record(): void {
    if (start + from - at === shift) return;
    shift = start + from - at;
    segments.push({ at, file: start + from });
  }
}

/** Literal strings have no escapes: what they cannot hold is left for whoever applies the edit to see. */
function escapeFor(style: 'basic' | 'literal', text: string): string {
  return style === 'basic' ? text.replace(/[\\"]/g, (special) => `\\${special}`) : text;
}
