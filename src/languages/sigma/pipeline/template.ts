import type { ValueTree } from '../ast.ts';
import type { LogSource } from './definition.ts';

/**
 * A map of conditions with `$category`, `$product` and `$service` (or `${…}`) in its strings replaced by the rule's log
 * source; what the rule leaves out reads `None`, as in the reference implementation. `$$` is a dollar sign.
 */
export function templated(tree: ValueTree, source: LogSource): ValueTree {
  const inside = (value: ValueTree): ValueTree => templated(value, source);
  const items = tree.asList();
  if (items !== undefined) return { ...copy(tree), asList: () => items.map(inside) };
  if (tree.kind === 'map') {
    const entries = tree.entries().map((entry) => ({ ...entry, value: inside(entry.value) }));
    const byKey = new Map(entries.map((entry) => [entry.key, entry.value]));
    return { ...copy(tree), entries: () => entries, get: (key) => byKey.get(key) };
  }
  const text = tree.scalar();
  if (typeof text !== 'string' || !text.includes('$')) return tree;
  const filled = substitute(text, source);
  return { ...copy(tree), scalar: () => filled, written: () => filled, text: () => undefined };
}

function copy(tree: ValueTree): ValueTree {
  return {
    kind: tree.kind,
    kindInWords: tree.kindInWords,
    span: tree.span,
    scalar: () => tree.scalar(),
    written: () => tree.written(),
    asList: () => tree.asList(),
    entries: () => tree.entries(),
    get: (key) => tree.get(key),
    text: () => tree.text(),
  };
}

function substitute(text: string, source: LogSource): string {
  return text.replace(/\$(?:\$|(?:(\w+)|\{(\w+)\}))/g, (whole, plain?: string, braced?: string) => {
    const name = plain ?? braced;
    if (name === undefined) return '$';
    if (name !== 'product' && name !== 'category' && name !== 'service') return whole;
    return source[name] ?? 'None';
  });
}
