/** Elastic's ES|QL: text to tree, tree to plan, tree to text. */
export { lintEsql } from './lint.ts';
export type { EsqlIndices, EsqlSearches, Searched } from './lower/context.ts';
export { type EsqlColumn, lowerEsql } from './lower/index.ts';
export { type EsqlParameters, type EsqlParameterValue, withParameters } from './parameters.ts';
export { parseEsql } from './parse/index.ts';
export { printEsql } from './print/pipeline.ts';
export { esqlPatterns } from './sources.ts';
