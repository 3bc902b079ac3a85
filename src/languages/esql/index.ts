/** Elastic's ES|QL: text to tree, tree to plan, tree to text. */
export type { EsqlQuery } from './ast.ts';
export { lintEsql } from './lint.ts';
export type { EsqlIndices, EsqlSearches, ResolvedIndices, Searched } from './lower/context.ts';
export { type EsqlColumn, type LoweredEsql, lowerEsql } from './lower/index.ts';
export { parseEsql } from './parse/index.ts';
export { printEsql } from './print/pipeline.ts';
export { esqlPatterns } from './sources.ts';
export type { EsqlType } from './types.ts';
