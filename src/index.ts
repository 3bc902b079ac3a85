/** The library: what `import { … } from 'dragoman'` offers. The command line is a thin face over it. */
export type { Severity } from './base/codes/entry.ts';
export type { DiagnosticCode } from './base/codes/catalogue.ts';
export type { Diagnostic, Fix, Label } from './base/diagnostic.ts';
export type { Json, JsonObject } from './base/json.ts';
export type { Result } from './base/result.ts';
export type { SourceText } from './base/source-text.ts';
export type { Span } from './base/span.ts';
export { formatDateTime, parseDateTime } from './engines/memory/index.ts';
export type { LoadOutcome } from './formats/rule-file.ts';
export { printExpr, printPlan } from './ir/print.ts';
export type { Rule, RuleFormat, RuleIdentity, RuleLanguage, RuleSeverity, RuleTest } from './ir/rule.ts';
export type { DateTime } from './ir/value.ts';
export type { LogRecord, RecordSource } from './logs/record.ts';
export { createEngine, type Engine, type EngineOptions } from './runtime/engine.ts';
export { identityOf, type LoadOptions, loadRules, type RuleSet } from './runtime/load-rules.ts';
export type { Match } from './runtime/match.ts';
export { type RunOptions, type RunSummary, runRules } from './runtime/run-rules.ts';
