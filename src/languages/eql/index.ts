/** Elastic's EQL: text to tree, tree to plan, tree to text. */
export type { EqlPipe } from './ast.ts';
export { type LoweredEql, lowerEql, lowerEqlExpression } from './lower.ts';
export { parseEql, parseEqlExpression } from './parser.ts';
export { printEql } from './print.ts';
