import type { Json, JsonObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { ColumnType, Plan } from './plan.ts';
import type { SchemaName } from './types.ts';

export type RuleFormat = 'elastic' | 'panther' | 'sigma' | 'sentinel' | 'defender' | 'kusto';
export type RuleLanguage = 'kuery' | 'lucene' | 'eql' | 'esql' | 'none' | 'python' | 'sigma' | 'kusto';
export type RuleSeverity = 'informational' | 'low' | 'medium' | 'high' | 'critical';

/** What can be said of any rule file, also of one that does not run. */
export interface RuleIdentity {
  /** The rule's own id; the file's name where the file gives none. */
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly format: RuleFormat;
  readonly language: RuleLanguage;
  /** Where in the file the rule stands. */
  readonly span: Span;
}

/** A loaded rule of any dialect. */
export interface Rule extends RuleIdentity {
  readonly description: string;
  readonly severity: RuleSeverity | undefined;
  readonly enabled: boolean;
  readonly tags: readonly string[];
  /** ATT&CK ids: techniques as `T1040` or `T1552.004`, tactics as `TA0006`. */
  readonly techniques: readonly string[];
  readonly tactics: readonly string[];
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly schema: SchemaName;
  readonly logic: PlanLogic | PythonLogic;
  readonly tests: readonly RuleTest[];
  /** It gives no matches of its own: it is there for the correlations that refer to it (Sigma, unless they `generate`). */
  readonly silent?: true;
  /** Sentinel: the number of rows at which a run alerts; absent when any row does. */
  readonly trigger?: { readonly operator: 'gt' | 'lt' | 'eq' | 'ne'; readonly threshold: number };
}

export interface PlanLogic {
  readonly kind: 'plan';
  readonly plan: Plan;
  /** The columns of the rows it makes; undefined when a match is simply the event. */
  readonly columns: readonly ColumnType[] | undefined;
}

/** A rule that is Python: the engine of that name runs it. */
export interface PythonLogic {
  readonly kind: 'python';
  readonly kindOfRule: 'rule' | 'policy' | 'scheduled_rule';
  /** The rule's own module. */
  readonly module: PythonModule;
  /** The shared modules and data models that the rule's repository offers, whether this rule imports them or not. */
  readonly bundle: PythonBundle;
  /** Panther log types (or resource types) the rule is for. */
  readonly logTypes: readonly string[];
  /** What the specification gives for functions that the module leaves out. */
  readonly defaults: {
    readonly severity: string;
    readonly dedupMinutes: number;
    readonly threshold: number;
    /** False: matches are recorded and make no alert. Absent: true. */
    readonly createAlert?: boolean;
    readonly runbook?: string;
    /** Event fields whose values an alert sums up. */
    readonly summaryAttributes?: readonly string[];
  };
}

export interface PythonModule {
  /** The name it is imported by. */
  readonly name: string;
  readonly file: string;
  readonly code: string;
}

export interface PythonBundle {
  readonly modules: readonly PythonModule[];
  readonly dataModels: readonly DataModel[];
}

/** A Panther data model: how unified names are read from a log type's events. */
export interface DataModel {
  readonly id: string;
  readonly logTypes: readonly string[];
  readonly enabled: boolean;
  readonly module: PythonModule | undefined;
  readonly mappings: readonly { readonly name: string; readonly path?: string; readonly method?: string }[];
}

/** A test that a rule carries. */
export interface RuleTest {
  readonly name: string;
  readonly expected: boolean;
  readonly event: JsonObject;
  readonly mocks: readonly { readonly objectName: string; readonly returnValue: Json }[];
  readonly span: Span;
}
