export { parseModule } from './parser.ts';
