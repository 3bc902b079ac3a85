import type { Json, JsonObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { AlertSeverity, AlertTemplate, NotApplied, Schedule } from './alert.ts';
import type { Expr } from './expr.ts';
import type { ColumnType, Plan } from './plan.ts';
import type { SchemaName } from './types.ts';

export type RuleFormat = 'elastic' | 'panther' | 'sigma' | 'sentinel' | 'defender' | 'kusto';
export type RuleLanguage =
  | 'kuery'
  | 'lucene'
  | 'eql'
  | 'esql'
  | 'none'
  | 'python'
  | 'panther'
  | 'sql'
  | 'pantherflow'
  | 'sigma'
  | 'kusto';
export type RuleSeverity = AlertSeverity;

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
  readonly logic: PlanLogic | PythonLogic | CorrelationLogic;
  readonly tests: readonly RuleTest[];
  /** Absent: the rule's product runs it on each record as it comes, or its file does not say. */
  readonly schedule?: Schedule;
  /** Absent: each match is an alert, and says what the rule says. */
  readonly alert?: AlertTemplate;
  /** The rows that the rule's exceptions keep out of its result: they are counted. Absent: it has no exceptions. */
  readonly excepted?: Plan;
  readonly notApplied?: readonly NotApplied[];
  /** It gives no matches of its own: it is there for the correlations that refer to it (Sigma, unless they `generate`). */
  readonly silent?: true;
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
  /** Only events for which it is true are given to the module. Over the event as the module sees it. */
  readonly filter?: Expr;
  /** What the specification gives for functions that the module leaves out. */
  readonly defaults: {
    readonly severity: string;
    readonly runbook?: string;
    /** Event fields whose values an alert sums up. */
    readonly summaryAttributes?: readonly string[];
  };
}

/** A rule over the matches of other rules, their signals (Panther's correlation rules). It matches when one of its parts does. */
export interface CorrelationLogic {
  readonly kind: 'correlation';
  readonly correlations: readonly SignalCorrelation[];
}

export interface SignalCorrelation {
  readonly kind: 'group' | 'sequence';
  readonly members: readonly SignalMember[];
  /** Groups: fields of different members that must have a value in common. */
  readonly criteria: readonly {
    readonly name: string;
    readonly fields: readonly { readonly member: string; readonly field: string }[];
  }[];
  /** Sequences: which member follows which, and on what they must agree. */
  readonly transitions: readonly SignalTransition[];
  readonly lookbackMinutes: number;
}

export interface SignalMember {
  /** The member's name within the correlation. */
  readonly id: string;
  /** The rule whose matches it is. */
  readonly rule: string;
  readonly minimum: number;
  readonly maximum?: number;
  /** It must have fewer than `minimum` matches. */
  readonly absent: boolean;
  readonly span: Span;
}

export interface SignalTransition {
  readonly from: string;
  readonly to: string;
  readonly withinMinutes: number;
  /** The fields of the two members that must have a value in common. */
  readonly match?: { readonly from: string; readonly to: string };
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
  readonly lookupTables?: readonly LookupTable[];
}

/** A Panther lookup table whose rows lie in the repository: events of its log types are enriched with them. */
export interface LookupTable {
  readonly name: string;
  readonly enabled: boolean;
  readonly primaryKey: string;
  /** For each log type, the fields whose values are looked up: names, or paths such as `$.a.b`. */
  readonly selectors: readonly { readonly logType: string; readonly fields: readonly string[] }[];
  readonly rows: readonly JsonObject[];
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
  /** What else the test says of the alert. */
  readonly expects?: readonly TestExpectation[];
  /** Correlation rules: the matches of the rules they name, instead of an event. */
  readonly signals?: readonly TestSignals[];
}

export interface TestExpectation {
  readonly of: 'title' | 'severity' | 'dedup' | 'description' | 'reference' | 'runbook' | 'alertContext';
  readonly value: Json;
  readonly span: Span;
}

/** Matches of one member: for each field and each of its values the times, in milliseconds. */
export interface TestSignals {
  readonly member: string;
  readonly matches: readonly { readonly field: string; readonly value: string; readonly times: readonly number[] }[];
}
