import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Expr } from '../../ir/expr.ts';
import type { PythonProgram } from '../../ir/rule/python.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import { mapChildren } from '../../ir/traverse.ts';
import { fromEpochMs } from '../../values/date-time.ts';
import { compilePredicate, rowOf } from '../memory/index.ts';

/** A rule that the engine knows. Its `index` names it in every process. */
export interface KnownRule {
  readonly rule: Rule;
  readonly logic: PythonProgram;
  readonly index: number;
  /** Whether an event is for the rule at all; undefined where it takes all. */
  readonly filter: EventFilter | undefined;
  /** What was told of its errors, by the number of their place in the present process. */
  readonly told: Map<number, Diagnostic>;
  /** How often it had to be stopped. */
  stops: number;
  /** Why it does not load. */
  broken?: Diagnostic;
  /** Whether that was said. */
  reported: boolean;
}

type EventFilter = (event: JsonObject, logType: string | undefined) => boolean;

/** What the rule's filter makes of an event. It sees the log type as the module does. */
export function filterOf({ filter }: PythonProgram): EventFilter | undefined {
  if (filter === undefined) return undefined;
  const holds = compilePredicate(ofEvent(filter), { now: fromEpochMs(0) });
  return (event, logType) => {
    const added = logType !== undefined && !Object.hasOwn(event, 'p_log_type');
    return holds(rowOf(added ? { ...event, p_log_type: logType } : event)) === true;
  };
}

/** The event is what the module is given: its fields are where their names say. */
function ofEvent(expr: Expr): Expr {
  if (expr.kind !== 'field') return mapChildren(expr, ofEvent);
  const { name, path, keys, arrays, of } = expr;
  const paths = path === undefined ? [[name], name.split('.')] : [path];
  return { kind: 'raw', paths, keys, arrays, ...(of !== undefined && { of }) };
}

/** A policy alerts when it is not met. */
export function alerts(logic: PythonProgram, output: boolean): boolean {
  return logic.kindOfRule === 'policy' ? !output : output;
}

export function suspended({ rule }: KnownRule, times: number): Diagnostic {
  return diagnostic('python/suspended', { rule: rule.id, times }, rule.span);
}
