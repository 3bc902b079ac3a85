/** The library: what `import { … } from 'dragoman'` offers. The command line is a thin face over it. */

export type { Alert } from './alerts/alert.ts';
export { type Aspect, notApplied, type Runner, scheduleInWords, type Unapplied } from './alerts/applied.ts';
export { type Drops, dropsInWords, limitInWords } from './alerts/drops.ts';
export type { EcsAlert } from './alerts/ecs/ecs-alert.ts';
export type { AlertRef, Match, RunSpan } from './alerts/match.ts';
export type { RequestedRun } from './alerts/requested-runs.ts';
export type { DiagnosticCode } from './base/codes/catalogue.ts';
export type { Severity } from './base/codes/entry.ts';
export type { Diagnostic, Fix, Label } from './base/diagnostic.ts';
export type { Json, JsonObject } from './base/json.ts';
export type { Result } from './base/result.ts';
export type { SourceText } from './base/source-text.ts';
export type { Span } from './base/span.ts';
export { type LintOptions, lint } from './catalog/lint/lint.ts';
export { type Coverage, coverageOf, type SourceCoverage } from './catalog/log-types/coverage.ts';
export { type DescribedType, type DescribedView, describeLogType } from './catalog/log-types/described.ts';
export { type RecognisedKind, type RecognisedLogs, recogniseLogs } from './catalog/log-types/recognised.ts';
export { canMatch, profileRule, type Residual, type RuleProfile } from './catalog/rule-profile.ts';
export {
  type AlertSession as Session,
  type AlertSessionOptions as SessionOptions,
  createSession,
} from './detect/alerts/alert-session.ts';
export { type GivenIndex, readIndices } from './detect/index-inputs.ts';
export type { RuleStats } from './detect/plans/rule-stats.ts';
export { type RunOptions, type RunStats, type RunSummary, runRules } from './detect/run-rules.ts';
export type { SourceReport } from './detect/seen/source-report.ts';
export { TimeRange } from './detect/seen/time-range.ts';
export type { InputRecord } from './detect/session.ts';
export type { Explanation } from './engines/memory/explain.ts';
export { type Confinement, confinement } from './engines/python/sandbox/confinement.ts';
export { type RuleTier, tierOf, tierPlan } from './engines/python/tiers.ts';
export { type ExplainedEvent, type ExplainOptions, explainRule } from './explain/explain.ts';
export type { LoadOutcome } from './formats/rule-file.ts';
export { selectionName } from './formats/sigma/selection-name.ts';
export { printExpr } from './ir/print/print.ts';
export { printPlan } from './ir/print/print-plan.ts';
export type { AlertTemplate, Schedule } from './ir/rule/alert.ts';
export type { Rule, RuleFormat, RuleIdentity, RuleLanguage, RuleSeverity, RuleTest } from './ir/rule/rule.ts';
export { pythonOf } from './ir/rule/rule.ts';
export type { EsqlParameters, EsqlParameterValue } from './languages/esql/index.ts';
export type { DecodedBatch, DecodedEvent } from './logs/decode/batch.ts';
export { type IndexType, indexType } from './logs/index-documents.ts';
export { readLogs } from './logs/input/index.ts';
export type { LogPath } from './logs/input/log-path.ts';
export { LOG_SOURCE_KEYS, type LogSource } from './logs/log-source.ts';
export type { LogType } from './logs/log-type.ts';
export type { LogRecord, RecordSource } from './logs/record.ts';
export { logType, logTypes } from './logs/registry.ts';
export type { TypingOptions } from './logs/typing.ts';
export type { DeclaredSource } from './logs/undeclared/declared-source.ts';
export { readEsqlParameter } from './query/esql-parameters.ts';
export { exactCell } from './query/exact-cell.ts';
export type { FoundEvent, FoundSequence } from './query/found.ts';
export { type QueryOptions, type QueryResult, query } from './query/query.ts';
export type { EqlOptions, QueryLanguage } from './query/query-language.ts';
export { checkPython } from './rules/check-python.ts';
export { filtersNearby } from './rules/filters-nearby.ts';
export { type BesidePaths, loadIndexMapping, type NamedMapping } from './rules/given/beside-rules.ts';
export type { KustoPaths } from './rules/given/kusto-beside.ts';
export { type LoadedConfig, loadConfig } from './rules/load-config.ts';
export { identityOf, type LoadOptions, loadRules, type RuleSet } from './rules/load-rules.ts';
export type { RuleSelection, RuleVendor } from './rules/select-rules.ts';
export type { Checkpoint } from './state/checkpoint.ts';
export { formatDateTime, parseDateTime, toEpochMs } from './values/date-time.ts';
export { parseDuration } from './values/duration.ts';
export { type EventTime, readEventTime } from './values/moment.ts';
export type { DateTime } from './values/value.ts';
export {
  type RuleCoverage,
  type TestOptions,
  type TestReport,
  type TestResult,
  testRules,
} from './verify/rule-tests.ts';
