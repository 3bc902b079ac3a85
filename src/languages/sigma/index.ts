/** Sigma's detection language: detections with modifiers, and the conditions over them. */
export type { Condition, Detection, DetectionItem, ValueEntry, ValueTree } from './ast.ts';
export { type ParsedCondition, parseCondition } from './condition-parser.ts';
export { lintRuleLogic } from './lint.ts';
export { modifiers } from './modifiers.ts';
export { printCondition } from './print.ts';
export { type RuleLogic, readRuleLogic } from './rule-logic.ts';
