import { isDeepStrictEqual } from 'node:util';
import { type SourceText, sourceText } from '../src/base/source-text.ts';
import type { Located, LocatedTable } from '../src/formats/source/located.ts';
import { readByLibrary } from '../src/formats/source/toml/library.ts';

/** What a reader of plain TOML gives otherwise than the package does; undefined where they agree, or the reader leaves it to the package. */
export function disagreement(
  text: string,
  readPlain: (file: SourceText) => LocatedTable | undefined,
): string | undefined {
  const file = sourceText('f.toml', text);
  const plain = readPlain(file);
  if (plain === undefined) return undefined;
  const read = readByLibrary(file);
  if (!read.ok) return `the package refuses it: ${read.diagnostics[0]?.message}`;
  const [ours, theirs] = [told(plain), told(read.value)];
  return isDeepStrictEqual(ours, theirs) ? undefined : `${JSON.stringify(ours)} for ${JSON.stringify(theirs)}`;
}

/** All that can be told of a value: what it is, its place, those of its keys, and of each character of a text. */
function told(value: Located): unknown {
  const { kind, span } = value;
  switch (value.kind) {
    case 'list':
      return { kind, span, items: value.items.map(told) };
    case 'table': {
      const entries = [...value.entries].map(([key, entry]) => [key, entry.keySpan, told(entry.value)]);
      return { kind, span, entries, repeated: value.repeated };
    }
    case 'string': {
      const source = value.source();
      // Of long texts some, at distances that no line has.
      const step = 1 + (value.value.length >> 8);
      const places = Array.from({ length: Math.ceil(value.value.length / step) }, (_, at) => {
        return source.span(at * step, at * step + 1);
      });
      return { kind, span, text: value.value, places, escaped: value.escape('a\\"b') };
    }
    case 'number':
      // The sign of a zero is a part of it; JSON has no such numbers and no large ones.
      return {
        kind,
        span,
        number: typeof value.value === 'bigint' ? `${value.value}n` : [value.value, 1 / value.value],
      };
    case 'boolean':
    case 'date':
      return { kind, span, value: value.value };
    case 'null':
      return { kind, span };
  }
}
