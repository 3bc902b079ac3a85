/** Runs thousands of row-local rules at once, with the memory engine's verdicts. */
export { compileProgram } from './compile.ts';
export { recordFilter } from './filter.ts';
export { KernelMatcher, type Kind, type MatchSink } from './kernel/kernel-matcher.ts';
export { KernelReplica } from './kernel/kernel-replica.ts';
export { type KernelMark, type KernelState, NOTHING_TOLD } from './kernel/kernel-state.ts';
export type { LinesRead } from './kernel/lines-read.ts';
export { recorded } from './kernel/read-recorder.ts';
export { hasKernel } from './kernel/scan-kernel.ts';
export type { Program } from './program.ts';
export { Matcher } from './typescript/matcher.ts';
