/** Sigma's detection language: detections with modifiers, and the conditions over them. */
export type { Condition, Detection, DetectionItem, ValueEntry, ValueTree } from './ast.ts';
export { type FilterDefinition, readFilter } from './filter.ts';
export { filterEvents } from './filter-events.ts';
export { lintRuleLogic } from './lint.ts';
export { selected } from './lower.ts';
export { type CorrelationDefinition, type RuleReference, readCorrelation } from './over-time/correlation.ts';
export { correlationPlan } from './over-time/correlation-plan.ts';
export { correlationColumns } from './over-time/threshold-plan.ts';
export type { LogSource, Pipeline } from './pipeline/definition.ts';
export { readPipeline } from './pipeline/read-pipeline.ts';
export { fieldMapper, planOf, type RuleLogic, type RuleMapping, readRuleLogic } from './rule-logic.ts';
export { parseSigmaString } from './sigma-string.ts';
