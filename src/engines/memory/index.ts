/** The reference engine: what every other engine must agree with. */

export { compileExpr, compilePredicate, type Decide, type Evaluate } from './compile.ts';
export type { CorrelateLimits } from './correlate.ts';
export { CorrelationStream, canStream } from './correlate-stream.ts';
export { compilePipeline, compileRowStep, type RowStep } from './operators/row-local.ts';
export { runPlan } from './plan.ts';
export { type Clock, type Row, rowOf } from './row.ts';
