import type { Span } from '../../../base/span.ts';
import type { CompiledRegex } from '../../../patterns/regex/index.ts';
import type { ValueTree } from '../ast.ts';

/** A processing pipeline in pySigma's format, read and checked. */
export interface Pipeline {
  readonly name: string;
  /** Pipelines run in the order of their priorities, lowest first. */
  readonly priority: number;
  /** What `value_placeholders` puts in the place of placeholders. */
  readonly vars: ReadonlyMap<string, readonly PipelineScalar[]>;
  readonly steps: readonly Step[];
}

export type PipelineScalar = string | number | boolean | null;

/** One transformation, and what it is applied to. */
export interface Step {
  /** What `processing_item_applied` knows it by. */
  readonly id: string | undefined;
  readonly transformation: Transformation;
  readonly rule: Formula<RuleCondition> | undefined;
  readonly item: Formula<ItemCondition> | undefined;
  readonly field: Formula<FieldCondition> | undefined;
  /** The transformation's `type`. */
  readonly span: Span;
}

/** Conditions as they are joined. */
export type Formula<C> =
  | { readonly kind: 'condition'; readonly condition: C }
  | { readonly kind: 'not'; readonly item: Formula<C> }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Formula<C>[] };

export type Relation = 'eq' | 'ne' | 'gte' | 'gt' | 'lte' | 'lt';

interface StateTest {
  readonly kind: 'state';
  readonly key: string;
  readonly value: PipelineScalar;
  readonly relation: Relation;
}

interface AppliedTest {
  readonly kind: 'applied';
  readonly id: string;
}

export type RuleCondition =
  | StateTest
  | AppliedTest
  | { readonly kind: 'logsource'; readonly source: LogSource }
  | { readonly kind: 'contains-field'; readonly field: string }
  | { readonly kind: 'contains-item'; readonly field: string; readonly value: PipelineScalar }
  | { readonly kind: 'is-rule' }
  | { readonly kind: 'is-correlation' }
  | { readonly kind: 'tag'; readonly tag: string }
  | {
      readonly kind: 'attribute';
      readonly attribute: string;
      readonly value: PipelineScalar;
      readonly relation: Relation | 'in' | 'not_in';
    };

export type ItemCondition =
  | StateTest
  | AppliedTest
  | { readonly kind: 'match-string'; readonly every: boolean; readonly regex: CompiledRegex; readonly negated: boolean }
  | { readonly kind: 'match-value'; readonly every: boolean; readonly value: PipelineScalar }
  | { readonly kind: 'wildcard'; readonly every: boolean }
  | { readonly kind: 'null'; readonly every: boolean };

export type FieldCondition =
  | StateTest
  | AppliedTest
  | { readonly kind: 'include'; readonly names: ReadonlySet<string>; readonly excluded: boolean }
  | { readonly kind: 'include-re'; readonly patterns: readonly CompiledRegex[]; readonly excluded: boolean };

/** Of a log source only what is said. */
export interface LogSource {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

/** Which placeholders a transformation is about: those of a list, all but those of a list, or all. */
export interface PlaceholderChoice {
  readonly include: ReadonlySet<string> | undefined;
  readonly exclude: ReadonlySet<string> | undefined;
}

/** The transformations that rename fields. Named, as all are, as in pySigma's table of transformations. */
export type FieldTransformation =
  /** `null` stands for keywords. Several targets are alternatives. */
  | { readonly type: 'field_name_mapping'; readonly mapping: ReadonlyMap<string | null, readonly string[]> }
  | {
      readonly type: 'field_name_prefix_mapping';
      readonly mapping: readonly (readonly [prefix: string, to: readonly string[]])[];
    }
  | { readonly type: 'field_name_prefix'; readonly prefix: string }
  | { readonly type: 'field_name_suffix'; readonly suffix: string };

export interface ReplaceString {
  readonly type: 'replace_string';
  readonly regex: CompiledRegex;
  readonly replacement: string;
  readonly skipSpecial: boolean;
  readonly interpretSpecial: boolean;
}

/** The transformations that change values one by one. */
export type ValueTransformation =
  | ReplaceString
  | { readonly type: 'map_string'; readonly mapping: ReadonlyMap<string, readonly string[]> }
  | { readonly type: 'regex'; readonly ignoreCase: boolean }
  | { readonly type: 'set_value'; readonly value: PipelineScalar }
  | { readonly type: 'convert_type'; readonly target: 'str' | 'num' }
  | { readonly type: 'case'; readonly method: 'lower' | 'upper' | 'snake_case' };

export interface HashesFields {
  readonly type: 'hashes_fields';
  readonly algorithms: readonly string[];
  readonly prefix: string;
  readonly dropAlgorithm: boolean;
  readonly fields: ReadonlySet<string>;
}

export interface ExtractFields {
  readonly type: 'extract_fields';
  readonly regex: CompiledRegex;
  /** The named groups with their numbers. */
  readonly groups: readonly (readonly [name: string, index: number])[];
  readonly prefix: string | undefined;
  readonly keepUnmatched: boolean;
}

export interface AddCondition {
  readonly type: 'add_condition';
  readonly conditions: ValueTree;
  readonly name: string | undefined;
  readonly template: boolean;
  readonly negated: boolean;
}

export interface PlaceholderTransformation extends PlaceholderChoice {
  readonly type: 'wildcard_placeholders' | 'value_placeholders';
}

export type Transformation =
  | FieldTransformation
  | ValueTransformation
  | HashesFields
  | ExtractFields
  | AddCondition
  | PlaceholderTransformation
  | { readonly type: 'drop_detection_item' }
  | { readonly type: 'change_logsource'; readonly source: LogSource }
  | { readonly type: 'add_field' | 'remove_field' | 'set_field'; readonly fields: readonly string[] }
  | { readonly type: 'set_state'; readonly key: string; readonly value: PipelineScalar }
  | { readonly type: 'set_custom_attribute'; readonly attribute: string; readonly value: PipelineScalar }
  | { readonly type: 'rule_failure' | 'detection_item_failure'; readonly message: string }
  | { readonly type: 'strict_field_mapping_failure' }
  | { readonly type: 'nest'; readonly steps: readonly Step[] }
  /** `placeholdersOnly`: a rule without open placeholders does not need it. */
  | { readonly type: 'unsupported'; readonly name: string; readonly placeholdersOnly: boolean };
