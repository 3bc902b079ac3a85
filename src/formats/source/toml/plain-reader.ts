import type { SourceText } from '../../../base/source-text.ts';
import type { LocatedTable } from '../located.ts';
import { DEEPEST, NOT_PLAIN, notPlain, type PlainPair, PlainValues } from './plain-values.ts';
import { type OpenTable, Tables } from './tables.ts';

/**
 * What this reader surely reads: bare keys, each table and key named once, strings with the simple escapes, whole numbers and plain
 * fractions, truths, lists, tables on one line. No carriage returns, dotted or quoted keys before `=`, dates, or anything else. That is
 * how nearly all rules are written. Whatever it does not know at a glance is the package's: it gives no errors.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_READ = /[\0-\x08\x0b-\x1f\x7f\ufeff]|\p{Surrogate}/u;

/** The table of a text that is plain: the very table that the package gives. Undefined for any other text. */
export function readPlain(file: SourceText): LocatedTable | undefined {
  if (NOT_READ.test(file.text)) return undefined;
  try {
    return new PlainReader(file).document();
  } catch (thrown) {
    if (thrown === NOT_PLAIN) return undefined;
    throw thrown;
  }
}

class PlainReader {
  private readonly file: SourceText;
  private readonly values: PlainValues;
  private readonly tables = new Tables();

  constructor(file: SourceText) {
    this.file = file;
    this.values = new PlainValues(file);
  }

  document(): LocatedTable {
    const root = this.tables.make(this.file.span(0, this.file.text.length));
    this.fill(root, this.pairs());
    while (!this.values.isDone) this.section(root);
    return root;
  }

  /** The pairs up to the next line in brackets. */
  private pairs(): readonly PlainPair[] {
    const { values } = this;
    const pairs: PlainPair[] = [];
    for (values.space(); !values.isDone && values.code() !== 0x5b; values.space()) {
      pairs.push(values.pair(1));
      values.endLine();
    }
    return pairs;
  }

  /** A line in brackets, with what stands below it. */
  private section(root: OpenTable): void {
    const { values } = this;
    const start = values.at;
    const isItem = values.code(1) === 0x5b;
    values.at += isItem ? 2 : 1;
    const keyStart = values.at;
    const names = this.names();
    const keySpan = this.file.span(keyStart, values.at);
    for (const bracket of isItem ? [0, 1] : [0]) if (values.code(bracket) !== 0x5d) notPlain();
    values.at += isItem ? 2 : 1;
    const end = values.at;
    values.endLine();
    const pairs = this.pairs();
    const span = this.file.span(start, pairs.at(-1)?.end ?? end);
    this.fill(this.tables.headed(root, { names, isItem, keySpan, span }) ?? notPlain(), pairs);
  }

  private names(): readonly string[] {
    const { values } = this;
    const names = [values.bare().name];
    while (values.code() === 0x2e) {
      values.at += 1;
      names.push(values.bare().name);
      if (names.length > DEEPEST) notPlain();
    }
    return names;
  }

  private fill(table: OpenTable, pairs: readonly PlainPair[]): void {
    for (const { key, value } of pairs) {
      if (table.entries.has(key.name)) notPlain();
      table.entries.set(key.name, { keySpan: this.file.span(key.start, key.end), value });
    }
  }
}
