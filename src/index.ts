/** The library: what `import { … } from 'dragoman'` offers. The command line is a thin face over it. */

export type { DiagnosticCode } from './base/codes/catalogue.ts';
export type { Severity } from './base/codes/entry.ts';
export type { Diagnostic, Fix, Label } from './base/diagnostic.ts';
export type { Json, JsonObject } from './base/json.ts';
export type { Result } from './base/result.ts';
export type { SourceText } from './base/source-text.ts';
export type { Span } from './base/span.ts';
export type { Explanation } from './engines/memory/explain.ts';
export { formatDateTime, parseDateTime } from './engines/memory/index.ts';
export type { LoadOutcome } from './formats/rule-file.ts';
export { printExpr, printPlan } from './ir/print.ts';
export type { Rule, RuleFormat, RuleIdentity, RuleLanguage, RuleSeverity, RuleTest } from './ir/rule.ts';
export type { DateTime } from './ir/value.ts';
export type { DecodedBatch, DecodedEvent } from './logs/decode/batch.ts';
export { readLogs } from './logs/input/index.ts';
export type { LogType } from './logs/log-type.ts';
export type { LogRecord, RecordSource } from './logs/record.ts';
export { logType, logTypes } from './logs/registry.ts';
export { checkPython } from './runtime/check-python.ts';
export { createEngine, type Engine, type EngineOptions } from './runtime/engine.ts';
export { type ExplainOptions, explainRule } from './runtime/explain.ts';
export { type LintOptions, lint } from './runtime/lint.ts';
export { identityOf, type LoadOptions, loadRules, type RuleSet } from './runtime/load-rules.ts';
export type { Match } from './runtime/match.ts';
export { type RuleTier, tierOf, tierPlan } from './runtime/python-tiers.ts';
export { type QueryOptions, type QueryResult, query } from './runtime/query.ts';
export type { QueryLanguage } from './runtime/query-language.ts';
export { profileRule, type Residual, type RuleProfile } from './runtime/rule-profile.ts';
export {
  type RuleCoverage,
  type TestOptions,
  type TestReport,
  type TestResult,
  testRules,
} from './runtime/rule-tests.ts';
export { type RunOptions, type RunStats, type RunSummary, runRules } from './runtime/run-rules.ts';
export type { RuleStats } from './runtime/stream-stats.ts';
