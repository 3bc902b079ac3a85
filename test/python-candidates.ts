import type { JsonObject } from '../src/base/json.ts';
import { PlanRules } from '../src/detect/plans/plan-rules.ts';
import type { Rule } from '../src/ir/rule/rule.ts';
import { logType } from '../src/logs/registry.ts';
import { shapeOf } from '../src/logs/typing.ts';

/** Of rules that ask Python those that have to, for an event of one Panther log type: what is known without it lets the event pass. */
export function candidatesOf(rules: readonly Rule[], name: string): (event: JsonObject) => readonly Rule[] {
  const plans = new PlanRules(rules, undefined, { engine: 'stream' });
  const type = logType(name);
  return (event) => {
    const shape = shapeOf(type, event);
    const record = { event, logType: type.name, shape: shape.name, source: { file: 'test', line: 1 } };
    return plans.process(record, type, shape).map(({ rule }) => rule);
  };
}
