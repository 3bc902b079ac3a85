/** Kusto, the query language of Microsoft Sentinel and Defender: text to syntax tree and back, syntax tree to plan. */
export { type LoweredKusto, lowerKusto } from './lower/index.ts';
export { parseKusto } from './parse/index.ts';
export { printKusto } from './print/index.ts';
export { typeDescribed } from './types.ts';
