import type { JsonObject } from '../base/json.ts';
import type { Expr } from '../ir/expr.ts';
import type { SchemaName } from '../ir/types.ts';
import type { View } from '../ir/view.ts';
import type { Taken } from './undeclared/taken.ts';

/**
 * One of the forms in which a log type's records are found (flat JSON, nested `EventData`, …). It says only where the
 * log type's own fields lie; views are written once, in the log type's own field names.
 */
export interface Shape {
  readonly name: string;
  /** Whether a record is of this log type and in this shape. */
  recognises(event: JsonObject): boolean;
  /** Where in the raw record a field of the log type lies; the first path that exists counts. */
  locate(path: readonly string[]): readonly (readonly string[])[];
  /** Where a record of this shape is a schema's document itself: that schema, and where its fields lie. */
  readonly document?: {
    readonly schema: SchemaName;
    locate(path: readonly string[]): readonly (readonly string[])[];
  };
}

/**
 * One look at a record that tells which of several log types it is, and in which shape; undefined where it is none of them. The name may
 * be that of a type that is made on demand.
 */
export type Family = (event: JsonObject) => { readonly logType: string; readonly shape: string } | undefined;

export interface LogType {
  /** Whether the project knows the type; a record of any other is read as it is. */
  readonly declared: boolean;
  /** `azure.activity`, `windows.sysmon`, … */
  readonly name: string;
  readonly description: string;
  readonly shapes: readonly Shape[];
  /** Where the type's records are told from those of others by one look for all: the same function for each. */
  readonly family?: Family;
  /** The event's time, in the log type's own fields. */
  readonly time: Expr;
  readonly views: readonly View[];
  /** Of a type that is not declared. */
  readonly undeclared?: Undeclared;
}

export interface Undeclared {
  /** Who gave the type its name: nobody (`generic`), the record itself by `p_log_type`, or the user. */
  readonly namedBy: 'nobody' | 'record' | 'user';
  /** What its records are taken for: rules about these log sources reach them. */
  readonly taken: readonly Taken[];
}
