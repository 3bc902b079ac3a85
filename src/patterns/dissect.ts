import type { Value } from '../values/value.ts';

/** One key of a dissect pattern and the delimiter behind it. */
interface Key {
  /** Null for a value that is skipped. */
  readonly name: string | null;
  readonly appends: boolean;
  readonly order: number;
  /** Further delimiters behind the value are skipped. */
  readonly padded: boolean;
  readonly delimiter: string;
}

export interface Dissection {
  readonly start: string;
  readonly keys: readonly Key[];
  /** The columns, in the order of the pattern. */
  readonly names: readonly string[];
}

/** Reads `%{a} %{?b} %{+a/2} %{c->}`; a reason where it is no pattern. */
export function readDissect(pattern: string): Dissection | { readonly reason: string } {
  const keys: Key[] = [];
  const [start = '', ...parts] = pattern.split('%{');
  for (const part of parts) {
    const close = part.indexOf('}');
    if (close === -1) return { reason: '`%{` is never closed' };
    const written = part.slice(0, close);
    const padded = written.endsWith('->');
    const found = /^([+?*&]?)([^/]*)(?:\/(\d+))?$/.exec(padded ? written.slice(0, -2) : written);
    if (found === null) return { reason: `\`%{${written}}\` is not a valid key` };
    const [, mark = '', name = '', order] = found;
    if (mark === '*' || mark === '&') return { reason: `reference keys such as \`%{${written}}\` are not supported` };
    keys.push({
      name: mark === '?' || name === '' ? null : name,
      appends: mark === '+',
      order: order === undefined ? keys.length : Number(order),
      padded,
      delimiter: part.slice(close + 1),
    });
  }
  if (keys.length === 0) return { reason: 'it has no key' };
  if (keys.slice(0, -1).some(({ delimiter }) => delimiter === '')) {
    return { reason: 'two keys stand beside each other without a delimiter' };
  }
  const names = [...new Set(keys.flatMap(({ name }) => name ?? []))];
  if (names.length === 0) return { reason: 'it names no column' };
  const plain = keys.filter(({ name, appends }) => name !== null && !appends).map(({ name }) => name);
  if (new Set(plain).size < plain.length) return { reason: 'a key stands in it twice without `+`' };
  return { start, keys, names };
}

/** The values by name; undefined where the text does not fit as a whole. */
export function dissect(
  { start, keys, names }: Dissection,
  text: string,
  separator: string,
): Readonly<Record<string, Value>> | undefined {
  if (!text.startsWith(start)) return undefined;
  let at = start.length;
  const found: { readonly key: Key; readonly value: string }[] = [];
  for (const key of keys) {
    const { delimiter } = key;
    const end = delimiter === '' ? text.length : text.indexOf(delimiter, at);
    if (end === -1) return undefined;
    found.push({ key, value: text.slice(at, end) });
    at = end + delimiter.length;
    while (key.padded && delimiter !== '' && text.startsWith(delimiter, at)) at += delimiter.length;
  }
  return Object.fromEntries(
    names.map((name) => {
      const parts = found.filter(({ key }) => key.name === name);
      parts.sort((a, b) => a.key.order - b.key.order);
      return [name, parts.map(({ value }) => value).join(separator)];
    }),
  );
}
