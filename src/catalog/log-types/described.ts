import type { JsonObject } from '../../base/json.ts';
import type { Rule } from '../../ir/rule/rule.ts';
import type { View } from '../../ir/view.ts';
import type { LogType } from '../../logs/log-type.ts';
import { pantherNames } from '../../logs/panther-names.ts';
import { TYPE_SAMPLES } from '../../logs/type-samples.ts';
import { ruleReach } from '../rule-profile.ts';

/** One view of a log type: what rules of a schema find in its records. */
export interface DescribedView {
  readonly schema: string;
  readonly table?: string;
  readonly fields: readonly string[];
  /** Beginnings of names that have many fields. */
  readonly families: readonly string[];
  /** Whether every field of the record can be named, too. */
  readonly passes: boolean;
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
  return {
    name: type.name,
    description: type.description,
    forms: type.shapes.map((shape) => shape.name),
    panther: pantherNames(type),
    views: type.views.map(describeView),
    samples: TYPE_SAMPLES.flatMap((sample) => (sample.type === type.name ? [sample.text] : [])),
    rules: rules.filter((rule) => reaches(rule, type.name)),
  };
}

function describeView({ schema, table, fields, families, otherwise }: View): DescribedView {
  return {
    schema,
    ...(table !== undefined && { table }),
    fields: [...fields.keys()].sort(),
    families: families.map(({ prefix }) => `${prefix}*`),
    passes: otherwise === 'raw',
  };
}
