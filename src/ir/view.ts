import type { Json, JsonObject } from '../base/json.ts';
import type { SourceText } from '../base/source-text.ts';
import { raw } from './construct.ts';
import type { Analyzer, Expr, Raw } from './expr.ts';
import type { FieldType, SchemaName, ValueType } from './types.ts';

/** How one field of a schema is computed from a log type's own fields (`raw` nodes, in the log type's names). */
export interface ViewField {
  readonly expr: Expr;
  readonly type: FieldType | ValueType;
}

/** Fields whose names a log type does not fix: the prefix, and anything. */
export interface ViewFamily {
  readonly prefix: string;
  readonly field: (rest: string) => ViewField;
  /**
   * Where the members lie, for searches over all fields: a map (`EVERYTHING`: the log type's own fields) whose leaf by a
   * dotted name is what `field` gives for that name, but for the names in `except`. A family without it is not searched.
   */
  readonly members?: { readonly of: Expr; readonly except?: Iterable<string> };
}

/** All of a log type's own fields, as a map. */
export const EVERYTHING: Raw = raw();

/**
 * How a schema's fields are computed from one log type. A log type has one view for each schema, and for Kusto one for
 * each table that its records are rows of.
 */
export interface View {
  readonly schema: SchemaName;
  readonly table?: string;
  readonly logType: string;
  /** Which of the log type's records are events of this schema or table; null: all. */
  readonly when: Expr | null;
  readonly fields: ReadonlyMap<string, ViewField>;
  /**
   * Fields that come in families (`azure.activitylogs.identity.claims.<claim>`): tried, in order, for a name that `fields`
   * lacks and that starts with `prefix`.
   */
  readonly families: readonly ViewFamily[];
  /** What any other name is: a raw field of that name, or missing. */
  readonly otherwise: 'raw' | 'missing';
  /**
   * For a schema whose rules are given whole events: the event that a record in one of the log type's shapes is. Absent: the
   * record as it is.
   */
  readonly event?: (record: JsonObject, shape: string) => JsonObject;
  /**
   * Where it is not the view's own fields that say which log source its records are of: what they are taken for, each with the
   * fields that a rule's scope asks about. A scope must hold in one of them as a whole; fields that it lacks are missing.
   * `any`: whatever a rule is about.
   */
  readonly sources?: 'any' | readonly ReadonlyMap<string, ViewField>[];
  readonly parts?: ViewParts;
}

/**
 * Where a record is made of several that a rule is about one by one (auditd's PATH records of one event): the list of them, and the fields
 * that each has a value of its own for. A condition is about one of them.
 */
export interface ViewParts {
  readonly over: Expr;
  readonly fields: ReadonlySet<string>;
}

/** What an index's mapping says of a field beside its type. */
export interface FieldMapping {
  /** What is indexed where a document has null. */
  readonly nullValue?: string | number | boolean;
  /** How dates are written. */
  readonly format?: string;
  /** Of analysed text: whether a sub-field holds its exact values. */
  readonly exact?: boolean;
}

/** A schema's own knowledge of its fields, whatever the log type: what languages ask for while they lower. */
export interface Schema {
  readonly name: SchemaName;
  /** The type of a field (`table` for Kusto), or undefined where the schema does not know it. */
  typeOf(field: string, table?: string): FieldType | ValueType | undefined;
  /** The known field names, for did-you-mean; undefined where the table is unknown. */
  fieldNames(table?: string): Iterable<string> | undefined;
  /**
   * Where a name is only another way to search a field (`process.name.text`): that field, which views give, and whether
   * the other way disregards case. Undefined for a field of its own.
   */
  multiFieldOf?(field: string): { readonly field: string; readonly ignoreCase: boolean } | undefined;
  /** More of a field, where the schema is an index's mapping. */
  mappingOf?(field: string): FieldMapping | undefined;
  /** How a text field is analysed, when not by the standard analyzer. */
  analyzerOf?(field: string): Analyzer | undefined;
  /** The only values that a field may have, where the schema closes the list. */
  valuesOf?(field: string): readonly string[] | undefined;
  /** Whether the schema knows every field there can be beside this name, so that a name it lacks is a mistake. */
  isComplete?(field: string): boolean;
  /** The tables it knows, for schemas that have tables. */
  tableNames?(): ReadonlySet<string>;
  /** The tables of which there may be rows: what a wildcard stands for. Absent: that is not known. */
  presentTables?(): readonly string[];
  /** Rows that the user gives for what is no log; undefined: none are given under that name. */
  given?(kind: GivenKind, name: string): GivenRows | undefined;
  /** The path of the geographic database that the user gives; undefined: none. */
  geoDatabase?(): string | undefined;
  /** The text of a function that is saved beside the rules, as a `let` statement. */
  savedFunction?(name: string): SourceText | undefined;
}

/** A watchlist by its alias, or what stands behind an address. */
export type GivenKind = 'watchlist' | 'external';

/** Rows of a file, with the names that its first line or its objects give. */
export interface GivenRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Json[])[];
  /** The lines of the file, for those who read it as text or without a header. */
  readonly lines: readonly string[];
  /** Whether the file has objects, whose members have names, and not lines of cells. */
  readonly named: boolean;
}
