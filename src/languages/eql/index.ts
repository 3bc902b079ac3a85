/** Elastic's EQL: text to tree, tree to plan, tree to text. */
export type { EqlPipe, EqlStatement } from './ast.ts';
export { millisecondsOf } from './duration.ts';
export { eqlFieldsOf, eqlNeeded } from './fields.ts';
export { lintEql } from './lint.ts';
export { type LoweredEql, lowerEql, lowerEqlExpression } from './lower.ts';
export { parseEql, parseEqlExpression } from './parser.ts';
export { printEql } from './print.ts';
