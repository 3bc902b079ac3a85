import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { Rule, RuleTest } from '../../ir/rule/rule.ts';

/** An event for Python rules: `logType` is Panther's name (`Azure.MonitorActivity`), for policies the resource type. */
export interface PythonEvent {
  readonly event: JsonObject;
  readonly logType: string;
  /** Only these of the rules are run on it; absent: all that are for its log type. */
  readonly rules?: ReadonlySet<Rule>;
}

/** What a rule's functions say of an alert, after defaults and limits. */
export interface PythonOutputs {
  readonly title: string;
  readonly description: string;
  readonly reference: string;
  /** `INFO` to `CRITICAL`. */
  readonly severity: string;
  readonly runbook: string;
  /** Null: as the rule's file or the severity says; `["SKIP"]`: nowhere. */
  readonly destinations: readonly (string | boolean)[] | null;
  readonly dedup: string;
  readonly alertContext: JsonObject;
  readonly unique?: string;
}

/** What one rule made of one event. Pairs that are not reported did not match. */
export type PythonResult =
  | {
      readonly kind: 'matched';
      readonly rule: Rule;
      /** Index into the events given. */
      readonly event: number;
      readonly outputs: PythonOutputs;
      /** `python/output`: functions that failed and whose default was taken. */
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly kind: 'failed';
      readonly rule: Rule;
      /** Undefined: the rule could not be loaded at all (said once). */
      readonly event: number | undefined;
      readonly diagnostics: readonly Diagnostic[];
    };

/** The outcome of an inline test. */
export interface TestResult {
  readonly rule: Rule;
  readonly test: RuleTest;
  readonly status: 'passed' | 'failed';
  /** Why it failed, and what failed without failing the test. */
  readonly diagnostics: readonly Diagnostic[];
  /** What the rule's function returned; undefined where it raised. */
  readonly output: boolean | undefined;
  readonly outputs: PythonOutputs | undefined;
  /** Where the rule's function returned what was not expected. */
  readonly returned?: PythonLine;
}

/** What tests reached of one function in a rule's own file. */
export interface FunctionCoverage {
  readonly function: string;
  /** Where it is defined. */
  readonly line: number;
  /** The lines that hold code, and those of them that no test ran. */
  readonly lines: readonly number[];
  readonly missed: readonly number[];
}

export interface PythonLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** One call of a shared function, or of one of the rule's own below its main function. */
export interface PythonCall {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** The line that called it. */
  readonly calledAt: number;
  /** How many recorded calls it is inside of. */
  readonly depth: number;
  /** What it returned, long values as the beginning of their text; absent when it raised. */
  readonly value?: Json;
}

/** What happened when one rule ran on one event. */
export interface PythonTrace {
  readonly matched: boolean;
  /** What the rule's function returned; undefined when it raised or was stopped. */
  readonly output: boolean | undefined;
  /** The line of the rule's own file that returned. */
  readonly returned: PythonLine | undefined;
  /** The executed lines in order; a line that repeats at once is listed once. */
  readonly lines: readonly PythonLine[];
  /** The event's fields that were read, in order; without `value`: the event lacks it. */
  readonly reads: readonly { readonly field: string; readonly value?: Json }[];
  readonly calls: readonly PythonCall[];
  readonly outputs: PythonOutputs | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** There were more lines than are kept. */
  readonly truncated: boolean;
  /** The rule's inline filters keep the event out: nothing ran. */
  readonly filtered?: true;
}
