import type { JsonObject } from '../../base/json.ts';
import type { Expr } from '../expr.ts';
import type { JsonPath } from '../json-path.ts';

/** Python that decides events: a rule's own module with what its repository offers. */
export interface PythonProgram {
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

export interface PythonModule {
  /** The name it is imported by. */
  readonly name: string;
  readonly file: string;
  readonly code: string;
}

export interface PythonBundle {
  /** The folder of the repository, or the path of rules that are in none: rules that share it share a Python process. */
  readonly repository?: string;
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
  readonly mappings: readonly UnifiedName[];
}

/** A unified name, and where its value is found: by a path, or by a method of the data model's module. */
export interface UnifiedName {
  readonly name: string;
  readonly query?: JsonPath;
  readonly method?: string;
}
