/** The reference engine: what every other engine must agree with. */

export type { MatchRow } from '../../state/state-row.ts';
export { Budget, KeptTogether, type Limited, LimitReached, TIMES_TOGETHER, withBudget } from './budget.ts';
export { compileExpr, compilePredicate, type Decide, type Evaluate } from './compile.ts';
export { ROOM } from './keyed/keyed-operator.ts';
export { compileOperator, LIMITS, type Limits } from './keyed/operator.ts';
export { type OperatorTree, operatorTree } from './keyed/operator-tree.ts';
export { NotGiven } from './not-given.ts';
export { compilePipeline, compileRowStep, type RowStep } from './operators/row-local.ts';
export { type RowsOf, runPlan, runQuery, withShared } from './plan.ts';
export { type PlanAtWork, planAtWork } from './plan-at-work.ts';
export { type Clock, type Failures, type Row, rowOf, rowOfRecord } from './row.ts';
export { type EventOf, readEngineRow, storeEngineRow } from './stored-row.ts';
