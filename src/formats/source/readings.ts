import type { SourceText } from '../../base/source-text.ts';

/** What readers make of one text, each kept as long as there is memory for it: the trees of thousands of files pile up. */
export class Readings {
  private readonly source: SourceText;
  private readonly made = new Map<(source: SourceText) => object, WeakRef<object>>();

  constructor(source: SourceText) {
    this.source = source;
  }

  of<T extends object>(read: (source: SourceText) => T): T {
    const known = this.made.get(read)?.deref() as T | undefined;
    if (known !== undefined) return known;
    const made = read(this.source);
    this.made.set(read, new WeakRef(made));
    return made;
  }
}
