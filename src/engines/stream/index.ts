/** Runs thousands of row-local rules at once, with the memory engine's verdicts. */
export { compileProgram } from './compile.ts';
export { recordFilter } from './filter.ts';
export { Matcher, type RuleWork, ruleWork } from './typescript/matcher.ts';
