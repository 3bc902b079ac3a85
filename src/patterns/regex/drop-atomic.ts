import { EMPTY, isNullable, partsOf, type RegexAtomic, type RegexNode, withParts } from './ast.ts';
import { ACCEPT, type Follow, firstOf, followsOf, waysThrough } from './backtracking-cost.ts';
import { overlaps, union } from './code-points.ts';

export type Dropped =
  | { readonly ok: true; readonly node: RegexNode }
  | { readonly ok: false; readonly reason: string; readonly at: number };

/**
 * Removes atomic groups and possessive repeats where that changes no match:
 * - nothing comes after it, so its first way out is a match and no other is ever tried;
 * - its body has at most one way out of any place;
 * - it repeats one set, greedily, and what follows cannot start inside that set: giving back could never help.
 * Any other one cannot be run in linear time, and is the answer.
 */
export function dropAtomic(node: RegexNode): Dropped {
  const refused: RegexAtomic[] = [];
  const dropped = drop(node, ACCEPT, true, refused);
  const [first] = refused;
  if (first === undefined) return { ok: true, node: dropped };
  return { ok: false, reason: `${first.construct} cannot be run in linear time here`, at: first.at };
}

/** `last`: whether nothing at all comes after the node. */
function drop(node: RegexNode, follow: Follow, last: boolean, refused: RegexAtomic[]): RegexNode {
  switch (node.kind) {
    case 'empty':
    case 'set':
    case 'assertion':
      return node;
    case 'concat': {
      const follows = followsOf(node.items, follow);
      const end = node.items.length - 1;
      return withParts(
        node,
        node.items.map((item, i) => drop(item, follows[i] ?? follow, last && i === end, refused)),
      );
    }
    case 'alternation':
    case 'group':
      return withParts(
        node,
        partsOf(node).map((part) => drop(part, follow, last, refused)),
      );
    case 'repeat': {
      // Another round may come after the body.
      const again: Follow =
        node.max === 1 || follow.open
          ? follow
          : {
              first: union([firstOf(node.body), follow.first]),
              open: isNullable(node.body),
              width: follow.width,
            };
      return withParts(node, [drop(node.body, again, last && node.max === 1, refused)]);
    }
    case 'atomic': {
      if (!isDroppable(node.body, follow, last)) {
        refused.push(node);
        return EMPTY;
      }
      return drop(node.body, follow, last, refused);
    }
  }
}

function isDroppable(body: RegexNode, follow: Follow, last: boolean): boolean {
  if (last) return true;
  const { ways } = waysThrough(body, ACCEPT);
  if (ways.degree === 0 && ways.coefficient <= 1) return true;
  const inner = body.kind === 'group' ? body.body : body;
  return (
    inner.kind === 'repeat' &&
    inner.greedy &&
    inner.max === undefined &&
    inner.body.kind === 'set' &&
    !follow.open &&
    !overlaps(inner.body.set, follow.first)
  );
}
