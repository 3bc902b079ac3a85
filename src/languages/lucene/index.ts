/** Lucene query strings: text to tree, tree to condition. */
export type { LuceneField } from './ast.ts';
export { type FieldSearch, lowerLucene } from './lower.ts';
export { parseLucene } from './parser.ts';
