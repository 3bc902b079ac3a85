export { parseJsonPath } from './parser.ts';
