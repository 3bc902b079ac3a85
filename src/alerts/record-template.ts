import { compileExpr, type Evaluate, rowOf } from '../engines/memory/index.ts';
import { recordsOf } from '../ir/plan/keyed-inputs.ts';
import type { Rule } from '../ir/rule/rule.ts';
import type { Shape } from '../logs/log-type.ts';
import type { LogRecord } from '../logs/record.ts';
import { fromEpochMs } from '../values/date-time.ts';
import { elementsOf } from '../values/elements.ts';
import { keyOf, keyOfAll } from '../values/key.ts';
import type { Value } from '../values/value.ts';
import { binder, type RecordKind, type Told } from './alert-template.ts';

/** Templates that ask the records of a match (`of`). */

const recordRules = new WeakMap<Rule, Rule>();

/** A rule over the records of a rule's matches that tells of each what the rule's template asks of it. */
export function recordRuleOf(rule: Rule): Rule {
  const plan = recordsOf(rule.logic.plan);
  if (plan === undefined || rule.alert?.of === undefined) return rule;
  const { of: _, ...alert } = rule.alert;
  const known = recordRules.get(rule) ?? { ...rule, alert, logic: { kind: 'plan', plan, columns: undefined } };
  recordRules.set(rule, known);
  return known;
}

/** What the match itself says: the rule's own severity and risk, and its group by what its records have in common. */
export function toldOfRecords(
  rule: Rule,
  records: readonly LogRecord[],
  kindOf: (record: LogRecord) => RecordKind,
): Told {
  const { alert, severity } = rule;
  if (alert?.of !== 'records') return {};
  return {
    ...(severity !== undefined && { severity }),
    ...(alert.risk !== undefined && { riskScore: alert.risk.score }),
    ...groupOf(rule, records, kindOf),
  };
}

function groupOf(
  rule: Rule,
  records: readonly LogRecord[],
  kindOf: (record: LogRecord) => RecordKind,
): Pick<Told, 'group'> {
  const group = rule.alert?.group;
  if (group?.by !== 'fields') return {};
  const read = records.map((record) => readersOf(rule, kindOf(record)).map((of) => of(rowOf(record.event))));
  const values = group.fields.map((_, place) => common(read.map((of) => of[place])));
  return values.includes(undefined) && group.missing === 'match' ? {} : { group: keyOfAll(values) };
}

/** A value that all have, of lists the elements that all have; undefined where there is none. */
function common(values: readonly Value[]): Value {
  const [first, ...others] = values.map((value) => {
    const elements = Array.isArray(value) ? elementsOf(value) : value === undefined || value === null ? [] : [value];
    return new Map(elements.map((element) => [keyOf(element), element]));
  });
  const shared = [...(first ?? [])].filter(([key]) => others.every((other) => other.has(key)));
  const [only, ...more] = shared.map(([, value]) => value);
  return more.length === 0 ? only : [only, ...more];
}

const readers = new WeakMap<Rule, Map<Shape, readonly Evaluate[]>>();

function readersOf(rule: Rule, kind: RecordKind): readonly Evaluate[] {
  const byShape = readers.get(rule) ?? new Map<Shape, readonly Evaluate[]>();
  readers.set(rule, byShape);
  const known = byShape.get(kind.shape);
  if (known !== undefined) return known;
  const bound = binder(recordRuleOf(rule), kind);
  const made = (rule.alert?.group.fields ?? []).map(({ expr }) => compileExpr(bound(expr), { now: fromEpochMs(0) }));
  byShape.set(kind.shape, made);
  return made;
}
