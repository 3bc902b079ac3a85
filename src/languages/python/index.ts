export { type ParsedModule, parseModule } from './parser.ts';
