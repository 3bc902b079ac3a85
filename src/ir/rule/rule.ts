import type { Json, JsonObject } from '../../base/json.ts';
import type { Span } from '../../base/span.ts';
import type { ColumnType, Plan } from '../plan/plan.ts';
import type { SharedPlan } from '../plan/query.ts';
import type { SchemaName } from '../types.ts';
import type { AlertSeverity, AlertTemplate, NotApplied, Schedule } from './alert.ts';
import type { PythonProgram } from './python.ts';
import type { RuleFormat } from './rule-ref.ts';

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
  /** What a rule that does not load says of itself, as far as it could be read. */
  readonly labels?: RuleLabels;
}

/** What a rule says of itself, by which rules are chosen. */
export interface RuleLabels {
  readonly severity: RuleSeverity | undefined;
  readonly tags: readonly string[];
  /** ATT&CK ids: techniques as `T1040` or `T1552.004`, tactics as `TA0006`. */
  readonly techniques: readonly string[];
  readonly tactics: readonly string[];
  /** How mature the rule is, in its vendor's word: Sigma's `status`, Elastic's `maturity`, Panther's `Status`. */
  readonly status?: string;
  readonly authors?: readonly string[];
}

/** A loaded rule of any dialect. */
export interface Rule extends RuleIdentity, RuleLabels {
  readonly description: string;
  readonly enabled: boolean;
  readonly references: readonly string[];
  readonly falsePositives: readonly string[];
  readonly schema: SchemaName;
  readonly logic: PlanLogic;
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
  /** The plans that several places of it use, and its subqueries. Absent: there are none. */
  readonly shared?: readonly SharedPlan[];
  /** The columns of the rows it makes; undefined when a match is simply the event. */
  readonly columns: readonly ColumnType[] | undefined;
}

/** All plans of a rule's logic, the one that gives its rows last. */
export function plansOf({ plan, shared = [] }: PlanLogic): readonly Plan[] {
  return [...shared.map((one) => one.plan), plan];
}

/** The Python that a rule asks; undefined for a rule that is decided without. */
export function pythonOf({ logic }: Rule): PythonProgram | undefined {
  return logic.kind === 'plan' && logic.plan.kind === 'ask' ? logic.plan.program : undefined;
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

/** Matches of a rule that a correlation is over: for each field and each of its values the times, in milliseconds. */
export interface TestSignals {
  /** The part of the correlation, and its step, by their places. */
  readonly part: number;
  readonly step: number;
  readonly matches: readonly { readonly field: string; readonly value: string; readonly times: readonly number[] }[];
}
