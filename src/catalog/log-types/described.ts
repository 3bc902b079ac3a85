import type { JsonObject } from '../../base/json.ts';
import { usedRules } from '../../ir/plan/uses.ts';
import { plansOf, type Rule } from '../../ir/rule/rule.ts';
import { sourceNodes } from '../../ir/traverse.ts';
import type { View } from '../../ir/view.ts';
import type { LogType } from '../../logs/log-type.ts';
import { pantherNames } from '../../logs/panther-names.ts';
import { TYPE_SAMPLES } from '../../logs/type-samples.ts';
import { fieldsRead, ruleReach } from '../rule-profile.ts';

/** One view of a log type: what rules of a schema find in its records. */
export interface DescribedView {
  readonly schema: string;
  readonly table?: string;
  readonly fields: readonly string[];
  /** Beginnings of names that have many fields. */
  readonly families: readonly string[];
  /** Whether every field of the record can be named, too. */
  readonly passes: boolean;
  /** How many of the rules that can match read which field, most first; those of the record itself among them. */
  readonly read: readonly { readonly field: string; readonly rules: number }[];
}

export interface DescribedType {
  readonly name: string;
  readonly description: string;
  readonly forms: readonly string[];
  /** What Panther calls it. */
  readonly panther: readonly string[];
  readonly views: readonly DescribedView[];
  /** Records, or lines that are such. */
  readonly samples: readonly (string | JsonObject)[];
  /** The rules that can match its records, where rules are given. */
  readonly rules: readonly Rule[];
}

/** A log type: its forms, the fields of its views, samples, and which of some rules can match it. */
export function describeLogType(type: LogType, rules: readonly Rule[]): DescribedType {
  const reaches = ruleReach();
  const matching = rules.filter((rule) => reaches(rule, type.name));
  return {
    name: type.name,
    description: type.description,
    forms: type.shapes.map((shape) => shape.name),
    panther: pantherNames(type),
    views: type.views.map((view) => describeView(view, matching)),
    samples: TYPE_SAMPLES.flatMap((sample) => (sample.type === type.name ? [sample.text] : [])),
    rules: matching,
  };
}

function describeView(view: View, rules: readonly Rule[]): DescribedView {
  const { schema, table, fields, families, otherwise } = view;
  return {
    schema,
    ...(table !== undefined && { table }),
    fields: [...fields.keys()].sort(),
    families: families.map(({ prefix }) => `${prefix}*`),
    passes: otherwise === 'raw',
    read: readOf(view, rules),
  };
}

/** What says which logs a rule is about. */
const SCOPE_FIELD = /^(?:logsource\.\w+|_index|p_log_type)$/;

function readOf({ schema, table }: View, rules: readonly Rule[]): DescribedView['read'] {
  const counts = new Map<string, number>();
  for (const rule of rules) {
    const sources = [...usedRules(rule)].flatMap(({ logic }) => plansOf(logic).flatMap(sourceNodes));
    if (!sources.some((source) => source.schema === schema && source.table === table)) continue;
    for (const field of fieldsRead(rule)) if (!SCOPE_FIELD.test(field)) counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return [...counts]
    .map(([field, number]) => ({ field, rules: number }))
    .sort((a, b) => b.rules - a.rules || (a.field < b.field ? -1 : 1));
}
