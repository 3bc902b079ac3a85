import { type Diagnostic, diagnostic } from '../base/diagnostic.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import type { Span } from '../base/span.ts';
import type { Schema } from './view.ts';

/** Whether a name is that of a group: fields that the schema knows lie below it. */
export function isGroup(name: string, schema: Schema): boolean {
  for (const known of schema.fieldNames() ?? []) if (known.startsWith(`${name}.`)) return true;
  return false;
}

/** The names that one may have been meant for which a schema lacks though it has all there can be; undefined where it may be right. */
export function lackedName(name: string, schema: Schema): readonly string[] | undefined {
  if (schema.typeOf(name) !== undefined || schema.isComplete?.(name) !== true || isGroup(name, schema))
    return undefined;
  return didYouMean(name, [...(schema.fieldNames() ?? [])]);
}

/** A value outside of the only ones that a schema allows for a field. */
export function outsideClosedList(field: string, value: string, span: Span, schema: Schema): readonly Diagnostic[] {
  const allowed = schema.valuesOf?.(field);
  if (allowed === undefined || allowed.includes(value)) return [];
  return [diagnostic('elastic/outside-ecs', { field, value, suggestions: didYouMean(value, allowed) }, span)];
}
