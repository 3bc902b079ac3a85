import type { Span } from '../../../base/span.ts';
import type { Located, LocatedEntry, LocatedTable } from '../located.ts';

/** A table that is being read. */
export interface OpenTable extends LocatedTable {
  readonly entries: Map<string, LocatedEntry>;
}

/** A line `[a.b]` or `[[a.b]]` (`isItem`): the place of its name, and of all up to the end of what stands below it. */
export interface Heading {
  readonly names: readonly string[];
  readonly isItem: boolean;
  readonly keySpan: Span;
  readonly span: Span;
}

/** The tables of one file that lines in brackets make, and go on in. What is written as a value is closed to them. */
export class Tables {
  private readonly open = new Map<Located, OpenTable>();
  /** The items of lists of tables. */
  private readonly lists = new Map<Located, OpenTable[]>();
  /** Those that only a longer name has made: one line may still name them. */
  private readonly unnamed = new Set<Located>();

  make(span: Span): OpenTable {
    const table: OpenTable = { kind: 'table', entries: new Map(), span };
    this.open.set(table, table);
    return table;
  }

  /** The table of that name inside another, made when it is not there; undefined where the name is another value's. */
  inside(table: OpenTable, name: string, keySpan: Span, span: Span): OpenTable | undefined {
    const found = table.entries.get(name)?.value;
    if (found !== undefined) return this.open.get(this.lists.get(found)?.at(-1) ?? found);
    const value = this.make(span);
    table.entries.set(name, { keySpan, value });
    return value;
  }

  /** The table that a line in brackets opens; undefined where its name is taken. */
  headed(root: OpenTable, { names, isItem, keySpan, span }: Heading): OpenTable | undefined {
    let parent = root;
    for (const name of names.slice(0, -1)) {
      const isNew = !parent.entries.has(name);
      const next = this.inside(parent, name, keySpan, span);
      if (next === undefined) return undefined;
      if (isNew) this.unnamed.add(next);
      parent = next;
    }
    const name = names.at(-1) ?? '';
    const found = parent.entries.get(name)?.value;
    if (found !== undefined && !isItem) return this.unnamed.delete(found) ? this.open.get(found) : undefined;
    const items = found && this.lists.get(found);
    if (found !== undefined && items === undefined) return undefined;
    const table = this.make(span);
    if (items !== undefined) items.push(table);
    else parent.entries.set(name, { keySpan, value: isItem ? this.list(table) : table });
    return table;
  }

  private list(first: OpenTable): Located {
    const items = [first];
    const list: Located = { kind: 'list', items, span: first.span };
    this.lists.set(list, items);
    return list;
  }
}
