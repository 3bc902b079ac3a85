export { compileRegex } from './compile.ts';
export type { CompiledRegex, RegexOptions } from './regex.ts';
