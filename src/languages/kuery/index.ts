/** Elastic's kuery (KQL): text to tree, tree to condition, tree to text, and what is suspicious in it. */
export type { KueryField, KueryQuery, KueryTerm, KueryValue } from './ast.ts';
export { fieldsOf, type NamedField, needed } from './fields.ts';
export { lintKuery } from './lint.ts';
export { lowerKuery } from './lower.ts';
export { parseKuery } from './parser.ts';
export { printKuery } from './print.ts';
export { Searches } from './searches.ts';
export { type Target, targetOf } from './target.ts';
