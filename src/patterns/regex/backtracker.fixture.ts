import type { RegexNode } from './ast.ts';
import { contains } from './code-points.ts';

type Next = (at: number) => boolean;

/** Steps (sets tried) that a plain backtracker needs for a search that, in the worst case, always fails in the end. */
export function countSteps(node: RegexNode, text: readonly string[]): number {
  let steps = 0;
  const word = (at: number): boolean => /^[0-9A-Za-z_]$/.test(text[at] ?? '');
  const run = (part: RegexNode, at: number, next: Next): boolean => {
    switch (part.kind) {
      case 'empty':
        return next(at);
      case 'set': {
        steps += 1;
        const point = text[at]?.codePointAt(0);
        return point !== undefined && contains(part.set, point) && next(at + 1);
      }
      case 'group':
      case 'atomic':
        return run(part.body, at, next);
      case 'alternation':
        return part.branches.some((branch) => run(branch, at, next));
      case 'concat':
        return items(part.items, 0, at, next);
      case 'repeat':
        return rounds(part, 0, at, next);
      case 'assertion': {
        steps += 1;
        const last = text.length - 1;
        const holds = {
          'text-start': at === 0,
          'text-end': at === text.length,
          'final-end': at === text.length || (at === last && text[at] === '\n'),
          'line-start': at === 0 || text[at - 1] === '\n',
          'inner-line-start': at === 0 || (at <= last && text[at - 1] === '\n'),
          'line-end': at === text.length || text[at] === '\n',
          'word-boundary': word(at - 1) !== word(at),
          'not-word-boundary': word(at - 1) === word(at),
        };
        return holds[part.what] && next(at);
      }
    }
  };
  const items = (all: readonly RegexNode[], i: number, at: number, next: Next): boolean => {
    const item = all[i];
    return item === undefined ? next(at) : run(item, at, (after) => items(all, i + 1, after, next));
  };
  const rounds = (part: RegexNode & { kind: 'repeat' }, done: number, at: number, next: Next): boolean => {
    const again = (): boolean =>
      (part.max === undefined || done < part.max) &&
      run(part.body, at, (after) => (after > at || done < part.min) && rounds(part, done + 1, after, next));
    if (done < part.min) return again();
    return part.greedy ? again() || next(at) : next(at) || again();
  };
  for (let at = 0; at <= text.length; at += 1) if (run(node, at, () => true)) break;
  return steps;
}
