/** Sigma's detection language: detections with modifiers, and the conditions over them. */
export type { ValueEntry, ValueTree } from './ast.ts';
export { lintRuleLogic } from './lint.ts';
export { readRuleLogic } from './rule-logic.ts';
