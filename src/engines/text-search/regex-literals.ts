import type { Collation, Regex } from '../../ir/expr.ts';
import type { RegexNode } from '../../patterns/regex/ast.ts';
import { loadPattern } from '../../patterns/regex/load.ts';

/** More alternatives than this are no filter worth having. */
const MOST_ALTERNATIVES = 64;
/** What stands in a row may require this many texts; more are not looked for. */
const MOST_LISTS = 32;

/**
 * Texts of which one must stand, in lower case, in the lower-cased value for the expression to match; undefined where none
 * can be named. ASCII only: what a value's ASCII characters become in lower case does not depend on their neighbours.
 */
export function regexLiterals(pattern: Regex, collation: Collation): readonly string[] | undefined {
  return best(regexRequirements(pattern, collation));
}

/** Every such list of texts that can be named: one of each list must stand in the value. */
export function regexRequirements(pattern: Regex, collation: Collation): readonly (readonly string[])[] {
  const { source, flavour, flags, anchored } = pattern;
  const loaded = loadPattern(source, { flavour, flags, anchored, ignoreCase: collation === 'ignore-case' });
  return loaded.ok ? required(loaded.node) : [];
}

/** That whose shortest text is longest. */
function best(lists: readonly (readonly string[])[]): readonly string[] | undefined {
  let found: readonly string[] | undefined;
  for (const texts of lists) if (found === undefined || shortest(texts) > shortest(found)) found = texts;
  return found;
}

function required(node: RegexNode): readonly (readonly string[])[] {
  switch (node.kind) {
    case 'empty':
    case 'assertion':
      return [];
    case 'set':
    case 'concat':
      return requiredOfRow(node.kind === 'set' ? [node] : node.items);
    case 'alternation': {
      const found = new Set<string>();
      for (const branch of node.branches) {
        const texts = best(required(branch));
        if (texts === undefined) return [];
        for (const text of texts) found.add(text);
        if (found.size > MOST_ALTERNATIVES) return [];
      }
      return [[...found]];
    }
    case 'group':
    case 'atomic':
      return required(node.body);
    case 'repeat':
      return node.min === 0 ? [] : required(node.body);
  }
}

/** Of what stands in a row: the runs of plain characters, and what its parts require. */
function requiredOfRow(items: readonly RegexNode[]): readonly (readonly string[])[] {
  const lists: (readonly string[])[] = [];
  let run = '';
  const offer = (texts: readonly string[]): void => {
    if (shortest(texts) > 0 && lists.length < MOST_LISTS) lists.push(texts);
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
    if (item.kind !== 'set') required(item).forEach(offer);
  }
  offer([run]);
  return lists;
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
