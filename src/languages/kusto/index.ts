/** Kusto, the query language of Microsoft Sentinel and Defender: text to syntax tree, syntax tree to plan. */
export { type LoweredKusto, lowerKusto } from './lower.ts';
export { parseKusto } from './parser.ts';
