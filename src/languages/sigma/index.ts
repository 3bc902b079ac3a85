/** Sigma's detection language: detections with modifiers, and the conditions over them. */
export type { ValueEntry, ValueTree } from './ast.ts';
export { lintRuleLogic } from './lint.ts';
export type { LogSource, Pipeline } from './pipeline/definition.ts';
export { readPipeline } from './pipeline/read-pipeline.ts';
export { readRuleLogic } from './rule-logic.ts';
