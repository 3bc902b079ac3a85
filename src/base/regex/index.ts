export { compileRegex } from './compile.ts';
export type { CompiledRegex, RegexMatch, RegexOptions, RegexResult } from './regex.ts';
