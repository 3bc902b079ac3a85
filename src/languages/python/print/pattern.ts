import type { MatchPattern } from '../ast.ts';
import { printExpression, printSum } from './expression.ts';

/** A pattern of `match`. */
export function printPattern(node: MatchPattern): string {
  switch (node.kind) {
    case 'MatchValue':
      return printSum(node.value);
    case 'MatchSingleton':
      return node.value === null ? 'None' : node.value ? 'True' : 'False';
    case 'MatchSequence':
      return `[${node.patterns.map(printPattern).join(', ')}]`;
    case 'MatchOr':
      return `(${node.patterns.map(printPattern).join(' | ')})`;
    case 'MatchMapping': {
      const parts = node.keys.map((key, index) => `${printSum(key)}: ${printed(node.patterns[index])}`);
      return `{${[...parts, ...(node.rest === null ? [] : [`**${node.rest}`])].join(', ')}}`;
    }
    case 'MatchClass': {
      const named = node.kwd_attrs.map((name, index) => `${name}=${printed(node.kwd_patterns[index])}`);
      return `${printExpression(node.cls)}(${[...node.patterns.map(printPattern), ...named].join(', ')})`;
    }
    case 'MatchStar':
      return `*${node.name ?? '_'}`;
    case 'MatchAs':
      if (node.pattern === null) return node.name ?? '_';
      return `(${printPattern(node.pattern)} as ${node.name ?? '_'})`;
  }
}

function printed(node: MatchPattern | undefined): string {
  return node === undefined ? '_' : printPattern(node);
}
