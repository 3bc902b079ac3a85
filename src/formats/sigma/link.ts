import type { Fix } from '../../base/diagnostic.ts';
import type { RuleIdentity } from '../../ir/rule/rule.ts';
import type { CorrelationDefinition, FilterDefinition } from '../../languages/sigma/index.ts';
import type { SigmaMetadata } from './metadata.ts';

/** What a Sigma document is to other documents; settled when all files are loaded. */
export type SigmaLink = RuleLink | CorrelationLink | FilterLink;

export interface LogSourceNames {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
}

/** A rule: it may be referred to, and filtered. */
interface RuleLink {
  readonly kind: 'rule';
  /** The `name` by which others may refer to it. */
  readonly name: string | undefined;
  readonly logsource: LogSourceNames;
  /** What pipelines make of a field's name, where the rule went through any. */
  readonly fieldName?: (name: string) => string;
}

/** A correlation: its plan is made of the rules that it refers to. */
export interface CorrelationLink {
  readonly kind: 'correlation';
  readonly name: string | undefined;
  readonly identity: RuleIdentity;
  readonly metadata: SigmaMetadata;
  readonly definition: CorrelationDefinition;
  /** Whether the rules that it refers to give matches of their own too. */
  readonly generate: boolean;
}

/** A filter: it gives no matches, it changes rules. */
export interface FilterLink {
  readonly kind: 'filter';
  readonly title: string;
  readonly logsource: LogSourceNames;
  readonly definition: FilterDefinition;
  /** How its condition is turned round. */
  readonly negate: readonly Fix[];
}
