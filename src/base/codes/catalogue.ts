import { type AlertCodes, alertCodes } from './alert.ts';
import { type CheckpointCodes, checkpointCodes } from './checkpoint.ts';
import { type CorrelationCodes, correlationCodes } from './correlation.ts';
import { type ElasticCodes, elasticCodes } from './elastic.ts';
import type { Entries } from './entry.ts';
import { type EqlCodes, eqlCodes } from './eql.ts';
import { type EsqlCodes, esqlCodes } from './esql.ts';
import { type InputCodes, inputCodes } from './input.ts';
import { type KueryCodes, kueryCodes } from './kuery.ts';
import { type KustoCodes, kustoCodes } from './kusto.ts';
import { type LintCodes, lintCodes } from './lint.ts';
import { type LogsCodes, logsCodes } from './logs.ts';
import { type LuceneCodes, luceneCodes } from './lucene.ts';
import { type PantherCodes, pantherCodes } from './panther.ts';
import { type PipelineCodes, pipelineCodes } from './pipeline.ts';
import { type PlanCodes, planCodes } from './plan.ts';
import { type PythonCodes, pythonCodes } from './python.ts';
import { type RunCodes, runCodes } from './run.ts';
import { type SentinelCodes, sentinelCodes } from './sentinel.ts';
import { type SigmaCodes, sigmaCodes } from './sigma.ts';
import { type SigmaLintCodes, sigmaLintCodes } from './sigma-lint.ts';
import { type StoredCodes, storedCodes } from './stored.ts';
import { type UnsupportedCodes, unsupportedCodes } from './unsupported.ts';

/** Every code with the parameters its diagnostics carry. A code is never reused for another meaning. */
export interface Codes
  extends InputCodes,
    UnsupportedCodes,
    ElasticCodes,
    EqlCodes,
    EsqlCodes,
    KueryCodes,
    SigmaCodes,
    SigmaLintCodes,
    PantherCodes,
    PipelineCodes,
    PlanCodes,
    PythonCodes,
    KustoCodes,
    SentinelCodes,
    LogsCodes,
    LintCodes,
    LuceneCodes,
    AlertCodes,
    CorrelationCodes,
    RunCodes,
    CheckpointCodes,
    StoredCodes {}

export type DiagnosticCode = keyof Codes;

/** Every diagnostic the project can give. */
export const catalogue: Entries<Codes> = {
  ...inputCodes,
  ...unsupportedCodes,
  ...elasticCodes,
  ...eqlCodes,
  ...esqlCodes,
  ...kueryCodes,
  ...sigmaCodes,
  ...sigmaLintCodes,
  ...pantherCodes,
  ...pipelineCodes,
  ...planCodes,
  ...pythonCodes,
  ...kustoCodes,
  ...sentinelCodes,
  ...logsCodes,
  ...lintCodes,
  ...luceneCodes,
  ...alertCodes,
  ...correlationCodes,
  ...runCodes,
  ...checkpointCodes,
  ...storedCodes,
};
