import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { Span } from '../../base/span.ts';
import { kindInWords, type Located, type LocatedTable, type LocatedText } from '../source/located.ts';

/** Reads the keys of a rule's table, and reports those that are missing or of a wrong type. */
export class RuleFields {
  readonly diagnostics: Diagnostic[] = [];
  private readonly table: LocatedTable;
  /** What a missing key is reported at. */
  private readonly place: Span;

  constructor(table: LocatedTable, place: Span) {
    this.table = table;
    this.place = place;
  }

  /** The value of a key; JSON's null counts as absent. */
  get(key: string): Located | undefined {
    const value = this.table.entries.get(key)?.value;
    return value?.kind === 'null' ? undefined : value;
  }

  text(key: string): string | undefined {
    return this.located(key)?.value;
  }

  located(key: string): LocatedText | undefined {
    const value = this.get(key);
    if (value === undefined || value.kind === 'string') return value;
    this.wrong(key, 'a string', value);
    return undefined;
  }

  required(key: string): LocatedText | undefined {
    if (this.get(key) === undefined) this.missing(key);
    return this.located(key);
  }

  /** A key that Kibana insists on, and without which a rule still says what to look for. */
  expected(key: string): LocatedText | undefined {
    this.expect(key);
    return this.located(key);
  }

  expect(key: string): void {
    if (this.get(key) !== undefined) return;
    this.diagnostics.push(diagnostic('elastic/missing-metadata', { key }, this.place));
  }

  missing(key: string): void {
    this.diagnostics.push(diagnostic('input/missing-key', { key }, this.place));
  }

  boolean(key: string): boolean | undefined {
    const value = this.get(key);
    if (value === undefined || value.kind === 'boolean') return value?.value;
    this.wrong(key, 'true or false', value);
    return undefined;
  }

  list(key: string): readonly Located[] {
    const value = this.get(key);
    if (value === undefined) return [];
    if (value.kind === 'list') return value.items;
    this.wrong(key, 'a list', value);
    return [];
  }

  texts(key: string): readonly string[] {
    return this.locatedTexts(key).map((item) => item.value);
  }

  locatedTexts(key: string): readonly LocatedText[] {
    const texts: LocatedText[] = [];
    for (const item of this.list(key)) {
      if (item.kind === 'string') texts.push(item);
      else this.wrong(key, 'a list of strings', item);
    }
    return texts;
  }

  innerTable(key: string): LocatedTable | undefined {
    const value = this.get(key);
    if (value === undefined || value.kind === 'table') return value;
    this.wrong(key, 'a table', value);
    return undefined;
  }

  tables(key: string): readonly LocatedTable[] {
    const tables: LocatedTable[] = [];
    for (const item of this.list(key)) {
      if (item.kind === 'table') tables.push(item);
      else this.wrong(key, 'a list of tables', item);
    }
    return tables;
  }

  wrong(key: string, expected: string, found: Located): void {
    this.diagnostics.push(diagnostic('input/wrong-type', { key, expected, found: kindInWords(found) }, found.span));
  }
}
