import type { RegexNode } from '../../base/regex/ast.ts';
import { loadPattern } from '../../base/regex/load.ts';
import type { Collation, Regex } from '../../ir/expr.ts';

/** More alternatives than this are no filter worth having. */
const MOST_ALTERNATIVES = 64;

/**
 * Texts of which one must stand, in lower case, in the lower-cased value for the expression to match; undefined where none
 * can be named. ASCII only: what a value's ASCII characters become in lower case does not depend on their neighbours.
 */
export function regexLiterals(pattern: Regex, collation: Collation): readonly string[] | undefined {
  const { source, flavour, flags, anchored } = pattern;
  const loaded = loadPattern(source, { flavour, flags, anchored, ignoreCase: collation === 'ignore-case' });
  return loaded.ok ? required(loaded.node) : undefined;
}

function required(node: RegexNode): readonly string[] | undefined {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return undefined;
    case 'set':
    case 'concat':
      return requiredOfRow(node.kind === 'set' ? [node] : node.items);
    case 'alternation': {
      const found = new Set<string>();
      for (const branch of node.branches) {
        const texts = required(branch);
        if (texts === undefined) return undefined;
        for (const text of texts) found.add(text);
        if (found.size > MOST_ALTERNATIVES) return undefined;
      }
      return [...found];
    }
    case 'group':
    case 'atomic':
      return required(node.body);
    case 'repeat':
      return node.min === 0 ? undefined : required(node.body);
  }
}

/** Of what stands in a row: the longest run of plain characters, or what one part requires. */
function requiredOfRow(items: readonly RegexNode[]): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  let run = '';
  const offer = (texts: readonly string[] | undefined): void => {
    if (texts !== undefined && shortest(texts) > (best === undefined ? 0 : shortest(best))) best = texts;
  };
  for (const item of flattened(items)) {
    const character = item.kind === 'set' ? onlyCharacter(item.set) : undefined;
    if (character !== undefined) {
      run += character;
      continue;
    }
    // An assertion takes no room: what stands on its two sides is still in a row.
    if (item.kind === 'assertion' || item.kind === 'empty') continue;
    offer([run]);
    run = '';
    if (item.kind !== 'set') offer(required(item));
  }
  offer([run]);
  return best;
}

function flattened(items: readonly RegexNode[]): readonly RegexNode[] {
  return items.flatMap((item) => {
    if (item.kind === 'group' || item.kind === 'atomic') return flattened([item.body]);
    return item.kind === 'concat' ? flattened(item.items) : [item];
  });
}

function shortest(texts: readonly string[]): number {
  return texts.reduce((least, text) => Math.min(least, text.length), Number.POSITIVE_INFINITY);
}

/** The one ASCII character that everything in the set is in lower case. */
function onlyCharacter(set: readonly number[]): string | undefined {
  let only: string | undefined;
  for (let at = 0; at < set.length; at += 2) {
    const from = set[at] ?? 0;
    const to = set[at + 1] ?? 0;
    if (to - from > 1) return undefined;
    for (let point = from; point <= to; point += 1) {
      const lower = String.fromCodePoint(point).toLowerCase();
      if (lower.length !== 1 || lower.charCodeAt(0) > 127 || (only !== undefined && only !== lower)) return undefined;
      only = lower;
    }
  }
  return only;
}
