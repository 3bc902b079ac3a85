export type { Context } from './context.ts';
export { lowerEventKey, lowerExpressions, lowerJoined, lowerTemplate } from './lower.ts';
export { MapFields } from './map-fields.ts';
export { parseExpressions } from './parse.ts';
export { parseKey } from './parse-key.ts';
export { parseTemplate } from './template.ts';
export type { ValueNode } from './value-node.ts';
