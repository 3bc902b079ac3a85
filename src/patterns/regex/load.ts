import { concat, type RegexNode, unrolledSize } from './ast.ts';
import { dropAtomic } from './drop-atomic.ts';
import { parsePattern } from './parse.ts';
import { parseLucenePattern } from './parse-lucene.ts';
import type { RegexProblem } from './pattern-cursor.ts';
import type { RegexOptions } from './regex.ts';

export interface LoadedPattern {
  readonly ok: true;
  /** Without atomic nodes; anchored ones have their anchors. */
  readonly node: RegexNode;
  readonly groupCount: number;
}

const MAX_SOURCE = 50_000;
/** Leaves with counted repeats written out; bounds the automaton's memory and the time per code point. */
const MAX_SIZE = 20_000;

/** Source to tree: parse, resolve atomics, check the size. Never throws. */
export function loadPattern(source: string, options: RegexOptions): LoadedPattern | RegexProblem {
  if (source.length > MAX_SOURCE) {
    return { ok: false, reason: `a pattern may have at most ${MAX_SOURCE} characters`, at: MAX_SOURCE };
  }
  const other = /[^ims]/.exec(options.flags);
  if (other !== null) return { ok: false, reason: `the flag ${other[0]} is not supported`, at: 0 };
  const ignoreCase = options.ignoreCase || options.flags.includes('i');
  const parsed =
    options.flavour === 'lucene'
      ? parseLucenePattern(source, ignoreCase)
      : parsePattern(source, options.flavour, {
          ignoreCase,
          multiLine: options.flags.includes('m'),
          dotAll: options.flags.includes('s'),
        });
  if (!parsed.ok) return parsed;
  if (unrolledSize(parsed.node) > MAX_SIZE) {
    return { ok: false, reason: 'the pattern is too large with its repeats written out', at: 0 };
  }
  const anchored = options.anchored || options.flavour === 'lucene';
  const dropped = dropAtomic(anchored ? wholeText(parsed.node) : parsed.node);
  return dropped.ok ? { ok: true, node: dropped.node, groupCount: parsed.groupCount } : dropped;
}

function wholeText(node: RegexNode): RegexNode {
  return concat([{ kind: 'assertion', what: 'text-start' }, node, { kind: 'assertion', what: 'text-end' }]);
}
