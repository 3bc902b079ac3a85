import { field, match } from '../construct.ts';
import type { Expr } from '../expr.ts';
import type { PythonProgram } from '../rule/python.ts';
import type { PlanLogic } from '../rule/rule.ts';

/** All events of a Python program's log types, for it to decide. */
export function askPython(program: PythonProgram): PlanLogic {
  const input = { kind: 'source', schema: 'panther', scope: ofLogTypes(program.logTypes) } as const;
  return { kind: 'plan', plan: { kind: 'ask', input, program }, columns: undefined };
}

/** Events of any of some Panther log types. */
export function ofLogTypes(logTypes: readonly string[]): Expr {
  return match(field('p_log_type'), { kind: 'one-of', values: logTypes });
}
