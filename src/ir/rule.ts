import type { Json, JsonObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { AlertSeverity, AlertTemplate, NotApplied, Schedule } from './alert.ts';

import type { ColumnType, Plan } from './plan.ts';
import type { PythonProgram } from './python.ts';
import type { RuleFormat } from './rule-ref.ts';
import type { SchemaName } from './types.ts';

export type { RuleFormat } from './rule-ref.ts';

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
  readonly logic: PlanLogic | CorrelationLogic;
  readonly tests: readonly RuleTest[];
  /** Absent: the rule's product runs it on each record as it comes, or its file does not say. */
  readonly schedule?: Schedule;
  /** Absent: each match is an alert, and says what the rule says. */
  readonly alert?: AlertTemplate;
  /** The rows that the rule's exceptions keep out of its result: they are counted. Absent: it has no exceptions. */
  readonly excepted?: Plan;
  readonly notApplied?: readonly NotApplied[];
  /** The rules whose matches its plan reads (`matches`). */
  readonly uses?: readonly Rule[];
  /** It gives no matches of its own: it is there for the correlations that refer to it (Sigma, unless they `generate`). */
  readonly silent?: true;
}

export interface PlanLogic {
  readonly kind: 'plan';
  readonly plan: Plan;
  /** The columns of the rows it makes; undefined when a match is simply the event. */
  readonly columns: readonly ColumnType[] | undefined;
}

/** The Python that a rule asks; undefined for a rule that is decided without. */
export function pythonOf({ logic }: Rule): PythonProgram | undefined {
  return logic.kind === 'plan' && logic.plan.kind === 'ask' ? logic.plan.program : undefined;
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
