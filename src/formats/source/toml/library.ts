import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { diagnostic } from '../../../base/diagnostic.ts';
import { failure, type Result, success } from '../../../base/result.ts';
import type { SourceText } from '../../../base/source-text.ts';
import type { Span } from '../../../base/span.ts';
import type { Located, LocatedTable } from '../located.ts';
import { type OpenTable, Tables } from './tables.ts';
import { locatedText } from './text.ts';

/** Nesting beyond this is refused; it keeps every walk over a tree far from the stack's end. */
const DEEPEST = 200;

/** Reads any TOML 1.0 by the package. Fails with `input/toml` at the first error. Never throws. */
export function readByLibrary(file: SourceText): Result<LocatedTable> {
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

class Reader {
  private readonly file: SourceText;
  private readonly tables = new Tables();

  constructor(file: SourceText) {
    this.file = file;
  }

  read(program: AST.TOMLProgram): LocatedTable {
    const root = this.tables.make(this.file.span(0, this.file.text.length));
    for (const statement of program.body[0].body) {
      if (statement.type === 'TOMLKeyValue') this.assign(root, statement, 0);
      else this.section(root, statement);
    }
    return root;
  }

  /** `[a.b]` and `[[a.b]]`. */
  private section(root: OpenTable, node: AST.TOMLTable): void {
    const names = namesOf(node.key);
    if (names.length > DEEPEST) throw new RangeError();
    const [keySpan, span] = [this.span(node.key), this.span(node)];
    const table = this.tables.headed(root, { names, isItem: node.kind === 'array', keySpan, span });
    // The package has refused what is taken.
    for (const pair of table === undefined ? [] : node.body) this.assign(table, pair, names.length);
  }

  private assign(table: OpenTable | undefined, pair: AST.TOMLKeyValue, depth: number): void {
    const names = namesOf(pair.key);
    if (depth + names.length > DEEPEST) throw new RangeError();
    const [keySpan, span] = [this.span(pair.key), this.span(pair)];
    let target = table;
    for (const name of names.slice(0, -1)) target = target && this.tables.inside(target, name, keySpan, span);
    target?.entries.set(names.at(-1) ?? '', { keySpan, value: this.value(pair.value, depth + names.length) });
  }

  private value(node: AST.TOMLContentNode, depth: number): Located {
    if (depth > DEEPEST) throw new RangeError();
    const span = this.span(node);
    if (node.type === 'TOMLArray') {
      return { kind: 'list', items: node.elements.map((element) => this.value(element, depth + 1)), span };
    }
    if (node.type === 'TOMLInlineTable') {
      const table = this.tables.make(span);
      for (const pair of node.body) this.assign(table, pair, depth + 1);
      return table;
    }
    switch (node.kind) {
      case 'string':
        return locatedText(this.file, node.range, node.value, node);
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

  private span(node: AST.HasLocs): Span {
    return this.file.span(node.range[0], node.range[1]);
  }
}

function namesOf({ keys }: AST.TOMLKey): readonly string[] {
  return keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
}
