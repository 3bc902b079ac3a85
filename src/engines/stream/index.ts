/** Runs thousands of row-local rules at once, with the memory engine's verdicts. */
export { compileProgram } from './compile.ts';
export { recordFilter } from './filter.ts';
export { KernelMatcher, type Kind } from './kernel/kernel-matcher.ts';
export { hasKernel } from './kernel/scan-kernel.ts';
export type { Program } from './program.ts';
export { Matcher, type RuleWork, ruleWork } from './typescript/matcher.ts';
