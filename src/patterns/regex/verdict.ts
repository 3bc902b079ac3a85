import { concat, EMPTY, partsOf, type RegexNode, withParts } from './ast.ts';

/**
 * A pattern that matches somewhere in a text exactly when the given one does: without groups, and without what only
 * decides how far a match reaches: repeats at the very start or end are cut to their least count (`.*foo.+` to `foo.`).
 */
export function verdictOnly(node: RegexNode): RegexNode {
  return trim(trim(withoutGroups(node), 'start'), 'end');
}

function withoutGroups(node: RegexNode): RegexNode {
  if (node.kind === 'group') return withoutGroups(node.body);
  return withParts(node, partsOf(node).map(withoutGroups));
}

function trim(node: RegexNode, side: 'start' | 'end'): RegexNode {
  switch (node.kind) {
    case 'empty':
    case 'set':
    case 'assertion':
    case 'atomic':
    case 'group':
      return node;
    case 'alternation':
      return withParts(
        node,
        node.branches.map((branch) => trim(branch, side)),
      );
    case 'repeat':
      if (node.min === 0) return EMPTY;
      if (node.min === 1) return trim(node.body, side);
      return { ...node, max: node.min };
    case 'concat': {
      const items = side === 'start' ? [...node.items] : [...node.items].reverse();
      let dropped = 0;
      let edge: RegexNode = EMPTY;
      while (edge.kind === 'empty' && dropped < items.length) {
        edge = trim(items[dropped] ?? EMPTY, side);
        dropped += 1;
      }
      const kept = [edge, ...items.slice(dropped)];
      return concat(side === 'start' ? kept : kept.reverse());
    }
  }
}
