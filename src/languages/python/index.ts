export { parseModule } from './parse/index.ts';
export { printModule } from './print/index.ts';
